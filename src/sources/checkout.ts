import {
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
} from "node:fs";
import { join, relative, resolve, sep } from "node:path";
import { joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import { type GitHead, readGitHead } from "./git.ts";

/** The largest file that is read, in bytes. */
const MAX_FILE_BYTES = 64 * 1024 * 1024;

/** A path that was asked for or found, and not read. */
export interface RefusedPath {
  readonly path: string;
  /** A clause: `the link leads out of the root`. */
  readonly reason: string;
  /** Only seen in its folder, and no code by its name: nothing that was asked for is missing because of it. */
  readonly passedOver: boolean;
}

/** A folder on disk as a snapshot: read when asked, then kept, so that a second look sees the same. */
export interface Checkout extends Snapshot {
  /** The folder's own path, without links. */
  readonly root: string;
  /** What has been refused up to now, each path once. */
  readonly refused: readonly RefusedPath[];
  /** The file as it is at this moment, whatever was read before. */
  readNow(path: string): Uint8Array | undefined;
  readonly git: GitHead;
}

/** The folder to be read cannot be read at all. The message says what to do. */
export class CheckoutError extends Error {
  override readonly name = "CheckoutError";
}

/**
 * Opens a folder. Nothing outside of it is ever read: neither `..` nor a symbolic link leads out. A link to a file
 * counts as that file; a link to a folder can be read through, but is not listed, so that a walk meets every file
 * once. Code that is refused is listed all the same, and then not to be had. Git's and npm's folders are left out, of `.terraform` all but the installed modules; pipes, devices and
 * sockets are never opened.
 * @throws CheckoutError where `root` is no folder.
 */
export function openCheckout(root: string, maxFileBytes = MAX_FILE_BYTES): Checkout {
  return new FolderCheckout(realRoot(root), maxFileBytes);
}

function realRoot(root: string): string {
  try {
    const real = realpathSync(root);
    if (statSync(real).isDirectory()) return real;
  } catch (error) {
    throw new CheckoutError(`cannot open ${root} (${errorCode(error)}); give the folder of a checkout`);
  }
  throw new CheckoutError(`${root} is a file; give the folder it stands in`);
}

class FolderCheckout implements Checkout {
  readonly root: string;
  readonly git: GitHead;
  readonly #maxFileBytes: number;
  readonly #files = new Map<string, Uint8Array | undefined>();
  readonly #folders = new Map<string, readonly string[]>();
  readonly #refused = new Map<string, Omit<RefusedPath, "path">>();

  constructor(root: string, maxFileBytes: number) {
    this.root = root;
    this.git = readGitHead(root);
    this.#maxFileBytes = maxFileBytes;
  }

  get refused(): readonly RefusedPath[] {
    return [...this.#refused].map(([path, why]) => ({ path, ...why }));
  }

  read(path: string): Uint8Array | undefined {
    if (!this.#files.has(path)) this.#files.set(path, this.readNow(path));
    return this.#files.get(path);
  }

  list(folder: string): readonly string[] {
    const names = this.#folders.get(folder) ?? this.#listOnce(folder);
    this.#folders.set(folder, names);
    return names;
  }

  whyNot(path: string): string | null {
    return this.#refused.get(joinPath(".", path) ?? path)?.reason ?? null;
  }

  readNow(path: string): Uint8Array | undefined {
    const real = this.#locate(path);
    if (real === null) return undefined;
    try {
      const found = lstatSync(real);
      if (found.isDirectory()) return undefined;
      if (!found.isFile()) return this.#refuse(path, SPECIAL);
      const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
      try {
        return this.#readOpen(path, file);
      } finally {
        closeSync(file);
      }
    } catch (error) {
      return this.#refuse(path, unreadable(error));
    }
  }

  #readOpen(path: string, file: number): Uint8Array | undefined {
    const { size, isFile } = regular(file);
    if (!isFile) return this.#refuse(path, SPECIAL);
    if (size > this.#maxFileBytes) {
      return this.#refuse(path, `it has ${size} bytes, more than the ${this.#maxFileBytes} that are read`);
    }
    return new Uint8Array(readFileSync(file));
  }

  #listOnce(folder: string): readonly string[] {
    const real = this.#locate(folder);
    if (real === null) return [];
    let entries: readonly Dirent[];
    try {
      if (!lstatSync(real).isDirectory()) return [];
      entries = readdirSync(real, { withFileTypes: true });
    } catch (error) {
      this.#refuse(folder, unreadable(error));
      return [];
    }
    const names: string[] = [];
    for (const entry of entries) {
      const path = joinPath(folder, entry.name);
      if (path === null || isLeftOut(path)) continue;
      if (entry.isDirectory()) names.push(`${entry.name}/`);
      else if (entry.isFile() || (entry.isSymbolicLink() && this.#leadsToFile(path))) names.push(entry.name);
      else {
        if (!entry.isSymbolicLink()) this.#refuse(path, SPECIAL, isPassedOver(path));
        // Whoever lists code has to learn that there is more of it than can be read.
        if (this.#refused.get(path)?.passedOver === false) names.push(entry.name);
      }
    }
    return names.sort();
  }

  #leadsToFile(path: string): boolean {
    const passedOver = isPassedOver(path);
    const real = this.#locate(path, passedOver);
    if (real === null) {
      if (!this.#refused.has(path) && this.#isBroken(path))
        this.#refuse(path, "the link leads nowhere", passedOver);
      return false;
    }
    return lstatSync(real, { throwIfNoEntry: false })?.isFile() === true;
  }

  #isBroken(path: string): boolean {
    return statSync(join(this.root, path), { throwIfNoEntry: false }) === undefined;
  }

  /** The file's own path on disk, inside of the root; null where there is none or it is not to be read. */
  #locate(path: string, passedOver = false): string | null {
    const place = joinPath(".", path);
    if (place === null) {
      this.#refuse(path, "the path leads out of the root");
      return null;
    }
    if (isLeftOut(place)) return null;
    let real: string;
    try {
      real = realpathSync(resolve(this.root, place));
    } catch (error) {
      if (!isMissing(error)) this.#refuse(place, unreadable(error), passedOver);
      return null;
    }
    const inside = relative(this.root, real);
    if (inside === ".." || inside.startsWith(`..${sep}`)) {
      this.#refuse(place, "the link leads out of the root", passedOver);
      return null;
    }
    return isLeftOut(inside.split(sep).join("/")) ? null : real;
  }

  #refuse(path: string, reason: string, passedOver = false): undefined {
    const before = this.#refused.get(path);
    if (before === undefined || (before.passedOver && !passedOver)) {
      this.#refused.set(path, { reason: before?.reason ?? reason, passedOver });
    }
    return undefined;
  }
}

export const SPECIAL = "it is no regular file (a pipe, device or socket)";

const CODE = /\.(?:tf|tofu|tfvars)(?:\.json)?$/;

/** What nobody reads unless code names it. Terraform leaves out hidden files too. */
export function isPassedOver(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  return name.startsWith(".") || !CODE.test(name);
}

/** Of `.terraform`, only the modules that `terraform init` installed are code. */
export function isLeftOut(path: string): boolean {
  const steps = path.split("/");
  return steps.some((step, index) => {
    const name = step.toLowerCase();
    if (name === ".git" || name === "node_modules") return true;
    const next = steps[index + 1];
    return name === ".terraform" && next !== undefined && next !== "modules";
  });
}

function regular(file: number): { size: number; isFile: boolean } {
  const found = fstatSync(file);
  return { size: found.size, isFile: found.isFile() };
}

function unreadable(error: unknown): string {
  const code = errorCode(error);
  return code === "EACCES" || code === "EPERM"
    ? "there is no permission to read it"
    : `it cannot be read (${code})`;
}

function isMissing(error: unknown): boolean {
  return ["ENOENT", "ENOTDIR"].includes(errorCode(error));
}

function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}
