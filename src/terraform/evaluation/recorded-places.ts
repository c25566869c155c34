import { printNumber } from "../../hcl/values/number.ts";
import { ANY } from "../../hcl/values/type.ts";
import {
  isMapping,
  isOpen,
  isSequence,
  listValue,
  type ObjectValue,
  objectValue,
  setValue,
  type Value,
} from "../../hcl/values/value.ts";
import type { EvaluatedBlock, EvaluatedBlocks, EvaluatedBody } from "./evaluated-body.ts";

/** How many more blocks are compared; those that are left are taken to differ. */
interface Patience {
  left: number;
}

const MOST_COMPARED = 20_000;

/**
 * For every block of the code the place of the state's block that has all that the code says of it, the one at its own
 * index first, and no place twice; null where there is none.
 */
export function placesOf(
  blocks: readonly EvaluatedBlock[],
  recorded: readonly Value[],
  patience: Patience = { left: MOST_COMPARED },
): readonly (number | null)[] {
  const isLike = (content: EvaluatedBody, at: number) => agrees(content, recorded[at], patience);
  const own = blocks.map(({ content }, index) => (isLike(content, index) ? index : null));
  const left = new Set(recorded.keys().filter((at) => own[at] === null || own[at] === undefined));
  return blocks.map(({ content }, index) => {
    const place = own[index] ?? left.values().find((at) => isLike(content, at)) ?? null;
    if (place !== null) left.delete(place);
    return place;
  });
}

/** Whether a block of the state has all that one of the code says; what is not known agrees with nothing. */
function agrees(
  { attributes, blocks }: EvaluatedBody,
  recorded: Value | undefined,
  patience: Patience,
): boolean {
  patience.left -= 1;
  if (recorded?.kind !== "object" || patience.left < 0) return false;
  for (const [name, { value }] of attributes) {
    if (value.kind !== "null" && !isSameLoosely(value, recorded.entries.get(name))) return false;
  }
  return [...blocks].every(([type, group]) => agreeWithin(group, recorded, type, patience));
}

function agreeWithin(
  group: EvaluatedBlocks,
  { entries }: ObjectValue,
  type: string,
  patience: Patience,
): boolean {
  if (group.unknown !== null) return false;
  const recorded = entries.get(type);
  if (recorded?.kind === "tuple") {
    const { items } = recorded;
    return items.length === group.blocks.length && !placesOf(group.blocks, items, patience).includes(null);
  }
  const [single] = group.blocks;
  if (single === undefined) return recorded === undefined || recorded.kind === "null";
  return group.blocks.length === 1 && agrees(single.content, recorded, patience);
}

/** Equal whatever the types of texts and the order of collections, since which of them are sets is not known. */
export function isSameLoosely(value: Value, recorded: Value | undefined): boolean {
  if (recorded === undefined || value.kind === "unknown" || recorded.kind === "unknown") return false;
  const [text, other] = [scalarText(value), scalarText(recorded)];
  if (text !== null || other !== null) return text === other;
  const loose = looseText(value, DEEPEST);
  return loose !== null && loose === looseText(recorded, DEEPEST);
}

/** Values nested deeper are not compared. */
const DEEPEST = 50;

function scalarText(value: Value): string | null {
  if (value.kind === "string") return value.value;
  if (value.kind === "number") return printNumber(value.value);
  return value.kind === "bool" ? String(value.value) : null;
}

/** The same text for values that are loosely the same; null for what is not known in full. */
function looseText(value: Value, deepest: number): string | null {
  const scalar = scalarText(value);
  if (scalar !== null) return JSON.stringify(scalar);
  if (value.kind === "null") return "null";
  if (deepest === 0 || isOpen(value)) return null;
  if (isSequence(value)) {
    const items = value.items.map((item) => looseText(item, deepest - 1));
    return items.includes(null) ? null : `[${items.sort().join()}]`;
  }
  if (!isMapping(value)) return null;
  const entries = Array.from(value.entries).map(
    ([key, item]) => [key, looseText(item, deepest - 1)] as const,
  );
  if (entries.some(([, text]) => text === null)) return null;
  const given = entries.filter(([, text]) => text !== "null");
  return `{${given
    .map(([key, text]) => `${JSON.stringify(key)}:${text}`)
    .sort()
    .join()}}`;
}

/**
 * Whether recorded blocks have the order in which Terraform writes the elements of a set. A list has it by chance, so
 * true means that they may be one.
 */
export function isInSetOrder(recorded: readonly Value[]): boolean {
  if (recorded.length < 2) return true;
  const elements = recorded.map(asElement).filter((element) => element !== null);
  if (elements.length !== recorded.length) return true;
  const inOrder = setValue(ANY, elements).items;
  return inOrder.length === elements.length && inOrder.every((item, index) => item === elements[index]);
}

/**
 * A recorded block with the types by which sets are ordered; null where those are not recorded: an object within may be a
 * map.
 */
function asElement(block: Value): Value | null {
  if (block.kind !== "object") return null;
  const entries = [...block.entries].map(([name, value]): [string, Value] => [
    name,
    value.kind === "tuple" ? listValue(ANY, value.items) : value,
  ]);
  const isKnown = entries.every(([, value]) =>
    isSequence(value) ? value.items.every(isPlain) : isPlain(value),
  );
  return isKnown ? objectValue(entries) : null;
}

function isPlain(value: Value): boolean {
  return value.kind === "null" || scalarText(value) !== null;
}
