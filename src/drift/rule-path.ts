import type { Path } from "../json/path.ts";
import type { Impact } from "./model.ts";
import { type AttributeRule, type RuleBook, rulesOf } from "./rules.ts";

/** The rules of what stands on the way to a value, the outermost first, as far as they are known; none for its type. */
export function rulesAlong(book: RuleBook, type: string, path: Path): readonly AttributeRule[] {
  const along: AttributeRule[] = [];
  let attributes = rulesOf(book, type)?.attributes;
  for (const step of path) {
    if (typeof step === "number") continue;
    const rule: AttributeRule | undefined =
      attributes !== undefined && Object.hasOwn(attributes, step) ? attributes[step] : undefined;
    if (rule === undefined) return along;
    along.push(rule);
    attributes = rule.attributes;
  }
  return along;
}

/** What changing a value does to the resource: the innermost thing on the way to it that says so decides. */
export function impactAt(book: RuleBook, type: string, path: Path): Impact {
  return rulesAlong(book, type, path).findLast(({ impact }) => impact !== undefined)?.impact ?? "in-place";
}
