import { setImmediate as nextTurn } from "node:timers/promises";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";
import { columnParsers } from "./columns.ts";

/** How long queries may follow each other without a turn for anything else, in milliseconds. */
const LONGEST_RUN = 5;

/**
 * PGlite runs on the main thread, and its promises are kept without a turn of the event loop: a long row of queries
 * would starve timers, health checks and webhooks. This one lets the others have their turn.
 */
export class YieldingPGlite extends PGlite {
  #lastTurn = performance.now();

  /** Every message of every query passes here, those of transactions too. */
  override async execProtocolStream(
    ...parameters: Parameters<PGlite["execProtocolStream"]>
  ): ReturnType<PGlite["execProtocolStream"]> {
    const messages = await super.execProtocolStream(...parameters);
    if (performance.now() - this.#lastTurn >= LONGEST_RUN) {
      await nextTurn();
      this.#lastTurn = performance.now();
    }
    return messages;
  }
}

/** Opens the database in a directory, or makes one there. */
export async function openEmbedded(directory: string): Promise<YieldingPGlite> {
  const options: PGliteOptions = { dataDir: directory, parsers: Object.fromEntries(columnParsers) };
  const pglite = new YieldingPGlite(options);
  await pglite.waitReady;
  return pglite;
}
