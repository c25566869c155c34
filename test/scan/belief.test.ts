import { describe, expect, test } from "vitest";
import { confirmable } from "../../src/drift/belief.ts";
import type { Observation } from "../../src/drift/model.ts";
import { StateError } from "../../src/terraform/state/state-error.ts";
import {
  type Answer,
  addressOf,
  FakeCloud,
  FakeState,
  found,
  foundAs,
  GONE,
  kindsOf,
  messagesOf,
  networksCode,
  oneStack,
  only,
  scanWorld,
  stateText,
} from "./networks.ts";

const state = (count: number, serial = 1) => new FakeState([{ text: stateText({ count, serial }) }]);
const UNREADABLE: Observation = { status: "unreadable", reason: "AWS refused ec2:DescribeVpcs" };
/** The first network gives these answers, one for each time; all others are as recorded. */
const first =
  (...answers: readonly (Observation | "unreachable")[]): Answer =>
  ({ address, recorded }, time) =>
    address === addressOf(0) ? (answers[time - 1] ?? GONE) : foundAs(recorded);

describe("a stack in which everything agrees", () => {
  test("is complete, has no finding, and is read once", async () => {
    const cloud = new FakeCloud();
    const stack = only(await scanWorld(oneStack(3, state(3), cloud)));
    expect(stack).toMatchObject({ status: "complete", findings: [], diagnostics: [] });
    expect(stack.coverage).toMatchObject({ instances: 3, instancesRead: 3 });
    expect(cloud.reads).toHaveLength(1);
  });
});

describe("the credentials", () => {
  test("of another account: failed, nothing is read, nothing is said to differ", async () => {
    const cloud = new FakeCloud(() => GONE);
    cloud.account = "999999999999";
    const stack = only(await scanWorld(oneStack(3, state(3), cloud)));
    expect(stack).toMatchObject({ status: "failed", findings: [] });
    expect(messagesOf(stack)).toEqual([
      expect.stringMatching(/111111111111 eu-west-1.*999999999999.*use credentials/),
    ]);
    expect(cloud.reads).toEqual([]);
  });

  test("that reach a part: what is elsewhere is unreadable, never gone, and the rest goes on", async () => {
    const account = (index: number) => (index === 0 ? "999999999999" : "111111111111");
    const text = stateText({ count: 3, account });
    const cloud = new FakeCloud(({ address, recorded }) =>
      address === addressOf(1) ? found(1, "data") : foundAs(recorded),
    );
    const stack = only(await scanWorld(oneStack(3, new FakeState([{ text }]), cloud)));
    expect(stack.status).toBe("incomplete");
    expect(stack.findings.map(({ address, kind }) => [address, kind])).toEqual([
      [addressOf(0), "unreadable"],
      [addressOf(1), "drift"],
    ]);
    expect(cloud.reads.flat()).not.toContain(addressOf(0));
  });
});

describe("a cloud that does not answer", () => {
  test.each<[string, () => FakeCloud]>([
    ["who the credentials are", () => Object.assign(new FakeCloud(), { account: "" })],
    ["what there is", () => new FakeCloud(() => "unreachable")],
    ["the second time", () => new FakeCloud(first(found(0, "data"), "unreachable"))],
  ])("%s: failed with the reason, nothing believed", async (_what, cloud) => {
    const stack = only(await scanWorld(oneStack(3, state(3), cloud())));
    expect(stack).toMatchObject({ status: "failed", findings: [] });
    expect(messagesOf(stack)).toEqual(["AWS did not answer; check the network"]);
  });
});

describe("what one call may not read", () => {
  test("is unreadable; the rest goes on, and the stack is incomplete", async () => {
    const cloud = new FakeCloud(({ address, recorded }) => {
      if (address === addressOf(0)) return UNREADABLE;
      return address === addressOf(1) ? found(1, "data") : foundAs(recorded);
    });
    cloud.problems = ["AWS refused ec2:DescribeVpcs (1 resource not read)"];
    const stack = only(await scanWorld(oneStack(3, state(3), cloud)));
    expect(stack.status).toBe("incomplete");
    expect(kindsOf(stack)).toEqual(["unreadable", "drift"]);
    expect(messagesOf(stack)).toEqual(["AWS refused ec2:DescribeVpcs (1 resource not read)"]);
  });

  test("and what the cloud says nothing about was not read either", async () => {
    const cloud = new FakeCloud();
    const silent = Object.assign(cloud, { read: async () => ({ observations: new Map(), problems: [] }) });
    const stack = only(await scanWorld(oneStack(2, state(2), silent)));
    expect(stack.status).toBe("incomplete");
    expect(kindsOf(stack)).toEqual(["unreadable", "unreadable"]);
  });
});

describe("a second read", () => {
  test.each<[string, Answer, readonly string[], string]>([
    ["the same drift twice", first(found(0, "data"), found(0, "data")), ["drift"], "complete"],
    ["drift that is gone", first(found(0, "data"), found(0)), [], "complete"],
    ["drift with another value", first(found(0, "data"), found(0, "sales")), [], "incomplete"],
    ["drift that cannot be read again", first(found(0, "data"), UNREADABLE), ["unreadable"], "incomplete"],
    ["drift, then gone", first(found(0, "data"), GONE), [], "incomplete"],
    ["not found twice", first(GONE, GONE), ["deleted"], "complete"],
    ["not found, then there", first(GONE, found(0)), [], "complete"],
    ["not found, then unreadable", first(GONE, UNREADABLE), ["unreadable"], "incomplete"],
    ["not readable", first(UNREADABLE), ["unreadable"], "incomplete"],
  ])("%s", async (_what, answer, kinds, status) => {
    const stack = only(await scanWorld(oneStack(4, state(4), new FakeCloud(answer))));
    expect(kindsOf(stack)).toEqual(kinds);
    expect(stack.status).toBe(status);
  });

  test("asks for what differs, and for nothing else", async () => {
    const cloud = new FakeCloud(first(found(0, "data"), found(0, "data")));
    await scanWorld(oneStack(3, state(3), cloud));
    expect(cloud.reads[1]).toEqual([addressOf(0)]);
  });

  test("that says something else is named as the reason", async () => {
    const cloud = new FakeCloud(first(found(0, "data"), found(0, "sales")));
    const stack = only(await scanWorld(oneStack(3, state(3), cloud)));
    expect(messagesOf(stack)).toEqual([
      "1 value changed between two reads of the cloud, and so is left for the next scan",
    ]);
  });
});

describe("the state", () => {
  const versions = (...serials: readonly number[]) =>
    new FakeState(serials.map((serial) => ({ text: stateText({ count: 2, serial }) })));

  test("that an apply writes while the cloud is read: the scan is repeated with the new one", async () => {
    const cloud = new FakeCloud(({ address, recorded }) =>
      address === addressOf(0) ? found(0, "data") : foundAs(recorded),
    );
    const texts = [stateText({ count: 2, serial: 7 }), stateText({ count: 2, serial: 8, team: "data" })];
    const world = oneStack(2, new FakeState(texts.map((text) => ({ text }))), cloud);
    const files = { "net/main.tf": networksCode(2, "data") };
    const result = await scanWorld({ ...world, files });
    expect(only(result)).toMatchObject({ status: "complete", state: { serial: 8 } });
    expect(kindsOf(only(result))).toEqual([]);
    expect(result.progress).toContainEqual(expect.stringContaining("from serial 7 to 8"));
  });

  test("that never stays the same: incomplete after three attempts, nothing believed", async () => {
    const source = versions(1, 2, 3, 4, 5, 6, 7);
    const cloud = new FakeCloud(() => GONE);
    const stack = only(await scanWorld(oneStack(2, source, cloud)));
    expect(stack).toMatchObject({ status: "incomplete", findings: [] });
    expect(messagesOf(stack)).toEqual([expect.stringContaining("changed from serial 3 to 4")]);
    expect(source.reads).toBe(4);
  });

  test("that was replaced by another one is not mixed with it", async () => {
    const other = stateText({ count: 2, lineage: "99999999-0000-0000-0000-000000000000" });
    const source = new FakeState([{ text: stateText({ count: 2 }) }, { text: other }]);
    const result = await scanWorld(oneStack(2, source, new FakeCloud()));
    expect(only(result).state?.lineage).toMatch(/^9/);
    expect(result.progress).toContainEqual(expect.stringContaining("replaced by another one"));
  });

  test("written in other words, with the same serial, is the same", async () => {
    const text = stateText({ count: 2 });
    const source = new FakeState([{ text }, { text: `${text}\n` }]);
    const cloud = new FakeCloud();
    expect(only(await scanWorld(oneStack(2, source, cloud))).status).toBe("complete");
    expect(cloud.reads).toHaveLength(1);
  });

  test("that is locked before: the cloud is not even read", async () => {
    const cloud = new FakeCloud(() => GONE);
    const source = new FakeState([{ text: stateText({ count: 2 }), locked: true }]);
    const stack = only(await scanWorld(oneStack(2, source, cloud)));
    expect(stack).toMatchObject({ status: "incomplete", findings: [] });
    expect(messagesOf(stack)).toEqual([
      expect.stringMatching(/terraform\.tfstate.*locked.*scan again.*force-unlock/),
    ]);
    expect(cloud.reads).toEqual([]);
  });

  test("that is locked after: an apply began, nothing is believed", async () => {
    const text = stateText({ count: 2 });
    const source = new FakeState([{ text }, { text, locked: true }]);
    const stack = only(await scanWorld(oneStack(2, source, new FakeCloud(() => GONE))));
    expect(stack).toMatchObject({ status: "incomplete", findings: [] });
    expect(messagesOf(stack)).toEqual([expect.stringContaining("locked")]);
  });

  test("that is gone or damaged after: nothing is believed", async () => {
    const lost = new StateError("terraform.tfstate", { reason: "there is no such file", advice: "Look." });
    for (const after of [lost, { text: "{" }]) {
      const source = new FakeState([{ text: stateText({ count: 2 }) }, after]);
      const stack = only(await scanWorld(oneStack(2, source, new FakeCloud(() => GONE))));
      expect(stack).toMatchObject({ status: "incomplete", findings: [] });
      expect(messagesOf(stack)).toEqual([expect.stringContaining("terraform.tfstate")]);
    }
  });
});

describe("a stack of which much is different at once", () => {
  /** The first `gone` networks are not found, the next `changed` have another tag. */
  const answers =
    (gone: number, changed: number): Answer =>
    ({ address, recorded }) => {
      const index = Number(/\d+/.exec(address)?.[0]);
      if (index < gone) return GONE;
      return index < gone + changed ? found(index, "data") : foundAs(recorded);
    };

  test.each([
    [20, 5, 0, "suspect"],
    [20, 4, 0, "complete"],
    [25, 5, 0, "complete"],
    [24, 5, 0, "suspect"],
    [4, 4, 0, "complete"],
    [19, 0, 10, "suspect"],
    [20, 0, 10, "complete"],
    [18, 0, 9, "complete"],
  ])("of %i %i are gone and %i changed: %s", async (count, gone, changed, status) => {
    const cloud = new FakeCloud(answers(gone, changed));
    const stack = only(await scanWorld(oneStack(count, state(count), cloud)));
    expect(stack.status).toBe(status);
    expect(stack.findings).toHaveLength(gone + changed);
  });

  test("says so once, and adopts nothing", async () => {
    const place = { file: "x", line: 1, column: 1 };
    const rule = { name: "all", match: {}, verdict: "adopt", until: null, because: null, place } as const;
    const world = oneStack(12, state(12), new FakeCloud(answers(0, 12)));
    const result = await scanWorld({ ...world, config: { ...world.config, rules: [rule] } });
    expect(only(result).status).toBe("suspect");
    expect(messagesOf(only(result))).toEqual([
      expect.stringMatching(/^12 of 12 have changed at once.*nothing is written/),
    ]);
    expect(result.adopted).toEqual({ files: [], adopted: [], left: [], groups: [] });
  });

  const place = { file: "x", line: 1, column: 1 };
  const rule = { name: "known", match: {}, verdict: "ignore", until: null, because: null, place } as const;

  test.each([
    [0, 12],
    [12, 0],
  ])("what a rule ignores is expected: %i gone, %i changed", async (gone, changed) => {
    const world = oneStack(12, state(12), new FakeCloud(answers(gone, changed)));
    const stack = only(await scanWorld({ ...world, config: { ...world.config, rules: [rule] } }));
    expect(stack).toMatchObject({ status: "complete", diagnostics: [] });
    expect(stack.findings).toHaveLength(12);
  });

  test("what a person ignores is expected, and the rest still counts", async () => {
    const world = oneStack(19, state(19), new FakeCloud(answers(0, 10)));
    const before = only(await scanWorld(world));
    expect(before).toMatchObject({ status: "suspect", suspicion: "extent" });
    const decided = (count: number) =>
      new Map(
        before.findings.slice(0, count).map(({ fingerprint, revision }) => {
          const said = {
            verdict: "ignore",
            until: "2099-12-31",
            because: null,
            by: "alice",
            via: "command",
          } as const;
          return [fingerprint, { ...said, fingerprint, revision, at: new Date(0) }] as const;
        }),
      );
    expect(only(await scanWorld({ ...world, decisions: decided(1) })).status).toBe("complete");
    const other = oneStack(19, state(19), new FakeCloud(answers(0, 11)));
    expect(only(await scanWorld({ ...other, decisions: decided(1) })).status).toBe("suspect");
  });

  test("what a person confirmed is believed with these values alone, and the rest still counts", async () => {
    const world = oneStack(19, state(19), new FakeCloud(answers(5, 10)));
    const before = only(await scanWorld(world));
    expect(before.status).toBe("suspect");
    const expected = new Set(before.findings.map(confirmable));
    expect(only(await scanWorld({ ...world, expected }))).toMatchObject({ status: "complete" });
    const values = new FakeCloud(({ address, recorded }) => {
      const index = Number(/\d+/.exec(address)?.[0]);
      return index < 10 ? found(index, "tools") : foundAs(recorded);
    });
    const other = oneStack(19, state(19), values);
    expect(only(await scanWorld({ ...other, expected })).status).toBe("suspect");
    const more = oneStack(19, state(19), new FakeCloud(answers(10, 0)));
    expect(only(await scanWorld({ ...more, expected })).status).toBe("suspect");
  });

  test("counts against what could be read: what nobody saw does not vouch for the rest", async () => {
    const cloud = new FakeCloud(({ address }) => (Number(/\d+/.exec(address)?.[0]) < 5 ? GONE : UNREADABLE));
    expect(only(await scanWorld(oneStack(30, state(30), cloud))).status).toBe("suspect");
  });

  test("an empty answer for a small stack is believed, with a warning about the credentials", async () => {
    const stack = only(await scanWorld(oneStack(3, state(3), new FakeCloud(() => GONE))));
    expect(kindsOf(stack)).toEqual(["deleted", "deleted", "deleted"]);
    expect(messagesOf(stack)).toEqual([expect.stringMatching(/^none of its 3 instances was found/)]);
  });
});
