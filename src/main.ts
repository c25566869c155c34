import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { Logger } from "pino";
import { createNodeMiddleware, createProbot } from "probot";
import { driftwright } from "./app.ts";
import {
  type AppCredentials,
  type Environment,
  EnvironmentError,
  readEnvironment,
} from "./config/environment.ts";
import { GitHubApp } from "./github/client.ts";
import { operatorClouds } from "./jobs/operator-clouds.ts";
import type { Clouds, JobPorts } from "./jobs/ports.ts";
import { Queues } from "./jobs/queues.ts";
import { startWorkers } from "./jobs/workers.ts";
import { createLog, logForProbot } from "./log.ts";
import { Redaction } from "./reports/redaction.ts";
import { serveSetup } from "./setup.ts";
import { type Database, openDatabase } from "./store/database.ts";
import { keptKey } from "./store/settings.ts";
import { startWeb, type Web } from "./web/server.ts";
import { WEBHOOK_PATH, type WebhookParts } from "./web/webhooks.ts";

/** Seconds that requests, and then jobs, may take to end. Kubernetes kills after 30. */
const GRACE = { requests: 5, jobs: 20 };

export interface Service {
  /** Where it listens. */
  readonly url: string;
  /** Takes nothing new, lets what runs end, gives back what does not, closes the database. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly log: Logger;
  readonly clouds?: Clouds;
}

type AppEnvironment = Environment & { readonly app: AppCredentials };

/**
 * Puts the parts together and starts what the role asks for.
 * @throws where the database, the queues or the address cannot be had; what was started is stopped then
 */
export async function startService(
  environment: AppEnvironment,
  { log, clouds = operatorClouds() }: ServiceOptions,
): Promise<Service> {
  const { role, app, host, port } = environment;
  const url = environment.database.kind === "embedded" ? null : environment.database.url;
  const database = await openDatabase({ url, dataDir: environment.dataDir, log });
  const started: (() => Promise<void>)[] = [() => database.close()];
  try {
    const queues = await Queues.start(database, log);
    started.push(() => queues.stop(GRACE.jobs));
    const ports = await portsOf(environment, { database, queues, log, clouds });
    const webhooks = role === "worker" ? null : await webhookParts(app, environment.github.api, ports, log);
    const checkDatabase = () => sql`select 1`.execute(database.kysely);
    const web: Web = await startWeb({ host, port, webhooks, checkDatabase, log });
    started.push(() => web.stop(GRACE.requests));
    if (role !== "web") await startWork(queues, ports);
    log.info({ url: web.url, role, node: process.version }, "Driftwright is running");
    return { url: web.url, stop: () => stopAll(started) };
  } catch (error) {
    await stopAll(started);
    throw error;
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
  { app, github, key, scanInterval }: AppEnvironment,
  parts: { database: Database; queues: Queues; log: Logger; clouds: Clouds },
): Promise<JobPorts> {
  const now = () => new Date();
  const { appId, privateKey } = app;
  const clock = { now, wait: (milliseconds: number) => sleep(milliseconds) };
  return {
    ...parts,
    github: new GitHubApp({ appId, privateKey, baseUrl: github.api, clock }),
    now,
    key: key ?? (await keptKey(parts.database.kysely, () => randomBytes(32).toString("hex"))),
    scanInterval,
    forks: false,
  };
}

async function startWork(queues: Queues, ports: JobPorts): Promise<void> {
  await startWorkers(queues, ports);
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
    verify: (body, signature) => probot.webhooks.verify(body, signature),
    receive: (request, response) => middleware(request, response),
  };
}

/** `npm start`: runs until it is told to stop. Gives the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // What the set-up page wrote. The environment as it is comes first.
  if (existsSync(".env")) loadEnvFile(".env");
  let environment: Environment;
  try {
    environment = readEnvironment(process.env, args, (path) => readFileSync(path, "utf8"));
  } catch (error) {
    if (!(error instanceof EnvironmentError)) throw error;
    process.stderr.write(`${error.problems.map((problem) => `driftwright: ${problem}`).join("\n")}\n`);
    return 1;
  }
  const log = createLog(environment.logLevel, new Redaction(secretsOf(environment)));
  try {
    const service = await begin(environment, log);
    const signal = await stopSignal();
    log.info({ signal }, "stopping");
    await service.stop();
    log.info({}, "stopped");
    return 0;
  } catch (error) {
    log.fatal({ err: error }, "Driftwright cannot run");
    return 1;
  }
}

function begin(environment: Environment, log: Logger): Promise<Service> {
  const { app } = environment;
  return app === null ? serveSetup(environment, log) : startService({ ...environment, app }, { log });
}

function secretsOf({ app, key, database }: Environment): string[] {
  const password = database.kind === "postgresql" ? URL.parse(database.url)?.password : undefined;
  const all = [app?.privateKey, app?.webhookSecret, key, password];
  return all.filter((secret) => secret !== undefined && secret !== null && secret !== "") as string[];
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
