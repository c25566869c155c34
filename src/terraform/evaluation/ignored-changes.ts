import { referenceOf } from "../../hcl/evaluation/reference.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Body, Expression, GetAttribute, Index } from "../../hcl/syntax/syntax.ts";
import { isJsonArray, type Json, jsonAt } from "../../json/json.ts";
import type { Path, PathStep } from "../../json/path.ts";
import { attributeOf } from "../code/body-index.ts";
import { literalText } from "../code/literal.ts";
import { MAP_ARGUMENTS } from "../code/map-arguments.ts";
import { blocksOf } from "../code/module.ts";
import type { StateInstance } from "../state/state-instance.ts";

/**
 * `lifecycle.ignore_changes`: what differs from the code on purpose
 * (https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes).
 */
export interface IgnoredChanges {
  /** The word `all`. */
  readonly all: Range | null;
  readonly paths: readonly IgnoredPath[];
}

interface IgnoredPath {
  readonly path: Path;
  /** The last step is a key in brackets: of a map, what that key has is ignored, whether it is there or not. */
  readonly isKey: boolean;
  readonly at: Range;
}

const NOTHING: IgnoredChanges = { all: null, paths: [] };

export function isNothing({ all, paths }: IgnoredChanges): boolean {
  return all === null && paths.length === 0;
}

export function readIgnoredChanges(body: Body): IgnoredChanges {
  const [lifecycle] = blocksOf(body, "lifecycle");
  const ignored = lifecycle === undefined ? null : attributeOf(lifecycle.body, "ignore_changes");
  if (ignored === null) return NOTHING;
  const { value } = ignored;
  if (value.kind === "variable" && value.name === "all") return { all: value, paths: [] };
  if (value.kind !== "tuple") return NOTHING;
  const paths = value.items.flatMap(readPath);
  // Terraform before 0.12 wrote it so.
  const star = paths.find(({ path }) => path.length === 1 && path[0] === "*");
  return star === undefined ? { all: null, paths } : { all: star.at, paths: [] };
}

/** The same as plain paths. */
export function ignoredChanges(body: Body): "all" | readonly Path[] {
  const { all, paths } = readIgnoredChanges(body);
  return all === null ? paths.map(({ path }) => path) : "all";
}

function readPath(node: Expression): IgnoredPath[] {
  if (node.kind === "template") {
    const text = literalText(node);
    return text === undefined ? [] : [{ path: [text], isKey: false, at: node }];
  }
  const reference = isAccess(node) ? referenceOf(node) : null;
  const steps = reference === null ? null : stepsOf(reference.steps);
  if (reference === null || steps === null) return [];
  const { name } = reference.root;
  const [first] = reference.steps;
  // Terraform finds attributes of objects so, not keys of maps: `tags.Name` ignores nothing.
  if (first?.kind === "get-attribute" && isMapArgument(name)) return [];
  const isKey = reference.steps.at(-1)?.kind === "index" && typeof steps.at(-1) === "string";
  return [{ path: [name, ...steps], isKey, at: node }];
}

function isMapArgument(name: string): boolean {
  return MAP_ARGUMENTS.always.has(name) || MAP_ARGUMENTS.mostly.has(name);
}

function isAccess(node: Expression): node is Expression & { kind: "variable" | "get-attribute" | "index" } {
  return node.kind === "variable" || node.kind === "get-attribute" || node.kind === "index";
}

/** The steps of a reference; null where a key is not written out. */
export function stepsOf(steps: readonly (GetAttribute | Index)[]): PathStep[] | null {
  const keys = steps.map((step) => (step.kind === "get-attribute" ? step.name : keyOf(step.key)));
  return keys.every((key) => key !== null) ? keys : null;
}

function keyOf(node: Expression): PathStep | null {
  if (node.kind === "number") return Number(node.text);
  return literalText(node) ?? null;
}

/** What a resource ignores, and where it stands, of which the state decides. */
export type KeptPath = IgnoredPath;

const NONE: readonly KeptPath[] = [];

/**
 * Where the state decides what an argument or nested blocks are: Terraform plans with what is recorded at ignored paths.
 * An instance that the state does not have is made as the code says, and so is one that is tainted.
 */
export function keptPaths(
  { all, paths }: IgnoredChanges,
  recorded: StateInstance | null,
  name: string,
): readonly KeptPath[] {
  if (recorded === null || recorded.tainted || jsonAt(recorded.attributes, [name]) === undefined) return NONE;
  if (all !== null) return [{ path: [name], isKey: false, at: all }];
  return paths.filter(({ path }) => path[0] === name).flatMap((ignored) => keptPath(ignored, recorded));
}

function keptPath(ignored: IgnoredPath, { attributes, dynamicTypes }: StateInstance): KeptPath[] {
  const { path, isKey } = ignored;
  if (!isKey) return jsonAt(attributes, path) === undefined ? [] : [ignored];
  const holder = path.slice(0, -1);
  if (jsonAt(attributes, holder) === undefined) return [];
  // Of an object, Terraform ignores all where it is asked for one key.
  return holder.length === 1 && isObjectType(dynamicTypes.get(String(path[0])))
    ? [{ ...ignored, path: holder, isKey: false }]
    : [ignored];
}

function isObjectType(type: Json | undefined): boolean {
  return type !== undefined && isJsonArray(type) && type[0] === "object";
}
