import type { Located } from "../hcl/evaluation/context.ts";
import { type Json, jsonAt, printJson } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { EvaluatedBody } from "../terraform/evaluation/evaluated-body.ts";
import type { PolicyDocument } from "../terraform/evaluation/policy/policy-document.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { toPlain } from "../terraform/evaluation/value-json.ts";
import {
  blocksFor,
  GROUPS,
  type Group,
  isSid,
  LISTS,
  listed,
  printedText,
  statementBlock,
  textsOf,
  writtenText,
  writtenTexts,
} from "./policy-blocks.ts";
import {
  type PolicyDifference,
  policyDifferences,
  policyIn,
  withoutDifferences,
} from "./policy-difference.ts";
import type { Wanted } from "./wanted.ts";

/** What would have to change so that a data source gives another policy. */
export type PolicyStep =
  /** A path of the data source. */
  | { readonly kind: "own"; readonly path: Path; readonly wanted: Wanted }
  /** The text of a document that it takes in. */
  | { readonly kind: "document"; readonly place: Located; readonly wanted: string };

/**
 * What brings a data source's policy closer to the wanted one, which differs from it in one thing: alternatives, the best
 * first. None where nothing does, or more is to change.
 */
export function policySteps(source: ResourceInstance, wanted: Json): readonly PolicyStep[] {
  const { policy, body } = source.content;
  const now = policyIn(policy?.attributes.get("json"));
  const asked = policyIn(wanted);
  if (policy === null || now === null || asked === null) return [];
  const [difference, ...more] = policyDifferences(now, asked);
  if (difference === undefined || more.length > 0) return [];
  const [member, index, ...rest] = difference.path;
  if (member !== "Statement") return some(argumentStep(String(member), difference));
  if (typeof index !== "number") {
    return difference.kind === "insert" ? some(newStatement(body, difference.value)) : [];
  }
  const from = policy.sources[index];
  if (from?.kind === "document") return some(documentStep(body, from, { ...difference, path: rest }));
  if (from === undefined) return [];
  const at = ["statement", from.index];
  if (rest.length === 0) return difference.kind === "remove" ? [own(at, "absent")] : [];
  const content = body.blocks.get("statement")?.blocks[from.index]?.content;
  return content === undefined
    ? []
    : within(at, content, jsonAt(now, ["Statement", index]), { ...difference, path: rest });
}

function some(step: PolicyStep | null): readonly PolicyStep[] {
  return step === null ? [] : [step];
}

function own(path: Path, wanted: Wanted): PolicyStep {
  return { kind: "own", path, wanted };
}

function set(path: Path, value: Json): PolicyStep {
  return own(path, { value });
}

const ARGUMENTS = new Map([
  ["Version", "version"],
  ["Id", "policy_id"],
]);

function argumentStep(member: string, difference: PolicyDifference): PolicyStep | null {
  const name = ARGUMENTS.get(member);
  if (name === undefined) return null;
  if (difference.kind === "set") return set([name], difference.value);
  // The provider always writes a version.
  return member === "Id" ? own([name], "absent") : null;
}

/** The difference in a document that the data source takes in; its path is that within the statement. */
function documentStep(
  { attributes, context }: EvaluatedBody,
  { argument, index, statement }: PolicyDocument["sources"][number] & { kind: "document" },
  difference: PolicyDifference,
): PolicyStep | null {
  const given = attributes.get(argument);
  if (given === undefined) return null;
  const value = toPlain(given.value, [], true).json;
  const path = index === null ? [] : [index];
  const document = policyIn(jsonAt(value, path));
  if (document === null) return null;
  const whole = { ...difference, path: ["Statement", statement, ...difference.path] };
  const place = { expression: given.attribute.value, context, path };
  return { kind: "document", place, wanted: printJson(withoutDifferences(document, [whole])) };
}

/** A change within a statement that a block makes. */
function within(
  at: Path,
  body: EvaluatedBody,
  statement: Json | undefined,
  difference: PolicyDifference,
): readonly PolicyStep[] {
  const [member, ...rest] = difference.path;
  const name = String(member);
  if (name === "Sid" || name === "Effect") return some(textStep([...at, name.toLowerCase()], difference));
  const list = LISTS.get(name);
  if (list !== undefined)
    return some(listStep(at, body, list, jsonAt(statement, [name]), { ...difference, path: rest }));
  const group = GROUPS.get(name);
  return group === undefined
    ? []
    : groupSteps(at, body, group, jsonAt(statement, [name]), { ...difference, path: rest });
}

function textStep(path: Path, difference: PolicyDifference): PolicyStep | null {
  if (difference.kind === "remove") return own(path, "absent");
  const { value } = difference;
  if (difference.kind !== "set" || typeof value !== "string") return null;
  return path.at(-1) === "sid" && !isSid(value) ? null : set(path, value);
}

/** `difference.path` is that within the list: empty, or the number of an element. */
function listStep(
  at: Path,
  body: EvaluatedBody,
  { name, variables }: { readonly name: string; readonly variables: boolean },
  now: Json | undefined,
  difference: PolicyDifference,
): PolicyStep | null {
  const path = [...at, name];
  const given = body.attributes.get(name);
  const items = given === undefined ? [] : textsOf(toPlain(given.value, [], true).json);
  const [index] = difference.path;
  const written = (value: Json, like: string | null) => writtenText(value, variables, items, like);
  if (difference.kind === "insert") {
    const text = written(difference.value, null);
    return text === null ? null : set([...path, items.length], text);
  }
  if (typeof index !== "number") {
    if (difference.kind === "remove") return own(path, "absent");
    return set(path, writtenTexts(difference.value, variables));
  }
  const item = jsonAt(listed(now), [index]);
  const place = items.findIndex((each) => printedText(each, variables) === item);
  if (place === -1) return null;
  if (difference.kind === "remove") return own([...path, place], "absent");
  const text = written(difference.value, items[place] ?? null);
  return text === null ? null : set([...path, place], text);
}

/** `difference.path` is that within the member: `["AWS", 1]`, `["StringLike", "s3:prefix"]`. */
function groupSteps(
  at: Path,
  body: EvaluatedBody,
  group: Group,
  now: Json | undefined,
  difference: PolicyDifference,
): readonly PolicyStep[] {
  const { type, list, keys } = group;
  const texts = { name: list, variables: true };
  const blocks = body.blocks.get(type)?.blocks ?? [];
  const place = difference.path.filter((step) => typeof step === "string");
  const [index] = difference.path.filter((step) => typeof step === "number");
  const fitting = blocks.flatMap(({ content }, number) =>
    place.every((step, position) => step === argumentText(content, keys[position]))
      ? [{ number, content }]
      : [],
  );
  const [first] = fitting;
  const whole = place.length < keys.length || index === undefined;
  if (whole && difference.kind !== "insert") {
    const made = difference.kind === "set" ? blocksFor(group, place.map(String), difference.value) : [];
    const [block, ...others] = made;
    // What is to be another is taken away first, one block after the other, then made anew.
    if (first === undefined) return block === undefined ? [] : [set([...at, type, blocks.length], block)];
    const path = [...at, type, first.number];
    const isOneForOne = block !== undefined && others.length === 0 && fitting.length === 1;
    return [...(isOneForOne ? [set(path, block)] : []), own(path, "absent")];
  }
  if (difference.kind === "insert") {
    const last = fitting.at(-1);
    if (last === undefined) return [];
    const path = [...at, type, last.number];
    return some(listStep(path, last.content, texts, undefined, { ...difference, path: [] }));
  }
  const item = jsonAt(listed(jsonAt(now, place)), [index ?? 0]);
  const holder = fitting.find(({ content }) =>
    textsIn(content, list).some((text) => printedText(text, true) === item),
  );
  if (holder === undefined) return [];
  const path = [...at, type, holder.number];
  // A block without a text says nothing.
  if (difference.kind === "remove" && textsIn(holder.content, list).length === 1)
    return [own(path, "absent")];
  return some(listStep(path, holder.content, texts, [item ?? null], { ...difference, path: [0] }));
}

function argumentText({ attributes }: EvaluatedBody, name: string | undefined): string {
  const value = attributes.get(name ?? "")?.value;
  return value?.kind === "string" ? value.value : "";
}

function textsIn({ attributes }: EvaluatedBody, name: string): readonly string[] {
  const value = attributes.get(name)?.value;
  return value === undefined ? [] : textsOf(toPlain(value, [], true).json);
}

function newStatement({ blocks }: EvaluatedBody, statement: Json): PolicyStep | null {
  const siblings = blocks.get("statement")?.blocks ?? [];
  const allow = siblings.at(-1)?.content.attributes.has("effect") === true;
  const block = statementBlock(statement, allow);
  return block === null ? null : set(["statement", siblings.length], block);
}
