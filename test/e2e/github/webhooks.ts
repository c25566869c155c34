import { createHmac, randomUUID } from "node:crypto";
import type { JsonObject } from "../../../src/json/json.ts";
import type { Handler } from "./call.ts";
import { type Answer, answer, refusal } from "./exchange.ts";

/** One attempt to deliver a webhook. */
export interface Delivery {
  readonly id: number;
  readonly guid: string;
  readonly event: string;
  readonly action: string | null;
  readonly payload: JsonObject;
  readonly deliveredAt: Date;
  readonly redelivery: boolean;
  /** 0 where nobody answered. */
  readonly status: number;
}

/** Sends webhooks as GitHub does: signed, each with an id of its own, once; and remembers what came of it. */
export class Webhooks {
  readonly deliveries: Delivery[] = [];
  readonly #secret: string;
  readonly #now: () => Date;
  readonly #events: { readonly isUnderway: boolean };
  readonly #underway = new Set<Promise<unknown>>();
  /** What the App's settings page says beside the address. */
  readonly settings = { contentType: "json", insecureSsl: "0", hasSecret: true };
  #target: string | null | Promise<string | null> = null;
  #nextId = 1;

  /** @param events what the emulator is about to tell */
  constructor(secret: string, now: () => Date, events: { readonly isUnderway: boolean }) {
    this.#secret = secret;
    this.#now = now;
    this.#events = events;
  }

  /** Where webhooks go; null: nowhere, and nobody answers. Until it is known where, they are on their way. */
  deliverTo(url: string | null | Promise<string>): void {
    this.#target = url instanceof Promise ? url.catch(() => null) : url;
  }

  /** Delivers an event in the background. */
  tell(event: string, payload: JsonObject): void {
    this.track(this.send(event, payload));
  }

  /** Something that a webhook follows from, and is therefore on its way until it is done. */
  track(work: Promise<unknown>): void {
    this.#underway.add(work);
    const done = () => this.#underway.delete(work);
    void work.then(done, done);
  }

  /** Delivers an event and waits for what comes of it. */
  send(event: string, payload: JsonObject, guid: string = randomUUID()): Promise<Delivery> {
    return this.#attempt({ event, payload, guid, redelivery: false });
  }

  /** Waits until nothing is on its way. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0 || this.#events.isUnderway) {
      await Promise.allSettled(this.#underway);
      await new Promise(setImmediate);
    }
  }

  /** `GET /app/hook/deliveries`, the newest first. */
  readonly list: Handler = async ({ request, world }) => {
    const size = Number(request.query.get("per_page") ?? 30);
    const cursor = Number(request.query.get("cursor") ?? Number.MAX_SAFE_INTEGER);
    const newestFirst = this.deliveries.toSorted((a, b) => b.id - a.id);
    const older = newestFirst.filter(({ id }) => id <= cursor);
    const next = older[size];
    const query = new URLSearchParams(request.query);
    query.set("cursor", String(next?.id ?? ""));
    const link = { link: `<${world.url}${request.path}?${query}>; rel="next"` };
    return answer(200, older.slice(0, size).map(deliveryJson), next === undefined ? {} : link);
  };

  /** `GET /app/hook/config` */
  readonly config: Handler = async () => {
    const { contentType, insecureSsl, hasSecret } = this.settings;
    const url = await this.#target;
    return answer(200, {
      ...(url === null ? {} : { url }),
      content_type: contentType,
      insecure_ssl: insecureSsl,
      ...(hasSecret ? { secret: "********" } : {}),
    });
  };

  /** `POST /app/hook/deliveries/{delivery_id}/attempts` */
  readonly again: Handler = async (call): Promise<Answer> => {
    const old = this.deliveries.find(({ id }) => String(id) === call.parameter("delivery_id"));
    if (old === undefined) return refusal(404, "Not Found");
    const { event, payload, guid } = old;
    await this.#attempt({ event, payload, guid, redelivery: true });
    return answer(202, {});
  };

  async #attempt(sent: Pick<Delivery, "event" | "payload" | "guid" | "redelivery">): Promise<Delivery> {
    const { event, payload, guid } = sent;
    const body = JSON.stringify(payload);
    const id = this.#nextId;
    this.#nextId += 1;
    const status = await this.#post(body, {
      "content-type": "application/json",
      "user-agent": "GitHub-Hookshot/0000000",
      "x-github-event": event,
      "x-github-delivery": guid,
      "x-hub-signature-256": `sha256=${createHmac("sha256", this.#secret).update(body).digest("hex")}`,
    });
    const action = typeof payload["action"] === "string" ? payload["action"] : null;
    const delivery: Delivery = { ...sent, id, action, deliveredAt: this.#now(), status };
    this.deliveries.push(delivery);
    return delivery;
  }

  async #post(body: string, headers: Record<string, string>): Promise<number> {
    const target = await this.#target;
    if (target === null) return 0;
    try {
      const signal = AbortSignal.timeout(10_000);
      const response = await fetch(target, { method: "POST", headers, body, signal });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }
}

function deliveryJson(delivery: Delivery): JsonObject {
  const { id, guid, event, action, deliveredAt, redelivery, status } = delivery;
  return {
    id,
    guid,
    delivered_at: deliveredAt.toISOString(),
    redelivery,
    duration: 0.1,
    status: status === 0 ? "failed to connect to host" : String(status),
    status_code: status,
    event,
    action,
    installation_id: null,
    repository_id: null,
    throttled_at: null,
  };
}
