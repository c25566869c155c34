import type { Edit } from "../hcl/editing/edit.ts";
import { eraseBlock, eraseElement, eraseItem } from "../hcl/editing/write.ts";
import type { Reference } from "../hcl/evaluation/context.ts";
import { referenceOf } from "../hcl/evaluation/reference.ts";
import { referencesIn, referencesInBody } from "../hcl/evaluation/references.ts";
import { positionAt, type Range } from "../hcl/syntax/source.ts";
import type { Attribute, Block, Body, Expression } from "../hcl/syntax/syntax.ts";
import type { InstanceKey } from "../terraform/address.ts";
import type { Module } from "../terraform/code/module.ts";
import { literalKey, type Place, placeOf } from "../terraform/place.ts";
import type { Draft } from "./draft.ts";

/** A `resource` or `module` block of a module: `type` is null for a call. */
export interface Declared {
  readonly module: Module;
  readonly type: string | null;
  readonly name: string;
}

/** Something in the code that names what is to go. */
export interface Referrer {
  /** As people know it: `output "ip"`, `aws_eip.web`, `local.ids`. */
  readonly name: string;
  readonly module: Module;
  /** The block or local, and where in it. */
  readonly item: Range;
  readonly at: Range;
  /** The block, where it is a resource or module call. */
  readonly declared: Declared | null;
}

/**
 * Removes blocks, in every file that says something of them, and what belongs to them and means nothing without them:
 * their names in `depends_on`, the `moved` and `import` blocks that lead to them. False where that cannot be.
 */
export function removeDeclared(draft: Draft, declared: readonly Declared[]): boolean {
  const byModule = Map.groupBy(declared, ({ module }) => module.path);
  return [...byModule.values()].every((own) => {
    const [first] = own;
    if (first === undefined) return true;
    const { module } = first;
    const named = new Set(own.map(nameOfDeclared));
    const isOne = (block: Block) => {
      const is = declaredBy(module, block);
      return is !== null && named.has(nameOfDeclared(is));
    };
    const isLeftover = (block: Block) => {
      if (block.type !== "moved" && block.type !== "import") return false;
      const place = placeIn(block);
      return own.some((each) => leadsTo(place, each));
    };
    if (!eraseBlocks(draft, module, isOne) || !eraseBlocks(draft, module, isLeftover)) return false;
    return module.files.every((path) => own.every((each) => removeDependencies(draft, path, each)));
  });
}

/** Removes the `import` and `moved` blocks of a module that lead to just this place. */
export function removeBlocksTo(draft: Draft, module: Module, isPlace: (place: Place) => boolean): boolean {
  return eraseBlocks(draft, module, (block) => {
    if (block.type !== "moved" && block.type !== "import") return false;
    const place = placeIn(block);
    return place !== null && isPlace(place);
  });
}

/** What still names a block in the code of its module. Terraform refuses such names even where nothing needs them. */
export function referrersOf(draft: Draft, declared: Declared): Referrer[] {
  return itemsOf(draft, declared.module).flatMap((item) =>
    item.references
      .filter((reference) => names(reference, declared))
      .map(({ root }) => referrer(declared.module, item, root)),
  );
}

function referrer(module: Module, { name, range, block }: NamedItem, at: Range): Referrer {
  const declared = block === null ? null : declaredBy(module, block);
  return { name, module, item: range, at, declared };
}

/** Those of a module's blocks that its code still names. */
export function stillNamed(draft: Draft, module: Module, declared: readonly Declared[]): Declared[] {
  const named = new Set(
    itemsOf(draft, module).flatMap(({ references }) => references.map((reference) => nameIn(reference))),
  );
  return declared.filter((each) => named.has(nameOfDeclared(each)));
}

/** The line of a referrer in files as they are in another draft, where its block stands elsewhere. */
export function lineIn(draft: Draft, { name, module, item, at }: Referrer): number {
  const line = ({ file, start }: Range) => positionAt(file.text, start).line;
  const same = itemsOf(draft, module).find((each) => each.name === name);
  return same === undefined ? line(at) : line(same.range) + line(at) - line(item);
}

/**
 * What names one instance of a block as a trigger of a replacement: Terraform refuses an instance there that is not.
 * Elsewhere evaluation shows it.
 */
export function triggersOf(draft: Draft, declared: Declared, key: InstanceKey): Referrer[] {
  const isMeant = (reference: Reference) => {
    const step = reference.steps[1];
    return names(reference, declared) && step?.kind === "index" && literalKey(step.key) === key;
  };
  return itemsOf(draft, declared.module).flatMap((item) =>
    triggersIn(item.block).flatMap((argument) =>
      referencesIn(argument.value)
        .filter(isMeant)
        .map(({ root }) => referrer(declared.module, item, root)),
    ),
  );
}

function triggersIn(block: Block | null): Attribute[] {
  return (block?.body.items ?? []).flatMap((item) =>
    item.kind === "block" && item.type === "lifecycle"
      ? item.body.items.filter(
          (each): each is Attribute => each.kind === "attribute" && each.name === "replace_triggered_by",
        )
      : [],
  );
}

/** What stands at a place of a module's code, by the name that people know it by. */
export function namedAt(draft: Draft, module: Module, { file, start, end }: Range): Referrer | null {
  const around = itemsOf(draft, module).find(
    ({ range }) => range.file.path === file.path && range.start <= start && end <= range.end,
  );
  return around === undefined ? null : referrer(module, around, { file, start, end });
}

/** Blocks that may name what is not there. */
const LEADING = new Set(["moved", "removed"]);

/** What stands in `depends_on` is taken out of it with what it names. */
function referencesBeside({ items }: Body): Reference[] {
  return items.flatMap((item) => {
    if (item.kind === "block") return referencesInBody(item.body);
    return item.name === "depends_on" ? [] : referencesIn(item.value);
  });
}

interface NamedItem {
  readonly name: string;
  readonly range: Range;
  readonly references: readonly Reference[];
  /** Null for a local. */
  readonly block: Block | null;
}

function itemsOf(draft: Draft, { files }: Module): NamedItem[] {
  return files.flatMap((path) => {
    const items = draft.get(path)?.parsed.body.items ?? [];
    return items.flatMap((item): NamedItem[] => {
      if (item.kind === "attribute") return [];
      if (item.type !== "locals") {
        const references = LEADING.has(item.type) ? [] : referencesBeside(item.body);
        return [{ name: nameOf(item), range: item, references, block: item }];
      }
      return item.body.items.flatMap((local) =>
        local.kind === "attribute"
          ? [
              {
                name: `local.${local.name}`,
                range: local,
                references: referencesIn(local.value),
                block: null,
              },
            ]
          : [],
      );
    });
  });
}

function nameOf({ type, labels }: Block): string {
  const [first = "", second = ""] = labels.map(({ value }) => value);
  if (type === "resource") return `${first}.${second}`;
  if (type === "data") return `data.${first}.${second}`;
  if (type === "module") return `module.${first}`;
  return first === "" ? `a block ${type}` : `${type} ${JSON.stringify(first)}`;
}

function declaredBy(module: Module, { type, labels }: Block): Declared | null {
  const [first, second] = labels.map(({ value }) => value);
  if (type === "module" && first !== undefined) return { module, type: null, name: first };
  if (type !== "resource" || first === undefined || second === undefined) return null;
  return { module, type: first, name: second };
}

function names(reference: Reference, declared: Declared): boolean {
  return nameIn(reference) === nameOfDeclared(declared);
}

function nameOfDeclared({ type, name }: Declared): string {
  return `${type ?? "module"}.${name}`;
}

/** What a reference names, if it is a resource or a call. */
function nameIn({ root, steps }: Reference): string {
  const [first, second] = steps.map((step) => (step.kind === "get-attribute" ? step.name : null));
  return root.name === "resource" ? `${first}.${second}` : `${root.name}.${first}`;
}

function leadsTo(place: Place | null, { type, name }: Declared): boolean {
  if (place === null) return false;
  const [module] = place.module;
  if (type === null) return module?.name === name;
  return module === undefined && place.resource?.type === type && place.resource.name === name;
}

/** What the `to` of a `moved` or `import` block names; a key that is computed counts as none. */
function placeIn({ body }: Block): Place | null {
  const to = body.items.find((item) => item.kind === "attribute" && item.name === "to");
  if (to?.kind !== "attribute") return null;
  return placeOf(to.value, literalKey) ?? placeOf(withoutKey(to.value), literalKey);
}

function withoutKey(node: Expression): Expression {
  return node.kind === "index" ? node.collection : node;
}

function eraseBlocks(draft: Draft, { files }: Module, isOne: (block: Block) => boolean): boolean {
  for (const path of files) {
    for (let body = bodyOf(draft, path); body !== null; body = bodyOf(draft, path)) {
      const edits = nextErasures(body, isOne);
      if (edits === null) return false;
      if (edits.length === 0) break;
      draft.apply(edits);
    }
  }
  return true;
}

/** The edits of all blocks that do not touch each other; none where there is no block left, null where one cannot go. */
function nextErasures(body: Body, isOne: (block: Block) => boolean): Edit[] | null {
  const made: Edit[] = [];
  let end = -1;
  for (const item of body.items) {
    if (item.kind !== "block" || !isOne(item)) continue;
    const edits = eraseBlock(body, item);
    if (edits === null) return null;
    if (Math.min(...edits.map(({ start }) => start)) <= end) continue;
    made.push(...edits);
    // In JSON, what is around a block may go with it.
    if (body.json !== undefined) break;
    end = Math.max(...edits.map((edit) => edit.end));
  }
  return made;
}

function bodyOf(draft: Draft, path: string): Body | null {
  return draft.get(path)?.parsed.body ?? null;
}

function removeDependencies(draft: Draft, path: string, declared: Declared): boolean {
  for (;;) {
    const edits = firstDependency(bodyOf(draft, path), declared);
    if (edits === undefined) return true;
    if (edits === null) return false;
    draft.apply(edits);
  }
}

/** The edits that take the next name out of a `depends_on`; undefined where there is none left. */
function firstDependency(body: Body | null, declared: Declared): ReturnType<typeof eraseItem> | undefined {
  for (const item of body?.items ?? []) {
    if (item.kind !== "block") continue;
    const argument = item.body.items.find((each) => each.kind === "attribute" && each.name === "depends_on");
    if (argument?.kind !== "attribute" || !namesIn(argument, declared)) continue;
    if (argument.value.kind !== "tuple") return null;
    const { items } = argument.value;
    const element = items.find((each) => isNameOf(each, declared));
    if (element === undefined) return null;
    return items.length === 1 ? eraseItem(item.body, argument) : eraseElement(argument.value, element);
  }
  return undefined;
}

function namesIn({ value }: Attribute, declared: Declared): boolean {
  return referencesIn(value).some((reference) => names(reference, declared));
}

function isNameOf(node: Expression, declared: Declared): boolean {
  if (node.kind !== "variable" && node.kind !== "get-attribute" && node.kind !== "index") return false;
  const reference = referenceOf(node);
  return reference !== null && names(reference, declared);
}
