/**
 * A type of the language, or a constraint on one (`any` stands for whatever comes). The rules are those of cty,
 * HashiCorp's type system (https://github.com/zclconf/go-cty/blob/main/docs/types.md).
 */
export type Type = PrimitiveType | CollectionType | TupleType | ObjectType;

export interface PrimitiveType {
  readonly kind: "string" | "number" | "bool" | "any";
}

export interface CollectionType {
  readonly kind: "list" | "set" | "map";
  readonly element: Type;
}

export interface TupleType {
  readonly kind: "tuple";
  readonly elements: readonly Type[];
}

export interface ObjectType {
  readonly kind: "object";
  readonly attributes: ReadonlyMap<string, ObjectAttributeType>;
}

export interface ObjectAttributeType {
  readonly type: Type;
  readonly optional: boolean;
}

export const STRING: PrimitiveType = { kind: "string" };
export const NUMBER: PrimitiveType = { kind: "number" };
export const BOOL: PrimitiveType = { kind: "bool" };
export const ANY: PrimitiveType = { kind: "any" };

export function listOf(element: Type): CollectionType {
  return { kind: "list", element };
}

export function setOf(element: Type): CollectionType {
  return { kind: "set", element };
}

export function mapOf(element: Type): CollectionType {
  return { kind: "map", element };
}

export function tupleOf(elements: readonly Type[]): TupleType {
  return { kind: "tuple", elements };
}

export function objectOf(attributes: Iterable<readonly [string, Type]>): ObjectType {
  const required = new Map<string, ObjectAttributeType>();
  for (const [name, type] of attributes) required.set(name, { type, optional: false });
  return { kind: "object", attributes: required };
}

/** Whether both are the same type, optional attributes included. */
export function sameType(a: Type, b: Type): boolean {
  if (a === b) return true;
  if (a.kind === "tuple" && b.kind === "tuple") {
    return (
      a.elements.length === b.elements.length &&
      a.elements.every((element, index) => sameType(element, b.elements[index] ?? ANY))
    );
  }
  if (a.kind === "object" && b.kind === "object") {
    if (a.attributes.size !== b.attributes.size) return false;
    for (const [name, attribute] of a.attributes) {
      const other = b.attributes.get(name);
      if (other === undefined || other.optional !== attribute.optional) return false;
      if (!sameType(attribute.type, other.type)) return false;
    }
    return true;
  }
  if ("element" in a && "element" in b) return a.kind === b.kind && sameType(a.element, b.element);
  return a.kind === b.kind;
}

/**
 * Whether values of the two types could turn out to be of one type. A tuple may be a list, and an object a map: what a
 * state records is known without the provider's schema.
 */
export function couldBeSame(a: Type, b: Type): boolean {
  if (a.kind === "any" || b.kind === "any") return true;
  if ("element" in a && "element" in b) return a.kind === b.kind && couldBeSame(a.element, b.element);
  if (a.kind === "tuple" && b.kind === "tuple") {
    return (
      a.elements.length === b.elements.length &&
      a.elements.every((element, index) => couldBeSame(element, b.elements[index] ?? ANY))
    );
  }
  if (a.kind === "object" && b.kind === "object") {
    if (a.attributes.size !== b.attributes.size) return false;
    for (const [name, { type }] of a.attributes) {
      const other = b.attributes.get(name);
      if (other === undefined || !couldBeSame(type, other.type)) return false;
    }
    return true;
  }
  return a.kind === b.kind || isSequenceAndTuple(a, b) || isSequenceAndTuple(b, a);
}

function isSequenceAndTuple(a: Type, b: Type): boolean {
  if (a.kind === "map") return b.kind === "object";
  return (a.kind === "list" || a.kind === "set") && b.kind === "tuple";
}

/** Whether the type leaves anything open, so that a value must be seen to know its type. */
export function hasAny(type: Type): boolean {
  if (type.kind === "any") return true;
  if (type.kind === "tuple") return type.elements.some(hasAny);
  if (type.kind === "object")
    return [...type.attributes.values()].some((attribute) => hasAny(attribute.type));
  return "element" in type && hasAny(type.element);
}

/** The type of values that were made to fit: in those every attribute is there. */
export function withoutOptional(type: Type): Type {
  if ("element" in type) return { kind: type.kind, element: withoutOptional(type.element) };
  if (type.kind === "tuple") return tupleOf(type.elements.map(withoutOptional));
  if (type.kind !== "object") return type;
  return objectOf(
    Array.from(type.attributes, ([name, attribute]) => [name, withoutOptional(attribute.type)]),
  );
}

/** Prints a type as a variable's `type` argument would write it. */
export function printType(type: Type): string {
  if ("element" in type) return `${type.kind}(${printType(type.element)})`;
  if (type.kind === "tuple") return `tuple([${type.elements.map(printType).join(", ")}])`;
  if (type.kind === "object") {
    const attributes = [...type.attributes].map(([name, attribute]) =>
      attribute.optional
        ? `${name} = optional(${printType(attribute.type)})`
        : `${name} = ${printType(attribute.type)}`,
    );
    return `object({${attributes.join(", ")}})`;
  }
  return type.kind;
}
