import { TarballError } from "./tarball-error.ts";
import type { TarballLimits } from "./tarball-limits.ts";

/** Git reads a commit's id from the first two blocks alone. */
const HEAD_BYTES = 1024;
const BLOCK = 512;
const TYPE_AT = 156;
const COMMENT = /^(?:52|76) comment=([0-9a-f]{40}|[0-9a-f]{64})\n/;
/** A tar file ends with two blocks of zeros. */
const END_ZEROS = 1024;

/** Looks at the bytes of an archive as they flow past: how many there are, what it starts and what it ends with. */
export class TarWatch {
  readonly #limits: TarballLimits;
  #compressed = 0;
  #unpacked = 0;
  #head: Uint8Array = new Uint8Array();
  #zeros = 0;

  constructor(limits: TarballLimits) {
    this.#limits = limits;
  }

  /** @throws TarballError where there are too many bytes, SourceFailed where they stop coming. */
  async *compressed(source: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { compressedBytes } = this.#limits;
    const chunks = source instanceof Uint8Array ? [source] : received(source);
    for await (const chunk of chunks) {
      this.#compressed += chunk.length;
      if (this.#compressed > compressedBytes) {
        throw tooLarge(`its archive has more than ${compressedBytes} bytes`);
      }
      yield chunk;
    }
  }

  /** @throws TarballError where the bytes unpack to too many. */
  async *unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const { unpackedBytes, ratio, ratioFromBytes } = this.#limits;
    for await (const chunk of chunks) {
      this.#unpacked += chunk.length;
      if (this.#unpacked > unpackedBytes) throw tooLarge(`it has more than ${unpackedBytes} bytes`);
      if (this.#unpacked > ratioFromBytes && this.#unpacked > ratio * this.#compressed) {
        throw tooLarge(`its archive unpacks to more than ${ratio} times its size`);
      }
      if (this.#head.length < HEAD_BYTES)
        this.#head = Buffer.concat([this.#head, chunk]).subarray(0, HEAD_BYTES);
      const zeros = zerosAtEnd(chunk);
      this.#zeros = zeros === chunk.length ? this.#zeros + zeros : zeros;
      yield chunk;
    }
  }

  /**
   * Gives the commit that the archive is of; null where it does not say so and none was asked for.
   * @throws TarballError where the archive is not whole, or not the commit's
   */
  finish(commit: string | null): string | null {
    if (this.#zeros < END_ZEROS) {
      throw new TarballError("damaged", "the archive stops before its end; fetch it again");
    }
    const found = this.#commit();
    if (commit === null || found === commit) return found;
    throw new TarballError(
      "wrong-commit",
      found === null
        ? `the archive does not say that it holds commit ${commit}: its first header is not the one that git writes`
        : `the archive holds commit ${found}, not ${commit}; fetch it again by the commit's full id`,
    );
  }

  #commit(): string | null {
    if (this.#head[TYPE_AT] !== "g".charCodeAt(0)) return null;
    return COMMENT.exec(Buffer.from(this.#head.subarray(BLOCK)).toString("latin1"))?.[1] ?? null;
  }
}

/** The bytes stopped coming, for the reason that is the cause. */
export class SourceFailed extends Error {
  override readonly name = "SourceFailed";
}

async function* received(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* source;
  } catch (error) {
    throw new SourceFailed("the bytes stopped coming", { cause: error });
  }
}

function zerosAtEnd(chunk: Uint8Array): number {
  let start = chunk.length;
  while (start > 0 && chunk[start - 1] === 0) start -= 1;
  return chunk.length - start;
}

function tooLarge(what: string): TarballError {
  return new TarballError("too-large", `the repository is too large to be scanned: ${what}`);
}
