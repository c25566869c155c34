import { readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";

/** What is checked out. */
export interface GitHead {
  /** `refs/heads/main`; null where no branch is checked out. */
  readonly ref: string | null;
  /** The commit's id in hex; null where there is none yet. */
  readonly commit: string | null;
}

const NOTHING: GitHead = { ref: null, commit: null };
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const REF = /^refs\/(?!.*(?:\.\.|\/\/|\/\.|@\{))[^\s~^:?*[\\\p{Cc}]+$/u;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_HOPS = 5;

/**
 * Reads what is checked out in `root` from its `.git`, a folder or the pointer that a worktree or submodule has. Runs
 * no program, so no hook and no configuration of the repository can act. Nulls for what is not there.
 * https://git-scm.com/docs/gitrepository-layout
 */
export function readGitHead(root: string): GitHead {
  const folder = gitFolder(root);
  if (folder === null) return NOTHING;
  const head = readLine(join(folder, "HEAD"));
  if (head === null) return NOTHING;
  if (COMMIT.test(head)) return { ref: null, commit: head };
  const ref = target(head);
  return ref === null ? NOTHING : { ref, commit: commitOf(folder, ref) };
}

function gitFolder(root: string): string | null {
  const place = join(root, ".git");
  const pointer = readLine(place);
  if (pointer === null) return place;
  return pointer.startsWith("gitdir: ") ? resolve(root, pointer.slice("gitdir: ".length)) : null;
}

function commitOf(folder: string, start: string): string | null {
  const shared = readLine(join(folder, "commondir"));
  const folders = shared === null ? [folder] : [folder, resolve(folder, shared)];
  let ref = start;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const line = folders.map((any) => readLine(join(any, ref))).find((any) => any !== null);
    if (line === undefined) break;
    if (COMMIT.test(line)) return line;
    const next = target(line);
    if (next === null) return null;
    ref = next;
  }
  return folders.map((any) => packedCommit(any, ref)).find((any) => any !== null) ?? null;
}

function packedCommit(folder: string, ref: string): string | null {
  const packed = readSmall(join(folder, "packed-refs")) ?? "";
  const line = packed.split("\n").find((any) => any.endsWith(` ${ref}`));
  const commit = line?.slice(0, line.indexOf(" ")) ?? "";
  return COMMIT.test(commit) ? commit : null;
}

function target(line: string): string | null {
  const ref = line.startsWith("ref: ") ? line.slice("ref: ".length) : "";
  return REF.test(ref) ? ref : null;
}

function readLine(path: string): string | null {
  return readSmall(path)?.split("\n", 1)[0]?.trimEnd() ?? null;
}

function readSmall(path: string): string | null {
  try {
    const found = statSync(path);
    return found.isFile() && found.size <= MAX_BYTES ? readFileSync(path, "utf8") : null;
  } catch {
    return null;
  }
}
