import { expect } from "vitest";
import type { Effect } from "../../src/drift/model.ts";
import type { Edit } from "../../src/hcl/editing/edit.ts";
import { printJson } from "../../src/json/json.ts";
import { sameEffects } from "../../src/reconcile/proven-edit.ts";
import { type EvaluatedStack, type Repository, withEdits } from "../../src/reconcile/repository.ts";
import { type Outcome, outcomeBetween, whatIf, whatIfFor } from "../../src/reconcile/what-if.ts";
import { moduleAddress } from "../../src/terraform/address.ts";
import { WholeNeeded } from "../../src/terraform/cells/trial.ts";
import { type Evaluation, modulesFrom } from "../../src/terraform/evaluation/evaluation.ts";
import type { InstanceContent } from "../../src/terraform/evaluation/instance-content.ts";
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

function* saidByStack({ root, instances, internals }: Evaluation): Generator<string> {
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
  for (const { message, range } of internals.graph.diagnostics())
    yield `${range?.file.path} ${range?.start} ${message}`;
  for (const [module, made] of internals.modules) yield `${module.path}: ${made.length} instances`;
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
    expect(said.toSorted()).toEqual(errors.toSorted());
    if (errors.length > 0) continue;
    const effects = shown[index]?.effects ?? [];
    if (!sameEffects(effects, expected.effects)) expect(effects).toEqual(expected.effects);
  }
  checkAims(repository, edits, shown);
  expect(saidBy(repository)).toBe(before);
  return {
    effects: shown.flatMap(({ effects }) => effects),
    errors: shown.flatMap(({ errors }) => errors),
    whole: repository.stacks.flatMap(({ evaluation }) => whyWhole(repository, evaluation, edits) ?? []),
  };
}

/** What an aim makes known early has to be what is known in the end. */
function checkAims(
  repository: Repository,
  edits: readonly Edit[],
  shown: readonly { readonly errors: readonly string[]; readonly effects: readonly Effect[] }[],
): void {
  if (shown.some(({ errors }) => errors.length > 0)) return;
  const effects = shown.flatMap((each) => each.effects);
  for (const { stack, address } of targetsIn(repository, effects)) {
    const found = repository.stacks.find(({ name }) => name === stack);
    if (found === undefined) continue;
    const said = whatIf(repository, edits, (of) => plainText(of(found).content(address)));
    const isSaid = (now: InstanceContent) => plainText(now) === said;
    const isShared = effects.some((effect) => effect.address !== address || effect.stack !== stack);
    const look = (of: (each: EvaluatedStack) => Outcome) => repository.stacks.map((each) => of(each).effects);
    const aim = { stack, address, mayChange: () => false };
    if (said !== null) {
      const result = whatIfFor(repository, edits, { ...aim, isReached: isSaid }, look);
      expect(result === "shared" ? isShared : typeof result !== "string").toBe(true);
    }
    const missed = whatIfFor(repository, edits, { ...aim, mayChange: "any", isReached: () => false }, look);
    if (whyWhole(repository, found.evaluation, edits) === null) {
      // Of an instance that goes with its module a trial may look at what it said.
      expect(said === null ? ["gone", "unreached"] : ["unreached"]).toContain(missed);
    }
  }
}

/** Some resources that change, and one that may not. */
function targetsIn({ stacks }: Repository, effects: readonly Effect[]): { stack: string; address: string }[] {
  const changed = effects
    .slice(0, 3)
    .flatMap(({ stack, address }) => (stack === undefined ? [] : [{ stack, address }]));
  const known = stacks.flatMap(({ name, evaluation }) =>
    [...evaluation.instances.keys()].slice(-1).map((address) => ({ stack: name, address })),
  );
  return [...changed, ...known].filter(({ stack, address }) =>
    stacks.some(({ name, evaluation }) => name === stack && evaluation.instances.has(address)),
  );
}

function plainText(content: InstanceContent | null): string | null {
  return content && said("", content.plain());
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
