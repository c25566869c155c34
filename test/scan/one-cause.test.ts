import { applyPatch } from "diff";
import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/config/model.ts";
import type { JudgedFinding, Observation } from "../../src/drift/model.ts";
import { reportFiles } from "../../src/reports/files.ts";
import type { ScanResult } from "../../src/scan/scan.ts";
import {
  entry,
  FakeCloud,
  FakeState,
  found,
  foundAs,
  networksCode,
  scanWorld,
  stateText,
  type World,
} from "./networks.ts";

// Two stacks call one module, whose networks have a tag that somebody changed everywhere.

const place = { file: ".github/driftwright.yml", line: 1, column: 1 };
const rule = (match: Rule["match"], verdict: Rule["verdict"]): Rule => {
  return { name: verdict, match, verdict, until: null, because: null, place };
};
const ALL = rule({}, "adopt");
const CALL = 'module "net" {\n  source = "../modules/net"\n}\n';

/** @param recorded how many of a stack's networks the state has; null where there is no state */
function state(ids: string, recorded: number): FakeState {
  const text = stateText({ count: recorded, ids }).replaceAll('"mode"', '"module":"module.net","mode"');
  return new FakeState([{ text }]);
}

interface Given {
  readonly count?: number;
  readonly rules?: readonly Rule[];
  readonly states?: World["states"];
  /** What the cloud says; default: everywhere the tag is another one. */
  readonly cloud?: (id: string) => Observation | null;
  readonly takenOver?: World["takenOver"];
}

async function scanned(given: Given): Promise<ScanResult> {
  const { count = 1, rules = [ALL], states, cloud = () => null, takenOver } = given;
  const retagged = ({ id, recorded }: { readonly id: string; readonly recorded: object }) => {
    const [, ids = "", index = ""] = /^(.*)-(\d+)$/.exec(id) ?? [];
    return cloud(id) ?? (ids === "" ? foundAs(recorded as never) : found(Number(index), "data", ids));
  };
  return scanWorld({
    files: FILES(count),
    states: states ?? { prod: state("vpc-p", count), test: state("vpc-t", count) },
    cloud: new FakeCloud(retagged as never),
    config: { stacks: [entry("prod"), entry("test")], rules: [...rules] },
    ...(takenOver === undefined ? {} : { takenOver }),
  });
}

const FILES = (count: number) => ({
  "modules/net/main.tf": networksCode(count),
  "prod/main.tf": CALL,
  "test/main.tf": CALL,
});

function editsOf({ stacks }: ScanResult): (readonly [string, string])[] {
  return stacks.flatMap(({ name, findings }) =>
    findings
      .filter(({ kind }) => kind === "drift")
      .map(({ adoption }) => [name, adoption?.verdict ?? "none"] as const),
  );
}

function firstOf({ stacks }: ScanResult, stack: string): JudgedFinding {
  const [first] = stacks.find(({ name }) => name === stack)?.findings ?? [];
  if (first === undefined) throw new Error(`nothing was found in ${stack}`);
  return first;
}

function pullRequests({ stacks }: ScanResult): string[] {
  return reportFiles(stacks)
    .map(({ path }) => path)
    .filter((path) => path.startsWith("pull-requests/"));
}

describe("drift of two stacks with one cause", () => {
  test("is one edit, that of each finding, one pull request, and what --write writes", async () => {
    const result = await scanned({});
    expect(editsOf(result)).toEqual([
      ["prod", "exact"],
      ["test", "exact"],
    ]);
    expect(firstOf(result, "prod").adoption).toEqual(firstOf(result, "test").adoption);
    expect(firstOf(result, "prod").adoption?.effects).toHaveLength(2);
    expect(pullRequests(result)).toHaveLength(1);
    const files: Record<string, string> = FILES(1);
    for (const { path, diff } of firstOf(result, "prod").adoption?.files ?? [])
      files[path] = String(applyPatch(files[path] ?? "", diff));
    expect(result.adopted.files.map(({ path, text }) => [path, text])).toEqual([
      ["modules/net/main.tf", files["modules/net/main.tf"]],
    ]);
  });

  test("takes in what is yet to be created, as an effect", async () => {
    const states = { prod: state("vpc-p", 2), test: state("vpc-t", 1) };
    const result = await scanned({ count: 2, states });
    expect(editsOf(result).map(([, verdict]) => verdict)).toEqual(["shared", "shared", "shared"]);
    const { effects = [], why } = firstOf(result, "prod").adoption ?? {};
    expect(effects.map(({ stack, address }) => `${stack} ${address}`)).toContain(
      "test module.net.aws_vpc.net[1]",
    );
    expect(why).toContain("of instances that the cloud does not have");
  });

  test("takes in what was deleted, and goes with the other edits or stays", async () => {
    const gone = (id: string): Observation | null =>
      id === "vpc-t-00000001" ? { status: "not-found" } : null;
    const result = await scanned({ count: 2, cloud: gone });
    expect(editsOf(result).map(([, verdict]) => verdict)).toEqual(["shared", "shared", "shared"]);
  });

  test.each<[string, Given]>([
    [
      "may be anything, since it could not be read",
      {
        cloud: (id) =>
          id.startsWith("vpc-t") ? { status: "unreadable", reason: "no permission (403)" } : null,
      },
    ],
    ["may be anything, since there is no state to know it by", { states: { prod: state("vpc-p", 1) } }],
    ["was judged otherwise", { rules: [rule({ stack: ["test"] }, "revert"), ALL] }],
    ["has not drifted", { cloud: (id) => (id.startsWith("vpc-t") ? found(0, "shop", "vpc-t") : null) }],
  ])("is no edit of what the other shares where that %s", async (_what, given) => {
    const result = await scanned(given);
    const { adoption, intent } = firstOf(result, "prod");
    expect(intent).toMatchObject({ verdict: "undecided", decidedBy: "safety" });
    expect(intent.refused).toEqual({ verdict: "adopt", decidedBy: '"adopt"' });
    expect(intent.because.at(-1)).toMatch(
      /^No edit is made for it: .*tags.Team of module.net.aws_vpc.net\[0\] in the stack test for one\.$/,
    );
    // What it would be is shown all the same.
    expect(adoption?.verdict).toBe("shared");
    expect(adoption?.files.map(({ path }) => path)).toEqual(["modules/net/main.tf"]);
    expect(adoption?.effects.map(({ stack }) => stack)).toContain("test");
    expect(pullRequests(result)).toEqual([]);
    expect(result.adopted.files).toEqual([]);
  });

  test("is no edit of what the other shares where somebody adopts that with a pull request of their own", async () => {
    const { fingerprint } = firstOf(await scanned({}), "test");
    const result = await scanned({ takenOver: new Set([fingerprint]) });
    expect(firstOf(result, "prod").adoption).toMatchObject({ verdict: "shared" });
    expect(firstOf(result, "prod").intent.verdict).toBe("undecided");
    expect(firstOf(result, "test").intent.verdict).toBe("adopt");
    expect(result.adopted.files).toEqual([]);
  });
});

test("the edit that is shown for drift that nobody judged says where others became the same", async () => {
  const result = await scanned({ rules: [] });
  const { adoption } = firstOf(result, "prod");
  expect(adoption).toMatchObject({ verdict: "shared" });
  expect(adoption?.why).toBe(
    "evaluation shows that 1 other value changes with it, which drifted to the same value",
  );
});
