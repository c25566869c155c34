import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "../store/log.ts";
import { answerHealth, answerReadiness } from "./health.ts";
import { receiveWebhook, WEBHOOK_PATH, type WebhookParts } from "./webhooks.ts";

export interface WebOptions {
  readonly host: string;
  readonly port: number;
  /** Null where this process serves no webhooks. */
  readonly webhooks: WebhookParts | null;
  /** Asks the database something; rejects where it does not answer. */
  readonly checkDatabase: () => Promise<unknown>;
  readonly log: Log;
}

export interface Web {
  /** Where it listens, such as `http://127.0.0.1:3000`. */
  readonly url: string;
  /** Takes no more requests, and lets those that run end within a time. */
  stop(graceSeconds: number): Promise<void>;
}

/**
 * Serves webhooks and health.
 * @throws where the address cannot be listened on
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
  await listen(server, host, port);
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
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
  { webhooks, checkDatabase }: WebOptions,
  isStopping: boolean,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0];
  if (path === "/healthz") return answerHealth(response);
  if (path === "/readyz") return answerReadiness(response, isStopping, checkDatabase);
  if (path !== WEBHOOK_PATH || webhooks === null) {
    response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("not found\n");
    return;
  }
  // GitHub notes that it failed, and is asked for it again.
  if (isStopping) response.writeHead(503, { connection: "close" }).end();
  else await receiveWebhook(request, response, webhooks);
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(asSentence(error, host, port));
    server.once("error", fail);
    server.listen(port, host, () => {
      server.off("error", fail);
      resolve();
    });
  });
}

function asSentence(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const where = `${host}:${port}`;
  if (error.code === "EADDRINUSE") return new Error(`${where} is in use; set PORT to another one`);
  if (error.code === "EACCES")
    return new Error(`${where} may not be listened on; set PORT to one above 1023`);
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND")
    return new Error(`${host} is no address of this machine; set HOST to one that is`);
  return error;
}
