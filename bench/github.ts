import { rm } from "node:fs/promises";
import { availableParallelism, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { authorize } from "../test/e2e/aws/changes.ts";
import { FULL_NAME, ServiceStage } from "../test/e2e/service/stage.ts";
import { groupIdOf, shopFiles, temporaryFolder } from "../test/e2e/shop.ts";
import { type Burst, burstOf } from "./burst.ts";
import { type Percentiles, percentiles } from "./percentiles.ts";
import { shown, table } from "./tables.ts";

const HELP = `Measures the App as a service (npm start) between an emulated GitHub and an emulated AWS on loopback.

  npm run bench:github -- [options]

  --deliveries NUMBER  webhooks in the burst (2000)
  --at-once NUMBER     of them at the same time (50)
  --files NUMBER       files of the repository whose check runs are timed (500)
  --checks NUMBER      check runs that are timed (20)
  --only NAME          one of scans, checks, burst
  --json               one JSON document on standard output
  --help               this text
`;

/** Requests to GitHub, those for tokens included, that a scan and all that follows from it take. */
interface ScanRequests {
  readonly first: number;
  /** Once a day GitHub is looked at though nothing changed. */
  readonly firstOfDay: number;
  readonly unchanged: number;
  readonly otherCode: number;
  readonly otherDrift: number;
}

interface Checks {
  readonly files: number;
  readonly count: number;
  /** From the push to the finished check run. */
  readonly time: Percentiles;
  readonly requests: number;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      deliveries: { type: "string", default: "2000" },
      "at-once": { type: "string", default: "50" },
      files: { type: "string", default: "500" },
      checks: { type: "string", default: "20" },
      only: { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  say(`load before: ${loadavg()[0]?.toFixed(1)} on ${availableParallelism()} processors`);
  const { only } = values;
  const [files, count] = [Number(values.files), Number(values.checks)];
  const part = async <T>(name: string, what: string, work: () => Promise<T>): Promise<T | null> => {
    if (only !== undefined && only !== name) return null;
    say(what);
    return work();
  };
  const scans = await part("scans", "requests for a scan", async () =>
    onStage(await shopFiles(), scanRequests),
  );
  const checks = await part("checks", `${count} check runs in a repository of ${files} files`, async () =>
    onStage(await manyFiles(files), (stage) => timeChecks(stage, { files, count })),
  );
  const burst = await part("burst", `a burst of ${values.deliveries} webhooks`, () =>
    burstOf(Number(values.deliveries), Number(values["at-once"])),
  );
  const load = loadavg()[0] ?? 0;
  const result = { load, processors: availableParallelism(), burst, scans, checks };
  process.stdout.write(values.json ? `${JSON.stringify(result, null, 2)}\n` : printed(result));
}

async function onStage<T>(
  files: Readonly<Record<string, string>>,
  work: (stage: ServiceStage) => Promise<T>,
): Promise<T> {
  const folder = await temporaryFolder();
  const stage = await ServiceStage.open(folder, files);
  try {
    await stage.start();
    await stage.install();
    await stage.quiet();
    return await work(stage);
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function scanRequests(stage: ServiceStage): Promise<ScanRequests> {
  const counted = async (work: () => Promise<unknown>): Promise<number> => {
    const before = requestsOf(stage);
    await work();
    await stage.quiet();
    return requestsOf(stage) - before;
  };
  const first = requestsOf(stage);
  const firstOfDay = await counted(() => stage.dailyScan());
  const unchanged = await counted(() => stage.dailyScan());
  const alice = stage.github.person("alice");
  const otherCode = await counted(() =>
    alice.commit(FULL_NAME, { branch: "main", files: { "NOTES.md": "a note\n" } }),
  );
  const otherDrift = await counted(async () => {
    letEverybodyIn(stage);
    await stage.dailyScan();
  });
  return { first, firstOfDay, unchanged, otherCode, otherDrift };
}

function requestsOf({ github }: ServiceStage): number {
  return github.requests.filter(({ by }) => by.kind !== "person").length;
}

function letEverybodyIn({ model }: ServiceStage): void {
  const group = groupIdOf(model, "shop-prod-api");
  authorize(model, group, { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } as never });
}

/** The example with files beside it in the folder of its stack, so that all are evaluated. */
async function manyFiles(count: number): Promise<Record<string, string>> {
  const files = await shopFiles();
  const more = Math.max(0, count - Object.keys(files).length);
  const made = Array.from({ length: more }, (_, index) => [
    `part_${index}.tf`,
    `locals {
  part_${index} = { name = "\${local.name}-part-${index}", size = ${index}, tags = merge(local.tags, { Part = "${index}" }) }
}

resource "terraform_data" "part_${index}" {
  input = merge(local.part_${index}, { before = ${index === 0 ? '""' : `local.part_${index - 1}.name`} })
}
`,
  ]);
  return { ...files, ...Object.fromEntries(made) };
}

/** Pushes to a pull request that touches drift, one after the other, each until its check run is finished. */
async function timeChecks(
  stage: ServiceStage,
  { files, count }: { readonly files: number; readonly count: number },
): Promise<Checks> {
  letEverybodyIn(stage);
  await stage.dailyScan();
  const path = "environments/prod.tfvars";
  const text = (await shopFiles())[path] ?? "";
  const alice = stage.github.person("alice");
  const change = (index: number) =>
    alice.commit(FULL_NAME, {
      branch: "office",
      files: { [path]: text.replace('["10.20.0.0/16"]', `["10.20.0.0/16", "10.99.${index}.0/24"]`) },
    });
  await change(0);
  await alice.openPullRequest(FULL_NAME, "office");
  await stage.quiet();
  const before = requestsOf(stage);
  const took: number[] = [];
  for (let index = 1; index <= count; index += 1) {
    const start = performance.now();
    const sha = await change(index);
    while (!isChecked(stage, sha)) await sleep(50);
    took.push(performance.now() - start);
  }
  await stage.quiet();
  const requests = (requestsOf(stage) - before) / count;
  return { files, count, time: percentiles(took), requests };
}

/** Told from what the App sent, since whoever asks GitHub all the time is refused. */
function isChecked({ github }: ServiceStage, sha: string): boolean {
  const isOfRun = ({ path }: { readonly path: string }) => /\/check-runs(?:\/\d+)?$/.test(path);
  const sent = github.requests.filter(isOfRun).map(({ body }) => (body ?? {}) as unknown as SentCheck);
  const begun = sent.findLastIndex((body) => body.head_sha === sha);
  const done = begun === -1 ? undefined : sent.slice(begun + 1).find(({ status }) => status === "completed");
  if (done === undefined) return false;
  if (!/touches 1 drifted/.test(done.output?.title ?? ""))
    throw new Error(`the check says ${done.output?.title}: ${done.output?.summary}`);
  return true;
}

interface SentCheck {
  readonly head_sha?: string;
  readonly status?: string;
  readonly output?: { readonly title: string; readonly summary: string };
}

function printed({ load, processors, burst, scans, checks }: Result): string {
  const row = (name: string, { p50, p95, p99, most }: Percentiles, digits: number, unit: number) => [
    name,
    ...[p50, p95, p99, most].map((time) => shown(time / unit, digits)),
  ];
  const lines = [`Load ${shown(load, 1)} on ${processors} processors.\n`];
  const times = [
    ...(burst === null ? [] : [row("webhook until it is acknowledged (ms)", burst.latency, 0, 1)]),
    ...(checks === null
      ? []
      : [row(`check run at ${checks.files} files, from the push (s)`, checks.time, 1, 1000)]),
  ];
  if (times.length > 0) lines.push(table(["time", "p50", "p95", "p99", "most"], times));
  if (burst !== null) {
    const { deliveries, sent, acknowledged, lost, doubled, seconds } = burst;
    lines.push(
      `${sent} webhooks sent (${deliveries} different ones) in ${shown(seconds, 1)} s: ${acknowledged} acknowledged, ${lost} lost, ${doubled} doubled.\n`,
    );
  }
  if (checks !== null) lines.push(`A check run took ${shown(checks.requests, 1)} requests.\n`);
  if (scans !== null) {
    const rows = [
      ["installation and first scan", shown(scans.first)],
      ["scan, nothing changed, the first of a day", shown(scans.firstOfDay)],
      ["scan, nothing changed", shown(scans.unchanged)],
      ["scan, the code changed", shown(scans.otherCode)],
      ["scan, the cloud changed: one new issue", shown(scans.otherDrift)],
    ];
    lines.push(table(["requests to GitHub", "all"], rows));
  }
  return lines.join("\n");
}

/** Null: not measured. */
interface Result {
  readonly load: number;
  readonly processors: number;
  readonly burst: Burst | null;
  readonly scans: ScanRequests | null;
  readonly checks: Checks | null;
}

await main();
