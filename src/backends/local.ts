import { constants } from "node:fs";
import { access, type FileHandle, open, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { folderOf, joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import { PLAN_FILE, type Refusal, StateError } from "../terraform/state/state-error.ts";
import type { StateSource } from "../terraform/state/state-source.ts";

/** The largest state that is read, in bytes. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;

/**
 * A state in a file that a person named, anywhere on this machine. A relative path counts from the current directory.
 * @param maxBytes a larger file is refused
 */
export function localState(path: string, maxBytes = MAX_STATE_BYTES): StateSource {
  return {
    describe: path,
    async read() {
      const { bytes, writtenAt } = await readRegularFile(path, maxBytes);
      return { text: decodeState(bytes, path), writtenAt, locked: await exists(lockOf(path)) };
    },
  };
}

/** A state that stands in the repository itself. What the snapshot refuses (links that leave it) is missing here. */
export function snapshotState(snapshot: Pick<Snapshot, "read" | "whyNot">, path: string): StateSource {
  return {
    describe: path,
    async read() {
      const bytes = snapshot.read(path);
      if (bytes === undefined) throw new StateError(path, missing(snapshot.whyNot?.(path) ?? null));
      const lock = joinPath(folderOf(path), lockName(basename(path)));
      const locked = lock !== null && snapshot.read(lock) !== undefined;
      return { text: decodeState(bytes, path), writtenAt: null, locked };
    },
  };
}

function missing(why: string | null): Refusal {
  return {
    reason:
      why ?? "the repository has no such file, or it was refused (too large, or a link that leaves the root)",
    advice: why?.includes("no permission")
      ? "Let the user that runs Driftwright read it."
      : "Give the state's own file with --state.",
  };
}

async function readRegularFile(
  path: string,
  maxBytes: number,
): Promise<{ bytes: Uint8Array; writtenAt: string }> {
  try {
    // Opening a pipe or a device can block or act: look at what it is first, and open without waiting.
    refuseSpecial(path, await stat(path));
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return await readOpen(path, file, maxBytes);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof StateError) throw error;
    throw new StateError(path, refusalOf(errorCode(error)));
  }
}

async function readOpen(path: string, file: FileHandle, maxBytes: number) {
  const before = await file.stat();
  refuseSpecial(path, before);
  if (before.size > maxBytes) {
    throw new StateError(path, {
      reason: `the file has ${before.size} bytes, more than the ${maxBytes} that are read`,
      advice: "Check that it is a state; split a state this large into several stacks.",
    });
  }
  return { bytes: await file.readFile(), writtenAt: before.mtime.toISOString() };
}

function refuseSpecial(path: string, found: { isDirectory(): boolean; isFile(): boolean }): void {
  if (found.isDirectory()) {
    throw new StateError(path, {
      reason: "this is a directory, not a state file",
      advice: `Give the file itself, such as ${join(path, "terraform.tfstate")}.`,
    });
  }
  if (!found.isFile()) {
    throw new StateError(path, {
      reason: "this is no regular file",
      advice: "Write the state to a file first and give that.",
    });
  }
}

const UNREADABLE: ReadonlyMap<string, string> = new Map([
  ["ENAMETOOLONG", ": the name is too long"],
  ["ELOOP", ": it is a link that leads back to itself"],
]);

function refusalOf(code: string): Refusal {
  if (code === "ENOENT" || code === "ENOTDIR") {
    return {
      reason: "there is no such file",
      advice:
        "Check the path; where the state is kept in a backend, write it to a file with `terraform state pull > FILE` and give that with --state.",
    };
  }
  if (code === "EACCES" || code === "EPERM") {
    return {
      reason: "there is no permission to read the file",
      advice: "Run as a user who may read it, or change its permissions.",
    };
  }
  return {
    reason: `the file cannot be read${UNREADABLE.get(code) ?? ` (${code})`}`,
    advice: "Check the path and the disk, then try again.",
  };
}

/** UTF-8; and UTF-16 with its mark, which `terraform state pull > FILE` gives in Windows PowerShell. */
export function decodeState(bytes: Uint8Array, path: string): string {
  const wide = bytes[0] === 0xff && bytes[1] === 0xfe;
  try {
    return new TextDecoder(wide ? "utf-16le" : "utf-8", { fatal: true }).decode(bytes);
  } catch {
    const zip = bytes[0] === 0x50 && bytes[1] === 0x4b;
    throw new StateError(path, zip ? PLAN_FILE : NOT_TEXT);
  }
}

const NOT_TEXT: Refusal = {
  reason: "the file is not text in UTF-8, so it is not a state or it is damaged",
  advice: "Restore it from a backup, or write the current state with `terraform state pull > FILE`.",
};

/** Where Terraform's local backend notes who holds the lock. */
function lockOf(path: string): string {
  return join(dirname(path), lockName(basename(path)));
}

function lockName(name: string): string {
  return `.${name}.lock.info`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
