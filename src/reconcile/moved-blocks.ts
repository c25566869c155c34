import type { Edit } from "../hcl/editing/edit.ts";
import { insertBlock } from "../hcl/editing/insert.ts";
import { replaceValue } from "../hcl/editing/replace.ts";
import type { Block, Body } from "../hcl/syntax/syntax.ts";
import { moduleAddress, printAddress } from "../terraform/address.ts";
import { attributeOf, type Module } from "../terraform/code/module.ts";
import { moduleIn, modulesIn } from "../terraform/code/module-tree.ts";
import { areMovesKnown } from "../terraform/code/moves-known.ts";
import { literalKey, type Place, placeOf } from "../terraform/place.ts";
import { isOverride } from "../terraform/source/file-names.ts";
import { folderOf } from "../terraform/source/snapshot.ts";
import { type MoveInJson, movesInJson, turnedInJson } from "./moved-json.ts";
import { keysNaming, type RenamedKey } from "./named-keys.ts";
import type { RenamedInstance } from "./renamed-instances.ts";
import type { EvaluatedStack, Repository } from "./repository.ts";
import { isInstalledModule } from "./shared-modules.ts";
import { isInState, isTaken, namedByMoves } from "./taken-addresses.ts";

/** A block of which an instance is called otherwise: a resource, or with `type` null a call of a module. */
interface Renamed extends RenamedKey {
  /** The module that declares the block. */
  readonly module: Module;
}

/** So many at once are nobody's one rename. */
const MOST_MOVES = 500;

/**
 * The edits that go with other keys of instances: `moved` blocks in the modules that declare what is moved, behind its
 * block or the `moved` blocks that it has, and the keys in the code of these modules that name an instance
 * (`aws_eip.web["a"]`). Where they cannot be made, the reason.
 */
export function editsOfMoves(
  repository: Repository,
  instances: readonly RenamedInstance[],
): readonly Edit[] | string {
  if ([...new Set(instances.map(({ stack }) => stack))].some(isTooOld))
    return "the value is the key of the instance itself, and required_version asks for a Terraform that has no moved blocks yet; edit it by hand";
  const occupied = instances.find(isInState);
  if (occupied !== undefined)
    return `the state has ${printAddress(occupied.to)} already, so that Terraform would move nothing there and destroy ${occupied.address}; apply or clear up the state first`;
  const renamed = renamedIn(instances);
  if (renamed.length > MOST_MOVES)
    return `the value is the key of the instance itself, and ${renamed.length} moved blocks would have to go with another one; edit it by hand`;
  const stacks = repository.stacks.map(namedByMoves);
  const edits: Edit[] = [];
  const inJson: MoveInJson[] = [];
  for (const each of renamed) {
    const { path } = each.module;
    if (isInstalledModule(`${path}/main.tf`))
      return `what would move with it is declared in a module that comes from elsewhere (${path}), where no moved block can be written`;
    if (stacks.some((stack) => isTaken(each, each.module, stack)))
      return `a moved block of the code names ${textOf(each, each.to)} already, so that another one that leads to it would be ambiguous; edit it by hand`;
    const block = movedBlock(repository, each);
    if (block === null)
      return `a moved block for ${textOf(each, each.from)} cannot be written here; edit it by hand`;
    if ("body" in block) inJson.push(block);
    else edits.push(...block);
  }
  edits.push(...movesInJson(inJson));
  for (const own of Map.groupBy(renamed, ({ module }) => module.path).values()) {
    const [first] = own;
    if (first !== undefined) edits.push(...keysNaming(bodiesOf(repository, first.module), own));
  }
  return edits;
}

function isTooOld({ evaluation }: EvaluatedStack): boolean {
  return [...modulesIn(evaluation.internals.tree)].some(({ module }) => !areMovesKnown(module));
}

/** What is renamed in which module: once, however many instances of the module there are. */
function renamedIn(instances: readonly RenamedInstance[]): readonly Renamed[] {
  const found = new Map<string, Renamed>();
  for (const { stack, from, to } of instances) {
    const { tree } = stack.evaluation.internals;
    const names = from.module.map(({ name }) => name);
    const levels = [
      ...from.module.map(({ name, key }, level) => {
        return { names: names.slice(0, level), type: null, name, was: key, is: to.module[level]?.key };
      }),
      { names, type: from.type, name: from.name, was: from.key, is: to.key },
    ];
    for (const { names: way, type, name, was, is } of levels) {
      const module = moduleIn(tree, way);
      if (module === null || typeof was !== "string" || typeof is !== "string" || was === is) continue;
      const renamed = { module, type, name, from: was, to: is };
      found.set(JSON.stringify([module.path, type, name, was, is]), renamed);
    }
  }
  return [...found.values()];
}

function textOf({ type, name }: Renamed, key: string): string {
  return type === null
    ? moduleAddress([{ name, key }])
    : printAddress({ module: [], mode: "managed", type, name, key });
}

function movedBlock(repository: Repository, renamed: Renamed): readonly Edit[] | MoveInJson | null {
  const files = bodiesOf(repository, renamed.module);
  const known = files.flatMap((body) => blocksIn(body).filter((block) => isMoveOf(block, renamed)));
  const [from, to] = [textOf(renamed, renamed.from), textOf(renamed, renamed.to)];
  const opposite = known.find((block) => isMoveBetween(block, renamed));
  if (opposite !== undefined) return turnedRound(opposite, from, to);
  const labels = renamed.type === null ? ["module", renamed.name] : ["resource", renamed.type, renamed.name];
  const home = files.find((body) => blocksIn(body).some((block) => isCalled(block, labels)));
  const own = home && [...known].reverse().find((block) => home.items.includes(block));
  const after =
    own ?? known.at(-1) ?? home?.items.find((item) => item.kind === "block" && isCalled(item, labels));
  const body = files.find(({ items }) => after !== undefined && items.includes(after));
  if (after === undefined || body === undefined) return null;
  if (body.json !== undefined) return { body, after, from, to };
  const items = [
    { name: "from", value: from },
    { name: "to", value: to },
  ];
  return insertBlock(body, { type: "moved", labels: [], items }, after);
}

/** A rename is taken back: whichever of the two names the state has, it leads to the one that is wanted now. */
function turnedRound({ body }: Block, from: string, to: string): readonly Edit[] | null {
  const [source, target] = ["from", "to"].map((name) => attributeOf(body, name)?.value);
  if (source === undefined || target === undefined) return null;
  if (body.json !== undefined) return turnedInJson(source, from, target, to);
  return [...replaceValue(source, () => from), ...replaceValue(target, () => to)];
}

/** The files of a module, those that override others left out. */
function bodiesOf({ files }: Repository, { files: paths }: Module): readonly Body[] {
  return paths
    .filter((path) => !isOverride(path.slice(folderOf(path) === "." ? 0 : folderOf(path).length + 1)))
    .flatMap((path) => files.get(path)?.parsed.body ?? []);
}

function blocksIn({ items }: Body): readonly Block[] {
  return items.filter((item) => item.kind === "block");
}

function isCalled({ type, labels }: Block, called: readonly string[]): boolean {
  return JSON.stringify([type, ...labels.map(({ value }) => value)]) === JSON.stringify(called);
}

function placesOf(block: Block): readonly (Place | null)[] {
  if (block.type !== "moved") return [];
  return ["from", "to"].map((name) => placeOf(attributeOf(block.body, name)?.value ?? null, literalKey));
}

function isMoveOf(block: Block, { type, name }: Renamed): boolean {
  return placesOf(block).some((place) => {
    if (place === null) return false;
    if (type === null)
      return place.resource === null && place.module.length === 1 && place.module[0]?.name === name;
    return place.module.length === 0 && place.resource?.type === type && place.resource.name === name;
  });
}

/** Whether a block moves the other way. */
function isMoveBetween(block: Block, renamed: Renamed): boolean {
  const keys = placesOf(block).map((place) => {
    if (place === null || !isMoveOf(block, renamed)) return undefined;
    return place.resource === null ? place.module.at(-1)?.key : place.resource.key;
  });
  const places = placesOf(block).map((place) => place && (place.resource?.name ?? place.module.at(-1)?.name));
  return keys[0] === renamed.to && keys[1] === renamed.from && places.every((name) => name === renamed.name);
}
