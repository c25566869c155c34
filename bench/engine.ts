import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { terraformVersion } from "../test/terraform-binary/terraform.ts";
import { isTooSlow, type Planned } from "./growth.ts";
import {
  type EvaluationMeasure,
  measureEval,
  measureEvaluation,
  measureIncremental,
  measurePlan,
  type ProcessMeasure,
} from "./measures.ts";
import { packedProgram } from "./packed.ts";
import { compareWithPlan } from "./referee.ts";
import { forEachStack, type GeneratedStack, serviceStack } from "./stacks.ts";
import { megabytes, shown, table, times } from "./tables.ts";
import { initialise, planDocument, plannedInstances } from "./terraform-plan.ts";

const HELP = `Measures the language engine on generated stacks, side by side with terraform plan on the same files.

  npm run bench:engine -- [options]

  --only TEXT      only stacks whose name holds the text ("10,000 blocks"), or "incremental"
  --runs NUMBER    how often each thing is measured (5); the median counts
  --limit SECONDS  how long one plan may take (600)
  --json           one JSON document on standard output
  --help           this text
`;

/** Families of stacks, each with its sizes from small to large. */
const FAMILIES: readonly (readonly GeneratedStack[])[] = [serviceStack, forEachStack].map((generate) =>
  [1_000, 3_000, 10_000].map(generate),
);

/** Stacks up to this size are compared with the plan, value by value. */
const MOST_COMPARED = 1_100;

interface Result {
  readonly stack: string;
  readonly evaluation: EvaluationMeasure;
  readonly eval: ProcessMeasure;
  /** Where there is none: why. */
  readonly plan: ProcessMeasure | string;
  /** What was compared with the plan. */
  readonly referee: string | null;
}

interface Settings {
  readonly only: string;
  readonly runs: number;
  readonly limitMilliseconds: number;
  readonly hasTerraform: boolean;
  readonly program: string;
  readonly progress: (line: string) => void;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      runs: { type: "string", default: "5" },
      limit: { type: "string", default: "600" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const version = terraformVersion();
  const settings: Settings = {
    only: values.only,
    runs: positive(values.runs, "--runs"),
    limitMilliseconds: positive(values.limit, "--limit") * 1000,
    hasTerraform: version !== null,
    program: packedProgram(),
    progress: (line) => process.stderr.write(`${line}\n`),
  };
  const load = () => loadavg()[0] ?? 0;
  const before = load();
  const families: Result[][] = [];
  for (const stacks of FAMILIES) families.push(await measureFamily(stacks, settings));
  const incremental = "incremental".includes(settings.only) ? await measureIncremental() : null;
  const machine = {
    node: process.version,
    processors: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    terraform: version,
    load: { before, after: load() },
  };
  if (values.json) {
    const plain = families
      .flat()
      .map((result) => ({ ...result, eval: withoutOutput(result.eval), plan: withoutOutput(result.plan) }));
    process.stdout.write(
      `${JSON.stringify({ schema: 1, machine, runs: settings.runs, results: plain, incremental }, null, 2)}\n`,
    );
    return;
  }
  console.log(
    `Node.js ${machine.node}, ${machine.processors} processors, ${machine.platform}; terraform ${version ?? "was not found: no plans"}.`,
  );
  console.log(
    `Medians of ${settings.runs}; load ${shown(before, 1)} before and ${shown(machine.load.after, 1)} after. Times in ms, memory in MB.`,
  );
  printResults(families);
  if (incremental !== null) console.log(`\nEdits of one literal\n${incremental}`);
}

function positive(text: string, option: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option} ${text}: a whole number above zero is needed`);
}

function withoutOutput(measure: ProcessMeasure | string): unknown {
  return typeof measure === "string" ? { reason: measure } : { time: measure.time, peak: measure.peak };
}

async function measureFamily(stacks: readonly GeneratedStack[], settings: Settings): Promise<Result[]> {
  const results: Result[] = [];
  const planned: Planned[] = [];
  for (const stack of stacks) {
    if (!stack.name.includes(settings.only)) continue;
    const folder = mkdtempSync(join(tmpdir(), "bench-"));
    try {
      writeStack(stack, folder);
      const result = await measureStack(stack, folder, planned, settings);
      results.push(result);
      if (typeof result.plan !== "string")
        planned.push({ instances: stack.instances, wall: result.plan.time.wall });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
  return results;
}

function writeStack({ files }: GeneratedStack, folder: string): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

async function measureStack(
  stack: GeneratedStack,
  folder: string,
  planned: readonly Planned[],
  { runs, limitMilliseconds, hasTerraform, program, progress }: Settings,
): Promise<Result> {
  progress(`${stack.name}: evaluation`);
  const evaluation = await measureEvaluation(folder, runs);
  check(stack, evaluation.instances, "the evaluation");
  progress(`${stack.name}: driftwright eval`);
  const whole = await measureEval(program, folder, runs);
  const base = { stack: stack.name, evaluation, eval: whole };
  if (!hasTerraform) return { ...base, plan: "there is no terraform", referee: null };
  if (isTooSlow(planned, stack.instances, limitMilliseconds))
    return { ...base, plan: "as it grows, it would take longer than it may", referee: null };
  progress(`${stack.name}: terraform plan`);
  initialise(folder);
  const plan = await measurePlan(folder, runs, limitMilliseconds);
  if (plan === null) return { ...base, plan: "it took longer than it may", referee: null };
  check(stack, plannedInstances(plan.stdout), "the plan");
  return { ...base, plan, referee: stack.instances > MOST_COMPARED ? null : judged(stack, folder) };
}

function check({ name, instances }: GeneratedStack, found: number | null, what: string): void {
  if (found !== instances) throw new Error(`${name}: ${what} has ${found} instances, not ${instances}`);
}

/** @throws Error where the evaluation is not the plan's. */
function judged(stack: GeneratedStack, folder: string): string {
  const { compared, different } = compareWithPlan(stack, planDocument(folder));
  if (different.length === 0) return `${shown(compared)} arguments and outputs are those of the plan`;
  throw new Error(`${stack.name}: ${different.length} values are not the plan's, the first ${different[0]}`);
}

function printResults(families: readonly (readonly Result[])[]): void {
  const results = families.flat();
  if (results.length === 0) return;
  console.log(
    "\nEvaluation itself: parse and evaluate (cold: first time in a new process; warm: later times)",
  );
  console.log(
    table(
      ["stack", "instances", "MB", "cold", "CPU", "warm", "CPU", "parse MB/s", "peak"],
      results.map(({ stack, evaluation: { instances, bytes, cold, warm, peak } }) => [
        stack,
        shown(instances),
        shown(bytes / 1e6, 2),
        shown(cold.wall),
        shown(cold.cpu),
        shown(warm.wall),
        shown(warm.cpu),
        shown(bytes / 1000 / warm.parse),
        megabytes(peak),
      ]),
    ),
  );
  console.log("Microseconds an instance (warm)");
  for (const family of families)
    if (family.length > 0) console.log(`  ${family.map(perInstance).join(", ")}`);
  console.log("\nWhole processes: driftwright eval --json, and terraform plan -refresh=false");
  console.log(
    table(
      ["stack", "eval", "CPU", "peak", "plan", "CPU", "peak"],
      results.map(({ stack, eval: { time, peak }, plan }) => [
        stack,
        ...[shown(time.wall), shown(time.cpu), megabytes(peak)],
        ...(typeof plan === "string"
          ? [plan]
          : [shown(plan.time.wall), shown(plan.time.cpu), megabytes(plan.peak)]),
      ]),
    ),
  );
  printRatios(results);
  for (const { stack, referee } of results) if (referee !== null) console.log(`  ${stack}: ${referee}`);
}

function perInstance({ stack, evaluation: { warm, instances } }: Result): string {
  return `${stack}: ${shown((warm.wall * 1000) / instances)} (CPU ${shown(((warm.cpu ?? 0) * 1000) / instances)})`;
}

function printRatios(results: readonly Result[]): void {
  const rows = results.flatMap(({ stack, evaluation: { cold, warm }, eval: { time }, plan }) => {
    if (typeof plan === "string") return [];
    const pairs = [time, cold, warm].flatMap(({ wall, cpu }) => [
      times(plan.time.wall, wall),
      times(plan.time.cpu, cpu),
    ]);
    return [[stack, ...pairs]];
  });
  if (rows.length === 0) return;
  console.log("How many times as long the plan takes");
  console.log(
    table(["stack", "as eval", "CPU", "as evaluation, cold", "CPU", "as evaluation, warm", "CPU"], rows),
  );
}

await main();
