import { setTimeout as sleep } from "node:timers/promises";
import { reasonOf } from "../store/server-problem.ts";
import { StateError } from "../terraform/state/state-error.ts";

/** Something took longer than it may. */
class TookTooLong extends Error {
  override readonly name = "TookTooLong";
}

/**
 * What the work gives, within a time in milliseconds. What takes longer is left alone; the clients have limits of their
 * own and end by themselves.
 * @throws TookTooLong, and what the work throws
 */
export async function within<T>(limit: number, work: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = async (): Promise<never> => {
    await sleep(limit, undefined, { signal: over.signal, ref: false });
    throw new TookTooLong(`there was no answer within ${Math.round(limit / 1000)} seconds`);
  };
  const waiting = late();
  waiting.catch(() => {});
  try {
    return await Promise.race([work, waiting]);
  } finally {
    over.abort();
  }
}

/** What happened, and what to do about it. */
export interface Failure {
  readonly message: string;
  readonly next: string;
}

/**
 * An error as a failure. Messages that say themselves what to do are parted there.
 * @param next what to do where the message does not say
 */
export function failureOf(error: unknown, next: string): Failure {
  if (error instanceof StateError) {
    return { message: `${error.file}: ${error.reason}`, next: error.advice };
  }
  return partedAt(/^(.*?[^.:;])(?:; |\. )([\s\S]+)$/, reasonOf(error), next);
}

/** A sentence that says what happened and what to do, parted by a pattern with two groups. */
export function partedAt(pattern: RegExp, sentence: string, otherwise: string): Failure {
  const [, message = sentence, next = otherwise] = pattern.exec(sentence) ?? [];
  return { message, next: next.replace(/^[a-z]/, (letter) => letter.toUpperCase()) };
}
