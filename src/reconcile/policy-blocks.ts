import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt, printJson } from "../json/json.ts";

// How a data source's blocks write the statements of a policy.

/** The arguments that hold a member's texts, and whether `&{` stands for `${` in them. */
export const LISTS: ReadonlyMap<string, { readonly name: string; readonly variables: boolean }> = new Map([
  ["Action", { name: "actions", variables: false }],
  ["NotAction", { name: "not_actions", variables: false }],
  ["Resource", { name: "resources", variables: true }],
  ["NotResource", { name: "not_resources", variables: true }],
]);

/** The texts of a list, or one that stands alone, as new code writes them; what is no text is not written. */
export function writtenTexts(value: Json, variables: boolean): readonly string[] {
  return listed(value).flatMap((item) => writtenText(item, variables, [], null) ?? []);
}

/** Blocks of a statement that together make one member of it. */
export interface Group {
  readonly type: string;
  /** The arguments that name a block's place in the member. */
  readonly keys: readonly string[];
  /** The argument with the texts. */
  readonly list: string;
}

const CONDITION: Group = { type: "condition", keys: ["test", "variable"], list: "values" };

function principalBlocks(type: string): Group {
  return { type, keys: ["type"], list: "identifiers" };
}

export const GROUPS: ReadonlyMap<string, Group> = new Map([
  ["Principal", principalBlocks("principals")],
  ["NotPrincipal", principalBlocks("not_principals")],
  ["Condition", CONDITION],
]);

export function listed(value: Json | undefined): readonly Json[] {
  if (value === undefined) return [];
  return isJsonArray(value) ? value : [value];
}

/** The texts that a value of the code stands for in a list of texts. */
export function textsOf(value: Json): readonly string[] {
  return listed(value).map((item) => (typeof item === "string" ? item : printJson(item)));
}

export function printedText(text: string, variables: boolean): string {
  return variables ? text.replaceAll("&{", "${") : text;
}

/** How the code writes a text: a policy variable as `&{`, but where it has `${` already. Null for what is no text. */
export function writtenText(
  value: Json,
  variables: boolean,
  siblings: readonly string[],
  like: string | null,
): string | null {
  if (isJsonArray(value) || isJsonObject(value) || value === null) return null;
  const text = typeof value === "string" ? value : printJson(value);
  const models = like === null ? siblings : [like];
  return variables && !models.some((each) => each.includes("${")) ? text.replaceAll("${", "&{") : text;
}

/** The blocks that make a member: of everybody, `*` in two places. */
export function blocksFor(group: Group, place: readonly string[], value: Json): readonly JsonObject[] {
  const { keys, list } = group;
  const key = keys[place.length];
  if (key === undefined) {
    const texts = writtenTexts(value, true);
    return [Object.fromEntries([...keys.map((name, at) => [name, place[at] ?? ""] as const), [list, texts]])];
  }
  const members = isJsonObject(value) ? value : list === "identifiers" ? { "*": value } : {};
  return Object.entries(members).flatMap(([step, inner]) => blocksFor(group, [...place, step], inner));
}

/** The provider takes no other. */
const SID = /^[a-zA-Z0-9]*$/;

export function isSid(text: Json | undefined): text is string {
  return typeof text === "string" && SID.test(text);
}

const MEMBERS = new Set(["Sid", "Effect", ...LISTS.keys(), ...GROUPS.keys()]);

/** A block that says what a statement does; `allow`: whether it says so where that is the default. Null where none can. */
export function statementBlock(statement: Json, allow: boolean): JsonObject | null {
  if (!isJsonObject(statement) || !Object.keys(statement).every((name) => MEMBERS.has(name))) return null;
  const [sid, effect] = [jsonAt(statement, ["Sid"]) ?? "", jsonAt(statement, ["Effect"])];
  if (!isSid(sid) || effect === undefined) return null;
  const lists = [...LISTS].flatMap(([member, { name, variables }]) => {
    const value = jsonAt(statement, [member]);
    return value === undefined ? [] : [[name, writtenTexts(value, variables)] as const];
  });
  const groups = [...GROUPS].flatMap(([member, group]) => {
    const value = jsonAt(statement, [member]);
    return value === undefined ? [] : [[group.type, blocksFor(group, [], value)] as const];
  });
  return Object.fromEntries([
    ...(sid === "" ? [] : [["sid", sid] as const]),
    ...(allow || effect !== "Allow" ? [["effect", effect] as const] : []),
    ...lists,
    ...groups,
  ]);
}
