import { decimalOf, ExactDecimal, isNumber, type Json, type RawNumber } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { Change, Finding, Reading } from "./model.ts";
import { elementRule, nestedRule, normalForm } from "./normal-form.ts";
import { type AttributeRule, type RuleBook, rulesOf } from "./rules.ts";

/** How much what runs may differ from what is wanted. Percents are of what is wanted. */
export interface Within {
  readonly unit: "number" | "percent" | "milliseconds";
  readonly amount: number | RawNumber;
}

/**
 * Whether all that a finding is about are numbers, or times, that differ by no more than is let be. What matters to
 * security never is: sensitive values, who may do what, what is watched, and what is severe.
 */
export function isTolerated(finding: Finding, within: Within, book: RuleBook): boolean {
  const { changes, resource, category, sensitive, widensAccess, concern, kind } = finding;
  if (!VALUE_KINDS.has(kind) || changes.length === 0) return false;
  if (sensitive || widensAccess || concern !== null || category !== "configuration") return false;
  return changes.every((change) => {
    const rule = ruleAt(book, resource.type, change.path);
    return rule !== null && isClose(change, rule, kind, within);
  });
}

const VALUE_KINDS: ReadonlySet<Finding["kind"]> = new Set(["drift", "absorbed", "conflict", "stale-state"]);

/** The rule of the value at a path; null where there is none, or something on the way matters to security. */
function ruleAt(book: RuleBook, type: string, [name, ...steps]: Path): AttributeRule | null {
  const rules = rulesOf(book, type);
  if (rules === undefined || rules.access !== undefined || typeof name !== "string") return null;
  let rule = nestedRule(rules, name);
  for (const step of steps) {
    if (rule === undefined || isGuarded(rule)) return null;
    const isElement = typeof step === "number" || rule.kind === "map" || rule.kind === "tags";
    const isBlock = rule.kind === "block" || rule.kind === "block-set";
    if (!isElement) rule = nestedRule(rule, step);
    else if (!isBlock) rule = elementRule(rule);
  }
  return rule === undefined || isGuarded(rule) ? null : rule;
}

function isGuarded({ watch, exposes, weakens, access, sensitive, category, sameAs }: AttributeRule): boolean {
  if ([watch, exposes, weakens, access].some((fact) => fact !== undefined)) return true;
  return sensitive === true || category === "policy" || sameAs !== undefined;
}

/** Of what code and cloud agree about, the state is what may differ. */
function isClose(change: Change, rule: AttributeRule, kind: Finding["kind"], within: Within): boolean {
  const { desired, recorded, observed } = change;
  const wanted = kind === "stale-state" || desired === "unknown" || desired === "absent" ? recorded : desired;
  const [a, b] = [valueIn(wanted), valueIn(observed)];
  if (a === null || b === null) return false;
  const { unit, amount } = within;
  if (unit === "milliseconds") return isCloseTime(a, b, decimalOf(amount).toNumber());
  return isCloseNumber(normalForm(a, rule), normalForm(b, rule), rule, within);
}

function valueIn(reading: Reading): Json {
  return typeof reading === "object" && "known" in reading ? reading.known : null;
}

function isCloseNumber(wanted: Json, found: Json, rule: AttributeRule, { unit, amount }: Within): boolean {
  if (rule.kind !== "number" || !isNumber(wanted) || !isNumber(found)) return false;
  const most = decimalOf(amount);
  const difference = decimalOf(found).minus(decimalOf(wanted)).abs();
  return unit === "number"
    ? difference.lte(most)
    : difference.times(100).lte(new ExactDecimal(decimalOf(wanted)).abs().times(most));
}

/** A time of RFC 3339; one without a zone could be anywhere. */
const TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

function isCloseTime(wanted: Json, found: Json, most: number): boolean {
  const [a, b] = [timeOf(wanted), timeOf(found)];
  return a !== null && b !== null && Math.abs(a - b) <= most;
}

/** In milliseconds. */
function timeOf(value: Json): number | null {
  if (typeof value !== "string" || !TIME.test(value)) return null;
  const time = Date.parse(value);
  return Number.isNaN(time) ? null : time;
}
