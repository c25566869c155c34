import { ConversionError, convert } from "../../hcl/values/convert.ts";
import { isSameContent } from "../../hcl/values/difference.ts";
import { ANY } from "../../hcl/values/type.ts";
import {
  asSensitive,
  isMapping,
  isSensitiveWithin,
  isSequence,
  type ObjectValue,
  objectValue,
  type TupleValue,
  tupleValue,
  typeOf,
  unknownValue,
  type Value,
} from "../../hcl/values/value.ts";
import { opened } from "../state/recorded-value.ts";
import type { EvaluatedBlock, EvaluatedBlocks, EvaluatedBody } from "./evaluated-body.ts";
import { isInSetOrder, isSameLoosely, placesOf } from "./recorded-places.ts";

/** How nested blocks of one type are kept, as far as that is known: a list has an order of its own, a set none. */
export type Nesting = "list" | "set" | null;

/**
 * What nested blocks are planned as: what the code gives them, and what it leaves out as the state's block in their
 * place has it (https://github.com/hashicorp/terraform/blob/main/internal/plans/objchange/objchange.go: blocks of a list
 * belong together by their index, those of a set by what the code says of them). Where it is not certain which block of
 * the state that is, what the code leaves out is not known.
 */
export function plannedBlocks(group: EvaluatedBlocks, recorded: Value | null, nesting: Nesting): Value {
  if (group.unknown !== null) return unknownValue(undefined, group.unknown);
  return markedLike(planned(group.blocks, recorded, nesting), recorded === null ? [] : [recorded]);
}

function planned(blocks: readonly EvaluatedBlock[], recorded: Value | null, nesting: Nesting): Value {
  const made = () => tupleValue(blocks.map(({ content }) => laidOver(content, null)));
  if (recorded === null || recorded.kind === "unknown") return made();
  if (recorded.kind === "object") return plannedObject(blocks, recorded);
  // What is left out may be nothing, or be the provider's choice.
  if (blocks.length === 0) {
    const isEmpty = recorded.kind === "null" || (recorded.kind === "tuple" && recorded.items.length === 0);
    return isEmpty ? recorded : unknownValue(ANY, recorded.origin);
  }
  // A single block of which the state has none: no list.
  if (recorded.kind !== "tuple") return unknownValue(ANY, recorded.origin);
  if (recorded.items.length !== blocks.length) return made();
  return plannedOnes(blocks, recorded, nesting);
}

/** As many blocks as the state has. */
function plannedOnes(blocks: readonly EvaluatedBlock[], recorded: TupleValue, nesting: Nesting): Value {
  const { items } = recorded;
  const byIndex = () =>
    tupleValue(blocks.map(({ content }, index) => laidOver(content, items[index] ?? null)));
  if (nesting === "list" || (nesting === null && !isInSetOrder(items))) return byIndex();
  const places = placesOf(blocks, items);
  if (places.every((place, index) => place === index)) return byIndex();
  const isSet = nesting === "set";
  if (!places.includes(null)) {
    // A set has the order of the state, a list that of the code.
    const asSet = tupleValue(
      items.map((item, index) => {
        const content = blocks[places.indexOf(index)]?.content;
        return content === undefined ? item : laidOver(content, item);
      }),
    );
    return isSet ? asSet : common(byIndex(), asSet, DEEPEST);
  }
  return tupleValue(
    blocks.map(({ content }, index) => {
      const place = places[index] ?? null;
      return laidOver(content, place !== null && (isSet || place === index) ? (items[place] ?? null) : null);
    }),
  );
}

/** A single block, or blocks by their labels. */
function plannedObject(blocks: readonly EvaluatedBlock[], recorded: ObjectValue): Value {
  const [first] = blocks;
  const isWritten = blocks.every(({ dynamic }) => dynamic === null);
  if (first !== undefined && isWritten && blocks.every(({ block }) => block.labels.length === 1)) {
    const entries = blocks.map(({ block, content }): [string, Value] => {
      const label = block.labels[0]?.value ?? "";
      return [label, laidOver(content, recorded.entries.get(label) ?? null)];
    });
    return objectValue(entries, recorded.origin);
  }
  if (first !== undefined && blocks.length === 1 && isWritten && first.block.labels.length === 0) {
    return laidOver(first.content, recorded);
  }
  return unknownValue(ANY, recorded.origin);
}

/** A block of the code with what it leaves out as the block of the state has it; not known without one. */
function laidOver({ attributes, blocks, body }: EvaluatedBody, recorded: Value | null): ObjectValue {
  const base = recorded?.kind === "object" ? recorded : null;
  const entries = new Map<string, Value>(base?.entries);
  for (const [name, { value }] of attributes) {
    // An argument that is null is one that is left out.
    if (value.kind !== "null") entries.set(name, asRecorded(value, base?.entries.get(name) ?? null));
  }
  for (const [type, group] of blocks) {
    entries.set(type, plannedBlocks(group, base?.entries.get(type) ?? null, null));
  }
  const object = objectValue(entries, { kind: "absent", place: body });
  return base === null || base.open ? { ...object, open: true } : object;
}

/** The value of an argument, with the type and the parts that the recorded one tells, if they say the same. */
function asRecorded(value: Value, recorded: Value | null): Value {
  if (recorded === null || recorded.kind === "null" || recorded.kind === "unknown") return opened(value);
  if (!isSequence(recorded) && !isMapping(recorded)) return convertedLike(value, recorded);
  if (isSensitiveWithin(value) || !isSameLoosely(value, recorded)) return opened(value);
  if (!isSequence(value) || !isSequence(recorded)) return { ...recorded, origin: value.origin };
  const { items } = recorded;
  const isSameOrder = value.items.every((item, index) => isSameLoosely(item, items[index]));
  // In the order of the code, if it is a list, or of the state, if it is a set.
  return isSameOrder
    ? { ...recorded, origin: value.origin }
    : common(tupleValue(value.items, value.origin), tupleValue(items), DEEPEST);
}

/** Without the provider's schema, the state tells whether `"8080"` means a number. */
export function convertedLike(value: Value, recorded: Value): Value {
  try {
    return convert(value, typeOf(recorded));
  } catch (error) {
    if (error instanceof ConversionError) return value;
    throw error;
  }
}

/** Values nested deeper are not looked at. */
const DEEPEST = 50;

/** What is the same in two values; the rest is unknown. */
function common(a: Value, b: Value, deepest: number): Value {
  if (isSameContent(a, b)) return a;
  const sensitive = a.sensitive || b.sensitive;
  if (deepest > 0 && a.kind === "tuple" && b.kind === "tuple" && a.items.length === b.items.length) {
    const items = a.items.map((item, index) => common(item, b.items[index] ?? item, deepest - 1));
    return { ...a, items, sensitive };
  }
  if (deepest > 0 && a.kind === "object" && b.kind === "object") {
    const entries = [...a.entries].flatMap(([name, value]): [string, Value][] => {
      const other = b.entries.get(name);
      return other === undefined ? [] : [[name, common(value, other, deepest - 1)]];
    });
    return { ...a, entries: new Map(entries), sensitive, open: true };
  }
  return asSensitive(unknownValue(ANY, a.origin), sensitive);
}

/** What is sensitive in some block of the state is so in every block that is planned. */
function markedLike(value: Value, models: readonly Value[]): Value {
  if (models.length === 0) return value;
  if (models.some(({ sensitive }) => sensitive)) return asSensitive(value, true);
  if (value.kind === "tuple") {
    const parts = models.flatMap((model) => (isSequence(model) ? model.items : []));
    return { ...value, items: value.items.map((item) => markedLike(item, parts)) };
  }
  if (value.kind !== "object") return value;
  const entries = Array.from(value.entries, ([name, entry]): [string, Value] => {
    const parts = models.flatMap((model) => (isMapping(model) ? (model.entries.get(name) ?? []) : []));
    return [name, markedLike(entry, parts)];
  });
  return { ...value, entries: new Map(entries) };
}
