import { EvaluationError } from "../../../hcl/evaluation/context.ts";
import type { Range } from "../../../hcl/syntax/source.ts";
import { ConversionError, convert } from "../../../hcl/values/convert.ts";
import { STRING, type Type } from "../../../hcl/values/type.ts";
import { isKnownWithin, isSequence, type Value } from "../../../hcl/values/value.ts";
import type { EvaluatedBody } from "../evaluated-body.ts";

// How the data source for policies reads its own arguments and blocks.

/** Something that takes part is not known. */
export class NotKnown extends Error {
  override readonly name = "NotKnown";
}

/** The blocks of a type. */
export function blocksOf(body: EvaluatedBody, type: string): readonly EvaluatedBody[] {
  // As an argument it is written wrongly, or a JSON file has it in a way that is not told from an argument.
  if (body.attributes.has(type)) throw new NotKnown(type);
  const group = body.blocks.get(type);
  if (group === undefined) return [];
  if (group.unknown !== null) throw new NotKnown(type);
  return group.blocks.map(({ content }) => content);
}

/** The text of an argument that cannot be left out. */
export function required(body: EvaluatedBody, name: string): string {
  const value = textIn(body, name);
  if (value === null) throw new EvaluationError(`a ${name} is required here`, body.body);
  return value;
}

/** The first of the texts where the argument is left out. */
export function oneOf(body: EvaluatedBody, name: string, allowed: readonly [string, string]): string {
  const value = textIn(body, name);
  if (value === null) return allowed[0];
  if (allowed.includes(value)) return value;
  const at = body.attributes.get(name)?.attribute.value ?? body.body;
  throw new EvaluationError(`${name} must be ${allowed.join(" or ")}`, at);
}

/** The text of an argument; null where it is left out. */
export function textIn(body: EvaluatedBody, name: string): string | null {
  const given = body.attributes.get(name);
  if (given === undefined || given.value.kind === "null") return null;
  const value = converted(given.value, STRING, name, given.attribute.value);
  return value.kind === "string" ? value.value : null;
}

/** The texts of an argument, those of a set in order; null where it is left out. */
export function stringsIn(body: EvaluatedBody, name: string, type: Type): readonly string[] | null {
  const given = body.attributes.get(name);
  if (given === undefined || given.value.kind === "null") return null;
  const value = converted(given.value, type, name, given.attribute.value);
  const items = isSequence(value) ? value.items : [];
  return items.flatMap((item) => {
    if (item.kind === "string") return [item.value];
    // Of a list the provider leaves it out; what it makes of a set with it depends on its version.
    if (type.kind === "set") throw new NotKnown(name);
    return [];
  });
}

/**
 * A value as it is wanted.
 * @throws NotKnown where any part of the value is not known.
 */
export function converted(value: Value, type: Type, name: string, at: Range): Value {
  if (!isKnownWithin(value)) throw new NotKnown(name);
  try {
    return convert(value, type);
  } catch (error) {
    if (!(error instanceof ConversionError)) throw error;
    throw new EvaluationError(`${name}: ${error.message}`, at);
  }
}
