import {
  canonicalJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from "../../src/json/json.ts";
import { type Path, printPath } from "../../src/json/path.ts";
import type { Evaluation } from "../../src/terraform/evaluation/evaluation.ts";
import { type PlainValue, toPlain } from "../../src/terraform/evaluation/value-json.ts";

/** What an argument or an output is, in words that can be compared: value, unknown paths, sensitive paths. */
export interface Answer {
  readonly value: string;
  readonly unknown: readonly string[];
  readonly sensitive: readonly string[];
}

/** By `address.argument`, outputs by `output.name`. */
export type Answers = Readonly<Record<string, Answer>>;

const ARGUMENTS = ["input", "triggers_replace"];

/** What a plan (`terraform show -json`) says of the arguments of every `terraform_data` and of the root's outputs. */
export function plannedAnswers(plan: string): Answers {
  const document = asObject(parseJson(plan));
  const answers: [string, Answer][] = [];
  for (const entry of asList(document["resource_changes"])) {
    const { address, mode, change } = asObject(entry);
    const { actions, ...rest } = asObject(change);
    if (mode !== "managed" || asList(actions).join() === "delete") continue;
    for (const name of ARGUMENTS) answers.push([`${address}.${name}`, planned(rest, name)]);
  }
  for (const [name, change] of Object.entries(asObject(document["output_changes"]))) {
    if (asList(asObject(change)["actions"]).join() !== "delete")
      answers.push([`output.${name}`, planned(asObject(change), null)]);
  }
  return Object.fromEntries(answers);
}

/** The addresses that a plan has in the place of others, and the id that each of them has in the state. */
export function plannedIds(plan: string): Readonly<Record<string, Json>> {
  const changes = asList(asObject(parseJson(plan))["resource_changes"]).map(asObject);
  return Object.fromEntries(
    changes
      .filter(
        ({ mode, change }) => mode === "managed" && asList(asObject(change)["actions"]).join() !== "delete",
      )
      .map(({ address, change }) => [String(address), asObject(asObject(change)["before"])["id"] ?? null]),
  );
}

/** The ids that a plan imports from, by address. */
export function plannedImports(plan: string): Readonly<Record<string, Json>> {
  const changes = asList(asObject(parseJson(plan))["resource_changes"]).map(asObject);
  return Object.fromEntries(
    changes.flatMap(({ address, change }) => {
      const { id } = asObject(asObject(change)["importing"]);
      return id === undefined ? [] : [[String(address), id]];
    }),
  );
}

/** The same of our evaluation. */
export function evaluatedAnswers(evaluation: Evaluation): Answers {
  const answers: [string, Answer][] = [];
  for (const instance of evaluation.instances.values()) {
    const plain = toPlain(instance.content.value(), [], true);
    for (const name of ARGUMENTS) answers.push([`${instance.name}.${name}`, evaluated(plain, name)]);
  }
  for (const name of evaluation.root.module.outputs.keys()) {
    const output = evaluation.root.output(name);
    if (output !== null) answers.push([`output.${name}`, evaluated(toPlain(output.value(), [], true), null)]);
  }
  return Object.fromEntries(answers);
}

function planned(change: JsonObject, name: string | null): Answer {
  const [after, unknown, sensitive] = ["after", "after_unknown", "after_sensitive"].map((part) => {
    const json = change[part];
    return name === null ? json : asObject(json)[name];
  });
  return {
    value: canonicalJson(filled(after ?? null, unknown ?? false)),
    unknown: truePaths(unknown ?? false).sort(),
    sensitive: truePaths(sensitive ?? false).sort(),
  };
}

function evaluated({ json, unknown, sensitive }: PlainValue, name: string | null): Answer {
  const below = (paths: readonly Path[]) =>
    paths
      .filter((path) => name === null || path[0] === name)
      .filter((path) => !paths.some((other) => isInside(path, other)))
      .map((path) => printPath(name === null ? path : path.slice(1)))
      .sort();
  const value = name === null ? json : (asObject(json)[name] ?? null);
  return { value: canonicalJson(value), unknown: below(unknown), sensitive: below(sensitive) };
}

function isInside(path: Path, outer: Path): boolean {
  return outer.length < path.length && outer.every((step, index) => step === path[index]);
}

/** A plan leaves unknown attributes out; null stands in their places here. */
function filled(json: Json, unknown: Json): Json {
  if (isJsonObject(unknown)) {
    const values = isJsonObject(json) ? json : {};
    const names = new Set([
      ...Object.keys(values),
      ...Object.keys(unknown).filter((name) => hasTrue(own(unknown, name))),
    ]);
    return Object.fromEntries(
      [...names].map((name) => [name, filled(own(values, name) ?? null, own(unknown, name) ?? false)]),
    );
  }
  if (isJsonArray(unknown) && isJsonArray(json))
    return json.map((item, index) => filled(item, unknown[index] ?? false));
  return unknown === true ? null : json;
}

function own(json: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(json, name) ? json[name] : undefined;
}

function hasTrue(marks: Json | undefined): boolean {
  return marks !== undefined && truePaths(marks).length > 0;
}

function truePaths(marks: Json, path: Path = []): string[] {
  if (marks === true) return [printPath(path)];
  if (isJsonArray(marks)) return marks.flatMap((mark, index) => truePaths(mark, [...path, index]));
  if (!isJsonObject(marks)) return [];
  return Object.entries(marks).flatMap(([name, mark]) => truePaths(mark, [...path, name]));
}

function asObject(json: Json | undefined): JsonObject {
  return isJsonObject(json) ? json : {};
}

function asList(json: Json | undefined): readonly Json[] {
  return isJsonArray(json) ? json : [];
}
