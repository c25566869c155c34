import { referenceOf } from "../hcl/evaluation/reference.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import type { Address, InstanceKey, ModulePath } from "./address.ts";

/** A resource, one of its instances, or a module. */
export interface Place {
  readonly module: ModulePath;
  readonly resource: Pick<Address, "type" | "name" | "key"> | null;
}

/** The instance key that an index stands for; undefined where it stands for none. */
type KeyReader = (node: Expression) => InstanceKey | undefined;

/** What a reference such as `module.web["a"].aws_instance.this[0]` names; null where it names neither. */
export function placeOf(node: Expression | null, readKey: KeyReader): Place | null {
  if (node?.kind !== "variable" && node?.kind !== "get-attribute" && node?.kind !== "index") return null;
  const reference = referenceOf(node);
  if (reference === null) return null;
  const steps: Step[] = [reference.root.name];
  for (const step of reference.steps) {
    if (step.kind === "get-attribute") {
      steps.push(step.name);
      continue;
    }
    const key = readKey(step.key);
    if (key === undefined) return null;
    steps.push({ key });
  }
  const module: { name: string; key: InstanceKey }[] = [];
  while (steps[0] === "module") {
    steps.shift();
    const name = steps.shift();
    if (typeof name !== "string") return null;
    module.push({ name, key: takeKey(steps) });
  }
  if (steps.length === 0) return { module, resource: null };
  const [type, name] = [steps.shift(), steps.shift()];
  if (typeof type !== "string" || typeof name !== "string") return null;
  const key = takeKey(steps);
  return steps.length === 0 ? { module, resource: { type, name, key } } : null;
}

type Step = string | { readonly key: InstanceKey };

function takeKey(steps: Step[]): InstanceKey {
  const [first] = steps;
  if (typeof first !== "object") return null;
  steps.shift();
  return first.key;
}

/** A key that is written out: a number, or a text without interpolation. */
export function literalKey(node: Expression): InstanceKey | undefined {
  if (node.kind === "number") return Number(node.text);
  if (node.kind !== "template" || node.parts.length > 1) return undefined;
  const [part] = node.parts;
  if (part === undefined) return "";
  return part.kind === "text" ? part.value : undefined;
}
