import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { randomNumbers, sampleLeaves } from "./adoption-leaves.ts";
import { type LeafMeasure, measureConfirmation, measureLeaf, measureTogether } from "./adoption-measures.ts";
import { folderSubject, ownSubjects, type Subject } from "./adoption-repositories.ts";
import { megabytes, shown, table } from "./tables.ts";

const HELP = `Measures the processor time that it takes to trace a value and to find and prove the edit that changes it: random
known values of generated stacks, of the example and of the tests' root modules, each asked to be another of its type.

  npm run bench:adoption -- [options]

  --only TEXT      only what has the text in its name ("10,000 blocks", "shop", "root")
  --dir FOLDER     a checkout instead: every root module in it, with each of its variable files
  --samples NUMBER how many values of each (200)
  --rounds NUMBER  how often each thing is measured (3); the shortest time counts, since others use the machine too
  --confirm NUMBER how many edits are evaluated as a whole (5)
  --together NUMBER how many values are adopted as one set (10)
  --seed NUMBER    another seed, another sample (1)
  --json           one JSON document on standard output
  --help           this text
`;

/** Until so many are done, the compiler works on what is run most. */
const WARM_UP = 20;

interface Settings {
  readonly samples: number;
  readonly rounds: number;
  readonly confirm: number;
  readonly together: number;
  readonly seed: number;
}

/** Of some times, in milliseconds. */
interface Spread {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

interface Result {
  readonly name: string;
  readonly stacks: number;
  readonly instances: number;
  /** All known leaves. */
  readonly known: number;
  readonly leaves: number;
  readonly exact: number;
  readonly shared: number;
  readonly refused: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly parts: Readonly<Record<Part, Spread>>;
  readonly confirmed: { readonly time: Spread; readonly same: number };
  readonly together: { readonly time: number; readonly adopted: number; readonly left: number };
  /** Processor time of all that was measured, in milliseconds. */
  readonly cpu: number;
  /** Memory of the process afterwards, in bytes. */
  readonly memory: number;
}

const PARTS = ["trace", "search", "proof", "edit", "edit, first time"] as const;
type Part = (typeof PARTS)[number];

function main(): void {
  const { values } = parseArgs({
    options: {
      only: { type: "string", default: "" },
      dir: { type: "string" },
      samples: { type: "string", default: "200" },
      rounds: { type: "string", default: "3" },
      confirm: { type: "string", default: "5" },
      together: { type: "string", default: "10" },
      seed: { type: "string", default: "1" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const settings: Settings = {
    samples: whole(values.samples, "--samples", 1),
    rounds: whole(values.rounds, "--rounds", 1),
    confirm: whole(values.confirm, "--confirm", 0),
    together: whole(values.together, "--together", 0),
    seed: whole(values.seed, "--seed", 0),
  };
  const subjects = values.dir === undefined ? ownSubjects() : [folderSubject(values.dir)];
  const candidates: number[] = [];
  const results = subjects
    .filter(({ name }) => name.includes(values.only))
    .map((subject) => {
      process.stderr.write(`${subject.name}\n`);
      return measured(subject, settings, candidates);
    });
  const machine = {
    node: process.version,
    processors: availableParallelism(),
    platform: `${process.platform} ${process.arch}`,
    load: loadavg()[0] ?? 0,
  };
  if (values.json) {
    process.stdout.write(
      `${JSON.stringify({ schema: 1, machine, settings, candidates: spread(candidates), results }, null, 2)}\n`,
    );
    return;
  }
  console.log(
    `Node.js ${machine.node}, ${machine.processors} processors, ${machine.platform}; load ${shown(machine.load, 1)}.`,
  );
  console.log(
    `${settings.samples} values of each, seed ${settings.seed}; the shortest of ${settings.rounds} times. Processor time in ms, memory in MB.`,
  );
  print(results);
  console.log(`All candidates: ${inBrief(spread(candidates))} ms.`);
}

function whole(text: string, option: string, least: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= least) return number;
  throw new Error(`${option} ${text}: a whole number from ${least} on is needed`);
}

/** `candidates` gets the time of each. */
function measured(
  subject: Subject,
  { samples, rounds, confirm, together, seed }: Settings,
  candidates: number[],
): Result {
  const repository = subject.open();
  const random = randomNumbers(seed);
  const { known, leaves } = sampleLeaves(repository, samples, random);
  for (const leaf of leaves.slice(0, WARM_UP)) measureLeaf(repository, leaf, 1);
  const before = process.cpuUsage();
  const measures = leaves.map((leaf) => measureLeaf(repository, leaf, rounds));
  const { user, system } = process.cpuUsage(before);
  candidates.push(
    ...measures.flatMap(({ trace, search, proofs }) => proofs.map((proof) => trace + search + proof)),
  );
  const edited = leaves.filter((_, index) => measures[index]?.best !== null);
  const confirmed = edited.slice(0, confirm).flatMap((leaf) => measureConfirmation(repository, leaf) ?? []);
  const reasons = Map.groupBy(
    measures.flatMap(({ reason }) => reason ?? []),
    (reason) => reason,
  );
  const count = (outcome: LeafMeasure["outcome"]) =>
    measures.filter((measure) => measure.outcome === outcome).length;
  return {
    name: subject.name,
    stacks: repository.stacks.length,
    instances: repository.stacks.reduce((sum, { evaluation }) => sum + evaluation.instances.size, 0),
    known,
    leaves: leaves.length,
    exact: count("exact"),
    shared: count("shared"),
    refused: count("refused"),
    reasons: Object.fromEntries([...reasons].map(([reason, all]) => [reason, all.length])),
    parts: {
      trace: spread(measures.map(({ trace }) => trace)),
      search: spread(measures.map(({ search }) => search)),
      proof: spread(measures.flatMap(({ proofs }) => proofs)),
      edit: spread(measures.map((measure) => measure.whole)),
      "edit, first time": spread(measures.map(({ first }) => first)),
    },
    confirmed: {
      time: spread(confirmed.map(({ time }) => time)),
      same: confirmed.filter(({ same }) => same).length,
    },
    together: measureTogether(repository, edited.slice(0, together)),
    cpu: (user + system) / 1000,
    memory: process.memoryUsage().rss,
  };
}

function spread(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { count: sorted.length, median: at(0.5), p95: at(0.95), max: sorted.at(-1) ?? 0 };
}

function print(results: readonly Result[]): void {
  console.log("\nWhat is found");
  console.log(
    table(
      ["", "stacks", "instances", "known", "asked", "with edit", "exact", "shared", "refused"],
      results.map(({ name, stacks, instances, known, leaves, exact, shared, refused }) => [
        name,
        ...[stacks, instances, known, leaves].map((number) => shown(number)),
        leaves === 0 ? "-" : `${shown(((exact + shared) / leaves) * 100, 1)}%`,
        ...[exact, shared, refused].map((number) => shown(number)),
      ]),
    ),
  );
  for (const { name, reasons } of results) {
    for (const [reason, count] of Object.entries(reasons)) console.log(`  ${name}: ${count}x ${reason}`);
  }
  console.log("\nHow long: median, 95th percentile, most");
  console.log(
    table(
      ["", ...PARTS, "CPU a value", "memory"],
      results.map(({ name, parts, cpu, leaves, memory }) => [
        name,
        ...PARTS.map((part) => inBrief(parts[part])),
        shown(cpu / Math.max(leaves, 1), 1),
        megabytes(memory),
      ]),
    ),
  );
  console.log(
    "What is done once, for the edit that is made: the whole evaluation; and a set of several values",
  );
  console.log(
    table(
      ["", "whole evaluation", "shows the same", "set", "adopted", "left"],
      results.map(({ name, confirmed: { time, same }, together }) => [
        name,
        inBrief(time),
        `${same} of ${time.count}`,
        ...[together.time, together.adopted, together.left].map((number) => shown(number)),
      ]),
    ),
  );
}

function inBrief({ count, median, p95, max }: Spread): string {
  return count === 0 ? "-" : [median, p95, max].map((time) => shown(time, time < 100 ? 2 : 0)).join(" / ");
}

main();
