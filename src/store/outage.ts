import type { Log } from "./log.ts";
import { isUnreachable, reasonOf } from "./server-problem.ts";

/** Says once that the database is away, and once that it is back, however many questions fail meanwhile. */
export class Outage {
  readonly #log: Log;
  #isAway = false;

  constructor(log: Log) {
    this.#log = log;
  }

  /** Notes an error; false where it does not mean that the database is away, so that nothing was said of it. */
  noted(error: unknown): boolean {
    if (!isUnreachable(error)) return false;
    if (!this.#isAway) {
      this.#isAway = true;
      this.#log.error(
        { reason: reasonOf(error) },
        "the database cannot be reached; work goes on when it is back",
      );
    }
    return true;
  }

  /** The database has answered. */
  over(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#log.info({}, "the database can be reached again");
  }
}
