import { describe, expect, it } from "vitest";
import { DemandSnapshot } from "../../src/engine/demand-snapshot.ts";
import { EngineFailure } from "../../src/engine/engine.ts";
import { Supplier, SupplyExceeded, type SupplyLimits } from "../../src/engine/supply.ts";
import { Workbench } from "../../src/engine/workbench.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { DEFAULT_LIMITS } from "../../src/terraform/evaluation/evaluation.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { engines, openOne, request } from "./engines.ts";

const start = engines();

const value = (expression: string) => `resource "terraform_data" "it" {\n  input = ${expression}\n}\n`;
const numbered = (count: number, of: (index: number) => readonly [string, string]) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => of(index)));

/** How many rounds of evaluation a root takes until it has seen every file, and what its resource says then. */
function roundsOf(files: Readonly<Record<string, string>>, limits?: SupplyLimits) {
  const snapshot = new DemandSnapshot();
  const supplier = new Supplier(memorySnapshot(files), limits);
  const workbench = new Workbench(snapshot, FUNCTIONS, DEFAULT_LIMITS, () => snapshot.settle());
  for (let round = 1; round < 100; round += 1) {
    const [overview] = attempt(() => workbench.open([request(".")]));
    const demand = snapshot.demand();
    if (demand === null) {
      const { diagnostics = [], instances = [] } = overview ?? {};
      return { rounds: round, diagnostics, desired: instances.map(({ desired }) => desired) };
    }
    snapshot.supply(supplier.answer(demand));
  }
  throw new Error("it never ends");
}

function attempt<T>(action: () => readonly T[]): readonly T[] {
  try {
    return action();
  } catch {
    return [];
  }
}

const json = numbered(250, (index) => [`d/${index}.json`, JSON.stringify({ n: index })]);
const sumOf = (pattern: string, read: string) =>
  value(`sum([for f in fileset("d", "${pattern}") : ${read}])`);

describe("files are asked for together", () => {
  const SUM = (249 * 250) / 2;

  it.each([
    ["read one after the other", sumOf("*.json", 'jsondecode(file("d/${f}")).n')],
    ["or not", sumOf("*.json", 'try(jsondecode(file("d/${f}")).n, 0)')],
    ["if they are there", sumOf("*.json", 'fileexists("d/${f}") ? jsondecode(file("d/${f}")).n : 0')],
    ["as templates", sumOf("*.json", 'jsondecode(templatefile("d/${f}", {})).n')],
  ])("250 files %s", (_, main) => {
    const { rounds, diagnostics, desired } = roundsOf({ "main.tf": main, ...json });
    expect(diagnostics).toEqual([]);
    expect(desired).toEqual([{ input: SUM }]);
    expect(rounds).toBeLessThanOrEqual(5);
  });

  it("as many as are needed", () => {
    const files = numbered(3000, (index) => [`d/${index}.json`, "{}"]);
    const main = value('length([for f in fileset(path.root, "d/*.json") : jsondecode(file(f))])');
    expect(roundsOf({ "main.tf": main, ...files })).toMatchObject({ rounds: 4, desired: [{ input: 3000 }] });
  });

  it("by instances of resources that for_each makes of a fileset", () => {
    const main = `resource "terraform_data" "it" {\n  for_each = fileset("d", "*.json")\n  input = filemd5("d/\${each.key}")\n}\n`;
    const { rounds, desired } = roundsOf({ "main.tf": main, ...json });
    expect([rounds, desired.length]).toEqual([4, 250]);
  });

  it.each([
    ["any number of folders", "**/*.txt", 40],
    ["folders with any name", `${"*/".repeat(8)}x.txt`, 1],
    ["folders that are named", `${"a/".repeat(20)}*.txt`, 1],
  ])("folders in folders, by %s", (_, pattern, found) => {
    const files = numbered(40, (index) => [`d/${"a/".repeat(index)}x.txt`, "x"]);
    const { rounds, desired } = roundsOf({
      "main.tf": value(`length(fileset("d", "${pattern}"))`),
      ...files,
    });
    expect(desired).toEqual([{ input: found }]);
    expect(rounds).toBe(3);
  });

  it("takes one round more for each file whose name stands in another", () => {
    const files = numbered(10, (index) => [`${index}.txt`, `${index + 1}.txt`]);
    const chain = Array.from({ length: 10 }, (_, index) => `  l${index + 1} = file(local.l${index})\n`);
    const main = `locals {\n  l0 = "0.txt"\n${chain.join("")}}\n${value("local.l10")}`;
    expect(roundsOf({ "main.tf": main, ...files })).toMatchObject({
      rounds: 12,
      desired: [{ input: "10.txt" }],
    });
  });
});

describe("in the engine process", () => {
  it("files that are not there are errors of those who read them, and nobody else's", async () => {
    const engine = start({
      "main.tf": `${value('[for f in ["a", "gone", "b"] : file(f)]')}output "o" {\n  value = file("a")\n}\n`,
      a: "of a",
      b: "of b",
    });
    const { diagnostics, instances } = await openOne(engine);
    expect(diagnostics.map(({ message, line }) => [message, line])).toEqual([
      [expect.stringContaining('there is no file "gone"'), 2],
    ]);
    expect(instances.map(({ desired }) => desired)).toEqual([{ input: ["of a", null, "of b"] }]);
  });

  it("says which files it asks for without an end", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `  l${index + 1} = file(local.l${index})\n`);
    const engine = start({
      "main.tf": `locals {\n  l0 = "0.txt"\n${names.join("")}}\n`,
      ...numbered(300, (index) => [`${index}.txt`, `${index + 1}.txt`]),
    });
    const failure = await openOne(engine).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(EngineFailure);
    expect(String(failure)).toMatch(/names come out of other files, more than 200 times.*"\d+\.txt"/);
  });
});

describe("what is supplied is bounded", () => {
  const limits: SupplyLimits = { bytes: 1000, bytesAtOnce: 100, foldersAtOnce: 2 };
  const files = numbered(10, (index) => [`d/${index}.txt`, "x".repeat(40)]);

  it("at once: the rest comes when it is asked for again", () => {
    const main = { "main.tf": value('join("", [for f in fileset("d", "*") : filemd5("d/${f}")])') };
    const all = roundsOf({ ...main, ...files });
    const some = roundsOf({ ...main, ...files }, limits);
    expect(some.desired).toEqual(all.desired);
    expect(some.rounds).toBeGreaterThan(all.rounds);
  });

  it("at once, but for one file that is larger", () => {
    const supplier = new Supplier(memorySnapshot({ a: "x".repeat(500), b: "x" }), limits);
    const demand = { files: ["a", "b"], folders: [], trees: [] };
    expect(supplier.answer(demand).files.map(([path]) => path)).toEqual(["a"]);
  });

  it("in all", () => {
    const supplier = new Supplier(memorySnapshot({ a: "x".repeat(600), b: "x".repeat(600) }), limits);
    const demandOf = (path: string) => ({ files: [path], folders: [], trees: [] });
    supplier.answer(demandOf("a"));
    expect(() => supplier.answer(demandOf("b"))).toThrow(SupplyExceeded);
    expect(() => supplier.answer(demandOf("b"))).toThrow(/more than \d+ MB of files.* b$/);
  });

  it("in folders below those that are wanted", () => {
    const supplier = new Supplier(memorySnapshot({ "a/b/c/d/x": "", "a/e/x": "" }), limits);
    const demand = { files: [], folders: ["a"], trees: ["a"] };
    expect(supplier.answer(demand).folders.map(([path]) => path)).toEqual(["a", "a/b", "a/e"]);
  });
});
