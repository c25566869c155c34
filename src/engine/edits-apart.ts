import type { Effect } from "../drift/model.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { endOfLine, startOfLine } from "../hcl/editing/surroundings.ts";
import { keyOfInstance } from "../reconcile/keyed-instance.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import { isInLine } from "./owned-text.ts";

/**
 * Edits that have nothing to do with each other: they stand in different places, and what one of them changes no other
 * does. Two that are the same edit are one.
 */
export class EditsApart {
  readonly kept: ProvenEdit[] = [];
  readonly #files: Repository["files"];
  /** The texts of the paths that change, by stack and address. */
  readonly #changed = new Map<string, string[]>();
  readonly #known = new Map<string, ProvenEdit>();

  constructor({ files }: Repository) {
    this.#files = files;
  }

  /** An edit as one of them, taken in where it can be; else null. */
  taken(edit: ProvenEdit): ProvenEdit | null {
    const key = JSON.stringify(edit.edits);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (edit.allEffects.some((effect) => this.#isChanged(effect))) return null;
    if (
      this.kept.some(({ edits }) => edits.some((one) => edit.edits.some((other) => this.#touch(one, other))))
    )
      return null;
    this.#known.set(key, edit);
    this.kept.push(edit);
    for (const effect of edit.allEffects) {
      const paths = this.#changed.get(keyOfInstance(effect)) ?? [];
      this.#changed.set(keyOfInstance(effect), paths);
      paths.push(effect.path);
    }
    return edit;
  }

  #isChanged(effect: Effect): boolean {
    const paths = this.#changed.get(keyOfInstance(effect)) ?? [];
    return paths.some((path) => isWithin(path, effect.path) || isWithin(effect.path, path));
  }

  /**
   * Parts of lines may change side by side, but not before comments that are aligned with each other; where lines come and go,
   * those around them are aligned and separated anew.
   */
  #touch(a: Edit, b: Edit): boolean {
    if (a.file !== b.file) return false;
    const [first, second] = a.start <= b.start ? [a, b] : [b, a];
    const text = this.#files.get(a.file)?.file.text ?? "";
    if ([a, b].every((edit) => isInLine(edit, text)))
      return second.start <= first.end || haveComments(text, first.start, second.end);
    const line = text.indexOf("\n", first.end);
    const next = line === -1 ? -1 : text.indexOf("\n", line + 1);
    return next === -1 || next >= second.start;
  }
}

/** Whether all lines of a stretch may have comments. */
function haveComments(text: string, start: number, end: number): boolean {
  for (let at = startOfLine(text, start); at <= end; ) {
    const line = endOfLine(text, at);
    if (!/#|\/\//.test(text.slice(at, line))) return false;
    const next = text.indexOf("\n", line);
    if (next === -1) return true;
    at = next + 1;
  }
  return true;
}

/** Whether a path is another one or leads into it; the empty path is the instance as a whole. */
function isWithin(path: string, outer: string): boolean {
  if (!path.startsWith(outer)) return false;
  return outer === "" || path.length === outer.length || [".", "["].includes(path[outer.length] ?? "");
}
