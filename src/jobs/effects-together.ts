import { APPLY_EFFECTS } from "../drift/apply-effect.ts";
import type { Affected, NotEvaluated, StackChange } from "../reports/affected.ts";
import type { ChangeEffects } from "./code-change.ts";

/** The effects of one head on several bases. Where they differ for a drift, the worst is told. */
export function together(all: readonly ChangeEffects[]): ChangeEffects {
  const effects = new Map<string, Affected>();
  const notEvaluated = new Map<string, NotEvaluated>();
  for (const one of all.flatMap((each) => each.affected)) {
    const key = JSON.stringify([one.stack.name, one.finding.fingerprint]);
    const known = effects.get(key);
    if (known === undefined || badness(one) < badness(known)) effects.set(key, one);
  }
  for (const one of all.flatMap((each) => each.notEvaluated)) {
    notEvaluated.set(JSON.stringify([one.stack, one.why]), one);
  }
  const changes = Map.groupBy(
    all.flatMap((each) => each.changes),
    ({ stack }) => stack,
  );
  return {
    affected: [...effects.values()],
    notEvaluated: [...notEvaluated.values()],
    changes: [...changes.values()].map(onAllBases),
  };
}

/** What the change does on any of the bases. */
function onAllBases(all: readonly StackChange[]): StackChange {
  const instances = new Map<string, StackChange["instances"][number]>();
  for (const one of all.flatMap((each) => each.instances)) {
    const key = JSON.stringify([one.what, one.address]);
    const known = instances.get(key);
    if (known === undefined || known.count < one.count) instances.set(key, one);
  }
  return {
    stack: all[0]?.stack ?? "",
    instances: [...instances.values()],
    undecided: Math.max(...all.map(({ undecided }) => undecided)),
    why: all.find(({ why }) => why !== null)?.why ?? null,
  };
}

/** The smaller, the worse. */
function badness({ effect }: Affected): number {
  return APPLY_EFFECTS.indexOf(effect);
}
