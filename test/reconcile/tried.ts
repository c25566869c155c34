import { expect } from "vitest";
import type { Effect } from "../../src/drift/model.ts";
import type { Edit } from "../../src/hcl/editing/edit.ts";
import { printJson } from "../../src/json/json.ts";
import { sameEffects } from "../../src/reconcile/proven-edit.ts";
import { outcomeBetween, type Repository, whatIf, withEdits } from "../../src/reconcile/what-if.ts";
import { moduleAddress } from "../../src/terraform/address.ts";
import { WholeNeeded } from "../../src/terraform/cells/trial.ts";
import { type Evaluation, modulesFrom } from "../../src/terraform/evaluation/evaluation.ts";
import { type PlainValue, toPlain } from "../../src/terraform/evaluation/value-json.ts";
import { editedFiles } from "../../src/terraform/source/edited-file.ts";
import { TriedEdits } from "../../src/terraform/trial/tried-edits.ts";

/** What edits do to all stacks. */
export interface Checked {
  readonly effects: readonly Effect[];
  readonly errors: readonly string[];
  /** Why a stack had to be evaluated as a whole. */
  readonly whole: readonly string[];
}

/** All that a repository says, as text: values, what is wrong, and how much there is of it. */
function saidBy({ stacks }: Repository): string {
  return stacks.map(({ name, evaluation }) => [name, ...saidByStack(evaluation)].join("\n")).join("\n\n");
}

function* saidByStack({ root, instances, workings }: Evaluation): Generator<string> {
  for (const [address, instance] of instances) yield said(address, instance.plain());
  for (const module of modulesFrom(root)) {
    for (const node of module.named()) yield said(moduleAddress(module.path), toPlain(node.value()));
    for (const resource of module.resources.values()) {
      if (resource.mode === "managed") continue;
      for (const instance of resource.instances()) yield said(instance.name, instance.plain());
    }
    for (const provider of module.providers) yield said(provider.address, provider.plain());
    const cells = [...module.resources.values(), ...module.calls.values()].map(({ expansion }) => expansion);
    yield `${cells.reduce((sum, cell) => sum + [...cell.readers()].length, 0)} readers`;
  }
  for (const { message, range } of workings.graph.diagnostics())
    yield `${range?.file.path} ${range?.start} ${message}`;
  for (const [module, made] of workings.modules) yield `${module.path}: ${made.length} instances`;
}

function said(name: string, { json, unknown, sensitive }: PlainValue): string {
  return `${name} ${printJson([json, unknown.map((path) => [...path]), sensitive.map((path) => [...path])])}`;
}

/**
 * Compares what a trial shows of edits with what the whole evaluation does; gives the
 * effects, and whether a trial was enough.
 */
export function check(repository: Repository, edits: readonly Edit[]): Checked {
  const before = saidBy(repository);
  const whole = withEdits(repository, edits);
  const shown = whatIf(repository, edits, (outcomeOf) =>
    repository.stacks.map((stack) => {
      const { errors, effects } = outcomeOf(stack);
      return { errors: errors.map(({ message }) => message), effects: [...effects] };
    }),
  );
  for (const [index, stack] of repository.stacks.entries()) {
    const expected = outcomeBetween(stack, whole.after(stack));
    const errors = expected.errors.map(({ message }) => message);
    const said = shown[index]?.errors ?? [];
    // The import of an instance that an edit takes away is not looked at by the whole evaluation.
    if (stack.evaluation.root.module.imports.length > 0) expect(said.length > 0).toBe(errors.length > 0);
    else expect(said.toSorted()).toEqual(errors.toSorted());
    if (errors.length > 0) continue;
    const effects = shown[index]?.effects ?? [];
    if (!sameEffects(effects, expected.effects)) expect(effects).toEqual(expected.effects);
  }
  expect(saidBy(repository)).toBe(before);
  return {
    effects: shown.flatMap(({ effects }) => effects),
    errors: shown.flatMap(({ errors }) => errors),
    whole: repository.stacks.flatMap(({ evaluation }) => whyWhole(repository, evaluation, edits) ?? []),
  };
}

function whyWhole({ files }: Repository, evaluation: Evaluation, edits: readonly Edit[]): string | null {
  try {
    new TriedEdits(evaluation, editedFiles(files, edits)).end();
    return null;
  } catch (error) {
    if (error instanceof WholeNeeded) return error.message;
    throw error;
  }
}
