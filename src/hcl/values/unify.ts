import {
  ANY,
  listOf,
  mapOf,
  type ObjectType,
  type PrimitiveType,
  sameType,
  setOf,
  type TupleType,
  type Type,
  tupleOf,
} from "./type.ts";

/**
 * The one type that all of the given types convert to, or null where there is none
 * (https://github.com/zclconf/go-cty/blob/main/cty/convert/unify.go). A type that is open (`any`, as null has it) goes
 * with every other; where it is `certain` that nothing stands behind it but what was written, cty's rule holds: beside
 * collections and objects all are open.
 */
export function unify(types: readonly Type[], certain = false): Type | null {
  const [one] = types;
  if (one !== undefined && types.every((type) => type === one)) return one;
  const closed = types.filter((type) => type.kind !== "any");
  const [first, ...rest] = closed;
  if (first === undefined) return ANY;
  if (certain && closed.length < types.length && !isPrimitive(first)) {
    if (rest.every(({ kind }) => kind === first.kind)) return ANY;
  }
  if (rest.every((type) => sameType(first, type))) return first;
  if (closed.every(isPrimitive)) return unifyPrimitives(closed);
  if (closed.every((type) => type.kind === "object")) return unifyObjects(closed, certain);
  if (closed.every((type) => type.kind === "tuple")) return unifyTuples(closed, certain);
  if (closed.every((type) => type.kind === "object" || type.kind === "map"))
    return toCollection(closed, mapOf, certain);
  const sets = closed.filter((type) => type.kind === "set");
  if (sets.length === closed.length) return toCollection(sets, setOf, certain);
  // Texts may turn into the numbers or bools of the set: Terraform decides by the set alone here.
  if (sets.length > 0 && closed.every((type) => type.kind === "set" || type.kind === "tuple")) {
    return toCollection(closed, setOf, certain) === null ? null : toCollection(sets, setOf, certain);
  }
  if (closed.every((type) => type.kind === "tuple" || type.kind === "list" || type.kind === "set")) {
    return toCollection(closed, listOf, certain);
  }
  return null;
}

function isPrimitive(type: Type): type is PrimitiveType {
  return type.kind === "string" || type.kind === "number" || type.kind === "bool";
}

function unifyPrimitives(types: readonly PrimitiveType[]): Type | null {
  return types.find((type) => type.kind === "string") ?? null;
}

function unifyObjects(types: readonly ObjectType[], certain: boolean): Type | null {
  const [first] = types;
  if (first === undefined) return null;
  const names = [...first.attributes.keys()];
  const alike = types.every(
    (type) => type.attributes.size === names.length && names.every((name) => type.attributes.has(name)),
  );
  if (!alike) return toCollection(types, mapOf, certain);
  const attributes = new Map<string, { type: Type; optional: boolean }>();
  for (const name of names) {
    const common = unify(
      types.map((type) => type.attributes.get(name)?.type ?? ANY),
      certain,
    );
    if (common === null) return toCollection(types, mapOf, certain);
    attributes.set(name, { type: common, optional: false });
  }
  return { kind: "object", attributes };
}

function unifyTuples(types: readonly TupleType[], certain: boolean): Type | null {
  const length = types[0]?.elements.length;
  if (types.some((type) => type.elements.length !== length)) return toCollection(types, listOf, certain);
  const elements: Type[] = [];
  for (let index = 0; index < (length ?? 0); index += 1) {
    const common = unify(
      types.map((type) => type.elements[index] ?? ANY),
      certain,
    );
    if (common === null) return toCollection(types, listOf, certain);
    elements.push(common);
  }
  return tupleOf(elements);
}

function toCollection(
  types: readonly Type[],
  collection: (element: Type) => Type,
  certain: boolean,
): Type | null {
  const element = unify(types.flatMap(partsOf), certain);
  return element === null ? null : collection(element);
}

function partsOf(type: Type): readonly Type[] {
  if ("element" in type) return [type.element];
  if (type.kind === "tuple") return type.elements;
  if (type.kind === "object") return [...type.attributes.values()].map((attribute) => attribute.type);
  return [type];
}
