import type { EvaluationContext } from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import type { GetAttribute, Index } from "../../hcl/syntax/syntax.ts";
import type { InstanceKey } from "../address.ts";

/** The instance key at a place of a reference. */
export interface UsedKey {
  /** Null for no key (the single instance), undefined where the reference means all of them or the key is not known. */
  readonly key: InstanceKey | undefined;
  /** How many steps of the reference led there. */
  readonly consumed: number;
  readonly sensitive: boolean;
}

/** The instance that a reference means, where one of its steps may be the key. */
export function instanceKey(
  steps: readonly (GetAttribute | Index)[],
  at: number,
  context: EvaluationContext,
): UsedKey {
  const step = steps[at];
  if (step === undefined) return { key: undefined, consumed: at, sensitive: false };
  if (step.kind === "get-attribute") return { key: null, consumed: at, sensitive: false };
  const { sensitive, ...key } = evaluate(step.key, context);
  if (key.kind === "string") return { key: key.value, consumed: at + 1, sensitive };
  if (key.kind === "number" && typeof key.value === "number")
    return { key: key.value, consumed: at + 1, sensitive };
  return { key: undefined, consumed: at, sensitive };
}

/** The entry that a step selects, where it is written out. */
export function literalKey(step: GetAttribute | Index | undefined): string | null {
  if (step === undefined) return null;
  if (step.kind === "get-attribute") return step.name;
  if (step.key.kind === "number") return /^(?:0|[1-9]\d*)$/.test(step.key.text) ? step.key.text : null;
  const [part] = step.key.kind === "template" ? step.key.parts : [];
  return step.key.kind === "template" && step.key.parts.length === 1 && part?.kind === "text"
    ? part.value
    : null;
}

/** The name that stands at a place of a reference; null for an index, or nothing. */
export function nameAt(steps: readonly (GetAttribute | Index)[], at: number): string | null {
  const step = steps[at];
  return step?.kind === "get-attribute" ? step.name : null;
}
