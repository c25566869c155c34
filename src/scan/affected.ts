import type { Change, Finding, Reading } from "../drift/model.ts";
import { DRIFT_KINDS } from "../drift/model.ts";
import { equalJson, isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import type { Path, PathStep } from "../json/path.ts";
import { isEmpty, means } from "../reconcile/wanted.ts";

/** What the code says of one instance; `desired` is null where it does not declare it. */
export interface DeclaredInstance {
  readonly address: string;
  readonly desired: JsonObject | null;
}

/** A drifted instance that a change of the code touches, and what applying that change does to the drift. */
export interface AffectedFinding<F extends Finding = Finding> {
  readonly finding: F;
  /**
   * `reverts`: the cloud goes back to what the code said all along. `contains`: the change says what the cloud has
   * already. `conflicts`: a third value, or the instance goes.
   */
  readonly effect: "reverts" | "conflicts" | "contains";
  /** Where the instance's values differ between base and head; none where it comes or goes as a whole. */
  readonly touched: readonly Path[];
}

/**
 * The drifted instances that a change of the code touches. Applying a change sets every attribute of an instance, so a
 * drift is affected wherever the change touches its instance, whichever attribute that is. `base` and `head` are what
 * the code says before and after the change; sensitive values in them are masked, so a change of nothing else but a
 * secret is not seen.
 */
export function affected<F extends Finding>(
  base: readonly DeclaredInstance[],
  head: readonly DeclaredInstance[],
  findings: readonly F[],
): AffectedFinding<F>[] {
  const [before, after] = [byAddress(base), byAddress(head)];
  return findings.flatMap((finding) => {
    if (!DRIFT_KINDS.has(finding.kind)) return [];
    const was = before.get(finding.address) ?? null;
    const is = after.get(finding.address) ?? null;
    const touched = was === null || is === null ? [] : differences(was, is);
    if (was === is || (was !== null && is !== null && touched.length === 0)) return [];
    return [{ finding, effect: effectOn(finding, was, is), touched }];
  });
}

function byAddress(instances: readonly DeclaredInstance[]): ReadonlyMap<string, JsonObject | null> {
  return new Map(instances.map(({ address, desired }) => [address, desired]));
}

const MOST_PATHS = 50;

/** The paths at which two values differ, as deep as both have the same shape. */
function differences(was: Json, is: Json): Path[] {
  const found: Path[] = [];
  const open: { readonly path: Path; readonly was: Json | undefined; readonly is: Json | undefined }[] = [
    { path: [], was, is },
  ];
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { path, was: a, is: b } = next;
    if (found.length >= MOST_PATHS) return found;
    if (a !== undefined && b !== undefined && equalJson(a, b)) continue;
    const steps = sharedSteps(a, b);
    if (steps === null) found.push(path);
    else
      for (const step of steps) open.push({ path: [...path, step], was: child(a, step), is: child(b, step) });
  }
  return found;
}

function sharedSteps(a: Json | undefined, b: Json | undefined): readonly PathStep[] | null {
  if (isJsonArray(a) && isJsonArray(b)) return [...(a.length > b.length ? a : b).keys()];
  if (!isJsonObject(a) || !isJsonObject(b)) return null;
  return [...new Set([...Object.keys(a), ...Object.keys(b)])];
}

function child(json: Json | undefined, step: PathStep): Json | undefined {
  return jsonAt(json, [step]);
}

type Effect = AffectedFinding["effect"];

function effectOn(finding: Finding, was: JsonObject | null, is: JsonObject | null): Effect {
  if (finding.changes.length === 0) return effectOnInstance(finding, is);
  if (is === null) return "conflicts";
  const effects = new Set(finding.changes.map((change) => effectOnValue(change, was, is)));
  if (effects.has("conflicts")) return "conflicts";
  return effects.has("reverts") ? "reverts" : "contains";
}

/** `deleted`: applying creates it again, unless the change gives it up too. `unmanaged`: the change declares it. */
function effectOnInstance({ kind }: Finding, is: JsonObject | null): Effect {
  return (kind === "unmanaged") === (is !== null) ? "contains" : "reverts";
}

function effectOnValue(change: Change, was: JsonObject | null, is: JsonObject): Effect {
  const path = followed(change.path, was, is);
  const isElement = typeof path.at(-1) === "number";
  const [before, after] = isElement
    ? [jsonAt(was ?? {}, change.path.slice(0, -1)), jsonAt(is, path.slice(0, -1))]
    : [jsonAt(was ?? {}, change.path), jsonAt(is, path)];
  // Not touched itself: the code says what it said. A secret is not looked at, and the code decides it all the same.
  if (was !== null && isSame(before, after)) return "reverts";
  if (isHidden(change.desired) || isHidden(change.observed)) return "reverts";
  return isElement ? effectOnElement(change, after) : effectOnScalar(change, after);
}

function isSame(a: Json | undefined, b: Json | undefined): boolean {
  return a === undefined || b === undefined ? a === b : equalJson(a, b);
}

function isHidden(reading: Reading): boolean {
  return typeof reading === "object" && "hidden" in reading;
}

function effectOnScalar({ desired, observed }: Change, value: Json | undefined): Effect {
  const says = (reading: Reading) =>
    reading === "absent"
      ? value === undefined || isEmpty(value)
      : typeof reading === "object" && "known" in reading && means(value, reading.known);
  if (says(observed)) return "contains";
  return says(desired) ? "reverts" : "conflicts";
}

/** Elements are told by what they are, since their positions move. */
function effectOnElement({ desired, observed }: Change, list: Json | undefined): Effect {
  const items = isJsonArray(list) ? list : [];
  const has = (reading: Reading) =>
    typeof reading === "object" && "known" in reading && items.some((item) => means(item, reading.known));
  if (observed === "absent") return has(desired) ? "reverts" : "contains";
  if (has(observed)) return "contains";
  return desired === "absent" || has(desired) ? "reverts" : "conflicts";
}

/** The same place in the changed code: the nested block that is alike but for the attribute, wherever it stands now. */
function followed(path: Path, was: JsonObject | null, is: JsonObject): Path {
  const at = path.findIndex((step, index) => typeof step === "number" && index < path.length - 1);
  if (at === -1 || was === null) return path;
  const list = path.slice(0, at);
  const [attribute, ...deeper] = path.slice(at + 1);
  const block = jsonAt(was, path.slice(0, at + 1));
  const items = jsonAt(is, list);
  if (!isJsonArray(items) || !isJsonObject(block) || attribute === undefined) return path;
  const now = items.findIndex((item) => isJsonObject(item) && isAlike(item, block, String(attribute)));
  return now === -1 ? path : [...list, now, attribute, ...deeper];
}

function isAlike(a: JsonObject, b: JsonObject, attribute: string): boolean {
  const rest = (block: JsonObject) =>
    Object.fromEntries(Object.entries(block).filter(([name]) => name !== attribute));
  return equalJson(rest(a), rest(b));
}
