import type { GitHub } from "./github.ts";

/** A webhook that did not arrive. */
export interface FailedDelivery {
  /** Of the attempt; what a redelivery is asked for with. Too long for a number. */
  readonly id: string;
  /** `X-GitHub-Delivery`, the same for every attempt. */
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly deliveredAt: Date;
  /** 0 where no answer came. */
  readonly status: number;
}

/** GitHub redelivers on request for three days. */
export const REDELIVERABLE_MS = 3 * 24 * 60 * 60 * 1000;

/**
 * The App's webhooks since a time of which no attempt arrived, the oldest first, each once.
 * @param app a client that acts as the App
 */
export async function listFailedDeliveries(
  app: GitHub,
  since: Date,
  mostPages = 50,
): Promise<FailedDelivery[]> {
  const arrived = new Set<string>();
  const failed = new Map<string, FailedDelivery>();
  let page = 0;
  // The newest come first.
  for await (const { data } of app.paginate.iterator(app.rest.apps.listWebhookDeliveries, {
    per_page: 100,
  })) {
    for (const { id, guid, event, action, delivered_at, status_code: status } of data) {
      const deliveredAt = new Date(delivered_at);
      if (deliveredAt < since) continue;
      if (status >= 200 && status < 300) arrived.add(guid);
      else if (!failed.has(guid))
        failed.set(guid, { id: String(id), guid, event, action, deliveredAt, status });
    }
    page += 1;
    const oldest = data.at(-1);
    if (page >= mostPages || (oldest !== undefined && new Date(oldest.delivered_at) < since)) break;
  }
  return [...failed.values()].filter(({ guid }) => !arrived.has(guid)).toReversed();
}

/** Asks GitHub to send a webhook again; it comes with the same `guid`. */
export async function redeliver(app: GitHub, id: string): Promise<void> {
  await app.request(`POST /app/hook/deliveries/${encodeURIComponent(id)}/attempts`);
}
