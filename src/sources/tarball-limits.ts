/** What an archive may take. Bytes, unless said otherwise. */
export interface TarballLimits {
  readonly compressedBytes: number;
  /** After unpacking, everything counted. */
  readonly unpackedBytes: number;
  /** Unpacked by compressed, looked at once `ratioFromBytes` are unpacked: code shrinks to a tenth, a bomb to a thousandth. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
  /** Files, folders and links. */
  readonly entries: number;
  /** Characters of all names together, and of one path; steps of one path. */
  readonly namesLength: number;
  readonly pathLength: number;
  readonly depth: number;
  /** One file of code, and all of them. */
  readonly codeFileBytes: number;
  readonly codeBytes: number;
  /** One other file, one that is not text, and all of them. */
  readonly otherFileBytes: number;
  readonly binaryFileBytes: number;
  readonly otherBytes: number;
}

const MEBIBYTE = 1024 * 1024;

export const LIMITS: TarballLimits = {
  compressedBytes: 512 * MEBIBYTE,
  unpackedBytes: 4096 * MEBIBYTE,
  ratio: 200,
  ratioFromBytes: 64 * MEBIBYTE,
  entries: 250_000,
  namesLength: 32 * MEBIBYTE,
  pathLength: 1024,
  depth: 64,
  codeFileBytes: 64 * MEBIBYTE,
  codeBytes: 128 * MEBIBYTE,
  otherFileBytes: MEBIBYTE,
  binaryFileBytes: 64 * 1024,
  otherBytes: 64 * MEBIBYTE,
};

/** Code, its inputs, states and what other tools read: what a scan looks at without being told to by code. */
const CODE = /\.(?:tf|tofu|tfvars|tfstate|hcl|tfbackend|ya?ml|json|tftpl|tpl|tmpl|template)$/i;

/** Whether a file's bytes are kept by what its name says; other files are there for code that names them. */
export function isCode(path: string): boolean {
  return CODE.test(path);
}

/** Counts what is kept. Code has a budget of its own, so that no other file can take its place. */
export class Storage {
  readonly #limits: TarballLimits;
  readonly #kept = { code: 0, other: 0 };

  constructor(limits: TarballLimits) {
    this.#limits = limits;
  }

  /** What is kept by now. */
  get bytes(): number {
    return this.#kept.code + this.#kept.other;
  }

  /** Why a file of this size is not kept, as a clause; null where it may be. */
  refusalOf(kind: "code" | "other", size: number): string | null {
    const { codeFileBytes, codeBytes, otherFileBytes, otherBytes } = this.#limits;
    const [one, all] = kind === "code" ? [codeFileBytes, codeBytes] : [otherFileBytes, otherBytes];
    if (size > one) return `it has ${size} bytes, more than the ${one} that are read of such a file`;
    return this.#kept[kind] + size > all
      ? `the files before it in the archive used up the ${all} bytes that are kept`
      : null;
  }

  /** Keeps a file that `refusalOf` let in, unless a look at its bytes speaks against it. */
  keep(kind: "code" | "other", bytes: Uint8Array): string | null {
    const { binaryFileBytes } = this.#limits;
    if (kind === "other" && bytes.length > binaryFileBytes && isBinary(bytes)) {
      return `it is no text and has ${bytes.length} bytes, more than the ${binaryFileBytes} that are read of such a file`;
    }
    this.#kept[kind] += bytes.length;
    return null;
  }
}

/** As Git tells: a zero byte near the start. */
function isBinary(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 8000).includes(0);
}
