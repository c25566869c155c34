import { createHash, randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PackageFormat } from "./package-files.ts";

/** An archive that was downloaded. */
export interface StoredPackage {
  readonly archive: Buffer;
  readonly format: PackageFormat;
  readonly commit: string | null;
  /** A folder of the package that all of it is about, such as a registry tells; empty for its root. */
  readonly subfolder: string;
}

interface Entry extends Omit<StoredPackage, "archive"> {
  readonly key: string;
  /** SHA-256 of the archive. */
  readonly object: string;
}

/**
 * Archives that never change, on disk: each is kept once, by what it holds, and found again by what it was asked for.
 * When there are too many bytes, those that nobody used for the longest time go. Several processes may use one folder.
 * Whatever fails is as if nothing were kept: the archive is downloaded again.
 */
export class PackageCache {
  readonly #folder: string;
  readonly #mostBytes: number;
  readonly #onFailure: (reason: unknown) => void;

  /** @param onFailure is told why the folder cannot be used */
  constructor(folder: string, mostBytes: number, onFailure: (reason: unknown) => void = () => {}) {
    this.#folder = folder;
    this.#mostBytes = mostBytes;
    this.#onFailure = onFailure;
  }

  /** What was kept under the key; null where nothing is, or not what it should be. */
  async read(key: string, now: Date): Promise<StoredPackage | null> {
    try {
      const entry = entryIn(await readFile(this.#entryPath(key), "utf8"), key);
      if (entry === null) return null;
      const path = this.#objectPath(entry.object);
      const archive = await readFile(path);
      if (hashOf(archive) !== entry.object) {
        await rm(path, { force: true });
        return null;
      }
      await utimes(path, now, now);
      const { format, commit, subfolder } = entry;
      return { archive, format, commit, subfolder };
    } catch (error) {
      if (!isMissing(error)) this.#onFailure(error);
      return null;
    }
  }

  /** Whether something is kept under the key; reading it may fail all the same. */
  async has(key: string): Promise<boolean> {
    try {
      const entry = entryIn(await readFile(this.#entryPath(key), "utf8"), key);
      return entry !== null && (await stat(this.#objectPath(entry.object))).isFile();
    } catch {
      return false;
    }
  }

  async write(key: string, { archive, format, commit, subfolder }: StoredPackage, now: Date): Promise<void> {
    const object = hashOf(archive);
    try {
      await mkdir(join(this.#folder, "objects"), { recursive: true });
      await mkdir(join(this.#folder, "entries"), { recursive: true });
      await this.#put(this.#objectPath(object), archive);
      await utimes(this.#objectPath(object), now, now);
      const entry: Entry = { key, object, format, commit, subfolder };
      await this.#put(this.#entryPath(key), JSON.stringify(entry));
      await this.#makeRoom();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** What everything that is kept was asked for as. */
  async keys(): Promise<string[]> {
    const keys: string[] = [];
    try {
      const folder = join(this.#folder, "entries");
      for (const name of await readdir(folder)) {
        const key = keyIn(await readFile(join(folder, name), "utf8").catch(() => ""));
        if (key !== null) keys.push(key);
      }
    } catch (error) {
      if (!isMissing(error)) this.#onFailure(error);
    }
    return keys;
  }

  /** Takes away what is kept under some keys. An archive that another key has too is downloaded again for that one. */
  async forget(keys: Iterable<string>): Promise<void> {
    try {
      for (const key of keys) {
        const path = this.#entryPath(key);
        const entry = entryIn(await readFile(path, "utf8").catch(() => ""), key);
        if (entry !== null) await rm(this.#objectPath(entry.object), { force: true });
        await rm(path, { force: true });
      }
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** Whoever reads sees the whole file or none. */
  async #put(path: string, content: Buffer | string): Promise<void> {
    const temporary = `${path}.${process.pid}.${randomBytes(6).toString("hex")}.new`;
    try {
      await writeFile(temporary, content, { flag: "wx", mode: 0o600 });
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
  }

  async #makeRoom(): Promise<void> {
    const folder = join(this.#folder, "objects");
    const objects = await Promise.all(
      (await readdir(folder)).map(async (name) => {
        const found = await stat(join(folder, name)).catch(() => null);
        return { path: join(folder, name), size: found?.size ?? 0, used: found?.mtimeMs ?? 0 };
      }),
    );
    let bytes = objects.reduce((sum, { size }) => sum + size, 0);
    if (bytes <= this.#mostBytes) return;
    for (const { path, size } of objects.sort((a, b) => a.used - b.used)) {
      if (bytes <= ROOM * this.#mostBytes) break;
      await rm(path, { force: true });
      bytes -= size;
    }
    await this.#forgetLost();
  }

  /** Entries whose archive is gone. */
  async #forgetLost(): Promise<void> {
    const objects = new Set(await readdir(join(this.#folder, "objects")));
    const folder = join(this.#folder, "entries");
    for (const name of await readdir(folder)) {
      const object = /"object":"([0-9a-f]{64})"/.exec(
        await readFile(join(folder, name), "utf8").catch(() => ""),
      );
      if (object?.[1] === undefined || !objects.has(object[1])) await rm(join(folder, name), { force: true });
    }
  }

  #objectPath(hash: string): string {
    return join(this.#folder, "objects", hash);
  }

  #entryPath(key: string): string {
    return join(this.#folder, "entries", hashOf(Buffer.from(key)));
  }
}

/** How full the folder is after something was taken out. */
const ROOM = 0.9;
const FORMATS: ReadonlySet<unknown> = new Set<PackageFormat>(["git", "tar.gz", "zip"]);

/** Null for what is not the entry of the key: half of one, or of another version of this program. */
function entryIn(text: string, key: string): Entry | null {
  let entry: Partial<Entry> | null;
  try {
    entry = JSON.parse(text) as Partial<Entry> | null;
  } catch {
    return null;
  }
  if (typeof entry !== "object" || entry === null) return null;
  const { object, format, commit = null, subfolder } = entry;
  const isWhole = entry.key === key && /^[0-9a-f]{64}$/.test(object ?? "") && FORMATS.has(format);
  if (!isWhole || object === undefined || format === undefined || typeof subfolder !== "string") return null;
  return { key, object, format, commit: typeof commit === "string" ? commit : null, subfolder };
}

/** Null for what is no entry. */
function keyIn(text: string): string | null {
  try {
    const { key } = (JSON.parse(text) ?? {}) as { key?: unknown };
    return typeof key === "string" ? key : null;
  } catch {
    return null;
  }
}

function hashOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
