import type { Located } from "../hcl/evaluation/context.ts";
import type { Range } from "../hcl/syntax/source.ts";
import { printNumber } from "../hcl/values/number.ts";
import { isMapping, isSequence, type Value } from "../hcl/values/value.ts";
import { writtenOrigin } from "../hcl/values/written-origin.ts";
import type { Path, PathStep } from "../json/path.ts";
import { isSecretName } from "../json/secret-fields.ts";
import { valueOfBody } from "../terraform/evaluation/evaluated-body.ts";
import { type Evaluation, modulesFrom } from "../terraform/evaluation/evaluation.ts";
import type { ModuleInstance } from "../terraform/evaluation/module-instance.ts";
import type { NamedNode } from "../terraform/evaluation/nodes.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { sensitiveAttributes } from "../terraform/schemas/sensitive-attributes.ts";
import { isPrefix } from "../terraform/state/recorded-value.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";
import { whereabouts } from "../terraform/tracing/whereabouts.ts";
import { withinBudget } from "./within-budget.ts";

/**
 * What makes a text or number secret (docs/security.md):
 * - "own": it is written down as a secret, for a sensitive variable or under a name that tells one; it always is one.
 * - "attribute": it stands in an attribute that a provider's schema calls sensitive; it is none where it is also the
 *   whole of something that is shown openly.
 * - "made": something that is marked is made of it; it is none where something that is shown openly is made of it too.
 */
export type Bond = "own" | "attribute" | "made";

/** A text or number in something that is marked as sensitive. */
export interface SensitivePart {
  /** Blanks around it aside; empty where it is not known. */
  readonly text: string;
  readonly value: Value;
  readonly bond: Bond;
  /** Where it comes from; null where no expression gives it. */
  located(): Located | null;
}

/** Whatever a stack marks as sensitive: in its instances, and in what its modules name. */
export function* sensitiveParts(evaluation: Evaluation): Generator<SensitivePart> {
  for (const instance of evaluation.instances.values()) yield* ofInstance(instance);
  let failures = 0;
  for (const module of modulesFrom(evaluation.root)) {
    for (const [name, node] of namedIn(module)) {
      if (failures >= MOST_FAILURES) return;
      // What costs more than evaluation may was not evaluated for the instances either, and shows nowhere.
      const value = withinBudget(() => node.value());
      if (value === null) failures += 1;
      else yield* ofNamed(module, name, node, value);
    }
  }
}

/** Finding out that a value costs too much costs much itself. */
const MOST_FAILURES = 20;

function namedIn(module: ModuleInstance): (readonly [string, NamedNode])[] {
  const { variables, locals, outputs } = module.module;
  const nodes = [
    ...Array.from(variables.keys(), (name) => [name, module.variable(name)] as const),
    ...Array.from(locals.keys(), (name) => [name, module.local(name)] as const),
    ...Array.from(outputs.keys(), (name) => [name, module.output(name)] as const),
  ];
  return nodes.flatMap(([name, node]) => (node === null ? [] : [[name, node] as const]));
}

function* ofInstance(instance: ResourceInstance): Generator<SensitivePart> {
  const unknown = unknownSecrets(instance);
  const sensitive = [...instance.content.written().sensitive, ...unknown];
  if (sensitive.length === 0) return;
  const body = valueOfBody(instance.body());
  const known = [...instance.content.schemaSensitive(), ...unknown];
  const locate = (path: Path) => {
    const place = whereabouts(instance, path);
    return place.kind === "argument" ? place.located : null;
  };
  for (const path of sensitive) {
    const value = valueAt(body, path);
    if (value === null) continue;
    const bond = known.some((each) => isPrefix(each, path)) ? "attribute" : "made";
    yield* leavesOf({ value, ...orderedPath(body, path) }, () => bond, locate);
  }
}

/** Where an attribute that the schema calls sensitive is not known: what it is made of is secret all the same. */
function unknownSecrets(instance: ResourceInstance): Path[] {
  const names = sensitiveAttributes("managed", instance.address.type);
  if (names.length === 0) return [];
  return instance.content.written().unknown.filter((path) => {
    const steps = path.filter((step) => typeof step === "string");
    return names.some((each) => isPrefix(each, steps));
  });
}

function* ofNamed(
  module: ModuleInstance,
  name: string,
  node: NamedNode,
  value: Value,
): Generator<SensitivePart> {
  const definition = node.definition()?.located ?? null;
  const locate = (path: Path) =>
    definition === null ? null : { ...definition, path: [...definition.path, ...path] };
  const isVariable = module.variable(name) === node;
  const isOwn = (part: Value) => isSecretName(name) || (isVariable && isWrittenIn(part, definition));
  const bondOf = (part: Value) => (isOwn(part) ? "own" : "made");
  for (const part of markedParts(value)) yield* leavesOf(part, bondOf, locate);
}

/** Whether a value has a name that tells a secret, on the way to it or where it is written: `db_password = "…"`. */
function isNamedSecret(value: Value, path: Path): boolean {
  if (hasSecretName(path)) return true;
  const origin = writtenOrigin(value);
  if (origin.kind === "document") return hasSecretName(origin.path);
  return origin.kind === "expression" && isNamedSecretAt(origin.at);
}

/** Whether what is written in a range stands behind a name that tells a secret. */
export function isNamedSecretAt({ file, start }: Range): boolean {
  const before = file.text.slice(
    Math.max(file.text.lastIndexOf("\n", start - 1) + 1, start - LONGEST_NAME),
    start,
  );
  const name = /([\w-]+)["']?\s*[=:]\s*$/.exec(before)?.[1];
  return name !== undefined && isSecretName(name);
}

/** Of a name and what stands between it and what it names. */
const LONGEST_NAME = 200;

/** Whether one of the names on a path tells a secret. */
export function hasSecretName(path: Path): boolean {
  return path.some((step) => typeof step === "string" && isSecretName(step));
}

/** Whether a value is written in the very expression, or comes from outside of the code. */
function isWrittenIn(value: Value, definition: Located | null): boolean {
  const origin = writtenOrigin(value);
  if (definition === null || origin.kind === "setting") return true;
  if (origin.kind !== "expression") return false;
  const { file, start, end } = definition.expression;
  return origin.at.file === file && origin.at.start >= start && origin.at.end <= end;
}

/** A part of a value. */
interface Part {
  readonly value: Value;
  readonly path: Path;
  /** The path ends at a set that the part is in. */
  readonly settled: boolean;
}

function* leavesOf(
  part: Part,
  bondOf: (value: Value) => Bond,
  locate: (path: Path) => Located | null,
): Generator<SensitivePart> {
  const open = [part];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    const text = value.kind === "unknown" ? "" : textOf(value);
    if (text === null) open.push(...partsOf(next));
    else {
      const bond = isNamedSecret(value, path) ? "own" : bondOf(value);
      yield { text, value, bond, located: () => locate(path) };
    }
  }
}

/** The parts of a value that are marked, outermost first. */
function* markedParts(value: Value): Generator<Part> {
  const open: Part[] = [{ value, path: [], settled: false }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.value.sensitive) yield next;
    else for (const part of partsOf(next)) open.push(part);
  }
}

function partsOf({ value, path, settled }: Part): Part[] {
  const stay = settled || value.kind === "set";
  const at = (step: PathStep) => (stay ? path : [...path, step]);
  if (isMapping(value))
    return [...value.entries].map(([key, each]) => ({ value: each, path: at(key), settled: stay }));
  if (!isSequence(value)) return [];
  return value.items.map((each, index) => ({ value: each, path: at(index), settled: stay }));
}

/** A path as far as it leads through no set: in what is written, the elements of one have another order. */
function orderedPath(value: Value, path: Path): { readonly path: Path; readonly settled: boolean } {
  let at: Value | null = value;
  for (const [index, step] of path.entries()) {
    if (at?.kind === "set") return { path: path.slice(0, index), settled: true };
    at = at === null ? null : valueAt(at, [step]);
  }
  return { path, settled: false };
}

/** Null for what is neither text nor number, and for a text of blanks. */
export function textOf(value: Value): string | null {
  if (value.kind === "number") return printNumber(value.value);
  return value.kind === "string" && value.value.trim() !== "" ? value.value.trim() : null;
}
