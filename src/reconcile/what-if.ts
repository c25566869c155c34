import type { Effect } from "../drift/model.ts";
import { applyEdits, type Edit } from "../hcl/editing/edit.ts";
import type { Diagnostic } from "../hcl/syntax/source.ts";
import { equalJson, isJsonArray, isJsonObject, type Json, jsonAt } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import { valueOfBody } from "../terraform/evaluated-body.ts";
import type { Evaluation, StackInputs } from "../terraform/evaluation.ts";
import { ParsedFiles } from "../terraform/parsed-files.ts";
import type { ResourceInstance } from "../terraform/resource.ts";
import { withFiles } from "../terraform/snapshot.ts";
import { MASK, type PlainValue, toPlain } from "../terraform/value-json.ts";
import { defaultTagEffects } from "./default-tags.ts";

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

/** Everything that differs between two evaluations of a stack. Sensitive values are masked. */
export function effectsBetween(stack: string, before: Evaluation, after: Evaluation): readonly Effect[] {
  if (before === after) return [];
  const effects: Effect[] = [];
  for (const [address, instance] of before.instances) {
    const now = after.instances.get(address);
    if (now === undefined) {
      effects.push({ stack, address, path: "", before: maskedBody(instance), after: null });
      continue;
    }
    for (const [path, was, is] of differences(instance.plain(), now.plain())) {
      effects.push({ stack, address, path: printPath(path), before: was, after: is });
    }
  }
  for (const [address, instance] of after.instances) {
    if (before.instances.has(address)) continue;
    effects.push({ stack, address, path: "", before: null, after: maskedBody(instance) });
  }
  effects.push(...defaultTagEffects(stack, before, after));
  return effects;
}

function maskedBody(instance: ResourceInstance): Json {
  return toPlain(valueOfBody(instance.body())).json;
}

type Difference = readonly [path: Path, before: Json, after: Json];

function differences(before: PlainValue, after: PlainValue): readonly Difference[] {
  const found: Difference[] = [];
  compare(before.json, after.json, [], found);
  found.push(...unknownChanges(before, after, found));
  const secrets = [...before.sensitive, ...after.sensitive];
  return found.map(([path, was, is]) =>
    touches(path, secrets)
      ? [path, masked(was, path, before.sensitive), masked(is, path, after.sensitive)]
      : [path, was, is],
  );
}

/** Null stands for what is unknown, so that a null that becomes unknown is no difference of the JSON. */
function unknownChanges(
  before: PlainValue,
  after: PlainValue,
  found: readonly Difference[],
): readonly Difference[] {
  if (before.unknown.length === 0 && after.unknown.length === 0) return [];
  const told = new Set(found.map(([path]) => printPath(path)));
  const [was, is] = [before, after].map(
    (side) => new Map(side.unknown.map((path) => [printPath(path), path])),
  );
  const turned = [...(was ?? [])].filter(([text]) => !is?.has(text));
  const came = [...(is ?? [])].filter(([text]) => !was?.has(text));
  return [...turned, ...came].flatMap(([text, path]): Difference[] =>
    told.has(text) || told.has(printPath(path.slice(0, -1))) ? [] : [[path, null, null]],
  );
}

/** A value that is absent stays absent: only what is there is secret. */
function masked(value: Json, path: Path, secrets: readonly Path[]): Json {
  return value === null && !touches(path, secrets) ? null : MASK;
}

function touches(path: Path, secrets: readonly Path[]): boolean {
  return secrets.some((secret) => {
    const length = Math.min(secret.length, path.length);
    return secret.slice(0, length).every((step, index) => step === path[index]);
  });
}

/** Down to single attributes; lists of plain values are one value, lists of blocks of equal length are not. */
function compare(before: Json | undefined, after: Json | undefined, path: Path, found: Difference[]): void {
  if (before !== undefined && after !== undefined && equalJson(before, after)) return;
  if (isJsonObject(before) && isJsonObject(after)) {
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(jsonAt(before, [key]), jsonAt(after, [key]), [...path, key], found);
    }
    return;
  }
  const blocks =
    isJsonArray(before) && isJsonArray(after) && before.length === after.length && before.some(isJsonObject);
  if (blocks) {
    for (const [index, item] of before.entries()) compare(item, after[index], [...path, index], found);
    return;
  }
  found.push([path, before ?? null, after ?? null]);
}
