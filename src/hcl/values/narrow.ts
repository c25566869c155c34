import { ANY, hasAny, type Type, tupleOf } from "./type.ts";
import { unify } from "./unify.ts";

/** `element` with what it leaves open taken from the values' own type. */
export function narrow(element: Type, found: Type): Type {
  if (!hasAny(element)) return element;
  if (element.kind === "any") return found;
  if ("element" in element) {
    if ("element" in found) return { kind: element.kind, element: narrow(element.element, found.element) };
    const parts = found.kind === "tuple" ? found.elements : objectParts(found);
    const common = unify(parts);
    return common === null ? element : { kind: element.kind, element: narrow(element.element, common) };
  }
  if (element.kind === "tuple" && found.kind === "tuple") {
    return tupleOf(element.elements.map((part, index) => narrow(part, found.elements[index] ?? ANY)));
  }
  if (element.kind !== "object") return element;
  const attributes = new Map(
    [...element.attributes].map(([name, attribute]) => {
      const given = found.kind === "object" ? found.attributes.get(name)?.type : undefined;
      return [
        name,
        { ...attribute, type: given === undefined ? attribute.type : narrow(attribute.type, given) },
      ];
    }),
  );
  return { kind: "object", attributes };
}

function objectParts(type: Type): readonly Type[] {
  return type.kind === "object" ? [...type.attributes.values()].map((attribute) => attribute.type) : [];
}
