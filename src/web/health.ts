import type { ServerResponse } from "node:http";

/** Milliseconds that the database may take to answer. */
const PATIENCE = 2_000;

/** `/healthz`: the process turns its event loop. Whether it can do its work is another question. */
export function answerHealth(response: ServerResponse): void {
  respond(response, 200, "ok");
}

/**
 * `/readyz`: webhooks can be received.
 * @param check asks the database something; rejects where it does not answer
 */
export async function answerReadiness(
  response: ServerResponse,
  isStopping: boolean,
  check: () => Promise<unknown>,
): Promise<void> {
  if (isStopping) return respond(response, 503, "stopping");
  try {
    await within(PATIENCE, check());
    respond(response, 200, "ready");
  } catch {
    respond(response, 503, "the database does not answer");
  }
}

async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error("too late")), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function respond(response: ServerResponse, status: number, text: string): void {
  const headers = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" };
  response.writeHead(status, headers).end(`${text}\n`);
}
