import { describe, expect, test } from "vitest";
import type { RepositoryConfig } from "../../src/config/model.ts";
import type { ValueHistory } from "../../src/drift/history.ts";
import {
  entry,
  FakeCloud,
  FakeState,
  found,
  kindsOf,
  messagesOf,
  networksCode,
  oneStack,
  only,
  scanWorld,
  stateText,
  type World,
} from "./networks.ts";

const UNKNOWN: ValueHistory = { literalChangedAt: null, stateWrittenAt: null, agreedAt: null };

describe("the state and the cloud have what the code has not", () => {
  const before = new Date("2026-05-01T00:00:00Z");
  const after = new Date("2026-05-02T00:00:00Z");
  const world = (count: number): World => ({
    files: { "net/main.tf": networksCode(count, "shop") },
    states: {
      net: new FakeState([{ text: stateText({ count, team: "data" }), writtenAt: after.toISOString() }]),
    },
    config: { stacks: [entry("net")] },
  });

  test.each<[string, ValueHistory, string]>([
    ["nothing is known", UNKNOWN, "unapplied"],
    [
      "the code is younger than the state",
      { ...UNKNOWN, literalChangedAt: after, stateWrittenAt: before },
      "unapplied",
    ],
    [
      "the code is older than the state",
      { ...UNKNOWN, literalChangedAt: before, stateWrittenAt: after },
      "absorbed",
    ],
    [
      "the code is younger than the last agreement",
      { ...UNKNOWN, literalChangedAt: after, agreedAt: before },
      "unapplied",
    ],
    [
      "the code is older than the last agreement",
      { ...UNKNOWN, literalChangedAt: before, agreedAt: after },
      "absorbed",
    ],
  ])("%s", async (_what, history, kind) => {
    const stack = only(await scanWorld({ ...world(1), historyOf: () => history }));
    expect(kindsOf(stack)).toEqual([kind]);
    expect(stack.status).toBe("complete");
  });

  test("the history is asked with the time at which the state was written", async () => {
    const asked: (Date | null)[] = [];
    const historyOf: World["historyOf"] = (_stack, _finding, stateWrittenAt) => {
      asked.push(stateWrittenAt);
      return UNKNOWN;
    };
    await scanWorld({ ...world(1), historyOf });
    expect(asked).toEqual([after]);
  });

  test("a merge that waits for its apply is no upheaval, however much it changes", async () => {
    const stack = only(await scanWorld(world(15)));
    expect(stack.status).toBe("complete");
    expect(new Set(kindsOf(stack))).toEqual(new Set(["unapplied"]));
  });
});

describe("resources that no state knows", () => {
  const config: Partial<RepositoryConfig> = { stacks: [entry("net")], unmanaged: "report" };
  const state = () => new FakeState([{ text: stateText({ count: 2 }) }]);
  const cloud = (...strays: readonly (readonly string[])[]) => Object.assign(new FakeCloud(), { strays });

  test("are looked for only where the configuration says so", async () => {
    const clouds = cloud(["vpc-stray"]);
    const stack = only(await scanWorld(oneStack(2, state(), clouds)));
    expect(stack.findings).toEqual([]);
    expect(clouds.known).toEqual([]);
  });

  test("are reported where they are there twice", async () => {
    const clouds = cloud(["vpc-stray", "vpc-brief"], ["vpc-stray", "vpc-new"]);
    const stack = only(await scanWorld({ ...oneStack(2, state(), clouds), config }));
    expect(stack.findings.map(({ kind, address }) => [kind, address])).toEqual([
      ["unmanaged", "aws_vpc/vpc-stray"],
    ]);
    expect(stack.status).toBe("complete");
  });

  test("are not those of another stack", async () => {
    const clouds = cloud([]);
    const other = new FakeState([{ text: stateText({ count: 1, ids: "vpc-other" }) }]);
    await scanWorld({
      files: { "net/main.tf": networksCode(2), "other/main.tf": networksCode(1) },
      states: { net: state(), other },
      cloud: clouds,
      config: { stacks: [entry("net"), entry("other")], unmanaged: "report" },
    });
    expect([...(clouds.known[0] ?? [])]).toContain("vpc-other-00000000");
  });

  test("are not looked for where a state is not known, and that is said", async () => {
    const clouds = cloud(["vpc-stray"]);
    const remote = `terraform {\n  backend "gcs" {}\n}\n${networksCode(1)}`;
    const { stacks } = await scanWorld({
      files: { "net/main.tf": networksCode(2), "other/main.tf": remote },
      states: { net: state() },
      cloud: clouds,
      config,
    });
    const net = stacks.find(({ name }) => name === "net");
    expect(net?.status).toBe("incomplete");
    expect(net === undefined ? [] : messagesOf(net)).toEqual([
      expect.stringMatching(/unmanaged resources were not looked for.*other/),
    ]);
    expect(clouds.known).toEqual([]);
  });
});

describe("without a cloud or a state", () => {
  test("code and state alone are not the whole truth", async () => {
    const state = new FakeState([{ text: stateText({ count: 2 }) }]);
    const world = oneStack(3, state, new FakeCloud());
    const stack = only(await scanWorld({ ...world, cloud: null }));
    expect(stack.status).toBe("incomplete");
    expect(kindsOf(stack)).toEqual(["pending-create"]);
    expect(messagesOf(stack)).toEqual([expect.stringContaining("--cloud aws")]);
  });

  test("without a state nothing can be compared: never complete", async () => {
    const stack = only(
      await scanWorld({ files: { "net/main.tf": networksCode(2) }, config: { stacks: [entry("net")] } }),
    );
    expect(stack.status).toBe("incomplete");
    expect(messagesOf(stack)).toEqual([expect.stringMatching(/no state was found.*--state/)]);
  });

  test("a root module that declares nothing is complete", async () => {
    const world = { files: { "net/main.tf": "locals {}\n" }, config: { stacks: [entry("net")] } };
    expect(only(await scanWorld(world)).status).toBe("complete");
  });
});

test("what the findings are about is read twice from the cloud, before anything is judged", async () => {
  const cloud = new FakeCloud(() => found(0, "data"));
  const state = new FakeState([{ text: stateText({ count: 1 }) }]);
  const { progress } = await scanWorld(oneStack(1, state, cloud));
  expect(progress).toEqual([
    "looking for stacks",
    "evaluating 1 stack",
    "net: reading 1 resource from aws",
    "net: comparing code, state and cloud",
    "net: reading again what differs, to confirm it",
    "net: looking for the lines that decide what differs",
  ]);
});
