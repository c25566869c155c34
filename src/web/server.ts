import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { RequestCount } from "../jobs/request-counts.ts";
import type { Log } from "../store/log.ts";
import { answerHealth, answerReadiness } from "./health.ts";
import { addressOf, listen } from "./listening.ts";
import { answerMetrics } from "./metrics.ts";
import { receiveWebhook, WEBHOOK_PATH, type WebhookParts } from "./webhooks.ts";

export interface WebOptions {
  readonly host: string;
  readonly port: number;
  /** Null where this process serves no webhooks. */
  readonly webhooks: WebhookParts | null;
  /** Asks the database something; rejects where it does not answer. */
  readonly checkDatabase: () => Promise<unknown>;
  /** What the jobs of this process asked GitHub. */
  readonly requestCounts: () => readonly RequestCount[];
  /** Whether the database has answered lately. */
  readonly isWell: () => boolean;
  readonly log: Log;
}

export interface Web {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Takes no more requests, and lets those that run end within a time. */
  stop(graceSeconds: number): Promise<void>;
}

/**
 * Serves webhooks, health and metrics.
 * @throws EnvironmentError where HOST or PORT cannot be used
 */
export async function startWeb(options: WebOptions): Promise<Web> {
  const { host, port, log } = options;
  let isStopping = false;
  const server = createServer((request, response) => {
    route(request, response, options, isStopping).catch((error: unknown) => {
      log.error({ err: error }, "a request failed");
      if (!response.headersSent) response.writeHead(500).end();
      else response.destroy();
    });
  });
  const url = addressOf(host, await listen(server, host, port));
  return {
    url,
    async stop(graceSeconds) {
      isStopping = true;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await Promise.race([closed, sleep(graceSeconds * 1000, undefined, { ref: false })]);
      server.closeAllConnections();
      await closed;
    },
  };
}

async function route(
  request: IncomingMessage,
  response: ServerResponse,
  { webhooks, checkDatabase, isWell, requestCounts }: WebOptions,
  isStopping: boolean,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0];
  if (path === "/healthz") return answerHealth(response, isWell());
  if (path === "/readyz") return answerReadiness(response, isStopping, checkDatabase);
  if (path === "/metrics") return answerMetrics(response, requestCounts());
  if (path !== WEBHOOK_PATH || webhooks === null) {
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("not found\n");
    return;
  }
  // GitHub notes that it failed, and is asked for it again.
  if (isStopping) response.writeHead(503, { connection: "close" }).end();
  else await receiveWebhook(request, response, webhooks);
}
