import { coversPath } from "../drift/path-match.ts";
import { rulesAlong } from "../drift/rule-path.ts";
import type { AttributeRule, RuleBook } from "../drift/rules.ts";
import type { InstanceOverview } from "../engine/api.ts";
import { isJsonObject, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import type { Path } from "../json/path.ts";

/** One instance as the code has it, or (`desired` null) only the state. */
export type DeclaredInstance = Pick<
  InstanceOverview,
  | "address"
  | "type"
  | "desired"
  | "unknown"
  | "ignored"
  | "lifecycle"
  | "unmade"
  | "defaultTags"
  | "recorded"
  | "importId"
  | "undecided"
>;

/** What the code says of an instance, as a provider takes it. */
export interface Code {
  readonly attributes: JsonObject;
  readonly unknown: readonly Path[];
  readonly ignored: "all" | readonly Path[];
}

/** The code of an instance; null where it does not declare it. */
export function codeOf(instance: DeclaredInstance, book: RuleBook): Code | null {
  const { desired, unknown, ignored, unmade, defaultTags } = instance;
  if (desired === null) return null;
  const made = Object.entries(desired).filter(([name]) => !unmade.includes(name));
  return {
    attributes: withTags(Object.fromEntries(made), defaultTags, isTags(book, instance.type, "tags")),
    unknown,
    ignored,
  };
}

function withTags(attributes: JsonObject, defaults: JsonObject, hasTags: boolean): JsonObject {
  const own = attributes["tags"] ?? {};
  if (!hasTags || !isJsonObject(own) || Object.keys(defaults).length === 0) return attributes;
  return { ...attributes, tags: { ...defaults, ...own } };
}

/** Whether an attribute holds tags, of which an apply takes away those that the code does not say. */
function isTags(book: RuleBook, type: string, name: string): boolean {
  return rulesAlong(book, type, [name])[0]?.kind === "tags";
}

export function isIgnored({ ignored }: Code, path: Path): boolean {
  return ignored === "all" || coversPath(ignored, path, "exact");
}

/** A place of the code at which nothing is set. */
export interface Gap {
  /** Of what is left out, where it is known. */
  readonly rule: AttributeRule | null;
}

/**
 * The argument on the way to a value that the code leaves to the provider; null where it does not. A tag, an entry of a
 * map or an element that is missing is no gap, since what holds it is set; nor is what a block of a set leaves out, since
 * such a block is compared as a whole.
 */
export function gapAt(attributes: JsonObject, path: Path, type: string, book: RuleBook): Gap | null {
  let held: Json | undefined = attributes;
  for (const [index, step] of path.entries()) {
    const before = path[index - 1];
    held = jsonAt(held, [step]);
    if (held !== undefined && held !== null) continue;
    const isArgument = typeof step === "string" && (index === 0 || typeof before === "number");
    if (!isArgument || (index === 0 && isTags(book, type, step))) return null;
    const along = rulesAlong(book, type, path.slice(0, index + 1));
    const names = path.slice(0, index + 1).filter((each) => typeof each === "string").length;
    if (along.slice(0, -1).some(({ kind }) => kind === "block-set")) return null;
    return { rule: along.length === names ? (along.at(-1) ?? null) : null };
  }
  return null;
}
