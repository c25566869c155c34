import { readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { rootRelative } from "../sources/root-path.ts";
import type { Snapshot } from "../terraform/snapshot.ts";

/** A file is not what was scanned. Nothing was written. */
export class ChangedMeanwhile extends Error {
  override readonly name = "ChangedMeanwhile";
}

interface Prepared {
  readonly temporary: string;
  readonly target: string;
}

/**
 * Writes edited files, all of them or none: each is written beside its place first, then moved there.
 * @throws ChangedMeanwhile where a file is no longer the one that was scanned.
 */
export async function writeEdits(
  root: string,
  scanned: Snapshot,
  files: readonly { readonly path: string; readonly text: string }[],
): Promise<void> {
  const prepared: Prepared[] = [];
  try {
    for (const { path, text } of files) prepared.push(await prepare(root, scanned, path, text));
  } catch (error) {
    await Promise.all(prepared.map(({ temporary }) => rm(temporary, { force: true })));
    throw error;
  }
  for (const { temporary, target } of prepared) await rename(temporary, target);
}

async function prepare(root: string, scanned: Snapshot, path: string, text: string): Promise<Prepared> {
  const target = await realpath(join(root, path));
  if (rootRelative(root, target) === null)
    throw new ChangedMeanwhile(`${path} leads out of the root; nothing was written`);
  const [now, { mode }] = await Promise.all([readFile(target), stat(target)]);
  const before = scanned.read(path);
  if (before === undefined || !now.equals(before)) {
    throw new ChangedMeanwhile(`${path} changed while the scan ran; nothing was written, run it again`);
  }
  const temporary = `${target}.driftwright-${process.pid}`;
  await writeFile(temporary, text, { mode });
  return { temporary, target };
}
