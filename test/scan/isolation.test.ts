import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/config/model.ts";
import { type Engine, EngineFailure, EngineStopped, startEngine } from "../../src/engine/engine.ts";
import { StateError } from "../../src/terraform/state/state-error.ts";
import {
  engineHere,
  entry,
  FakeCloud,
  FakeState,
  found,
  foundAs,
  kindsOf,
  messagesOf,
  networksCode,
  scanWorld,
  stateText,
  type World,
} from "./networks.ts";

const state = (ids: string) => new FakeState([{ text: stateText({ count: 1, ids }) }]);

/** Three stacks; in each somebody changed the tag of the network. */
function threeStacks(): World & { readonly files: Record<string, string> } {
  return {
    files: { "a/main.tf": networksCode(1), "b/main.tf": networksCode(1), "c/main.tf": networksCode(1) },
    states: { a: state("vpc-a"), b: state("vpc-b"), c: state("vpc-c") },
    cloud: new FakeCloud(({ id }) => found(0, "data", id.replace(/-\d+$/, ""))),
    config: { stacks: [entry("a"), entry("b"), entry("c")] },
  };
}

/** Status and kinds by stack, and what the failed ones say. */
async function outcome(world: World) {
  const { stacks, diagnostics } = await scanWorld(world);
  return {
    results: Object.fromEntries(stacks.map((stack) => [stack.name, [stack.status, ...kindsOf(stack)]])),
    said: stacks.filter(({ status }) => status === "failed").flatMap(messagesOf),
    diagnostics,
  };
}

const B_FAILED = { a: ["complete", "drift"], b: ["failed"], c: ["complete", "drift"] };

describe("a stack that fails never hides the others", () => {
  test.each<[string, (world: ReturnType<typeof threeStacks>) => World, RegExp]>([
    [
      "a file that does not parse",
      (world) => ({ ...world, files: { ...world.files, "b/main.tf": 'resource "x" "y" {' } }),
      /not closed/,
    ],
    [
      "a state that cannot be read",
      (world) => {
        const lost = new StateError("b.tfstate", { reason: "there is no such file", advice: "Look." });
        return { ...world, states: { ...world.states, b: new FakeState([lost]) } };
      },
      /b\.tfstate: there is no such file\. Look\./,
    ],
    [
      "a state that is damaged",
      (world) => ({ ...world, states: { ...world.states, b: new FakeState([{ text: '{"version": 4,' }]) } }),
      /terraform\.tfstate/,
    ],
    [
      "a state kept elsewhere",
      (world) => ({
        ...world,
        files: { ...world.files, "b/main.tf": `terraform {\n  backend "gcs" {}\n}\n${networksCode(1)}` },
      }),
      /kept in gcs, which is not read yet.*terraform state pull.*--state/,
    ],
    [
      "a variable file that is not there",
      (world) => ({
        ...world,
        config: { stacks: [entry("a"), entry("b", { varFiles: ["b/prod.tfvars"] }), entry("c")] },
      }),
      /variable file b\/prod\.tfvars cannot be read/,
    ],
    [
      "a cloud that does not answer for it",
      (world) => ({
        ...world,
        cloud: new FakeCloud(({ id }) =>
          id.startsWith("vpc-b") ? "unreachable" : found(0, "data", id.replace(/-\d+$/, "")),
        ),
      }),
      /AWS did not answer/,
    ],
    [
      "an error that nobody expected",
      (world) => ({
        ...world,
        cloud: new FakeCloud(({ id, recorded }) => {
          if (id.startsWith("vpc-b")) throw new TypeError("x is not a function");
          return id.startsWith("vpc-b") ? foundAs(recorded) : found(0, "data", id.replace(/-\d+$/, ""));
        }),
      }),
      /unexpected error, please report it: TypeError: x is not a function/,
    ],
  ])("%s", async (_what, change, message) => {
    const { results, said } = await outcome(change(threeStacks()));
    expect(results).toEqual(B_FAILED);
    expect(said).toEqual([expect.stringMatching(message)]);
  });

  test("a stack that is configured and not there is named", async () => {
    const world = threeStacks();
    const stacks = [...(world.config?.stacks ?? []), entry("gone")];
    const { results, said } = await outcome({ ...world, config: { stacks } });
    expect(results).toEqual({ ...B_FAILED, b: ["complete", "drift"], gone: ["failed"] });
    expect(said).toEqual(["gone is no folder of the repository, or an empty one"]);
  });

  test("a cloud that does not answer at all is asked once, and every stack says so", async () => {
    const cloud = Object.assign(new FakeCloud(), { account: "" });
    const { results } = await outcome({ ...threeStacks(), cloud });
    expect(results).toEqual({ a: ["failed"], b: ["failed"], c: ["failed"] });
    expect(cloud.identities).toBe(1);
  });
});

/**
 * Engine processes that get little time where they evaluate the stack, and all that a busy machine may need to start
 * where they evaluate others.
 */
function impatientWith(name: string): NonNullable<World["startEngine"]> {
  return (snapshot) => {
    let engine: Engine | null = null;
    const now = () => engine ?? expect.fail("nothing is open");
    return {
      open: (stacks, unseen) => {
        engine?.close();
        const isSlow = stacks.some((stack) => stack.name === name);
        engine = startEngine(snapshot, {
          memoryMegabytes: 512,
          timeoutMilliseconds: isSlow ? 1_500 : 120_000,
        });
        return engine.open(stacks, unseen);
      },
      evaluated: (...args) => now().evaluated(...args),
      compare: (...args) => now().compare(...args),
      adoptions: (...args) => now().adoptions(...args),
      adoptAll: (...args) => now().adoptAll(...args),
      dependents: (...args) => now().dependents(...args),
      trace: (...args) => now().trace(...args),
      deciding: (...args) => now().deciding(...args),
      close: () => engine?.close(),
    };
  };
}

describe("code that ends the engine process", () => {
  /** An engine that dies when it is asked something about the stack `b`; `starts` counts processes. */
  function mortal(
    method: "open" | "compare" | "adoptions" | "adoptAll",
    isDeadly: (findings: Parameters<Engine["adoptAll"]>[0]) => boolean = () => true,
    why: Error = new EngineStopped("the evaluation was ended: it took longer than 120 seconds"),
  ) {
    const process = { starts: 0, closed: 0 };
    const start: World["startEngine"] = (snapshot) => {
      process.starts += 1;
      const engine = engineHere(snapshot);
      let dead = false;
      const guard =
        <Args extends readonly unknown[], Result>(
          name: string,
          isAboutB: (...args: Args) => boolean,
          call: (...args: Args) => Promise<Result>,
        ) =>
        (...args: Args): Promise<Result> => {
          const isDeath = name === method && isAboutB(...args);
          dead ||= isDeath && why instanceof EngineStopped;
          return dead || isDeath ? Promise.reject(why) : call(...args);
        };
      const guarded: Engine = {
        ...engine,
        open: guard("open", (stacks) => stacks.some(({ name }) => name === "b"), engine.open),
        compare: guard("compare", ({ stack }) => stack === "b", engine.compare),
        adoptions: guard("adoptions", (stack) => stack === "b", engine.adoptions),
        adoptAll: guard("adoptAll", (findings) => isDeadly(findings), engine.adoptAll),
        close: () => {
          process.closed += 1;
        },
      };
      return guarded;
    };
    return { process, start };
  }

  test.each(["open", "compare"] as const)("in %s: that stack fails alone", async (method) => {
    const { process, start } = mortal(method);
    const { results, said } = await outcome({ ...threeStacks(), startEngine: start });
    expect(results).toEqual(B_FAILED);
    expect(said).toEqual(["the evaluation was ended: it took longer than 120 seconds"]);
    expect(process.closed).toBe(process.starts);
  });

  test.each<[string, Error, number]>([
    ["ends the process", new EngineStopped("the evaluation was ended: it took longer than 120 seconds"), 2],
    ["fails", new EngineFailure("RangeError", "the values are too large"), 1],
  ])(
    "while edits are looked for that nobody asked for (it %s): what was found stays",
    async (_, why, starts) => {
      const { process, start } = mortal("adoptions", undefined, why);
      const { stacks, diagnostics } = await scanWorld({ ...threeStacks(), startEngine: start });
      expect(
        stacks.map(({ name, status, findings }) => [
          name,
          status,
          findings.map(({ kind, adoption }) => [kind, adoption?.verdict]),
        ]),
      ).toEqual([
        ["a", "complete", [["drift", "exact"]]],
        ["b", "complete", [["drift", "refused"]]],
        ["c", "complete", [["drift", "exact"]]],
      ]);
      expect(stacks[1]?.findings[0]?.adoption?.why).toBe(`no edit could be looked for: ${why.message}`);
      expect(stacks[1]?.findings[0]?.revert).not.toBeNull();
      expect(diagnostics).toEqual([]);
      expect([process.starts, process.closed]).toEqual([starts, starts]);
    },
  );

  test("when the edits are brought together: nothing is adopted, and all results stay", async () => {
    const place = { file: "x", line: 1, column: 1 };
    const rule: Rule = { name: "all", match: {}, verdict: "adopt", until: null, because: null, place };
    const world = threeStacks();
    const config = { ...world.config, rules: [rule] };
    const { start } = mortal("adoptAll");
    const { results, diagnostics } = await outcome({ ...world, config, startEngine: start });
    expect(results).toEqual({ ...B_FAILED, b: ["complete", "drift"] });
    expect(diagnostics).toEqual([
      expect.objectContaining({
        severity: "error",
        message: expect.stringContaining("not all edits could be brought together"),
      }),
    ]);
  });

  test("when the edits of one stack are looked for: those of the others are adopted", async () => {
    const place = { file: "x", line: 1, column: 1 };
    const rule: Rule = { name: "all", match: {}, verdict: "adopt", until: null, because: null, place };
    const world = threeStacks();
    const drifted = new FakeCloud(({ id }) => found(0, "data", id.replace(/-\d+$/, "")));
    const { start, process } = mortal("adoptAll", (findings) => findings.some(({ stack }) => stack === "b"));
    const config = { ...world.config, rules: [rule] };
    const { stacks, diagnostics } = await scanWorld({ ...world, cloud: drifted, config, startEngine: start });
    expect(
      stacks.map(({ name, findings }) => [name, findings.map(({ adoption }) => adoption?.verdict)]),
    ).toEqual([
      ["a", ["exact"]],
      ["b", ["refused"]],
      ["c", ["exact"]],
    ]);
    expect(stacks[1]?.findings[0]?.adoption?.why).toContain("longer than 120 seconds");
    expect(diagnostics).toHaveLength(1);
    expect(process.closed).toBe(process.starts);
  });

  test("for real: a process that is out of time is killed, and the other stack is scanned", async () => {
    // Long, and never large: no value takes more than its share, and together they take more than the time.
    const rows = "[for a in range(600) : length([for b in range(800) : b])]";
    const names = Array.from({ length: 18 }, (_, index) => `part${index}`);
    const slow = `locals {\n${names.map((name) => `  ${name} = ${rows}\n`).join("")}  all = [${names.map((name) => `local.${name}`).join(", ")}]\n}\n`;
    const world = threeStacks();
    const { results, said } = await outcome({
      ...world,
      files: {
        ...world.files,
        "b/slow.tf": `${slow}resource "aws_vpc" "all" {\n  tags = { all = length(local.all) }\n}\n`,
      },
      startEngine: impatientWith("b"),
    });
    expect(results["a"]).toEqual(["complete", "drift"]);
    expect(results["c"]).toEqual(["complete", "drift"]);
    expect(results["b"]).toEqual(["failed"]);
    expect(said).toEqual(["the evaluation was ended: it took longer than 1.5 seconds"]);
  });
});

describe("edits are proven against every stack that can be evaluated", () => {
  const place = { file: "x", line: 1, column: 1 };
  const rule: Rule = { name: "all", match: {}, verdict: "adopt", until: null, because: null, place };
  const module = networksCode(1);
  const call = 'module "net" {\n  source = "../modules/net"\n}\n';
  const recorded = stateText({ count: 1 }).replace('"mode"', '"module":"module.net","mode"');

  test.each<[string, string]>([
    ["whose state is kept elsewhere", `terraform {\n  backend "gcs" {}\n}\n${call}`],
    ["whose state is damaged", call],
  ])("also one %s", async (_what, code) => {
    const { stacks } = await scanWorld({
      files: { "modules/net/main.tf": module, "a/main.tf": call, "b/main.tf": code },
      states: { a: new FakeState([{ text: recorded }]), b: new FakeState([{ text: "{" }]) },
      cloud: new FakeCloud(() => found(0, "data")),
      config: { stacks: [entry("a"), entry("b")], rules: [rule] },
    });
    const [a] = stacks;
    const [finding] = a?.findings ?? [];
    expect(finding?.kind).toBe("drift");
    expect(finding?.intent.verdict).toBe("undecided");
    expect(finding?.intent.because.at(-1)).toMatch(
      /have not drifted to this value, .* in the stack b for one/,
    );
    expect(finding?.adoption?.verdict).toBe("shared");
  });

  test("and are not made of a file that another may read which cannot be evaluated", async () => {
    const { stacks } = await scanWorld({
      files: { "modules/net/main.tf": module, "a/main.tf": call, "b/main.tf": call },
      states: { a: new FakeState([{ text: recorded }]), b: new FakeState([{ text: recorded }]) },
      cloud: new FakeCloud(() => found(0, "data")),
      config: { stacks: [entry("a"), entry("b")], rules: [rule] },
      startEngine: (snapshot) => {
        const engine = engineHere(snapshot);
        return {
          ...engine,
          open: (asked, unseen) =>
            asked.some(({ name }) => name === "b")
              ? Promise.reject(new EngineFailure("RangeError", "too much"))
              : engine.open(asked, unseen),
        };
      },
    });
    const [a, b] = stacks;
    expect(b?.status).toBe("failed");
    expect(a?.findings.map(({ adoption }) => adoption)).toEqual([
      expect.objectContaining({
        verdict: "refused",
        why: expect.stringContaining(
          "the stack b may read modules/net/main.tf too and could not be evaluated",
        ),
      }),
    ]);
  });
});
