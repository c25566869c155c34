import { Forbidden, Gone } from "../github/errors.ts";
import { recordSkip } from "../store/repositories.ts";
import { BaseMoved, EditDoesNotFit } from "./edited-files.ts";
import type { Job } from "./queues.ts";
import { isRefused, type Writing } from "./writing.ts";

/** What stands against one wish, in place of all of them. */
export function isOfOneWish(reason: unknown): reason is Error {
  return reason instanceof EditDoesNotFit || reason instanceof BaseMoved || isRefused(reason);
}

/** What trying again does not mend, whatever it was about: it is said of the repository. */
export function isOfRepository(reason: Error): boolean {
  return reason instanceof Forbidden || reason instanceof Gone;
}

/** The job that does it, and where what it finds is written down. */
export type Attempting = Pick<Writing, "db" | "repository" | "log" | "now"> & {
  readonly job: Pick<Job<unknown>, "signal">;
};

/**
 * Does one thing. One that cannot be done must not keep the others from being done.
 * @returns what stands against this one alone
 */
export async function attempt(
  { db, repository, log, now, job }: Attempting,
  key: string,
  work: () => Promise<void>,
): Promise<Error | null> {
  job.signal.throwIfAborted();
  try {
    await work();
    return null;
  } catch (reason) {
    if (!isOfOneWish(reason)) throw reason;
    const { message } = reason;
    log.warn({ key, reason: message }, "could not be written");
    if (isOfRepository(reason)) await leaveOut({ db, repository, log, now }, message);
    return reason;
  }
}

/** Says of the repository why it is left out. */
export async function leaveOut(
  { db, repository, log, now }: Omit<Attempting, "job">,
  reason: string,
): Promise<void> {
  await recordSkip(db, repository.id, reason, now());
  log.warn({ reason }, "left out");
}
