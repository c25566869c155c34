import { joinPath } from "../terraform/source/snapshot.ts";
import { type ArchiveNode, ArchiveTree } from "./archive-tree.ts";
import { isLeftOut, isPassedOver, SPECIAL } from "./checkout.ts";
import { TarballError } from "./tarball-error.ts";
import { isCode, Storage, type TarballLimits } from "./tarball-limits.ts";

/** One thing that an archive names. */
export interface ArchiveEntry {
  readonly name: string;
  readonly kind: "folder" | "file" | "symbolic-link" | "hard-link" | "special";
  /** Of a file, in bytes. */
  readonly size: number;
  /** Of a link; else empty. */
  readonly target: string;
  /** The bytes of a file; only asked for where they are kept. */
  read(): Promise<Uint8Array>;
}

/** Whether there is one folder around everything, which is none of the paths, as GitHub has it. */
export type ArchiveLayout = "one-folder" | "plain";

/** Turns the entries of an archive into a tree. */
export class ArchiveReading {
  readonly tree = new ArchiveTree();
  readonly #limits: TarballLimits;
  readonly #layout: ArchiveLayout;
  readonly #storage: Storage;
  #top: string | null = null;
  #entries = 0;
  #nameLength = 0;

  constructor(limits: TarballLimits, layout: ArchiveLayout) {
    this.#limits = limits;
    this.#layout = layout;
    this.#storage = new Storage(limits);
  }

  /** Of the files that are kept. */
  get bytes(): number {
    return this.#storage.bytes;
  }

  /** @throws TarballError */
  async take(entry: ArchiveEntry): Promise<void> {
    this.#count(entry.name);
    const path = this.#pathOf(entry.name);
    if (path === null) return;
    const node = await this.#nodeOf(path, entry);
    const objection = this.tree.add(path, node);
    // Tools that make archives by hand name folders more than once.
    if (objection === null || (this.#layout === "plain" && this.#isSameFolder(path, node))) return;
    throw unexpected(`${quoted(path)} ${objection}`, this.#layout);
  }

  #isSameFolder(path: string, { kind }: ArchiveNode): boolean {
    return kind === "folder" && this.tree.at(path)?.kind === "folder";
  }

  #count(name: string): void {
    this.#entries += 1;
    this.#nameLength += name.length;
    const { entries, namesLength } = this.#limits;
    if (this.#entries > entries) throw tooLarge(`more than ${entries} files and folders`);
    if (this.#nameLength > namesLength)
      throw tooLarge(`names with more than ${namesLength} characters in all`);
  }

  /** The path from the root of the package; null for the root itself and for what is left out. */
  #pathOf(name: string): string | null {
    const path = this.#inside(name);
    if (path === "" || isLeftOut(path)) return null;
    const { pathLength, depth } = this.#limits;
    if (path.length <= pathLength && path.split("/").length <= depth) return path;
    const reason = `its path has more than ${pathLength} characters or ${depth} steps`;
    this.tree.refuse(shortened(path), reason, isPassedOver(path));
    return null;
  }

  #inside(name: string): string {
    const layout = this.#layout;
    if (name.includes("\0")) throw unexpected("a name holds a zero byte", layout);
    if (name.startsWith("/") || /^[A-Za-z]:/.test(name))
      throw unexpected(`${quoted(name)} is an absolute path`, layout);
    if (layout === "plain") return plainPath(name);
    const steps = name.replace(/\/$/, "").split("/");
    if (steps.some((step) => step === "" || step === "." || step === "..")) {
      throw unexpected(`${quoted(name)} has a step that is empty, . or ..`, layout);
    }
    this.#top ??= steps[0] ?? "";
    if (steps[0] !== this.#top) {
      throw unexpected(`${quoted(name)} is not in the archive's one folder, ${quoted(this.#top)}`, layout);
    }
    return steps.slice(1).join("/");
  }

  async #nodeOf(path: string, entry: ArchiveEntry): Promise<ArchiveNode> {
    const reason = nameRefusal(path);
    if (reason !== null) return { kind: "refused", reason };
    switch (entry.kind) {
      case "folder":
        return { kind: "folder" };
      case "file":
        return await this.#fileOf(path, entry);
      case "symbolic-link":
        return this.#symlink(entry.target);
      case "hard-link":
        return this.#hardLink(entry.target);
      default:
        return { kind: "refused", reason: SPECIAL };
    }
  }

  async #fileOf(path: string, entry: ArchiveEntry): Promise<ArchiveNode> {
    const kind = isCode(path) ? "code" : "other";
    const refusal = this.#storage.refusalOf(kind, entry.size);
    if (refusal !== null) return { kind: "unread", reason: refusal };
    const bytes = await entry.read();
    const reason = this.#storage.keep(kind, bytes);
    return reason === null ? { kind: "file", bytes } : { kind: "unread", reason };
  }

  #symlink(target: string): ArchiveNode {
    const isUsable = target !== "" && target.length <= this.#limits.pathLength && !target.includes("\0");
    return isUsable ? { kind: "link", target } : { kind: "refused", reason: "the link leads nowhere" };
  }

  /** A hard link is another name of a file that came before. Its target counts from the archive's own root. */
  #hardLink(target: string): ArchiveNode {
    const inside = joinPath(".", this.#linkedPath(target) ?? "/");
    if (inside === null) return { kind: "refused", reason: "the link leads out of the root" };
    const node = this.tree.at(inside);
    if (node?.kind === "file" || node?.kind === "unread") return node;
    return { kind: "refused", reason: "the link leads to no file" };
  }

  #linkedPath(target: string): string | null {
    if (this.#layout === "plain") return target;
    const top = `${this.#top}/`;
    return target.startsWith(top) ? target.slice(top.length) : null;
  }
}

function plainPath(name: string): string {
  const steps = name.split("/").filter((step) => step !== "" && step !== ".");
  if (steps.includes("..")) throw unexpected(`${quoted(name)} leads out of the archive`, "plain");
  return steps.join("/");
}

/** Why a name is not used, as a clause: nobody could type it, or it means something else on another system. */
function nameRefusal(path: string): string | null {
  if (path.includes("\ufffd")) return "its name is not text in UTF-8";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  if (/[\u0000-\u001f\u007f\\]/.test(path)) return "its name holds a control character or a backslash";
  return /(?:^|\/)[A-Za-z]:/.test(path) ? "a step of its path looks like a drive" : null;
}

/** What no archive of this kind has. */
export function unexpected(what: string, layout: ArchiveLayout): TarballError {
  const expected =
    layout === "plain" ? "this is no archive of a module" : "this is not an archive as GitHub makes it";
  return new TarballError("unexpected", `${expected}: ${what}; nothing of it was used`);
}

function tooLarge(what: string): TarballError {
  return new TarballError("too-large", `the repository is too large to be scanned: it has ${what}`);
}

/** An untrusted name inside of a message. */
export function quoted(name: string): string {
  return JSON.stringify(shortened(name));
}

function shortened(name: string): string {
  return name.length > 200 ? `${name.slice(0, 200)}…` : name;
}
