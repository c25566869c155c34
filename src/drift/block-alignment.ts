import { canonicalJson, type JsonObject } from "../json/json.ts";
import {
  type Atom,
  atomKey,
  atomsOf,
  blockOfAtoms,
  type Counts,
  sameBlock,
  sameNested,
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

interface Slot {
  readonly block: JsonObject;
  readonly base: JsonObject | undefined;
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
  const slots = reference.map((block, at): Slot => ({ block, base: rules.bases[at], atoms: [] }));
  const left = leftBlocks(claimParts(slots, blocks, rules), rules);
  const added = rules.pairsChanged ? left.filter((atoms) => !joins(slots, atoms, rules)) : left;
  return {
    paired: slots.map((slot) => (slot.atoms.length === 0 ? undefined : blockOfAtoms(slot.atoms, rules.rule))),
    added: added.map((atoms) => blockOfAtoms(atoms, rules.rule)),
  };
}

/** Hands every part to the slot that has it, and gives back those that none has. */
function claimParts(slots: readonly Slot[], blocks: readonly JsonObject[], rules: AlignmentRules): Set<Atom> {
  const free = new Set(blocks.flatMap((block) => atomsOf(block, rules.rule)));
  const byKey = Map.groupBy(free, atomKey);
  for (const slot of slots) {
    for (const wanted of atomsOf(slot.block, rules.rule)) {
      // Two blocks of the reference may say the same thing twice: then both have it.
      const same = (byKey.get(atomKey(wanted)) ?? []).filter((atom) => sameRest(slot, atom, rules));
      const found = same.find((atom) => free.has(atom)) ?? same[0];
      if (found === undefined) continue;
      slot.atoms.push(found);
      free.delete(found);
    }
  }
  return dropRepeated(slots, free, rules);
}

/** A set says nothing more by saying it twice. */
function dropRepeated(slots: readonly Slot[], free: Set<Atom>, rules: AlignmentRules): Set<Atom> {
  const taken = new Map<string, Slot[]>();
  for (const slot of slots) {
    for (const atom of slot.atoms) {
      const key = atomKey(atom);
      taken.set(key, [...(taken.get(key) ?? []), slot]);
    }
  }
  return new Set(
    [...free].filter((atom) => !taken.get(atomKey(atom))?.some((slot) => sameRest(slot, atom, rules))),
  );
}

/** What no slot has, grouped as it came, in an order that depends on nothing but the contents. */
function leftBlocks(free: ReadonlySet<Atom>, rules: AlignmentRules): readonly (readonly Atom[])[] {
  const groups = [...Map.groupBy(free, (atom) => atom.block).values()].map((atoms) => {
    const inOrder = atoms.toSorted((a, b) => compareText(atomKey(a), atomKey(b)));
    return { atoms: inOrder, text: canonicalJson(normalForm(blockOfAtoms(inOrder, rules.rule), rules.rule)) };
  });
  return groups.sort((a, b) => compareText(a.text, b.text)).map(({ atoms }) => atoms);
}

function joins(slots: readonly Slot[], atoms: readonly Atom[], rules: AlignmentRules): boolean {
  const [first] = atoms;
  if (first === undefined) return true;
  const isFree = (slot: Slot) => slot.atoms.length === 0;
  const fits = expands(rules.rule) ? slots.filter((candidate) => sameRest(candidate, first, rules)) : [];
  const slot =
    fits.find(isFree) ??
    fits[0] ??
    slots.find((candidate) => isFree(candidate) && sameIdentity(candidate.block, first.block, rules.rule)) ??
    slots.find((candidate) => isFree(candidate) && sameEntries(candidate.block, atoms, rules.rule));
  slot?.atoms.push(...atoms);
  return slot !== undefined;
}

function expands(rule: AttributeRule): boolean {
  return (rule.expand ?? []).length > 0;
}

/** The part fits the slot in all but what blocks expand to. */
function sameRest(slot: Slot, atom: Atom, { rule, counts }: AlignmentRules): boolean {
  const expand = rule.expand ?? [];
  return sameBlock(slot.block, atom.block, rule, slot.base, (name) => counts(name) && !expand.includes(name));
}

/** Equal in all attributes that name a block, those left aside that it expands to. */
function sameIdentity(a: JsonObject, b: JsonObject, rule: AttributeRule): boolean {
  const expand = rule.expand ?? [];
  const names = (rule.identity ?? []).filter((name) => !expand.includes(name));
  return (
    names.length > 0 &&
    names.every((name) => {
      const inner = nestedRule(rule, name);
      return inner !== undefined && sameNested(a, b, name, inner, undefined);
    })
  );
}

/** What both expand to is equal, and not nothing. */
function sameEntries(block: JsonObject, atoms: readonly Atom[], rule: AttributeRule): boolean {
  const wanted = new Set(atomsOf(block, rule).map(atomKey));
  return (
    expands(rule) &&
    !wanted.has("") &&
    wanted.size === atoms.length &&
    atoms.every((atom) => wanted.has(atomKey(atom)))
  );
}
