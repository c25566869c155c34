import type { Block } from "../hcl/syntax/syntax.ts";
import { modulesFrom } from "../terraform/evaluation/evaluation.ts";
import type { ModuleInstance } from "../terraform/evaluation/module-instance.ts";
import { isCode } from "../terraform/source/file-names.ts";
import { folderOf } from "../terraform/source/snapshot.ts";
import type { Repository } from "./what-if.ts";

/**
 * Whether a file is part of a module that more than one place calls: several blocks, or several stacks. The instances
 * of one block with `for_each` are one caller.
 */
export function sharedModules({ stacks }: Repository): (file: string) => boolean {
  const callers = new Map<string, Set<string>>();
  for (const { name, evaluation } of stacks) {
    for (const module of modulesFrom(evaluation.root)) {
      const caller = callerOf(name, module);
      const known = callers.get(module.module.path);
      if (known === undefined) callers.set(module.module.path, new Set([caller]));
      else known.add(caller);
    }
  }
  const isModule = (file: string) => isCode(file.slice(file.lastIndexOf("/") + 1));
  return (file) => isModule(file) && (callers.get(folderOf(file))?.size ?? 0) > 1;
}

/** Modules that `terraform init` brought are not this repository's to edit. */
export function isInstalledModule(file: string): boolean {
  return file.startsWith(".terraform/") || file.includes("/.terraform/");
}

function callerOf(stack: string, { caller }: ModuleInstance): string {
  const block: Block | null = caller?.block ?? null;
  return JSON.stringify(block === null ? [stack] : [stack, block.file.path, block.start]);
}
