import type { Block } from "../hcl/syntax/syntax.ts";
import { modulesFrom } from "../terraform/evaluation/evaluation.ts";
import { isCode } from "../terraform/source/file-names.ts";
import { folderOf } from "../terraform/source/snapshot.ts";
import type { EvaluatedStack, Repository } from "./repository.ts";

/**
 * Whether a file is part of a module that more than one place calls: several blocks, or several stacks. The instances
 * of one block with `for_each` are one caller.
 */
export function sharedModules(repository: Repository): (file: string) => boolean {
  const known = new Map<string, boolean>();
  return (file) => {
    if (!isCode(file.slice(file.lastIndexOf("/") + 1))) return false;
    const folder = folderOf(file);
    const shared = known.get(folder) ?? hasSeveralCallers(repository, folder);
    known.set(folder, shared);
    return shared;
  };
}

/** Whether a file is code of a module that is called, by however many; `shared`: by several places. */
export function calledModules(repository: Repository): (file: string) => "root" | "called" | "shared" {
  const isShared = sharedModules(repository);
  const roots = new Set(repository.stacks.map(({ evaluation }) => evaluation.root.module.path));
  const called = new Set(
    repository.stacks.flatMap(({ evaluation }) =>
      [...modulesFrom(evaluation.root)].flatMap(({ module, caller }) =>
        caller === null ? [] : [module.path],
      ),
    ),
  );
  return (file) => {
    if (!isCode(file.slice(file.lastIndexOf("/") + 1))) return "root";
    const folder = folderOf(file);
    if (!called.has(folder)) return "root";
    return isShared(file) || roots.has(folder) ? "shared" : "called";
  };
}

function hasSeveralCallers({ stacks }: Repository, folder: string): boolean {
  let first: { readonly stack: EvaluatedStack; readonly block: Block | null } | null = null;
  for (const stack of stacks) {
    for (const { module, caller } of modulesFrom(stack.evaluation.root)) {
      if (module.path !== folder) continue;
      const block = caller?.block ?? null;
      if (first === null) first = { stack, block };
      else if (first.stack !== stack || !isSameBlock(first.block, block)) return true;
    }
  }
  return false;
}

function isSameBlock(a: Block | null, b: Block | null): boolean {
  return a === b || (a !== null && b !== null && a.file.path === b.file.path && a.start === b.start);
}

/** Modules that `terraform init` brought are not this repository's to edit. */
export function isInstalledModule(file: string): boolean {
  return file.startsWith(".terraform/") || file.includes("/.terraform/");
}
