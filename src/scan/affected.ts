import { type ApplyEffect, worstEffect } from "../drift/apply-effect.ts";
import { type Change, DRIFT_KINDS, type Finding, type Reading } from "../drift/model.ts";
import { nestedRule } from "../drift/normal-form.ts";
import { touchesPath } from "../drift/path-match.ts";
import { impactAt, rulesAlong } from "../drift/rule-path.ts";
import type { AccessRole, AttributeRule, RuleBook } from "../drift/rules.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { type Code, codeOf, type DeclaredInstance, gapAt, isIgnored } from "./declared-code.ts";
import { FollowedValues } from "./followed-value.ts";
import { ListChange, type Lists } from "./list-change.ts";
import { says } from "./said-value.ts";
import { touchedPaths } from "./touched-paths.ts";
import { Triggers } from "./triggers.ts";
import { sameJson } from "./value-differences.ts";

/** A drifted instance that a change of the code touches, and what applying that change does to the drift. */
export interface AffectedFinding<F extends Finding = Finding> {
  readonly finding: F;
  readonly effect: ApplyEffect;
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
  book: RuleBook,
): AffectedFinding<F>[] {
  const [before, after] = [byAddress(base), byAddress(head)];
  const drift = findings.filter(({ kind }) => DRIFT_KINDS.has(kind));
  const triggers = new Triggers(before, after, book);
  const imported = importsOf(base, head);
  const taken = drift.filter((finding) => isImported(finding, imported));
  return [
    ...taken.map((finding) => ({ finding, effect: "contains" as const, touched: [] })),
    ...[...Map.groupBy(drift, ({ address }) => address)].flatMap(([address, own]) =>
      new Subject(before.get(address) ?? null, after.get(address) ?? null, book).affected(
        own,
        triggers.replace(address),
      ),
    ),
  ];
}

function byAddress(instances: readonly DeclaredInstance[]): ReadonlyMap<string, DeclaredInstance> {
  return new Map(instances.map((instance) => [instance.address, instance]));
}

/** What the change imports and the base does not, by type and id. */
function importsOf(
  base: readonly DeclaredInstance[],
  head: readonly DeclaredInstance[],
): ReadonlySet<string> {
  const keysOf = (instances: readonly DeclaredInstance[]) =>
    instances.flatMap(({ type, importId }) => (importId === null ? [] : [JSON.stringify([type, importId])]));
  return new Set(keysOf(head)).difference(new Set(keysOf(base)));
}

function isImported({ kind, resource }: Finding, imported: ReadonlySet<string>): boolean {
  return kind === "unmanaged" && imported.has(JSON.stringify([resource.type, resource.id]));
}

/** One instance on both sides of a change. */
class Subject {
  readonly #was: DeclaredInstance | null;
  readonly #is: DeclaredInstance | null;
  readonly #before: Code | null;
  readonly #after: Code | null;
  readonly #book: RuleBook;
  /** By place and resource: their elements may be many. */
  readonly #lists = new Map<string, ListChange>();
  #followed: FollowedValues | null = null;

  constructor(was: DeclaredInstance | null, is: DeclaredInstance | null, book: RuleBook) {
    this.#was = was;
    this.#is = is;
    this.#before = was === null ? null : codeOf(was, book);
    this.#after = is === null ? null : codeOf(is, book);
    this.#book = book;
  }

  /** `triggered`: the change replaces the instance by what it does to others. */
  affected<F extends Finding>(findings: readonly F[], triggered: boolean): AffectedFinding<F>[] {
    const [before, after] = [this.#before, this.#after];
    const all = (effect: ApplyEffect) => findings.map((finding) => ({ finding, effect, touched: [] }));
    if (this.#was?.undecided === true || this.#is?.undecided === true) return all("unknown");
    if (before === null && after === null) return [];
    const forbidden = this.#is?.lifecycle.preventDestroy === true;
    if (after === null) {
      const destroys = forbidden ? ("refuses" as const) : ("destroys" as const);
      return findings.map((finding) => {
        const effect = finding.kind === "deleted" ? ("contains" as const) : destroys;
        return { finding, effect, touched: [] };
      });
    }
    const touched = before === null ? [] : touchedPaths(before, after);
    const isTouched = ({ changes }: Finding) =>
      before === null ||
      (triggered && changes.length > 0) ||
      touched.length > 0 ||
      changes.some(({ path }) => isIgnored(before, path) !== isIgnored(after, path));
    const effects = findings.map((finding) => this.#effectOn(finding, after));
    const replaced = triggered || this.#isReplaced(findings, touched, after);
    const replaces = forbidden ? ("refuses" as const) : ("replaces" as const);
    return findings.flatMap((finding, index) => {
      const effect = effects[index];
      if (effect === undefined || !isTouched(finding)) return [];
      return [{ finding, effect: replaced && finding.changes.length > 0 ? replaces : effect, touched }];
    });
  }

  #effectOn(finding: Finding, after: Code): ApplyEffect {
    const { changes, kind } = finding;
    if (changes.length === 0) return kind === "deleted" ? "recreates" : "contains";
    const effects = changes.map((change) => this.#effectOnValue(change, finding, after));
    const attributes = new Set(changes.map(({ path }) => path[0]));
    const isMixed = effects.includes("contains") && effects.includes("reverts");
    const ofOneList = attributes.size === 1 && isMixed ? (["partly"] as const) : [];
    return worstEffect([...effects, ...ofOneList]) ?? "contains";
  }

  #effectOnValue(change: Change, finding: Finding, after: Code): ApplyEffect {
    if (isIgnored(after, change.path)) return "leaves";
    const { resource } = finding;
    const before = this.#before;
    this.#followed ??= new FollowedValues(before, after, resource.type, this.#book);
    // An element is told by what it is: its list is what can be followed.
    const isElement = typeof change.path.at(-1) === "number";
    const from = isElement ? change.path.slice(0, -1) : change.path;
    const { path: at, value: is } = this.#followed.at(from, resource.id);
    if (touchesPath(after.unknown, at, "exact")) return "unknown";
    const gap = gapAt(after.attributes, at, resource.type, this.#book);
    if (gap !== null && gap.rule?.unset !== "default") return gap.rule?.unset === "kept" ? "leaves" : "unset";
    const value = gap === null ? is : gap.rule?.defaults?.[0];
    const was = jsonAt(before?.attributes, from);
    const isSame = before !== null && sameJson(was, is);
    // A secret is not looked at, and the code decides it all the same.
    if (isHidden(change.desired) || isHidden(change.observed)) return "reverts";
    if (isElement) return this.#list({ from, at }, { was, is: value, isSame }, finding).effectOn(change);
    const effect = effectOnScalar(change, value, isSame, ruleAt(this.#book, resource.type, at));
    return effect === "reverts" && this.#opensAgain(change, finding, after) ? "partly" : effect;
  }

  /** `from`: the place of the list before the change, `at`: the one after it. */
  #list(
    { from, at }: { readonly from: Path; readonly at: Path },
    sides: Pick<Lists, "was" | "is" | "isSame">,
    { resource }: Finding,
  ): ListChange {
    const key = JSON.stringify([from, at, resource.id, sides.isSame]);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const rule = ruleAt(this.#book, resource.type, at);
    const list = new ListChange({ ...sides, rule, ownId: resource.id });
    this.#lists.set(key, list);
    return list;
  }

  /**
   * The block of the changed value is judged with all that has changed in it. Never said where the traffic that it lets
   * in is not known: a protocol or a port that is missing would stand for all of them.
   */
  #opensAgain({ path }: Change, finding: Finding, after: Code): boolean {
    const before = this.#before;
    const at = path.findIndex((step) => typeof step === "number");
    if (at === -1 || before === null) return false;
    const [list, place] = [path.slice(0, at), path.slice(0, at + 1)];
    const block = jsonAt(before.attributes, place);
    const rule = ruleAt(this.#book, finding.resource.type, list);
    if (rule === null || !isJsonObject(block) || !isTrafficKnown(before, place, rule)) return false;
    const own = finding.changes.filter((one) => touchesPath([place], one.path, "exact"));
    const read = (side: "desired" | "observed") =>
      withReadings(
        block,
        own.map((one) => [String(one.path[at + 1]), one[side]]),
        rule,
      );
    const [desired, observed] = [read("desired"), read("observed")];
    if (desired === null || observed === null) return false;
    const is = withKnownTraffic(after, list, rule);
    const sides = { was: jsonAt(before.attributes, list), is, isSame: false };
    return this.#list({ from: list, at: list }, sides, finding).opensAgain({ desired, observed });
  }

  /** Terraform cannot set every attribute of what is there: some need a new resource. */
  #isReplaced(findings: readonly Finding[], touched: readonly Path[], after: Code): boolean {
    const replaces = (path: Path) => impactAt(this.#book, this.#is?.type ?? "", path) === "replace";
    const changes = findings.flatMap((finding) => finding.changes.map((change) => ({ finding, change })));
    const setBack = changes.some(({ finding, change }) => {
      if (!replaces(change.path)) return false;
      const effect = this.#effectOnValue(change, finding, after);
      return effect === "reverts" || effect === "conflicts" || effect === "partly";
    });
    const drifted = changes.map(({ change }) => change.path);
    return (
      setBack ||
      touched.some(
        (path) => replaces(path) && !touchesPath(drifted, path, "any") && this.#isNews(path, after),
      )
    );
  }

  /** Whether a touched value is another than the one that is recorded, so that an apply has to change it. */
  #isNews(path: Path, after: Code): boolean {
    const recorded = this.#is?.recorded ?? null;
    if (recorded === null || touchesPath(after.unknown, path, "exact")) return false;
    if (gapAt(after.attributes, path, this.#is?.type ?? "", this.#book) !== null) return false;
    if (jsonAt(this.#before?.attributes, path) !== undefined) return true;
    const value = jsonAt(after.attributes, path);
    return !says(value, { known: jsonAt(recorded, path) ?? null }, null);
  }
}

function isHidden(reading: Reading): boolean {
  return typeof reading === "object" && "hidden" in reading;
}

/** A block with what is read of some of its arguments; null where one that decides what it lets in is not known. */
function withReadings(
  block: JsonObject,
  readings: readonly (readonly [name: string, reading: Reading])[],
  rule: AttributeRule,
): JsonObject | null {
  const decides = (name: string) => nestedRule(rule, name)?.access !== undefined;
  if (readings.some(([name, reading]) => decides(name) && !isKnown(reading))) return null;
  return { ...block, ...Object.fromEntries(readings.map(([name, reading]) => [name, knownOf(reading)])) };
}

function isKnown(reading: Reading): boolean {
  return reading === "absent" || (typeof reading === "object" && "known" in reading);
}

function knownOf(reading: Reading): Json {
  return typeof reading === "object" && "known" in reading ? reading.known : null;
}

const TRAFFIC: ReadonlySet<AccessRole | undefined> = new Set(["protocol", "from-port", "to-port"]);

/** Whether the code knows the protocol and the ports of a firewall rule. A source that is not known counts as none. */
function isTrafficKnown({ unknown }: Code, place: Path, rule: AttributeRule): boolean {
  return Object.entries(rule.attributes ?? {}).every(
    ([name, inner]) => !TRAFFIC.has(inner.access) || !touchesPath(unknown, [...place, name], "exact"),
  );
}

/** The list without those firewall rules of which the code does not know what they let in. */
function withKnownTraffic(code: Code, list: Path, rule: AttributeRule): Json | undefined {
  const items = jsonAt(code.attributes, list);
  if (!isJsonArray(items) || !touchesPath(code.unknown, list, "exact")) return items;
  return items.filter((_, index) => isTrafficKnown(code, [...list, index], rule));
}

/** Null where it is not known. */
function ruleAt(book: RuleBook, type: string, path: Path): AttributeRule | null {
  const along = rulesAlong(book, type, path);
  return along.length === path.filter((step) => typeof step === "string").length
    ? (along.at(-1) ?? null)
    : null;
}

function effectOnScalar(
  { desired, recorded, observed }: Change,
  value: Json | undefined,
  isSame: boolean,
  rule: AttributeRule | null,
): ApplyEffect {
  if (isSame && says(value, desired, rule)) return "reverts";
  if (says(value, observed, rule)) return "contains";
  return isSame || says(value, desired, rule) || says(value, recorded, rule) ? "reverts" : "conflicts";
}
