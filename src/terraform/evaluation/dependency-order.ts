import { referencesIn } from "../../hcl/evaluation/references.ts";
import type { Module } from "../code/module.ts";
import type { ModuleInstance } from "./module-instance.ts";

/** A chain of fewer locals fits the stack however it is evaluated. */
const FEW = 100;

/**
 * Evaluates the locals of a module, each after those that it refers to. Asked for from the other end, each local of a
 * chain would be evaluated within the one that refers to it, and a long chain would not fit the stack.
 */
export function evaluateLocalsInOrder(instance: ModuleInstance): void {
  const { locals } = instance.module;
  if (locals.size < FEW) return;
  const seen = new Set<string>();
  for (const name of locals.keys()) {
    const open = [{ name, isReady: false }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      if (next.isReady) instance.local(next.name)?.value();
      if (next.isReady || seen.has(next.name)) continue;
      seen.add(next.name);
      open.push({ name: next.name, isReady: true });
      for (const local of localsIn(next.name, locals))
        if (!seen.has(local)) open.push({ name: local, isReady: false });
    }
  }
}

/** The locals that a local refers to. */
function localsIn(name: string, locals: Module["locals"]): string[] {
  const expression = locals.get(name)?.value;
  if (expression === undefined) return [];
  return referencesIn(expression).flatMap(({ root, steps: [step] }) =>
    root.name === "local" && step?.kind === "get-attribute" && locals.has(step.name) ? [step.name] : [],
  );
}
