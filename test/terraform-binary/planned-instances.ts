import type { Effect } from "../../src/drift/model.ts";
import { isMove } from "../../src/drift/move.ts";
import {
  equalJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  parseJson,
} from "../../src/json/json.ts";
import { type Path, parsePath, printPath } from "../../src/json/path.ts";

/** What one `terraform_data` will be: its arguments, and the paths of what is sensitive. */
type Planned = ReadonlyMap<string, Json>;

const ARGUMENTS = ["input", "triggers_replace"];

/** The arguments of each managed instance that a plan keeps or makes, by address; null for what is not known yet. */
export function plannedInstances(plan: string): Planned {
  const { resource_changes: changes } = parseJson(plan) as { resource_changes?: readonly ResourceChange[] };
  return new Map(
    (changes ?? [])
      .filter(({ mode, change }) => mode === "managed" && change.actions.join() !== "delete")
      .map(({ address, change: { after } }) => [address, pick(after)]),
  );
}

/** The same at the addresses that instances had before they moved. */
export function atFormerAddresses(planned: Planned, effects: readonly Effect[]): Planned {
  const former = new Map(effects.filter(isMove).map(({ before, after }) => [String(after), String(before)]));
  return new Map([...planned].map(([address, value]) => [former.get(address) ?? address, value]));
}

interface ResourceChange {
  readonly address: string;
  readonly mode: string;
  readonly change: { readonly actions: readonly string[]; readonly after: JsonObject };
}

function pick(after: JsonObject): Json {
  return Object.fromEntries(ARGUMENTS.map((name) => [name, after[name] ?? null]));
}

/** Every value that two plans do not agree on: `address path: before -> after`, in order. */
export function planDifferences(before: Planned, after: Planned): readonly string[] {
  const addresses = new Set([...before.keys(), ...after.keys()]);
  return [...addresses]
    .flatMap((address) => differences(address, [], before.get(address) ?? null, after.get(address) ?? null))
    .sort();
}

/** The same of what an edit is said to change, but for addresses. */
export function effectDifferences(effects: readonly Effect[]): readonly string[] {
  return effects
    .filter((effect) => !isMove(effect))
    .flatMap(({ address, path, before, after }) =>
      differences(address, path === "" ? [] : parsePath(path), before, after),
    )
    .sort();
}

/** What is left out and what is null are the same. */
function differences(address: string, path: Path, before: Json, after: Json): readonly string[] {
  if (equalJson(before, after)) return [];
  const [was, is] = [partsOf(before), partsOf(after)];
  if (was === null && is === null)
    return [`${address} ${printPath(path)}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`];
  const steps = new Map([...(was ?? []), ...(is ?? [])].map(([step]) => [String(step), step]));
  return [...steps.values()].flatMap((step) =>
    differences(address, [...path, step], at(was, step), at(is, step)),
  );
}

type Parts = readonly (readonly [string | number, Json])[];

function partsOf(json: Json): Parts | null {
  if (isJsonArray(json)) return json.map((item, index) => [index, item]);
  return isJsonObject(json) ? Object.entries(json) : null;
}

function at(parts: Parts | null, step: string | number): Json {
  return parts?.find(([name]) => name === step)?.[1] ?? null;
}
