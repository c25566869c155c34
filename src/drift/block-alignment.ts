import { canonicalJson, type JsonObject } from "../json/json.ts";
import {
  type Atom,
  atomKey,
  atomsOf,
  blockOfAtoms,
  type Counts,
  comparedNames,
  type NestedForm,
  nestedForm,
  sameForm,
} from "./block-atoms.ts";
import { nestedRule, normalForm } from "./normal-form.ts";
import { compareText } from "./order.ts";
import type { AttributeRule } from "./rules.ts";

/** The blocks of one set, arranged so that they stand beside the blocks of another. */
export interface Alignment {
  /** For each block of the other set: the one that it is here, undefined where it is gone. */
  readonly paired: readonly (JsonObject | undefined)[];
  /** Blocks that the other set does not have, in an order of their own contents. */
  readonly added: readonly JsonObject[];
}

export interface AlignmentRules {
  readonly rule: AttributeRule;
  readonly counts: Counts;
  /** What the state has for each block of the reference: decides about attributes that the reference leaves out. */
  readonly bases: readonly (JsonObject | undefined)[];
  /** Whether a block that is not the same may be paired as the same block, changed. */
  readonly pairsChanged: boolean;
}

/** What two blocks are compared by, made once for each block: many are compared with many. */
interface BlockForms {
  /** All but what blocks expand to. */
  readonly rest: readonly NestedForm[];
  /** The attributes that name a block, those left aside that it expands to. */
  readonly identity: readonly NestedForm[];
}

type FormsOf = (block: JsonObject) => BlockForms;

interface Slot {
  readonly forms: BlockForms;
  readonly base: BlockForms | undefined;
  /** The parts of the reference's block. */
  readonly wanted: readonly Atom[];
  readonly wantedKeys: ReadonlySet<string>;
  readonly atoms: Atom[];
}

/**
 * Arranges the blocks of a set beside those of `reference`, so that as little as possible differs, however either of
 * them splits or groups its blocks:
 * 1. each part (`atomsOf`) goes to the block of the reference that has it;
 * 2. what is left joins a block that is the same but for what blocks expand to (one more source of the same rule);
 * 3. what is left pairs with a block nobody has claimed, by identity, else by equal entries (the same source, another
 *    port);
 * 4. the rest is new.
 */
export function alignBlocks(
  reference: readonly JsonObject[],
  blocks: readonly JsonObject[],
  rules: AlignmentRules,
): Alignment {
  const formsOf = formsOnce(rules);
  const slots = reference.map((block, at) => slotOf(block, rules.bases[at], rules.rule, formsOf));
  const left = leftBlocks(claimParts(slots, blocks, rules.rule, formsOf), rules.rule);
  const added = rules.pairsChanged ? left.filter((atoms) => !joins(slots, atoms, rules.rule, formsOf)) : left;
  return {
    paired: slots.map((slot) => (slot.atoms.length === 0 ? undefined : blockOfAtoms(slot.atoms, rules.rule))),
    added: added.map((atoms) => blockOfAtoms(atoms, rules.rule)),
  };
}

/** Makes the forms of each block when they are first asked for. */
function formsOnce({ rule, counts }: AlignmentRules): FormsOf {
  const expand = rule.expand ?? [];
  const rest = comparedNames(rule, counts).filter((name) => !expand.includes(name));
  const identity = (rule.identity ?? []).filter((name) => !expand.includes(name));
  const known = new Map<JsonObject, BlockForms>();
  const at = (block: JsonObject, names: readonly string[]): readonly NestedForm[] =>
    names.flatMap((name) => {
      const inner = nestedRule(rule, name);
      return inner === undefined ? [] : [nestedForm(block, name, inner)];
    });
  return (block) => {
    const forms = known.get(block) ?? { rest: at(block, rest), identity: at(block, identity) };
    known.set(block, forms);
    return forms;
  };
}

function slotOf(
  block: JsonObject,
  base: JsonObject | undefined,
  rule: AttributeRule,
  formsOf: FormsOf,
): Slot {
  const wanted = atomsOf(block, rule);
  return {
    forms: formsOf(block),
    base: base === undefined ? undefined : formsOf(base),
    wanted,
    wantedKeys: new Set(wanted.map(atomKey)),
    atoms: [],
  };
}

/** Hands every part to the slot that has it, and gives back those that none has. */
function claimParts(
  slots: readonly Slot[],
  blocks: readonly JsonObject[],
  rule: AttributeRule,
  formsOf: FormsOf,
): Set<Atom> {
  const free = new Set(blocks.flatMap((block) => atomsOf(block, rule)));
  const byKey = Map.groupBy(free, atomKey);
  for (const slot of slots) {
    for (const wanted of slot.wanted) {
      // Two blocks of the reference may say the same thing twice: then both have it.
      const same = (byKey.get(atomKey(wanted)) ?? []).filter((atom) => sameRest(slot, formsOf(atom.block)));
      const found = same.find((atom) => free.has(atom)) ?? same[0];
      if (found === undefined) continue;
      slot.atoms.push(found);
      free.delete(found);
    }
  }
  return dropRepeated(slots, free, formsOf);
}

/** A set says nothing more by saying it twice. */
function dropRepeated(slots: readonly Slot[], free: Set<Atom>, formsOf: FormsOf): Set<Atom> {
  const taken = Map.groupBy(
    slots.flatMap((slot) => slot.atoms.map((atom) => ({ key: atomKey(atom), slot }))),
    ({ key }) => key,
  );
  return new Set(
    [...free].filter((atom) => {
      const forms = formsOf(atom.block);
      return !taken.get(atomKey(atom))?.some(({ slot }) => sameRest(slot, forms));
    }),
  );
}

/** What no slot has, grouped as it came, in an order that depends on nothing but the contents. */
function leftBlocks(free: ReadonlySet<Atom>, rule: AttributeRule): readonly (readonly Atom[])[] {
  const groups = [...Map.groupBy(free, (atom) => atom.block).values()].map((atoms) => {
    const inOrder = atoms.toSorted((a, b) => compareText(atomKey(a), atomKey(b)));
    return { atoms: inOrder, text: canonicalJson(normalForm(blockOfAtoms(inOrder, rule), rule)) };
  });
  return groups.sort((a, b) => compareText(a.text, b.text)).map(({ atoms }) => atoms);
}

function joins(
  slots: readonly Slot[],
  atoms: readonly Atom[],
  rule: AttributeRule,
  formsOf: FormsOf,
): boolean {
  const [first] = atoms;
  if (first === undefined) return true;
  const forms = formsOf(first.block);
  const isFree = (slot: Slot) => slot.atoms.length === 0;
  const fits = expands(rule) ? slots.filter((candidate) => sameRest(candidate, forms)) : [];
  const slot =
    fits.find(isFree) ??
    fits[0] ??
    slots.find((candidate) => isFree(candidate) && sameIdentity(candidate, forms)) ??
    slots.find((candidate) => isFree(candidate) && sameEntries(candidate, atoms, rule));
  slot?.atoms.push(...atoms);
  return slot !== undefined;
}

function expands(rule: AttributeRule): boolean {
  return (rule.expand ?? []).length > 0;
}

/** The part fits the slot in all but what blocks expand to. */
function sameRest({ forms, base }: Slot, { rest }: BlockForms): boolean {
  return sameForms(forms.rest, rest, base?.rest);
}

function sameIdentity({ forms }: Slot, { identity }: BlockForms): boolean {
  return identity.length > 0 && sameForms(forms.identity, identity, undefined);
}

function sameForms(
  left: readonly NestedForm[],
  right: readonly NestedForm[],
  base: readonly NestedForm[] | undefined,
): boolean {
  return left.every((form, at) => {
    const other = right[at];
    return other !== undefined && sameForm(form, other, base?.[at]);
  });
}

/** What both expand to is equal, and not nothing. */
function sameEntries({ wantedKeys }: Slot, atoms: readonly Atom[], rule: AttributeRule): boolean {
  return (
    expands(rule) &&
    !wantedKeys.has("") &&
    wantedKeys.size === atoms.length &&
    atoms.every((atom) => wantedKeys.has(atomKey(atom)))
  );
}
