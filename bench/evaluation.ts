import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { FUNCTIONS } from "../src/hcl/functions/index.ts";
import { evaluateStack } from "../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../src/terraform/source/snapshot.ts";

// A process of its own: parses and evaluates the stack in a folder some times over, and prints what each time took.
//
//     node bench/evaluation.ts FOLDER TIMES

/** One time, in milliseconds; `cpu` is user and system time of all threads, the compiler's and the collector's too. */
export interface EvaluationTime {
  readonly parse: number;
  readonly evaluate: number;
  readonly cpu: number;
}

export interface EvaluationReport {
  readonly bytes: number;
  readonly instances: number;
  readonly errors: readonly string[];
  readonly times: readonly EvaluationTime[];
  /** The most memory that the whole process ever had, in bytes. */
  readonly peak: number;
}

function report(folder: string, times: number): EvaluationReport {
  const files = filesIn(folder);
  const first = evaluated(files);
  const others = Array.from({ length: times - 1 }, () => evaluated(files).time);
  return {
    bytes: Object.values(files).reduce((sum, content) => sum + content.length, 0),
    instances: first.instances,
    errors: first.errors,
    times: [first.time, ...others],
    peak: process.resourceUsage().maxRSS * 1024,
  };
}

function evaluated(files: Readonly<Record<string, Uint8Array>>) {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const sources = new ParsedFiles(memorySnapshot(files));
  const trees = Object.keys(files).map((path) => sources.get(path)?.parsed);
  const parsed = performance.now();
  const inputs = { root: ".", settings: [], workspace: "default", state: null };
  const { instances, diagnostics } = evaluateStack(sources, inputs, FUNCTIONS);
  const end = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  return {
    instances: instances.size,
    errors: [...trees.flatMap((tree) => tree?.diagnostics ?? []), ...diagnostics].map(
      ({ message }) => message,
    ),
    time: { parse: parsed - start, evaluate: end - parsed, cpu: (user + system) / 1000 },
  };
}

function filesIn(folder: string): Record<string, Uint8Array> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const code = names.filter((name) => /\.(?:tf|tfvars)$/.test(name) && !name.startsWith(`.terraform${sep}`));
  return Object.fromEntries(
    code.map((name) => [name.replaceAll(sep, "/"), new Uint8Array(readFileSync(join(folder, name)))]),
  );
}

const [folder = ".", times = "1"] = process.argv.slice(2);
console.log(JSON.stringify(report(folder, Number(times))));
