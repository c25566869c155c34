import type { Expression, ObjectConstructor } from "../../hcl/syntax/syntax.ts";
import type { Path } from "../../json/path.ts";

/** The default of an attribute in a type constraint, and the rest of the path in it. */
export interface TypeDefault {
  readonly expression: Expression;
  readonly path: Path;
}

/** The defaults of `optional(…)` that a part of a value may come from where it is not given, the innermost first. */
export function typeDefaultsAt(type: Expression, path: Path): readonly TypeDefault[] {
  const found: TypeDefault[] = [];
  let node: Expression | undefined = type;
  for (let at = 0; at < path.length && node !== undefined; ) {
    if (node.kind === "parentheses") {
      node = node.inner;
      continue;
    }
    const step: Path[number] | undefined = path[at];
    const argument: Expression | undefined = node.kind === "call" ? node.arguments[0] : undefined;
    at += 1;
    if (argument?.kind === "object") {
      const own = attributeIn(argument, step);
      if (own.fallback !== null) found.push({ expression: own.fallback, path: path.slice(at) });
      node = own.type;
    } else {
      node = argument?.kind === "tuple" ? argument.items[Number(step)] : argument;
    }
  }
  return found.reverse();
}

function attributeIn(
  { items }: ObjectConstructor,
  name: Path[number] | undefined,
): { readonly type: Expression | undefined; readonly fallback: Expression | null } {
  const value = items.find(({ key }) => nameOf(key) === name)?.value;
  if (value?.kind !== "call" || value.name !== "optional") return { type: value, fallback: null };
  const [type, fallback = null] = value.arguments;
  return { type, fallback };
}

function nameOf(key: Expression): string | null {
  if (key.kind === "variable") return key.name;
  const [part] = key.kind === "template" ? key.parts : [];
  return part?.kind === "text" ? part.value : null;
}
