import { isJsonArray, isJsonObject, type Json, parseJson, printJson } from "../json/json.ts";
import { textOf, UNPARSED } from "./body.ts";
import type { GitHub } from "./github.ts";

/** One attempt of GitHub to deliver a webhook of the App. */
export interface Attempt {
  /** What a redelivery is asked for with. Too long for a number. */
  readonly id: string;
  /** `X-GitHub-Delivery`, the same for every attempt. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly deliveredAt: Date;
  /** 0 where no answer came. */
  readonly status: number;
}

/** A webhook that did not arrive: the newest attempt, and how often GitHub tried. */
export interface FailedDelivery extends Attempt {
  readonly attempts: number;
}

/** GitHub redelivers on request for three days. */
export const REDELIVERABLE_MS = 3 * 24 * 60 * 60 * 1000;

const LIST = "GET /app/hook/deliveries";
/** A hundred entries have some 50 KB. */
const MOST_BYTES = 5_000_000;

/**
 * The App's webhooks since a time of which no attempt arrived, the oldest first, each once.
 * @param app a client that acts as the App
 */
export async function listFailedDeliveries(
  app: GitHub,
  since: Date,
  { mostPages = 50, signal }: { readonly mostPages?: number; readonly signal?: AbortSignal } = {},
): Promise<FailedDelivery[]> {
  const arrived = new Set<string>();
  const failed = new Map<string, FailedDelivery>();
  let cursor: string | null = null;
  // The newest come first.
  for (let page = 0; page < mostPages; page += 1) {
    signal?.throwIfAborted();
    const { attempts, next } = await listAttempts(app, cursor);
    for (const attempt of attempts) {
      const { guid, status, deliveredAt } = attempt;
      if (deliveredAt < since) continue;
      const known = failed.get(guid);
      if (hasArrived(status)) arrived.add(guid);
      else if (known === undefined) failed.set(guid, { ...attempt, attempts: 1 });
      else failed.set(guid, { ...known, attempts: known.attempts + 1 });
    }
    const oldest = attempts.at(-1);
    if (next === null || (oldest !== undefined && oldest.deliveredAt < since)) break;
    cursor = next;
  }
  return [...failed.values()].filter(({ guid }) => !arrived.has(guid)).toReversed();
}

/** Whether a webhook was received, by the status that it was answered with. */
export function hasArrived(status: number): boolean {
  return status >= 200 && status < 300;
}

/**
 * The newest hundred attempts, the newest first.
 * @param app a client that acts as the App
 */
export async function newestAttempts(app: GitHub): Promise<readonly Attempt[]> {
  return (await listAttempts(app, null)).attempts;
}

interface Page {
  readonly attempts: readonly Attempt[];
  readonly next: string | null;
}

/** Reads the answer itself: ids have more digits than the library's numbers keep. */
async function listAttempts(app: GitHub, cursor: string | null): Promise<Page> {
  const { data, headers } = await app.request(LIST, {
    per_page: 100,
    ...(cursor === null ? {} : { cursor }),
    request: UNPARSED,
  });
  const list = parseJson(await textOf(data, { request: LIST, what: "the list", mostBytes: MOST_BYTES }));
  if (!isJsonArray(list)) throw new Error(`${LIST} gave no list`);
  return { attempts: list.map(attemptOf), next: nextCursor(headers.link) };
}

function attemptOf(json: Json): Attempt {
  const { id, guid, event, action, delivered_at: at, status_code: status } = isJsonObject(json) ? json : {};
  return {
    id: id === undefined ? "" : printJson(id),
    guid: String(guid),
    event: String(event),
    action: typeof action === "string" ? action : null,
    deliveredAt: new Date(String(at)),
    status: Number(status),
  };
}

/** From `<https://api.github.com/app/hook/deliveries?per_page=100&cursor=v1_123>; rel="next"`. */
function nextCursor(link: string | undefined): string | null {
  const address = /<([^>]*)>;\s*rel="next"/.exec(link ?? "")?.[1];
  return address === undefined ? null : (URL.parse(address)?.searchParams.get("cursor") ?? null);
}

/** Asks GitHub to send a webhook again; it comes with the same `guid`. */
export async function redeliver(app: GitHub, id: string): Promise<void> {
  await app.request(`POST /app/hook/deliveries/${encodeURIComponent(id)}/attempts`);
}
