import { bindingOf, type EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { referenceOf } from "../../hcl/evaluation/reference.ts";
import { referencesIn } from "../../hcl/evaluation/references.ts";
import type { Expression, For, Template } from "../../hcl/syntax/syntax.ts";
import { STRING } from "../../hcl/values/type.ts";
import { equalJson, isJsonArray, isJsonObject, type Json, jsonAt } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import { toPlain } from "../evaluation/value-json.ts";
import { convertedOrNull, keyText } from "./branch.ts";
import type { Branching } from "./carried.ts";
import { takenParts } from "./template-texts.ts";

/** What the key of an element, or the value at a path of it, has to be. */
export interface ElementPart {
  readonly path: "key" | Path;
  readonly value: Json;
}

type Names = Pick<For, "keyName" | "valueName">;

/**
 * What an element has to say so that an expression made of it gives what is wanted; null where nothing tells. `context`:
 * that of another element, whose ways are followed.
 */
export function elementParts(
  names: Names,
  expression: Expression,
  wanted: Json,
  context: EvaluationContext,
  branchesOf: Branching,
): readonly ElementPart[] | null {
  if (!isMadeOf(expression, names)) {
    return equalJson(toPlain(evaluate(expression, context), [], true).json, wanted) ? [] : null;
  }
  const own = ownPart(expression, names, context);
  if (own !== null) return [{ path: own, value: wanted }];
  const inner = (part: Expression, value: Json) => elementParts(names, part, value, context, branchesOf);
  switch (expression.kind) {
    case "object": {
      const keys = expression.items.map(({ key }) => keyText(key, context));
      if (!isJsonObject(wanted) || Object.keys(wanted).some((key) => !keys.includes(key))) return null;
      return together(
        expression.items.map(({ value }, index) => {
          const asked = jsonAt(wanted, [keys[index] ?? ""]);
          return asked === undefined ? null : inner(value, asked);
        }),
      );
    }
    case "tuple": {
      if (!isJsonArray(wanted) || wanted.length !== expression.items.length) return null;
      return together(expression.items.map((item, index) => inner(item, wanted[index] ?? null)));
    }
    case "template": {
      const chooses = expression.parts.some(({ kind }) => kind === "if");
      const parts = (chooses ? takenParts(expression, context)?.parts : null) ?? expression.parts;
      const texts = textsBetween({ ...expression, parts }, wanted, names, context);
      return texts && together(texts.map(([part, text]) => inner(part, text)));
    }
    default:
      for (const { to, invert } of branchesOf({ expression, context, path: [] })) {
        if (to.context !== context || to.path.length > 0 || !isMadeOf(to.expression, names)) continue;
        const further = invert(wanted);
        const parts = further === null ? null : inner(to.expression, further);
        if (parts !== null) return parts;
      }
      return null;
  }
}

function together(parts: readonly (readonly ElementPart[] | null)[]): readonly ElementPart[] | null {
  return parts.includes(null) ? null : parts.flatMap((each) => each ?? []);
}

function isMadeOf(expression: Expression, { keyName, valueName }: Names): boolean {
  return referencesIn(expression).some(({ root: { name } }) => name === keyName || name === valueName);
}

function ownPart(
  node: Expression,
  { keyName, valueName }: Names,
  context: EvaluationContext,
): ElementPart["path"] | null {
  if (node.kind !== "variable" && node.kind !== "get-attribute" && node.kind !== "index") return null;
  const reference = referenceOf(node);
  const name = reference?.root.name ?? null;
  if (reference === null || name === null || bindingOf(context, name) === null) return null;
  if (name === keyName) return reference.steps.length === 0 ? "key" : null;
  if (name !== valueName) return null;
  const steps = reference.steps.map((step) =>
    step.kind === "get-attribute" ? step.name : keyText(step.key, context),
  );
  return steps.includes(null) ? null : steps.filter((step) => step !== null);
}

/** What has to stand for each interpolation that is made of the element; null where that is not clear. */
function textsBetween(
  { parts, form }: Template,
  wanted: Json,
  names: Names,
  context: EvaluationContext,
): readonly (readonly [Expression, Json])[] | null {
  const [only] = parts;
  if (parts.length === 1 && only?.kind === "interpolation" && form === "quoted")
    return [[only.expression, wanted]];
  if (typeof wanted !== "string") return null;
  const found: [Expression, Json][] = [];
  let open: Expression | null = null;
  let rest = wanted;
  const upTo = (text: string, isLast: boolean) => {
    const at = open === null ? 0 : isLast ? rest.length - text.length : rest.indexOf(text);
    if (at < 0 || !rest.startsWith(text, at)) return false;
    // What stands there twice does not tell where the part before it ends.
    if (open !== null && !isLast && rest.indexOf(text, at + 1) !== -1) return false;
    if (open !== null) found.push([open, rest.slice(0, at)]);
    open = null;
    rest = rest.slice(at + text.length);
    return true;
  };
  let text = "";
  for (const part of parts) {
    if (part.kind === "text") {
      text += part.value;
    } else if (part.kind !== "interpolation") {
      return null;
    } else if (!isMadeOf(part.expression, names)) {
      const known = convertedOrNull(part.expression, context, STRING);
      if (known?.kind !== "string") return null;
      text += known.value;
    } else {
      if ((open !== null && text === "") || !upTo(text, false)) return null;
      text = "";
      open = part.expression;
    }
  }
  return upTo(text, true) && rest === "" ? found : null;
}

/** A value with parts of it set; undefined where they contradict each other, or say nothing of it. */
export function withParts(value: Json | undefined, parts: readonly ElementPart[]): Json | undefined {
  const told = new Map<string, Json>();
  let result = value;
  for (const part of parts) {
    if (part.path === "key") continue;
    const name = JSON.stringify(part.path);
    const other = told.get(name);
    if (other !== undefined && !equalJson(other, part.value)) return undefined;
    told.set(name, part.value);
    result = setAt(result, part.path, part.value);
    if (result === undefined) return undefined;
  }
  return result;
}

/** Undefined where a list does not have the element, so that nothing tells what stands before it. */
function setAt(json: Json | undefined, [step, ...rest]: Path, value: Json): Json | undefined {
  if (step === undefined) return value;
  if (typeof step === "number") {
    if (json === undefined || !isJsonArray(json) || step >= json.length) return undefined;
    const item = setAt(json[step], rest, value);
    return item === undefined ? undefined : json.with(step, item);
  }
  const object = json !== undefined && isJsonObject(json) ? json : {};
  const inner = setAt(jsonAt(object, [step]), rest, value);
  if (inner === undefined) return undefined;
  return Object.fromEntries([...Object.entries(object).filter(([key]) => key !== step), [step, inner]]);
}
