import type { Edit } from "../hcl/editing/edit.ts";
import type { Block } from "../hcl/syntax/syntax.ts";
import type { DeletedTogether } from "../reconcile/deletion-together.ts";
import type { Deletion } from "../reconcile/gone-instances.ts";
import { keyOfInstance } from "../reconcile/keyed-instance.ts";
import type { Repository } from "../reconcile/repository.ts";
import { outcomesBetween } from "../reconcile/what-if.ts";
import { modulesFrom } from "../terraform/evaluation/evaluation.ts";
import type { ModuleCall } from "../terraform/evaluation/module-instance.ts";
import type { Step } from "./edit-steps.ts";
import { Joined } from "./joined.ts";
import { lineEdits } from "./line-edits.ts";

/**
 * The parts of an edit that takes out whole blocks, each with the instances that go with it. One evaluation has shown
 * that just these go and nothing else changes, so that each part does the same without the others where it names none of
 * theirs (`Step.names`).
 */
export function blockSteps(
  before: Repository,
  { repository, texts, deletions }: DeletedTogether,
): readonly { readonly edits: readonly Edit[]; readonly step: Step }[] {
  const edits = [...texts].flatMap(([path, text]) => {
    const file = before.files.get(path)?.file;
    if (file === undefined) return [];
    return lineEdits({ file: path, start: 0, end: file.text.length, text }, file.text);
  });
  const joined = new Joined();
  for (const _ of edits) joined.add();
  const blocksOf = blocksAround(before, deletions);
  const parts = deletions.map((deletion) => {
    const blocks = blocksOf.get(keyOfInstance(deletion)) ?? [];
    const own = [...edits.keys()].filter((index) => blocks.some(({ block }) => holds(edits[index], block)));
    joined.joinAll(own);
    return {
      deletion,
      own,
      names: blocks.filter(({ block }) => isTaken(edits, block)).map(({ name }) => name),
    };
  });
  const taken = new Set(parts.flatMap(({ own }) => own));
  // What belongs to none of the instances may belong to any.
  if (taken.size < edits.length || parts.some(({ own }) => own.length === 0)) joined.joinAll(edits.keys());
  const effects = outcomesBetween(before, repository).flatMap((outcome) => outcome.effects);
  const isOfOne = new Set(deletions.map(keyOfInstance));
  const isProven = effects.every(({ stack = "", address }) => isOfOne.has(keyOfInstance({ stack, address })));
  return joined.groups().map((group) => {
    const own = parts.filter(
      (part) => part.own.length === 0 || part.own.some((index) => group.includes(index)),
    );
    const keys = new Set(own.map(({ deletion }) => keyOfInstance(deletion)));
    const changed = effects.filter(({ stack = "", address }) => keys.has(keyOfInstance({ stack, address })));
    return {
      edits: group.flatMap((index) => edits[index] ?? []),
      step: {
        wishes: own.map(({ deletion }) => deletion),
        effects: changed,
        alone: isProven ? { effects: changed, allEffects: changed, aside: [] } : null,
        names: [...new Set(own.flatMap(({ names }) => names))],
      },
    };
  });
}

interface Named {
  readonly name: string;
  readonly block: Block;
}

/** The blocks that make an instance: its own, and the calls of the modules that it is in. */
function blocksAround(
  { stacks }: Repository,
  deletions: readonly Deletion[],
): ReadonlyMap<string, readonly Named[]> {
  const wanted = new Set(deletions.map(keyOfInstance));
  const found = new Map<string, readonly Named[]>();
  for (const { name: stack, evaluation } of stacks) {
    if (!deletions.some((each) => each.stack === stack)) continue;
    for (const module of modulesFrom(evaluation.root)) {
      const calls = callsAround(module.caller);
      for (const [name, resource] of module.resources) {
        for (const instance of resource.mode === "managed" ? resource.instances() : []) {
          const key = keyOfInstance({ stack, address: instance.name });
          if (wanted.has(key)) found.set(key, [{ name, block: instance.block }, ...calls]);
        }
      }
    }
  }
  return found;
}

function callsAround(caller: ModuleCall | null): readonly Named[] {
  const calls: Named[] = [];
  for (let call = caller; call !== null; call = call.outer.caller)
    calls.push({ name: `module.${call.name}`, block: call.block });
  return calls;
}

function holds(edit: Edit | undefined, { file, start }: Block): boolean {
  return edit !== undefined && edit.file === file.path && edit.start <= start && start < edit.end;
}

function isTaken(edits: readonly Edit[], block: Block): boolean {
  return edits.some((edit) => holds(edit, block));
}
