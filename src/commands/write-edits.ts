import { readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootRelative } from "../sources/root-path.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";

/** An edit cannot be written. Nothing was; the message says why. */
export class NotWritten extends Error {
  override readonly name = "NotWritten";
}

interface Prepared {
  readonly temporary: string;
  readonly target: string;
  readonly before: Buffer;
}

/**
 * Writes edited files, all of them or none: each is written beside its place first, then moved there.
 * @throws NotWritten where a file is no longer the one that was scanned, or may not be written.
 */
export async function writeEdits(
  root: string,
  scanned: Snapshot,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> {
  const prepared: Prepared[] = [];
  const moved: Prepared[] = [];
  try {
    for (const { path, text } of files) {
      const taken = new Set(prepared.map(({ target }) => target));
      prepared.push(await explained(path, () => prepare({ root, scanned, taken }, path, text)));
    }
    for (const file of prepared) {
      await explained(file.target, () => rename(file.temporary, file.target));
      moved.push(file);
    }
  } catch (error) {
    await Promise.all(prepared.map(({ temporary }) => rm(temporary, { force: true })));
    await Promise.all(moved.map(({ target, before }) => writeFile(target, before)));
    throw error;
  }
}

interface Place {
  readonly root: string;
  readonly scanned: Snapshot;
  /** Files that are going to be written already. */
  readonly taken: ReadonlySet<string>;
}

async function prepare({ root, scanned, taken }: Place, path: string, text: string): Promise<Prepared> {
  const target = await realpath(join(root, path));
  if (taken.has(target)) {
    throw new NotWritten(`${path} is the same file as another that changes; nothing was written`);
  }
  if (rootRelative(root, target) === null) {
    throw new NotWritten(`${path} leads out of the root; nothing was written`);
  }
  const [before, { mode }] = await Promise.all([readFile(target), stat(target)]);
  const known = scanned.read(path);
  if (known === undefined || !before.equals(known)) {
    throw new NotWritten(`${path} changed while the scan ran; nothing was written, run it again`);
  }
  // A folder that may be written to would let even a read-only file be replaced.
  if ((mode & 0o222) === 0) {
    throw new NotWritten(`${path} is read-only; nothing was written, allow writing to it and run it again`);
  }
  const temporary = `${target}.driftwright-${process.pid}`;
  await writeFile(temporary, text, { mode, flag: "wx" });
  return { temporary, target, before };
}

async function explained<T>(path: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    const code = String(error.code);
    if (code === "ENOENT") {
      throw new NotWritten(`${path} is gone since the scan; nothing was written, run it again`);
    }
    throw new NotWritten(
      `${path} cannot be written (${code}); nothing was written, check the permissions and the disk`,
    );
  }
}
