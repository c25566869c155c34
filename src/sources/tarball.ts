import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { type Extract, extract } from "tar-stream";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import {
  type ArchiveEntry,
  type ArchiveLayout,
  ArchiveReading,
  quoted,
  unexpected,
} from "./archive-reading.ts";
import type { RefusedPath } from "./checkout.ts";
import type { GitHead } from "./git.ts";
import { SourceFailed, TarWatch } from "./tar-watch.ts";
import { TarballError } from "./tarball-error.ts";
import { LIMITS, type TarballLimits } from "./tarball-limits.ts";

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
  /** In hex, in full; null: whatever the archive is of. */
  readonly commit: string | null;
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
  options: {
    readonly limits?: Partial<TarballLimits>;
    readonly signal?: AbortSignal;
    readonly layout?: ArchiveLayout;
  } = {},
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
  const layout = options.layout ?? "one-folder";
  const reading = new ArchiveReading(limits, layout);
  const [read, flowed] = await Promise.allSettled([readAll(tar, reading, layout), flow]);
  const failure = [read, flowed].flatMap((each) =>
    each.status === "rejected" ? [each.reason as unknown] : [],
  );
  if (failure.length > 0) throw firstCause(failure);
  const found = watch.finish(commit);
  const { tree } = reading;
  return {
    git: { ref, commit: found },
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

async function readAll(
  entries: AsyncIterable<Entry>,
  reading: ArchiveReading,
  layout: ArchiveLayout,
): Promise<void> {
  for await (const entry of entries) {
    const { name, type, size, linkname } = entry.header;
    // The library waits for ever for the bytes of an entry whose size is no number, or of a folder that has one.
    if (!Number.isSafeInteger(size) || size < 0 || (type === "directory" && size > 0)) {
      throw unexpected(`${quoted(name)} has no usable size`, layout);
    }
    const read = async () => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry) chunks.push(chunk as Uint8Array);
      return new Uint8Array(Buffer.concat(chunks));
    };
    await reading.take({ name, kind: kindOf(type), size, target: linkname ?? "", read });
    // Whatever was not read has to flow past before the next entry comes.
    for await (const _ of entry);
  }
}

function kindOf(type: Entry["header"]["type"]): ArchiveEntry["kind"] {
  switch (type) {
    case "directory":
      return "folder";
    case "file":
    case "contiguous-file":
      return "file";
    case "symlink":
      return "symbolic-link";
    case "link":
      return "hard-link";
    default:
      return "special";
  }
}
