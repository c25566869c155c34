import type { Effect } from "../drift/model.ts";
import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import type { Diagnostic } from "../hcl/syntax/source.ts";
import type { Json } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import { valueOfBody } from "../terraform/evaluated-body.ts";
import { type Evaluation, modulesFrom, type StackInputs } from "../terraform/evaluation.ts";
import { ParsedFiles } from "../terraform/parsed-files.ts";
import type { ResourceInstance } from "../terraform/resource.ts";
import { withFiles } from "../terraform/snapshot.ts";
import { toPlain } from "../terraform/value-json.ts";
import { defaultTagEffects } from "./default-tags.ts";
import { differences } from "./differences.ts";
import { providerEffects } from "./provider-effects.ts";

/** A stack of the repository, evaluated as its files are. */
export interface EvaluatedStack {
  readonly name: string;
  readonly evaluation: Evaluation;
}

/** The files of the repository, its stacks, and the means to evaluate one of them again. */
export interface Repository {
  readonly files: ParsedFiles;
  readonly stacks: readonly EvaluatedStack[];
  evaluate(files: ParsedFiles, inputs: StackInputs): Evaluation;
}

/** A repository as it would be with edits made: each stack is evaluated when first asked for. */
export interface EditedRepository {
  /** New texts of the edited files. */
  readonly texts: ReadonlyMap<string, string>;
  /** A stack as it would be; the same object as before where it does not see the edited files. */
  after(stack: EvaluatedStack): Evaluation;
  /** All of it. */
  whole(): Repository;
}

/**
 * The repository as if edits had been made.
 * @throws RangeError where edits overlap.
 */
export function withEdits(repository: Repository, edits: readonly Edit[]): EditedRepository {
  const texts = editedTexts(repository.files, edits);
  const files = new ParsedFiles(withFiles(repository.files.snapshot, texts), repository.files, texts.keys());
  const evaluated = new Map<string, Evaluation>();
  function after({ name, evaluation }: EvaluatedStack): Evaluation {
    if (![...texts.keys()].some((path) => evaluation.files.has(path))) return evaluation;
    const known = evaluated.get(name);
    if (known !== undefined) return known;
    const result = repository.evaluate(files, evaluation.inputs);
    evaluated.set(name, result);
    return result;
  }
  function whole(): Repository {
    const stacks = repository.stacks.map((stack) => ({ name: stack.name, evaluation: after(stack) }));
    return { ...repository, files, stacks };
  }
  return { texts, after, whole };
}

function editedTexts(files: ParsedFiles, edits: readonly Edit[]): Map<string, string> {
  const byFile = Map.groupBy(edits, (edit) => edit.file);
  return new Map([...byFile].map(([path, own]) => [path, applyEdits(files.get(path)?.file.text ?? "", own)]));
}

/** The errors of a stack that were not there before. A message that was there comes as often as before. */
export function newErrors(before: Evaluation, after: Evaluation): readonly Diagnostic[] {
  const known = new Map<string, number>();
  for (const { message } of before.diagnostics) known.set(message, (known.get(message) ?? 0) + 1);
  return after.diagnostics.filter(({ severity, message }) => {
    const left = known.get(message) ?? 0;
    known.set(message, left - 1);
    return severity === "error" && left <= 0;
  });
}

/**
 * Everything that differs between two evaluations of a stack: instances, what data sources are asked for, how providers
 * are configured. Sensitive values are masked. Outputs of the root module are not told: they are derived from the rest,
 * and to change one changes nothing in a cloud.
 */
export function effectsBetween(stack: string, before: Evaluation, after: Evaluation): readonly Effect[] {
  if (before === after) return [];
  return [
    ...instanceEffects(stack, before.instances, after.instances),
    ...defaultTagEffects(stack, before, after),
    ...instanceEffects(stack, dataSources(before), dataSources(after)),
    ...providerEffects(stack, before, after),
  ];
}

type Instances = ReadonlyMap<string, ResourceInstance>;

function instanceEffects(stack: string, before: Instances, after: Instances): readonly Effect[] {
  const effects: Effect[] = [];
  for (const [address, instance] of before) {
    const now = after.get(address);
    if (now === undefined) {
      effects.push({ stack, address, path: "", before: maskedBody(instance), after: null });
      continue;
    }
    for (const [path, was, is] of differences(instance.plain(), now.plain())) {
      effects.push({ stack, address, path: printPath(path), before: was, after: is });
    }
  }
  for (const [address, instance] of after) {
    if (before.has(address)) continue;
    effects.push({ stack, address, path: "", before: null, after: maskedBody(instance) });
  }
  return effects;
}

/** The instances keep what they were evaluated to, so that asking again costs little. */
function dataSources({ root }: Evaluation): Instances {
  const found = new Map<string, ResourceInstance>();
  for (const module of modulesFrom(root)) {
    for (const resource of module.resources.values()) {
      if (resource.mode !== "data") continue;
      for (const instance of resource.instances()) found.set(instance.name, instance);
    }
  }
  return found;
}

function maskedBody(instance: ResourceInstance): Json {
  return toPlain(valueOfBody(instance.body())).json;
}
