import { setTimeout as sleep } from "node:timers/promises";
import { type Answer, type Request, refusal } from "./exchange.ts";

/** How a request goes wrong. */
export interface Fault {
  /** Before or after the work is done; `cut` does it and gives no answer at all. */
  readonly when: "before" | "after" | "cut";
  readonly answer: Answer | null;
  /** What happens first. */
  readonly first: () => Promise<unknown>;
}

/** Which requests a fault is for, and how often. */
export interface FaultPlan {
  readonly method: string;
  /** The end of the path, or a pattern of it. */
  readonly path: string | RegExp;
  /** A pattern of the body as JSON. Default: any. */
  readonly body?: RegExp;
  /** Default: once. */
  readonly times?: number;
  /** So many requests of this kind go well first. */
  readonly after?: number;
  readonly fault: Fault;
}

/** GitHub fails and does nothing. */
export function broken(status = 500): Fault {
  return { when: "before", answer: refusal(status, "Server Error"), first: nothing };
}

/** GitHub does the work and then fails to say so. */
export function brokenAfterWork(status = 502): Fault {
  return { when: "after", answer: refusal(status, "Server Error"), first: nothing };
}

/** GitHub does the work, and the connection breaks. */
export function cutAfterWork(): Fault {
  return { when: "cut", answer: null, first: nothing };
}

export function refused(message: string, status = 403, headers: Record<string, string> = {}): Fault {
  return { when: "before", answer: { ...refusal(status, message), headers }, first: nothing };
}

/** The hour's requests are used up until a time. */
export function primaryLimit(until: Date): Fault {
  return refused("API rate limit exceeded for installation ID 1.", 403, {
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": String(Math.ceil(until.getTime() / 1000)),
  });
}

/** Too much at once. */
export function secondaryLimit(seconds: number | null): Fault {
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  return refused(message, 403, seconds === null ? {} : { "retry-after": String(seconds) });
}

export function slow(milliseconds: number): Fault {
  return meanwhile(() => sleep(milliseconds));
}

/** Something else happens after the request was sent and before GitHub gets to it. */
export function meanwhile(first: () => Promise<unknown>): Fault {
  return { when: "before", answer: null, first };
}

async function nothing(): Promise<void> {}

/** The faults that are still to happen. */
export class Faults {
  #plans: { plan: FaultPlan; left: number; skip: number }[] = [];

  add(plan: FaultPlan): void {
    this.#plans.push({ plan, left: plan.times ?? 1, skip: plan.after ?? 0 });
  }

  clear(): void {
    this.#plans = [];
  }

  /** Does the work as the fault for this request wants it; null: no answer. */
  async around(request: Request, work: () => Promise<Answer>): Promise<Answer | null> {
    const fault = this.#take(request);
    if (fault === null) return work();
    await fault.first();
    if (fault.when === "before") return fault.answer ?? work();
    await work();
    return fault.when === "cut" ? null : fault.answer;
  }

  #take({ method, path, body }: Request): Fault | null {
    const decoded = decodeURIComponent(path);
    for (const each of this.#plans) {
      const { plan } = each;
      const isPath = typeof plan.path === "string" ? decoded.endsWith(plan.path) : plan.path.test(decoded);
      const isBody = plan.body === undefined || plan.body.test(JSON.stringify(body));
      if (each.left === 0 || plan.method !== method || !isPath || !isBody) continue;
      if (each.skip > 0) {
        each.skip -= 1;
        continue;
      }
      each.left -= 1;
      return plan.fault;
    }
    return null;
  }
}
