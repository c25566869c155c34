import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Logger } from "pino";
import { createNodeMiddleware, createProbot } from "probot";
import { driftwright } from "./app.ts";
import { loadDotEnv } from "./config/dot-env.ts";
import { type AppCredentials, type Environment, readEnvironment, secretsOf } from "./config/environment.ts";
import { EnvironmentError } from "./config/environment-error.ts";
import { isHelp, usage } from "./config/usage.ts";
import { startEngine } from "./engine/engine.ts";
import { appRefusal } from "./github/app-refusal.ts";
import { GitHubApp } from "./github/client.ts";
import { operatorClouds } from "./jobs/operator-clouds.ts";
import { operatorModules } from "./jobs/operator-modules.ts";
import { payloadProblem } from "./jobs/payload-problem.ts";
import type { Clouds, JobPorts } from "./jobs/ports.ts";
import { Queues } from "./jobs/queues.ts";
import { RequestCounts } from "./jobs/request-counts.ts";
import { startWorkers } from "./jobs/workers.ts";
import { createLog, logForProbot } from "./log.ts";
import { Redaction } from "./reports/redaction.ts";
import { serveSetup } from "./setup.ts";
import { CommitArchives } from "./sources/commit-archives.ts";
import { PackageCache } from "./sources/modules/package-cache.ts";
import { type Database, openDatabase } from "./store/database.ts";
import { reasonOf, serverProblem } from "./store/server-problem.ts";
import { keptKey } from "./store/settings.ts";
import { tryAddress } from "./web/listening.ts";
import { Pulse } from "./web/pulse.ts";
import { startWeb, type Web } from "./web/server.ts";
import { WEBHOOK_PATH, type WebhookParts } from "./web/webhooks.ts";

/** Milliseconds that GitHub may take to say which App this is, before the service goes on without. */
const PATIENCE = 10_000;
/** Seconds that requests, and then jobs, may take to end. Kubernetes kills after 30. */
const GRACE = { requests: 5, jobs: 20 };
const NOTHING_ALLOWED =
  "ACCESS_FILE is not set, so no repository may use a cloud account or a state in S3: see docs/operations.md";
const NO_GITHUB = "GitHub did not say whether it knows the App by this key";
const LOCK_LOST = "another process has taken over the embedded database";
const NO_ANSWER = "the embedded database does not answer any more";

export interface Service {
  /** Where it listens. */
  readonly url: string;
  /** Takes nothing new, lets what runs end, gives back what does not, closes the database. */
  stop(): Promise<void>;
  /** Settles, with a sentence for the log, when the service cannot go on: whoever runs it starts it anew. */
  readonly lost: Promise<string>;
}

export interface ServiceOptions {
  readonly log: Logger;
  readonly clouds?: Clouds;
}

type AppEnvironment = Environment & { readonly app: AppCredentials };

/**
 * Puts the parts together and starts what the role asks for.
 * @throws EnvironmentError where the database or the address cannot be had, or GitHub does not know the App by its key;
 *   what was started is stopped then
 */
export async function startService(
  environment: AppEnvironment,
  { log, clouds = operatorClouds(environment.access) }: ServiceOptions,
): Promise<Service> {
  const { role, app, host, port } = environment;
  const url = environment.database.kind === "embedded" ? null : environment.database.url;
  const lost = Promise.withResolvers<string>();
  const onLost = () => lost.resolve(LOCK_LOST);
  // What is cheap to find out comes first: a database takes seconds to make.
  await tryAddress(host, port);
  const database = await openDatabase({ url, dataDir: environment.dataDir, log, onLost });
  const started: (() => Promise<void>)[] = [() => database.close()];
  try {
    const queues = await Queues.start(database, log).catch((error: unknown) => {
      throw url === null ? error : serverProblem(url, error);
    });
    started.push(() => queues.stop(GRACE.jobs));
    const counts = new RequestCounts();
    const ports = await portsOf(environment, { database, queues, log, clouds }, counts);
    const webhooks = role === "worker" ? null : await webhookParts(app, environment.github.api, ports, log);
    const checkDatabase = () => sql`select 1`.execute(database.kysely);
    const pulse = new Pulse({ check: checkDatabase });
    started.push(async () => pulse.stop());
    // A server comes back by itself, and the process with it.
    if (url === null) void pulse.gone.then(() => lost.resolve(NO_ANSWER));
    const isWell = () => pulse.isWell;
    const requestCounts = () => counts.all;
    const web: Web = await startWeb({ host, port, webhooks, checkDatabase, requestCounts, isWell, log });
    started.push(() => web.stop(GRACE.requests));
    // Whoever asks for its health has an answer meanwhile.
    await confirmApp(ports.github, app.appId, log);
    if (role !== "web") await startWork(queues, ports, counts);
    if (role !== "web" && environment.access === null) log.warn({}, NOTHING_ALLOWED);
    log.info({ url: web.url, role, node: process.version }, "Driftwright is running");
    return { url: web.url, stop: () => stopAll(started), lost: lost.promise };
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}

/**
 * Asks GitHub whether it knows the App by its key. That it does not answer, or something else does, keeps nothing from
 * being started: webhooks are written down meanwhile, and jobs tried again.
 */
async function confirmApp(github: JobPorts["github"], appId: number, log: Logger): Promise<void> {
  const over = new AbortController();
  const late = sleep(PATIENCE, null, { signal: over.signal });
  late.catch(() => {});
  try {
    const known = await Promise.race([github.identity(), late]);
    if (known === null) log.warn({ reason: "there was no answer in time" }, NO_GITHUB);
  } catch (error) {
    const refusal = appRefusal(error, appId);
    if (refusal !== null) {
      const { variable, message, next } = refusal;
      throw new EnvironmentError([`${variable}: ${message}: ${next[0]?.toLowerCase()}${next.slice(1)}`]);
    }
    log.warn({ reason: reasonOf(error) }, NO_GITHUB);
  } finally {
    over.abort();
  }
}

/** The last that was started first. One that fails must not keep the others from being stopped. */
async function stopAll(started: (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (let stop = started.pop(); stop !== undefined; stop = started.pop()) {
    try {
      await stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function portsOf(
  { app, github: address, access, dataDir, modules, key, scanIntervals }: AppEnvironment,
  parts: { database: Database; queues: Queues; log: Logger; clouds: Clouds },
  counts: RequestCounts,
): Promise<JobPorts> {
  const now = () => new Date();
  const { appId, privateKey } = app;
  const clock = { now, wait: (milliseconds: number) => sleep(milliseconds) };
  const github = new GitHubApp({
    appId,
    privateKey,
    baseUrl: address.api,
    clock,
    onRequest: (request) => {
      counts.note();
      parts.log.debug(request, "request to GitHub");
    },
  });
  const { log } = parts;
  return {
    ...parts,
    github,
    startEngine,
    archives: new CommitArchives(commitCache(dataDir, log), now),
    modules: operatorModules({ settings: modules, access, web: address.web, github, dataDir, now, log }),
    now,
    key: key ?? (await keptKey(parts.database.kysely, () => randomBytes(32).toString("hex"))),
    intervals: scanIntervals,
  };
}

/** In bytes; docs/operations.md tells it. */
const MOST_CODE_KEPT = 1024 * 1024 * 1024;

function commitCache(dataDir: string, log: Logger): PackageCache {
  let isTold = false;
  return new PackageCache(join(dataDir, "commits"), MOST_CODE_KEPT, (error) => {
    if (isTold) return;
    isTold = true;
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ reason }, "code cannot be kept on disk, and is downloaded each time");
  });
}

async function startWork(queues: Queues, ports: JobPorts, counts: RequestCounts): Promise<void> {
  await startWorkers(queues, ports, counts);
  await queues.startClock();
  // What happened while nobody was here.
  await queues.enqueue(ports.database.kysely, "sweep", {});
  await queues.enqueue(ports.database.kysely, "tick", {});
}

/**
 * Probot verifies and dispatches. Everything that it would take from the environment is given, since its own defaults
 * are not safe: an unset secret would become a word that everybody knows.
 */
async function webhookParts(
  { appId, privateKey, webhookSecret }: AppCredentials,
  baseUrl: string,
  ports: JobPorts,
  log: Logger,
): Promise<WebhookParts> {
  if (webhookSecret === null) throw new EnvironmentError(["WEBHOOK_SECRET is not set"]);
  const probot = createProbot({
    env: {},
    overrides: { appId, privateKey, secret: webhookSecret, baseUrl, log: logForProbot(log) },
  });
  const middleware = await createNodeMiddleware(driftwright(ports), { probot, webhooksPath: WEBHOOK_PATH });
  return {
    problem: payloadProblem,
    verify: (body, signature) => probot.webhooks.verify(body, signature),
    receive: (request, response) => middleware(request, response),
  };
}

/** `npm start`: runs until it is told to stop. Gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  if (isHelp(args)) {
    process.stdout.write(usage());
    return 0;
  }
  let environment: Environment;
  try {
    loadDotEnv();
    environment = readEnvironment(process.env, args, (path) => readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    return refuse(error);
  }
  const redaction = new Redaction(secretsOf(environment));
  const log = createLog(environment.logLevel, redaction);
  try {
    return await run(environment, log);
  } catch (error) {
    if (error instanceof EnvironmentError) return refuse(error, redaction);
    log.fatal({ err: error }, "Driftwright cannot run");
    return 1;
  }
}

function refuse({ problems }: EnvironmentError, redaction = new Redaction([])): number {
  const lines = problems.map((problem) => `driftwright: ${problem}`).join("\n");
  process.stderr.write(redaction.clean(`${lines}\n`));
  return 1;
}

async function run(environment: Environment, log: Logger): Promise<number> {
  // From the start: what is told to stop before it runs stops as soon as it does.
  const stopped = stopSignal().then((signal) => ({ signal }));
  const service = await begin(environment, log);
  const lost = service.lost.then((reason) => ({ reason }));
  const end = await Promise.race([stopped, lost]);
  if ("reason" in end) {
    log.fatal(end, "Driftwright cannot go on");
    // Without a database jobs do not end, and need not.
    await Promise.race([service.stop(), sleep(1000 * GRACE.requests)]);
    return 1;
  }
  log.info(end, "stopping");
  await service.stop();
  log.info({}, "stopped");
  return 0;
}

async function begin(environment: Environment, log: Logger): Promise<Service> {
  const { app } = environment;
  if (app !== null) return startService({ ...environment, app }, { log });
  return { ...(await serveSetup(environment, log)), lost: new Promise(() => {}) };
}

/** Waits for the first signal to stop. A second one ends the process at once. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      process.once(signal, () => {
        resolve(signal);
        process.once(signal, () => process.exit(1));
      });
    }
  });
}
