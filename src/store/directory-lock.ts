import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { EnvironmentError } from "../config/environment-error.ts";
import { isAlive, ownIdentity, type ProcessIdentity } from "./process-identity.ts";

/** Another process uses the directory. */
export class DirectoryInUse extends EnvironmentError {
  override readonly name = "DirectoryInUse";
}

export interface LockOptions {
  /** How often the holder shows that it is alive, in milliseconds. */
  readonly beatMs: number;
  /** How long the lock of a holder that cannot be asked is watched before it counts as left behind. */
  readonly watchMs: number;
}

const USUAL: LockOptions = { beatMs: 2_000, watchMs: 15_000 };

interface Holder extends ProcessIdentity {
  /** Different each time the lock is taken. */
  readonly token: string;
}

const FILE = "lock";

/**
 * Keeps a directory to one process, through a file in it: two that write an embedded database lose rows without a word.
 * A lock that was left behind is taken over: on the same machine where its process is gone, else (another machine or
 * container, after a reboot) where its holder does not touch it for a while.
 */
export class DirectoryLock {
  readonly #file: string;
  readonly #holder: Holder;
  readonly #beat: NodeJS.Timeout;
  readonly #onLost: () => void;
  #isLost = false;

  private constructor(file: string, holder: Holder, beatMs: number, onLost: () => void) {
    this.#file = file;
    this.#holder = holder;
    this.#onLost = onLost;
    this.#beat = setInterval(() => void this.#touch(), beatMs);
    this.#beat.unref();
  }

  /**
   * `onLost` is called when another process has taken the directory over, because this one did not run for a while (a
   * container that was paused, say): it must stop using the directory at once.
   * @throws DirectoryInUse, with a message that names the other process.
   */
  static async take(
    directory: string,
    onLost: () => void,
    options: LockOptions = USUAL,
  ): Promise<DirectoryLock> {
    const file = join(directory, FILE);
    const holder: Holder = { ...ownIdentity(), token: randomUUID() };
    // Each round somebody else's lock disappears, so there are as many as processes that start at the same moment.
    for (let round = 0; round < 10; round += 1) {
      if (await created(file, holder)) return new DirectoryLock(file, holder, options.beatMs, onLost);
      const other = await holderOf(file);
      if (other === "gone") continue;
      if (await isHeld(file, other, options)) throw inUse(directory, other);
      await removeStale(file, other, holder.token);
    }
    throw new DirectoryInUse([
      `DATA_DIR: ${directory} is being opened by other processes; start one at a time`,
    ]);
  }

  async #touch(): Promise<void> {
    try {
      const holder = await holderOf(this.#file);
      if (isSame(holder, this.#holder)) {
        const now = new Date();
        await utimes(this.#file, now, now);
      } else if (holder !== "gone" && !this.#isLost) {
        // On a slow disk two beats may look at once.
        this.#isLost = true;
        clearInterval(this.#beat);
        this.#onLost();
      }
    } catch {
      // A disk that fails for a moment: missing one beat is harmless, and the next follows.
    }
  }

  /** Gives the directory free, unless somebody else has taken it by now. */
  async release(): Promise<void> {
    clearInterval(this.#beat);
    if (isSame(await holderOf(this.#file), this.#holder)) await rm(this.#file, { force: true });
  }
}

type Found = Holder | "gone" | "unreadable";

function isSame(a: Found, b: Found): boolean {
  return typeof a === "object" && typeof b === "object" ? a.token === b.token : a === b;
}

/**
 * Who uses a directory, for people; null where nobody does. Changes nothing.
 * @throws what the file system says of a directory that cannot be read
 */
export async function userOfDirectory(
  directory: string,
  options: LockOptions = USUAL,
): Promise<string | null> {
  const file = join(directory, FILE);
  const holder = await holderOf(file);
  return holder !== "gone" && (await isHeld(file, holder, options)) ? nameOf(holder) : null;
}

/** Makes the file with its contents in one step: no reader ever sees half of it. */
async function created(file: string, holder: Holder): Promise<boolean> {
  const prepared = `${file}.${holder.token}`;
  await writeFile(prepared, JSON.stringify(holder));
  try {
    await link(prepared, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  } finally {
    await rm(prepared, { force: true });
  }
}

async function holderOf(file: string): Promise<Found> {
  try {
    const holder: unknown = JSON.parse(await readFile(file, "utf8"));
    return isHolder(holder) ? holder : "unreadable";
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "gone";
    if (error instanceof SyntaxError) return "unreadable";
    throw error;
  }
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== "object" || value === null) return false;
  const { pid, started, scope, host, token } = value as Record<string, unknown>;
  return (
    typeof pid === "number" &&
    (typeof started === "string" || started === null) &&
    typeof scope === "string" &&
    typeof host === "string" &&
    typeof token === "string"
  );
}

async function isHeld(
  file: string,
  holder: Holder | "unreadable",
  { watchMs }: LockOptions,
): Promise<boolean> {
  if (typeof holder === "object" && holder.scope === ownIdentity().scope) return isAlive(holder);
  const before = await touchedAt(file);
  await wait(watchMs);
  return before !== (await touchedAt(file));
}

/** Clocks of two machines differ, so only a change counts. */
async function touchedAt(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** Takes a lock that was left behind out of the way; if it turns out to be another one by now, it is put back. */
async function removeStale(file: string, stale: Holder | "unreadable", token: string): Promise<void> {
  const aside = `${file}.stale.${token}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  if (!isSame(await holderOf(aside), stale)) await link(aside, file).catch(() => {});
  await rm(aside, { force: true });
}

function inUse(directory: string, holder: Holder | "unreadable"): DirectoryInUse {
  return new DirectoryInUse([
    `DATA_DIR: ${directory} is in use by ${nameOf(holder)}. Only one process may use an embedded database: stop it first, give ` +
      "this one another DATA_DIR, or set DATABASE_URL to a PostgreSQL server, which several processes can share",
  ]);
}

function nameOf(holder: Holder | "unreadable"): string {
  return typeof holder === "object" ? `process ${holder.pid} on ${holder.host}` : "another process";
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
