import { folderOf, joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import { isLeftOut, isPassedOver, type RefusedPath } from "./checkout.ts";

/** What stands at a path of an archive. */
export type ArchiveNode =
  | { readonly kind: "file"; readonly bytes: Uint8Array }
  /** A file that is there, but whose bytes were not kept; the reason is a clause. */
  | { readonly kind: "unread"; readonly reason: string }
  /** What is no file, or is not used as one; the reason is a clause. */
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "link"; readonly target: string }
  | { readonly kind: "folder" };

const OUTSIDE = { because: "the link leads out of the root" };
const MISSING = "the link leads nowhere";

/** Links followed for one path; as Linux does. */
const MOST_HOPS = 40;

/**
 * The files of an archive as a snapshot. Links count as in a checkout: a link to a file is that file, a link to a
 * folder can be read through but is not listed, and none leads out of the root.
 */
export class ArchiveTree implements Snapshot {
  readonly #nodes = new Map<string, ArchiveNode>([[".", { kind: "folder" }]]);
  readonly #names = new Map<string, Set<string>>([[".", new Set()]]);
  /** Folders that the archive names itself. */
  readonly #named = new Set<string>();
  readonly #refused = new Map<string, Omit<RefusedPath, "path">>();

  /** What has been refused up to now, each path once. */
  get refused(): readonly RefusedPath[] {
    return [...this.#refused].map(([path, why]) => ({ path, ...why }));
  }

  /** Folders without anything in them. Git keeps none, so these are where submodules belong. */
  get submodules(): readonly string[] {
    return [...this.#names]
      .flatMap(([path, names]) => (names.size === 0 && path !== "." ? [path] : []))
      .sort();
  }

  /** What stands at a path itself, links not followed. */
  at(path: string): ArchiveNode | undefined {
    return this.#nodes.get(path);
  }

  /**
   * Adds what the archive names at a path from the root.
   * @returns a clause why it cannot be: the path is taken, or a step of it is no folder. Null where it was added.
   */
  add(path: string, node: ArchiveNode): string | null {
    const before = this.#nodes.get(path);
    if (node.kind === "folder" && before?.kind === "folder") {
      if (this.#named.has(path)) return "is named twice";
      this.#named.add(path);
      return null;
    }
    if (before !== undefined) return "is named twice";
    const file = this.#enter(path);
    if (file !== null) return `stands below ${JSON.stringify(file)}, which is no folder`;
    this.#nodes.set(path, node);
    if (node.kind === "folder") {
      this.#names.set(path, new Set());
      this.#named.add(path);
    }
    return null;
  }

  refuse(path: string, reason: string, passedOver = false): undefined {
    const before = this.#refused.get(path);
    if (before === undefined || (before.passedOver && !passedOver)) {
      this.#refused.set(path, { reason: before?.reason ?? reason, passedOver });
    }
    return undefined;
  }

  read(path: string): Uint8Array | undefined {
    const node = this.#nodes.get(this.#locate(path) ?? "");
    if (node?.kind === "unread" || node?.kind === "refused") return this.refuse(path, node.reason);
    return node?.kind === "file" ? node.bytes : undefined;
  }

  list(folder: string): readonly string[] {
    const place = this.#locate(folder);
    if (place === null) return [];
    const listed = [...(this.#names.get(place) ?? [])].flatMap((name) => {
      const path = joinPath(folder, name);
      const own = this.#nodes.get(joinPath(place, name) ?? "");
      return path === null || own === undefined ? [] : this.#listing(path, name, own);
    });
    return listed.sort();
  }

  /** How a name is listed, if it is. */
  #listing(path: string, name: string, own: ArchiveNode): string[] {
    if (own.kind === "folder") return [`${name}/`];
    const passedOver = isPassedOver(path);
    if (own.kind === "refused") this.refuse(path, own.reason, passedOver);
    else if (own.kind !== "link" || this.#leadsToFile(path, passedOver)) return [name];
    // Whoever lists code has to learn that there is more of it than can be read.
    return this.#refused.get(path)?.passedOver === false ? [name] : [];
  }

  #leadsToFile(path: string, passedOver: boolean): boolean {
    const kind = this.#nodes.get(this.#locate(path, passedOver, true) ?? "")?.kind;
    return kind === "file" || kind === "unread";
  }

  /** Makes the folders above a path and puts it into the last; the path of a file among them where there is one. */
  #enter(path: string): string | null {
    const above: string[] = [];
    for (let at = path; at !== "."; at = folderOf(at)) above.push(at);
    let folder = ".";
    for (const step of above.reverse()) {
      const node = this.#nodes.get(folder);
      if (node === undefined) {
        this.#nodes.set(folder, { kind: "folder" });
        this.#names.set(folder, new Set());
      } else if (node.kind !== "folder") return folder;
      this.#names.get(folder)?.add(step.slice(step.lastIndexOf("/") + 1));
      folder = step;
    }
    return null;
  }

  /** Where a path leads, through all links; null where there is nothing or it must not be read. */
  #locate(path: string, passedOver = false, isListed = false): string | null {
    const place = joinPath(".", path);
    if (place === null) return this.refuse(path, "the path leads out of the root") ?? null;
    if (isLeftOut(place)) return null;
    const reached = this.#follow(place);
    if (typeof reached === "string") return isLeftOut(reached) ? null : reached;
    if (reached.because !== MISSING || isListed) this.refuse(place, reached.because, passedOver);
    return null;
  }

  /** The path without links that a path stands for, or why there is none. */
  #follow(place: string): string | { readonly because: string } {
    const pending = place.split("/").reverse();
    const at: string[] = [];
    let hops = 0;
    for (let step = pending.pop(); step !== undefined; step = pending.pop()) {
      if (step === "" || step === ".") continue;
      if (step === "..") {
        if (at.pop() === undefined) return OUTSIDE;
        continue;
      }
      at.push(step);
      const node = this.#nodes.get(at.join("/"));
      if (node === undefined) return { because: MISSING };
      if (node.kind === "link") {
        hops += 1;
        if (hops > MOST_HOPS) return { because: "the link leads in a circle" };
        if (node.target.startsWith("/")) return OUTSIDE;
        at.pop();
        pending.push(...node.target.split("/").reverse());
      } else if (node.kind !== "folder" && pending.length > 0) return { because: MISSING };
    }
    return at.join("/") || ".";
  }
}
