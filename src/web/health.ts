import type { ServerResponse } from "node:http";

/** Milliseconds that the database may take to answer. */
const PATIENCE = 2_000;

/** `/healthz`: the process turns its event loop, and its database has not been away for so long that it is better ended. */
export function answerHealth(response: ServerResponse, isWell: boolean): void {
  if (isWell) respond(response, 200, "ok");
  else respond(response, 503, "the database has not answered for a while");
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

/** The same two where there is no App yet: the process turns, and can receive nothing. False for other pages. */
export function answerBeforeSetup(path: string, response: ServerResponse): boolean {
  if (path === "/healthz") respond(response, 200, "ok");
  else if (path === "/readyz") respond(response, 503, "no App is set up yet");
  else return false;
  return true;
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
