export interface PulseOptions {
  /** Asks the database something; rejects where it does not answer. */
  readonly check: () => Promise<unknown>;
  /** Milliseconds from one question to the next. */
  readonly everyMs: number;
  /** After so many questions in a row without an answer the database counts as gone. */
  readonly mostMissed: number;
}

/** One that does not answer for two minutes is not busy. */
const USUAL = { everyMs: 15_000, mostMissed: 8 };

/** Asks the database from time to time whether it is there. */
export class Pulse {
  readonly #options: PulseOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #gone = Promise.withResolvers<void>();
  #unanswered = 0;
  #isAsking = false;

  constructor(options: Pick<PulseOptions, "check"> & Partial<PulseOptions>) {
    this.#options = { ...USUAL, ...options };
    this.#timer = setInterval(() => this.#beat(), this.#options.everyMs);
    this.#timer.unref();
  }

  /** Whether the database has answered lately. */
  get isWell(): boolean {
    return this.#unanswered <= this.#options.mostMissed;
  }

  /** Settles when the database is gone. It may come back all the same. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  #beat(): void {
    this.#unanswered += 1;
    if (!this.isWell) this.#gone.resolve();
    if (!this.#isAsking) void this.#ask();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      await this.#options.check();
      this.#unanswered = 0;
    } catch {
      // It counts as unanswered already.
    } finally {
      this.#isAsking = false;
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
