import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { heapOptions } from "../src/engine/engine.ts";
import type { EvaluationReport } from "./evaluation.ts";
import { type Cost, run } from "./processes.ts";
import { plan } from "./terraform-plan.ts";

/** Wall-clock and processor time, in milliseconds; null where the system does not tell. */
export interface Time {
  readonly wall: number;
  readonly cpu: number | null;
}

/** Parsing and evaluating one stack, without the start of a process. Times are medians, in milliseconds. */
export interface EvaluationMeasure {
  readonly bytes: number;
  readonly instances: number;
  /** The first time in a new process. */
  readonly cold: Time;
  /** Later times in one process. */
  readonly warm: Time & { readonly parse: number };
  /** The most memory of a process that parses and evaluates once, in bytes. */
  readonly peak: number;
}

/** A whole command. */
export interface ProcessMeasure {
  readonly time: Time;
  readonly peak: number | null;
  readonly stdout: string;
}

const LIMIT_MILLISECONDS = 600_000;
const CHILD = fileURLToPath(new URL("evaluation.ts", import.meta.url));

/** What is evaluated before times count: until then the compiler works on what is run most. */
const WARM_UP_INSTANCES = 40_000;

export async function measureEvaluation(folder: string, runs: number): Promise<EvaluationMeasure> {
  const fresh: EvaluationReport[] = [];
  for (let time = 0; time < runs; time += 1) fresh.push(await evaluation(folder, 1));
  const first = fresh.flatMap(({ times }) => times.slice(0, 1));
  const warmUp = Math.ceil(WARM_UP_INSTANCES / (fresh[0]?.instances ?? WARM_UP_INSTANCES));
  const { bytes, instances, times } = await evaluation(folder, warmUp + runs);
  const later = times.slice(warmUp);
  return {
    bytes,
    instances,
    cold: {
      wall: median(first.map(({ parse, evaluate }) => parse + evaluate)),
      cpu: median(first.map(({ cpu }) => cpu)),
    },
    warm: {
      wall: median(later.map(({ parse, evaluate }) => parse + evaluate)),
      cpu: median(later.map(({ cpu }) => cpu)),
      parse: median(later.map(({ parse }) => parse)),
    },
    peak: Math.max(...fresh.map(({ peak }) => peak)),
  };
}

/** @throws Error where the stack does not evaluate without a complaint. */
async function evaluation(folder: string, times: number): Promise<EvaluationReport> {
  const { stdout, exitCode } = await run({
    program: process.execPath,
    args: [...heapOptions(), CHILD, folder, String(times)],
    folder,
    environment: process.env,
    limitMilliseconds: LIMIT_MILLISECONDS,
  });
  if (exitCode !== 0) throw new Error(`the evaluation of ${folder} ended with exit code ${exitCode}`);
  const report = JSON.parse(stdout) as EvaluationReport;
  if (report.errors.length > 0) throw new Error(`${folder} does not evaluate: ${report.errors[0]}`);
  return report;
}

/** `driftwright eval --json`, as it is packed; `program` is its command line. The first run, which fills caches, is not counted. */
export async function measureEval(program: string, folder: string, runs: number): Promise<ProcessMeasure> {
  const costs: Cost[] = [];
  for (let time = 0; time <= runs; time += 1) {
    const cost = await run({
      program: process.execPath,
      args: [program, "eval", "--dir", folder, "--json"],
      folder,
      environment: process.env,
      limitMilliseconds: LIMIT_MILLISECONDS,
    });
    if (cost.exitCode !== 0) throw new Error(`driftwright eval in ${folder}: exit code ${cost.exitCode}`);
    if (time > 0) costs.push(cost);
  }
  return measureOf(costs);
}

/** Plans that together take longer are not repeated. */
const ENOUGH_MILLISECONDS = 30_000;

/** `terraform plan`; null where it takes longer than it may. */
export async function measurePlan(
  folder: string,
  runs: number,
  limitMilliseconds: number,
): Promise<ProcessMeasure | null> {
  const costs: Cost[] = [];
  for (let spent = 0; costs.length < runs && spent < ENOUGH_MILLISECONDS; ) {
    const cost = await plan(folder, limitMilliseconds);
    if (cost.timedOut) return null;
    if (cost.exitCode !== 0) throw new Error(`terraform plan in ${folder}: exit code ${cost.exitCode}`);
    costs.push(cost);
    spent += cost.wallMilliseconds;
  }
  return measureOf(costs);
}

function measureOf(costs: readonly Cost[]): ProcessMeasure {
  return {
    time: {
      wall: median(costs.map(({ wallMilliseconds }) => wallMilliseconds)),
      cpu: medianOrNull(costs.map(({ cpuMilliseconds }) => cpuMilliseconds)),
    },
    peak: medianOrNull(costs.map(({ peakBytes }) => peakBytes)),
    stdout: costs[0]?.stdout ?? "",
  };
}

function medianOrNull(numbers: readonly (number | null)[]): number | null {
  const known = numbers.filter((number) => number !== null);
  return known.length < numbers.length ? null : median(known);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [lower = 0, upper = 0] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return (lower + upper) / 2;
}

/** What the incremental benchmark prints. */
export async function measureIncremental(): Promise<string> {
  const script = fileURLToPath(new URL("what-if.ts", import.meta.url));
  const { stdout, exitCode } = await run({
    program: process.execPath,
    args: [script],
    folder: join(script, ".."),
    environment: process.env,
    limitMilliseconds: LIMIT_MILLISECONDS,
  });
  if (exitCode !== 0) throw new Error(`bench/what-if.ts ended with exit code ${exitCode}`);
  return stdout;
}
