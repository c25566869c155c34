import { createHmac, randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { openDatabase } from "../src/store/database.ts";
import { FULL_NAME, ServiceStage } from "../test/e2e/service/stage.ts";
import { temporaryFolder } from "../test/e2e/shop.ts";
import { type Percentiles, percentiles } from "./percentiles.ts";

export interface Burst {
  /** Different webhooks; each tenth is sent twice. */
  readonly deliveries: number;
  readonly sent: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly seconds: number;
  readonly latency: Percentiles;
}

/** Webhooks as an active repository sends them, signed; each tenth twice, as after a lost answer. */
export async function burstOf(deliveries: number, atOnce: number): Promise<Burst> {
  const folder = await temporaryFolder();
  const stage = await ServiceStage.open(folder);
  try {
    await stage.start();
    await stage.install();
    await stage.quiet();
    const ids = Array.from({ length: deliveries }, () => randomUUID());
    const queue = ids.flatMap((id, index) => (index % 10 === 0 ? [id, id] : [id]));
    const sent = queue.length;
    const took: number[] = [];
    let acknowledged = 0;
    const start = performance.now();
    const sender = async () => {
      for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
        const begun = performance.now();
        if ((await deliver(stage, id, ids.indexOf(id))) === 200) acknowledged += 1;
        took.push(performance.now() - begun);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sender));
    const seconds = (performance.now() - start) / 1000;
    await stage.quiet();
    await stage.end("stop");
    const kept = await keptDeliveries(folder, ids);
    const { lost, doubled } = kept;
    return { deliveries, sent, acknowledged, lost, doubled, seconds, latency: percentiles(took) };
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function deliver(
  { github, repository, service }: ServiceStage,
  id: string,
  index: number,
): Promise<number> {
  const common = {
    repository: { id: repository.id, name: repository.name, full_name: FULL_NAME, default_branch: "main" },
    installation: { id: github.installationId },
    sender: { login: "alice", type: "User" },
  };
  const [event, payload] = EVENTS[index % EVENTS.length]?.(index) ?? ["workflow_run", {}];
  const body = JSON.stringify({ ...common, ...payload });
  const signature = createHmac("sha256", github.app.webhookSecret).update(body).digest("hex");
  const response = await fetch(`${service.url}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": id,
      "x-hub-signature-256": `sha256=${signature}`,
    },
    body,
  });
  await response.arrayBuffer();
  return response.status;
}

const COMMENT = {
  user: { login: "alice", type: "User" },
  body: "looks good",
  created_at: "2026-11-22T00:00:00Z",
};

/** What follows from them is one scan: the burst is about taking webhooks on. */
const EVENTS: readonly ((index: number) => readonly [string, object])[] = [
  (index) => ["push", { ref: `refs/heads/topic-${index}`, after: "0".repeat(40), commits: [] }],
  (index) => ["issues", { action: "closed", issue: { number: 10_000 + index } }],
  (index) => [
    "issue_comment",
    { action: "created", issue: { number: 10_000 + index }, comment: { ...COMMENT, id: index } },
  ],
  () => ["workflow_run", { action: "completed", workflow_run: { id: 1 }, workflow: { id: 1 } }],
  () => ["push", { ref: "refs/heads/main", after: "0".repeat(40), commits: [] }],
];

async function keptDeliveries(
  folder: string,
  ids: readonly string[],
): Promise<{ lost: number; doubled: number }> {
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const database = await openDatabase({ url: null, dataDir: join(folder, "data"), log });
  try {
    const rows = await database.kysely.selectFrom("deliveries").select("id").execute();
    const times = new Map<string, number>();
    for (const { id } of rows) times.set(id, (times.get(id) ?? 0) + 1);
    return {
      lost: ids.filter((id) => !times.has(id)).length,
      doubled: ids.filter((id) => (times.get(id) ?? 0) > 1).length,
    };
  } finally {
    await database.close();
  }
}
