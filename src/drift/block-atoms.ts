import { canonicalJson, isJsonArray, type Json, type JsonObject } from "../json/json.ts";
import {
  elementRule,
  isBlank,
  isMeaningless,
  nestedRule,
  normalForm,
  withoutDefaults,
} from "./normal-form.ts";
import type { AttributeRule } from "./rules.ts";
import { valueAt } from "./view.ts";

/**
 * The smallest part of a set's block that is a thing of its own: the block with one entry of the attributes it expands
 * to (one source of a firewall rule), or the block itself.
 */
export interface Atom {
  readonly block: JsonObject;
  /** Null where the block expands to nothing. */
  readonly entry: Entry | null;
}

interface Entry {
  readonly attribute: string;
  readonly value: Json;
  /** The same for entries that mean the same. */
  readonly identity: string;
}

/** The parts of a block, in the order in which it names them. */
export function atomsOf(block: JsonObject, rule: AttributeRule): readonly Atom[] {
  const entries = (rule.expand ?? []).flatMap((attribute) => entriesOf(block, attribute, rule));
  return entries.length === 0 ? [{ block, entry: null }] : entries.map((entry) => ({ block, entry }));
}

function entriesOf(block: JsonObject, attribute: string, rule: AttributeRule): readonly Entry[] {
  const inner = nestedRule(rule, attribute);
  const value = valueAt(block, attribute);
  if (inner === undefined || value === undefined) return [];
  if (!isJsonArray(value)) {
    const normal = normalForm(value, inner);
    return normal === false || normal === "" ? [] : [entryOf(attribute, value, normal)];
  }
  const element = elementRule(inner);
  const entries = value.map((item) => entryOf(attribute, item, normalForm(item, element)));
  return [...new Map(entries.map((entry) => [entry.identity, entry])).values()];
}

function entryOf(attribute: string, value: Json, normal: Json): Entry {
  return { attribute, value, identity: `${attribute} ${canonicalJson(normal)}` };
}

/** What stands for an atom in an index: equal for atoms that may be the same. */
export function atomKey(atom: Atom): string {
  return atom.entry?.identity ?? "";
}

/**
 * A block made of atoms that all come from blocks equal but for what they expand to. Entries come in the order of the
 * atoms.
 */
export function blockOfAtoms(atoms: readonly Atom[], rule: AttributeRule): JsonObject {
  const [first] = atoms;
  if (first === undefined) return {};
  const expanded = (rule.expand ?? []).map((attribute) => [attribute, entriesAt(atoms, attribute)] as const);
  return {
    ...first.block,
    ...Object.fromEntries(
      expanded.flatMap(([attribute, entries]) => {
        const value = regrouped(valueAt(first.block, attribute), entries, nestedRule(rule, attribute));
        return value === undefined ? [] : [[attribute, value] as const];
      }),
    ),
  };
}

function entriesAt(atoms: readonly Atom[], attribute: string): readonly Json[] {
  return atoms.flatMap(({ entry }) => (entry?.attribute === attribute ? [entry.value] : []));
}

function regrouped(
  before: Json | undefined,
  entries: readonly Json[],
  inner: AttributeRule | undefined,
): Json | undefined {
  if (inner?.kind === "list" || inner?.kind === "set") {
    return before === undefined && entries.length === 0 ? undefined : entries;
  }
  return entries[0] ?? (before === undefined ? undefined : false);
}

/** Tells whether a nested attribute counts when two blocks of a set are compared. */
export type Counts = (attribute: string) => boolean;

/**
 * Two blocks of a set mean the same. What the left block leaves out is compared as well, since the blocks of a set are
 * told apart by all they say: it has to be empty or a default on the right, or what the state has (`base`).
 */
export function sameBlock(
  left: JsonObject,
  right: JsonObject,
  rule: AttributeRule,
  base: JsonObject | undefined,
  counts: Counts,
): boolean {
  return comparedNames(rule, counts).every((name) => {
    const inner = nestedRule(rule, name);
    return inner === undefined || sameNested(left, right, name, inner, base);
  });
}

/** The nested attributes by which two blocks of a set are compared. */
export function comparedNames(rule: AttributeRule, counts: Counts): readonly string[] {
  return Object.entries(rule.attributes ?? {})
    .filter(([name, inner]) => inner.never === undefined && counts(name))
    .map(([name]) => name);
}

/** Two blocks of a set mean the same in one attribute (`sameForm`). */
export function sameNested(
  left: JsonObject,
  right: JsonObject,
  name: string,
  rule: AttributeRule,
  base: JsonObject | undefined,
): boolean {
  const recorded = base === undefined ? undefined : nestedForm(base, name, rule);
  return sameForm(nestedForm(left, name, rule), nestedForm(right, name, rule), recorded);
}

/** What one attribute of a block says, in a form that is made once and compared with many others. */
export interface NestedForm {
  /** Its normal form; null where the block has no such attribute. */
  readonly text: string | null;
  readonly isMeaningless: boolean;
  /** Nothing is said: no value, or an empty list. */
  readonly isUnsaid: boolean;
  /** Empty, or a default. */
  readonly isBlank: boolean;
  /** Empty. */
  readonly isEmpty: boolean;
}

/** The form of one attribute of a block. */
export function nestedForm(block: JsonObject, name: string, rule: AttributeRule): NestedForm {
  const value = valueAt(block, name);
  return {
    text: value === undefined ? null : canonicalJson(normalForm(value, rule)),
    isMeaningless: isMeaningless(block, rule),
    isUnsaid: value === undefined || (isJsonArray(value) && value.length === 0),
    isBlank: isBlank(value, rule),
    isEmpty: isBlank(value, withoutDefaults(rule)),
  };
}

/**
 * The two say the same. A provider fills each block of a set with empty values, so here an empty value is the same as
 * none, also where the code says it.
 */
export function sameForm(left: NestedForm, right: NestedForm, base: NestedForm | undefined): boolean {
  if (left.isMeaningless && right.isMeaningless) return true;
  if (left.isUnsaid) return right.isBlank || (right.text !== null && right.text === base?.text);
  return right.text === null ? left.isEmpty : left.text === right.text;
}
