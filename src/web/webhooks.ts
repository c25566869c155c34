import type { IncomingMessage, ServerResponse } from "node:http";
import { BodyTooLarge, readBody } from "./body.ts";

export const WEBHOOK_PATH = "/api/github/webhooks";

/** GitHub sends at most 25 MB. */
const MOST_BYTES = 25 * 1024 * 1024;

export interface WebhookParts {
  /** Whether a body has the signature of the App's webhooks. */
  readonly verify: (body: string, signature: string) => Promise<boolean>;
  /** Why a signed body cannot be worked on, by the name of its event; null where it can. */
  readonly problem: (event: string, body: string) => string | null;
  /** Probot's middleware; it finds the body read already. */
  readonly receive: (request: IncomingMessage, response: ServerResponse) => Promise<unknown> | unknown;
}

/**
 * Receives webhooks. What has no valid signature gets 401, and nothing of it is kept or said anywhere. What is signed and
 * no webhook of GitHub's gets 400, with the reason.
 */
export async function receiveWebhook(
  request: IncomingMessage,
  response: ServerResponse,
  { verify, problem, receive }: WebhookParts,
): Promise<void> {
  if (request.method !== "POST") return answer(response, 405, "POST only");
  try {
    const body = await readBody(request, MOST_BYTES);
    const signature = request.headers["x-hub-signature-256"];
    const isSigned = typeof signature === "string" && (await isValid(verify, body, signature));
    if (!isSigned) return answer(response, 401, "the signature is missing or wrong");
    const why = problem(String(request.headers["x-github-event"] ?? ""), body);
    if (why !== null) return answer(response, 400, why);
    Object.assign(request, { body });
    await receive(request, response);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    response.once("finish", () => request.destroy());
    answer(response, 413, "too large");
  }
}

/** What is no signature at all is not valid either. */
async function isValid(verify: WebhookParts["verify"], body: string, signature: string): Promise<boolean> {
  try {
    return await verify(body, signature);
  } catch {
    return false;
  }
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}
