import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Extract, extract } from "tar-stream";
import { joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import { type ArchiveNode, ArchiveTree } from "./archive-tree.ts";
import { isLeftOut, isPassedOver, type RefusedPath, SPECIAL } from "./checkout.ts";
import type { GitHead } from "./git.ts";
import { SourceFailed, TarWatch } from "./tar-watch.ts";
import { TarballError } from "./tarball-error.ts";
import { isCode, LIMITS, Storage, type TarballLimits } from "./tarball-limits.ts";

/** A commit's files, in memory. */
export interface Tarball extends Snapshot {
  readonly git: GitHead;
  /** Of the files that are kept. */
  readonly bytes: number;
  /** What has been refused up to now, each path once. */
  readonly refused: readonly RefusedPath[];
  /** Folders whose files belong to other repositories and are not here. */
  readonly submodules: readonly string[];
}

/** What was asked of GitHub. */
export interface AskedCommit {
  readonly ref: string | null;
  /** In hex, in full. */
  readonly commit: string;
}

/**
 * Reads a commit's files from the archive that GitHub makes of it (gzip; one folder `owner-repository-commit/` around
 * everything; the commit's id in a global header at the start, as `git get-tar-commit-id` reads it). Nothing is
 * written anywhere. All names are listed; the bytes of code and of small other files are kept, and reading another file
 * is refused and said. Left out is what `openCheckout` leaves out, and links count as there. Names that differ in case
 * alone are different files, as they are where Terraform runs.
 * @param source the answer's body, or all of its bytes
 * @throws TarballError, and nothing else whatever the bytes are. What `source` throws comes through as it is.
 */
export async function openTarball(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  { ref, commit }: AskedCommit,
  options: { readonly limits?: Partial<TarballLimits>; readonly signal?: AbortSignal } = {},
): Promise<Tarball> {
  const limits = { ...LIMITS, ...options.limits };
  const watch = new TarWatch(limits);
  const tar = extract();
  const flow = pipeline(
    Readable.from(watch.compressed(source), { objectMode: false }),
    createGunzip({ chunkSize: 64 * 1024 }),
    (chunks: AsyncIterable<Uint8Array>) => watch.unpacked(chunks),
    tar,
    options.signal === undefined ? {} : { signal: options.signal },
  );
  const reading = new Reading(limits);
  const [read, flowed] = await Promise.allSettled([reading.all(tar), flow]);
  const failure = [read, flowed].flatMap((each) =>
    each.status === "rejected" ? [each.reason as unknown] : [],
  );
  if (failure.length > 0) throw firstCause(failure);
  watch.finish(commit);
  const { tree } = reading;
  return {
    git: { ref, commit },
    bytes: reading.bytes,
    get refused() {
      return tree.refused;
    },
    submodules: tree.submodules,
    read: (path) => tree.read(path),
    list: (folder) => tree.list(folder),
  };
}

/** When one end of the flow fails the other does too, with less to say. */
function firstCause(reasons: readonly unknown[]): unknown {
  const own = reasons.find((reason) => reason instanceof TarballError);
  if (own !== undefined) return own;
  const source = reasons.find((reason) => reason instanceof SourceFailed);
  if (source !== undefined) return source.cause;
  const [first] = reasons;
  if (reasons.some((reason) => reason instanceof Error && reason.name === "AbortError")) {
    return new TarballError("interrupted", "reading the archive was stopped before its end", first);
  }
  return new TarballError(
    "damaged",
    "the archive is damaged or incomplete: it is not a gzipped tar file from its start to its end; fetch it again",
    first,
  );
}

type Entry = Extract extends AsyncIterable<infer Each> ? Each : never;

/** Turns the entries of an archive into a tree. */
class Reading {
  readonly tree = new ArchiveTree();
  readonly #limits: TarballLimits;
  readonly #storage: Storage;
  #top: string | null = null;
  #entries = 0;
  #nameLength = 0;

  constructor(limits: TarballLimits) {
    this.#limits = limits;
    this.#storage = new Storage(limits);
  }

  get bytes(): number {
    return this.#storage.bytes;
  }

  async all(entries: AsyncIterable<Entry>): Promise<void> {
    for await (const entry of entries) {
      const { name, type, size } = entry.header;
      // The library waits for ever for the bytes of an entry whose size is no number, or of a folder that has one.
      if (!Number.isSafeInteger(size) || size < 0 || (type === "directory" && size > 0)) {
        throw unexpected(`${quoted(name)} has no usable size`);
      }
      this.#count(name);
      const path = this.#pathOf(name);
      const node = path === null ? null : await this.#nodeOf(path, entry);
      // Whatever was not read has to flow past before the next entry comes.
      for await (const _ of entry);
      if (path === null || node === null) continue;
      const objection = this.tree.add(path, node);
      if (objection !== null) throw unexpected(`${quoted(path)} ${objection}`);
    }
  }

  #count(name: string): void {
    this.#entries += 1;
    this.#nameLength += name.length;
    const { entries, namesLength } = this.#limits;
    if (this.#entries > entries) throw tooLarge(`more than ${entries} files and folders`);
    if (this.#nameLength > namesLength)
      throw tooLarge(`names with more than ${namesLength} characters in all`);
  }

  /** The path from the root of the repository; null for the root itself and for what is left out. */
  #pathOf(name: string): string | null {
    if (name.includes("\0")) throw unexpected("a name holds a zero byte");
    if (name.startsWith("/") || /^[A-Za-z]:/.test(name))
      throw unexpected(`${quoted(name)} is an absolute path`);
    const steps = name.replace(/\/$/, "").split("/");
    if (steps.some((step) => step === "" || step === "." || step === "..")) {
      throw unexpected(`${quoted(name)} has a step that is empty, . or ..`);
    }
    this.#top ??= steps[0] ?? "";
    if (steps[0] !== this.#top) {
      throw unexpected(`${quoted(name)} is not in the archive's one folder, ${quoted(this.#top)}`);
    }
    const path = steps.slice(1).join("/");
    if (path === "" || isLeftOut(path)) return null;
    const { pathLength, depth } = this.#limits;
    if (path.length <= pathLength && steps.length - 1 <= depth) return path;
    const reason = `its path has more than ${pathLength} characters or ${depth} steps`;
    this.tree.refuse(shortened(path), reason, isPassedOver(path));
    return null;
  }

  async #nodeOf(path: string, entry: Entry): Promise<ArchiveNode> {
    const { type, linkname } = entry.header;
    const reason = nameRefusal(path);
    if (reason !== null) return { kind: "refused", reason };
    switch (type) {
      case "directory":
        return { kind: "folder" };
      case "file":
      case "contiguous-file":
        return await this.#fileOf(path, entry);
      case "symlink":
        return this.#symlink(linkname ?? "");
      case "link":
        return this.#hardLink(linkname ?? "");
      default:
        return { kind: "refused", reason: SPECIAL };
    }
  }

  async #fileOf(path: string, entry: Entry): Promise<ArchiveNode> {
    const kind = isCode(path) ? "code" : "other";
    const refusal = this.#storage.refusalOf(kind, entry.header.size);
    if (refusal !== null) return { kind: "unread", reason: refusal };
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry) chunks.push(chunk as Uint8Array);
    const bytes = new Uint8Array(Buffer.concat(chunks));
    const reason = this.#storage.keep(kind, bytes);
    return reason === null ? { kind: "file", bytes } : { kind: "unread", reason };
  }

  #symlink(target: string): ArchiveNode {
    const isUsable = target !== "" && target.length <= this.#limits.pathLength && !target.includes("\0");
    return isUsable ? { kind: "link", target } : { kind: "refused", reason: "the link leads nowhere" };
  }

  /** A hard link is another name of a file that came before. Its target counts from the archive's own root. */
  #hardLink(target: string): ArchiveNode {
    const top = `${this.#top}/`;
    const inside = target.startsWith(top) ? joinPath(".", target.slice(top.length)) : null;
    if (inside === null) return { kind: "refused", reason: "the link leads out of the root" };
    const node = this.tree.at(inside);
    if (node?.kind === "file" || node?.kind === "unread") return node;
    return { kind: "refused", reason: "the link leads to no file" };
  }
}

/** Why a name is not used, as a clause: nobody could type it, or it means something else on another system. */
function nameRefusal(path: string): string | null {
  if (path.includes("\ufffd")) return "its name is not text in UTF-8";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return "its name holds a control character or a backslash";
  return /(?:^|\/)[A-Za-z]:/.test(path) ? "a step of its path looks like a drive" : null;
}

function unexpected(what: string): TarballError {
  return new TarballError(
    "unexpected",
    `this is not an archive as GitHub makes it: ${what}; nothing of it was used`,
  );
}

function tooLarge(what: string): TarballError {
  return new TarballError("too-large", `the repository is too large to be scanned: it has ${what}`);
}

/** An untrusted name inside of a message. */
function quoted(name: string): string {
  return JSON.stringify(shortened(name));
}

function shortened(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}
