import type { Attribute, Block, Body, Expression } from "../../hcl/syntax/syntax.ts";
import { type Trial, WholeNeeded } from "../cells/trial.ts";
import { wrongInBlock } from "../code/block-problems.ts";
import { namesIn } from "../code/block-references.ts";
import { attributeOf } from "../code/body-index.ts";
import type { Module, NamedBlocks } from "../code/module.ts";
import type { ModuleInstance } from "../evaluation/module-instance.ts";

/**
 * In a trial: gives a module the edited items of one of its files, and tells the instances of the module which cells
 * stand on them.
 * @throws WholeNeeded for edits that a trial does not follow: blocks that come or go or get another name, and blocks
 *   that decide more than values.
 */
export function editModule(
  module: Module,
  instances: readonly ModuleInstance[],
  before: Body,
  after: Body,
  trial: Trial,
): void {
  if (before.items.length !== after.items.length)
    throw new WholeNeeded("an edit adds or removes a whole block");
  for (const [index, item] of after.items.entries()) {
    const old = before.items[index];
    if (old === item || old === undefined) continue;
    if (old.kind !== "block" || item.kind !== "block" || !isSameHeader(old, item))
      throw new WholeNeeded("an edit changes which block this is");
    editBlock(module, instances, old, item, trial);
  }
}

function isSameHeader(a: Block, b: Block): boolean {
  if (a.type !== b.type || a.labels.length !== b.labels.length) return false;
  return a.labels.every((label, index) => label.value === b.labels[index]?.value);
}

function editBlock(
  module: Module,
  instances: readonly ModuleInstance[],
  old: Block,
  block: Block,
  trial: Trial,
): void {
  if (wrongInBlock(old).length > 0 || wrongInBlock(block).length > 0)
    throw new WholeNeeded("an edit stands in a block that Terraform refuses");
  refuseNewNames(old.body, block.body);
  const names = editedNames(old.body, block.body);
  const [first = "", second = ""] = block.labels.map(({ value }) => value);
  const replace = (kind: NamedBlocks, name: string) => {
    refuseMerged(module[kind], name, old);
    module.replaceBlock(kind, name, block);
    trial.onUndo(() => module.replaceBlock(kind, name, old));
  };
  switch (block.type) {
    case "resource":
    case "data": {
      const name = block.type === "data" ? `data.${first}.${second}` : `${first}.${second}`;
      refuse(names, ["provider", "lifecycle", "depends_on"], "a resource belongs to");
      refuseComing(old, block, ["count", "for_each"]);
      replace("resources", name);
      for (const instance of instances) instance.resource(name)?.touch(names);
      return;
    }
    case "module":
      refuse(names, ["source", "version", "providers", "depends_on"], "a module call leads to");
      replace("calls", first);
      for (const instance of instances) instance.call(first)?.touch(names);
      return;
    case "variable":
      refuse(names, ["validation"], "a variable may be");
      replace("variables", first);
      for (const instance of instances) instance.variable(first)?.touch(names);
      return;
    case "output":
      refuse(names, ["precondition", "sensitive", "depends_on"], "an output may be");
      replace("outputs", first);
      for (const instance of instances) instance.output(first)?.touch();
      return;
    case "locals":
      editLocals(module, instances, old, block, trial);
      return;
    default:
      throw new WholeNeeded(`an edit stands in a ${block.type} block`);
  }
}

function editLocals(
  module: Module,
  instances: readonly ModuleInstance[],
  old: Block,
  block: Block,
  trial: Trial,
): void {
  if (old.body.items.length !== block.body.items.length)
    throw new WholeNeeded("an edit adds or removes a local");
  for (const [index, item] of block.body.items.entries()) {
    const was = old.body.items[index];
    if (was === item) continue;
    if (was?.kind !== "attribute" || item.kind !== "attribute" || was.name !== item.name)
      throw new WholeNeeded("an edit adds or removes a local");
    refuseMerged(module.locals, item.name, was);
    module.replaceLocal(item.name, item);
    trial.onUndo(() => module.replaceLocal(item.name, was));
    for (const instance of instances) instance.local(item.name)?.touch();
  }
}

/** The names of arguments and types of blocks that are not the same nodes in two bodies. */
function editedNames(before: Body, after: Body): ReadonlySet<string> {
  const kept = new Set(before.items);
  const still = new Set(after.items);
  const edited = [
    ...after.items.filter((item) => !kept.has(item)),
    ...before.items.filter((item) => !still.has(item)),
  ];
  return new Set(edited.map(nameOf));
}

function nameOf(item: Attribute | Block): string {
  if (item.kind === "attribute") return item.name;
  return item.type === "dynamic" ? (item.labels[0]?.value ?? "") : item.type;
}

/** What waits for what is looked at as a whole. Without new references nothing waits for more than before. */
function refuseNewNames(before: Body, after: Body): void {
  const old = new Map(before.items.map((item) => [nameOf(item), item]));
  const kept = new Set(before.items);
  for (const item of after.items) {
    if (kept.has(item)) continue;
    const was = old.get(nameOf(item));
    if (was !== undefined && !hasNewNames(...changedPart(was, item))) continue;
    if (was === undefined ? namesIn([item]).length > 0 : hasNewNames(was, item))
      throw new WholeNeeded(`an edit of ${nameOf(item)} refers to what was not referred to there`);
  }
}

function hasNewNames(before: Attribute | Block, after: Attribute | Block): boolean {
  const known = new Set(namesIn([before]));
  return namesIn([after]).some((name) => !known.has(name));
}

/** Of two versions of an argument the part in which alone they differ, so that a long map costs what is edited of it. */
function changedPart(
  before: Attribute | Block,
  after: Attribute | Block,
): readonly [Attribute | Block, Attribute | Block] {
  if (before.kind !== "attribute" || after.kind !== "attribute") return [before, after];
  let part: readonly [Expression, Expression] = [before.value, after.value];
  for (let inner = onlyChange(...part); inner !== null; inner = onlyChange(...part)) part = inner;
  return [
    { ...before, value: part[0] },
    { ...after, value: part[1] },
  ];
}

/** The one value of an object or tuple that is another node; null where that is not all that differs. */
function onlyChange(before: Expression, after: Expression): readonly [Expression, Expression] | null {
  if (before.kind === "tuple" && after.kind === "tuple") return onlyPair(before.items, after.items);
  if (before.kind !== "object" || after.kind !== "object") return null;
  const pair = onlyPair(before.items, after.items);
  return pair === null || pair[0].key !== pair[1].key ? null : [pair[0].value, pair[1].value];
}

function onlyPair<T>(before: readonly T[], after: readonly T[]): readonly [T, T] | null {
  if (before.length !== after.length) return null;
  let found: readonly [T, T] | null = null;
  for (const [index, was] of before.entries()) {
    const is = after[index];
    if (is === undefined || is === was) continue;
    if (found !== null) return null;
    found = [was, is];
  }
  return found;
}

function refuse(names: ReadonlySet<string>, refused: readonly string[], what: string): void {
  const found = refused.find((name) => names.has(name));
  if (found !== undefined) throw new WholeNeeded(`an edit of ${found} changes what ${what}`);
}

/** Which of the state's instances belong to a resource depends on whether it has such an argument at all. */
function refuseComing(old: Block, block: Block, names: readonly string[]): void {
  for (const name of names) {
    if ((attributeOf(old.body, name) === null) !== (attributeOf(block.body, name) === null))
      throw new WholeNeeded(`an edit adds or removes ${name}`);
  }
}

/** What an override file has a part in, or what is declared twice, is not what the edited file says. */
function refuseMerged<Item>(items: ReadonlyMap<string, Item>, name: string, old: Item): void {
  if (items.get(name) !== old)
    throw new WholeNeeded(`what ${name} is does not stand in the edited file alone`);
}
