import { access, constants, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { folderProblem } from "./folder-problem.ts";
import type { Log } from "./log.ts";

/**
 * Opens a database in a directory. One that will not open is moved aside, and a new one is made in its place: whatever
 * was in it can be rebuilt from GitHub and a new scan. Where a new one will not open either, the directory is not what
 * is wrong, and it is put back.
 * @throws what `open` throws, where that is not about the directory's contents (`isDamage`) or a new one fails as well.
 */
export async function openOrReplace<T>(
  directory: string,
  open: (directory: string) => Promise<T>,
  isDamage: (error: unknown) => boolean,
  log: Log,
  now: Date,
): Promise<T> {
  await refuseUnreadable(directory);
  try {
    return await open(directory);
  } catch (error) {
    if (!isDamage(error)) throw error;
    const aside = `${directory}.damaged-${now.toISOString().replaceAll(":", "-")}`;
    await rename(directory, aside);
    const opened = await open(directory).catch(async () => {
      await rm(directory, { recursive: true, force: true });
      await rename(aside, directory);
      throw error;
    });
    log.error(
      { err: error, aside },
      "the embedded database would not open; it was moved aside, and a new one is rebuilt from GitHub and new scans",
    );
    return opened;
  }
}

/** A directory that belongs to somebody else looks damaged and is not. */
async function refuseUnreadable(directory: string): Promise<void> {
  for (const path of [directory, join(directory, "PG_VERSION")]) {
    try {
      await access(path, constants.R_OK | constants.W_OK);
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
      throw folderProblem(path, error);
    }
  }
}
