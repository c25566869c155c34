import type { Effect } from "../drift/model.ts";
import { applyEdits, type Edit } from "../hcl/edit.ts";
import type { Diagnostic } from "../hcl/source.ts";
import { equalJson, isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import { valueOfBody } from "../terraform/evaluated-body.ts";
import type { Evaluation, StackInputs } from "../terraform/evaluation.ts";
import { ParsedFiles } from "../terraform/parsed-files.ts";
import type { ResourceInstance } from "../terraform/resource.ts";
import { withFiles } from "../terraform/snapshot.ts";
import { MASK, type PlainValue, toPlain } from "../terraform/value-json.ts";

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

/** What an edit would do to every stack that sees the edited files. */
export interface Consequences {
  /** New texts of the edited files. */
  readonly texts: ReadonlyMap<string, string>;
  readonly effects: readonly Effect[];
  /** Errors that were not there before. */
  readonly errors: readonly Diagnostic[];
  /** The stacks as they would be, by name; those that do not see the edit are missing. */
  readonly stacks: ReadonlyMap<string, Evaluation>;
}

/**
 * Evaluates the repository as if edits had been made.
 * @throws RangeError where edits overlap.
 */
export function whatIf(repository: Repository, edits: readonly Edit[]): Consequences {
  const texts = editedTexts(repository.files, edits);
  const files = new ParsedFiles(withFiles(repository.files.snapshot, texts), repository.files, texts.keys());
  const effects: Effect[] = [];
  const errors: Diagnostic[] = [];
  const stacks = new Map<string, Evaluation>();
  for (const { name, evaluation } of repository.stacks) {
    if (![...texts.keys()].some((path) => evaluation.files.has(path))) continue;
    const after = repository.evaluate(files, evaluation.inputs);
    stacks.set(name, after);
    effects.push(...effectsOf(name, evaluation, after));
    errors.push(...newErrors(evaluation, after));
  }
  return { texts, effects, errors, stacks };
}

function editedTexts(files: ParsedFiles, edits: readonly Edit[]): Map<string, string> {
  const byFile = Map.groupBy(edits, (edit) => edit.file);
  return new Map([...byFile].map(([path, own]) => [path, applyEdits(files.get(path)?.file.text ?? "", own)]));
}

function newErrors(before: Evaluation, after: Evaluation): Diagnostic[] {
  const known = new Set(before.diagnostics.map((diagnostic) => diagnostic.message));
  return after.diagnostics.filter(({ severity, message }) => severity === "error" && !known.has(message));
}

function effectsOf(stack: string, before: Evaluation, after: Evaluation): Effect[] {
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
  return effects;
}

function maskedBody(instance: ResourceInstance): Json {
  return toPlain(valueOfBody(instance.body())).json;
}

type Difference = readonly [path: Path, before: Json, after: Json];

function differences(before: PlainValue, after: PlainValue): Difference[] {
  const unknown = new Set([...before.unknown, ...after.unknown].map(printPath));
  const found: Difference[] = [];
  compare(before.json, after.json, [], found);
  for (const path of unknown) {
    const [was, is] = [before, after].map((side) => side.unknown.some((other) => printPath(other) === path));
    if (was !== is && !found.some(([other]) => printPath(other) === path)) {
      const at = [...before.unknown, ...after.unknown].find((other) => printPath(other) === path) ?? [];
      found.push([at, null, null]);
    }
  }
  const secrets = [...before.sensitive, ...after.sensitive];
  return found.map(([path, was, is]) => (touches(path, secrets) ? [path, MASK, MASK] : [path, was, is]));
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
      compare(ownValue(before, key), ownValue(after, key), [...path, key], found);
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

function ownValue(object: { readonly [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
