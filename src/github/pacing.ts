import { RateLimited } from "./errors.ts";

/** Time as it is, or as a test makes it. */
export interface Clock {
  now(): Date;
  wait(milliseconds: number): Promise<void>;
}

/** GitHub's limits on writing, for one installation. */
export interface Pace {
  /** Milliseconds from one write to the next. */
  readonly apart: number;
  /** Issues, pull requests and comments a minute, and an hour. */
  readonly perMinute: number;
  readonly perHour: number;
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
export const GITHUB_PACE: Pace = { apart: 1_000, perMinute: 80, perHour: 500 };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What one installation may still do. Short waits are waited for, long ones are an error with the time. */
export class Budget {
  readonly #clock: Clock;
  readonly #pace: Pace;
  #nextWrite = 0;
  #blockedUntil = 0;
  #created: number[] = [];

  constructor(clock: Clock, pace: Pace = GITHUB_PACE) {
    this.#clock = clock;
    this.#pace = pace;
  }

  /**
   * Before a request. Waits for a write's turn.
   * @throws RateLimited when GitHub asked for a pause, or when a create would exceed the limits
   */
  async take(kind: "read" | "write" | "create", request: string): Promise<void> {
    this.#checkPause(request);
    if (kind === "read") return;
    if (kind === "create") this.#count(request);
    const now = this.#clock.now().getTime();
    const turn = Math.max(now, this.#nextWrite);
    this.#nextWrite = turn + this.#pace.apart;
    if (turn > now) await this.#clock.wait(turn - now);
    this.#checkPause(request);
  }

  /** GitHub asked for a pause: until then nothing is sent, since going on makes it longer. */
  pause(until: Date): void {
    this.#blockedUntil = Math.max(this.#blockedUntil, until.getTime());
  }

  #checkPause(request: string): void {
    if (this.#clock.now().getTime() >= this.#blockedUntil) return;
    const until = new Date(this.#blockedUntil);
    const message = `GitHub asked this installation to pause until ${until.toISOString()}; ${request} was not sent`;
    throw new RateLimited(message, request, null, until);
  }

  #count(request: string): void {
    const now = this.#clock.now().getTime();
    this.#created = this.#created.filter((at) => at > now - HOUR);
    const free = Math.max(
      this.#freeAt(this.#pace.perMinute, MINUTE, now),
      this.#freeAt(this.#pace.perHour, HOUR, now),
    );
    if (free > now) {
      const until = new Date(free);
      const message =
        `this installation has created as much as GitHub allows (${this.#pace.perMinute} a minute, ` +
        `${this.#pace.perHour} an hour); ${request} is done after ${until.toISOString()}`;
      throw new RateLimited(message, request, null, until);
    }
    this.#created.push(now);
  }

  /** When one more fits into the window; the past where it does now. */
  #freeAt(most: number, window: number, now: number): number {
    const within = this.#created.filter((at) => at > now - window);
    const blocking = within.at(-most);
    return within.length < most || blocking === undefined ? 0 : blocking + window;
  }
}
