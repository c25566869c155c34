import type { Json, JsonObject } from "../json/json.ts";
import { blocksOf } from "./block-sets.ts";
import {
  type AccessChange,
  accessChange,
  describeRule,
  type FirewallRule,
  firewallRules,
  isOpenToAll,
} from "./firewall.ts";
import { type Category, SEVERITIES, type Severity } from "./model.ts";
import { elementRule, isBlank, sameValue } from "./normal-form.ts";
import { policyChange } from "./policy-access.ts";
import type { AttributeRule, TypeRules } from "./rules.ts";
import { type Difference, statedAttributes, type View, valueAt } from "./view.ts";

/** What a finding means for those who run the resource. */
export interface Judgement {
  readonly category: Category;
  readonly severity: Severity;
  readonly widensAccess: boolean;
  readonly notes: readonly string[];
}

type Concern = Omit<Judgement, "category">;

const PLAIN: Concern = { severity: "info", widensAccess: false, notes: [] };

/**
 * Judges a difference, by the worst of what is known about it:
 *
 * | what the cloud does | severity | widens access |
 * | --- | --- | --- |
 * | lets everybody in, through any port (also 80 and 443: the code does not ask for it) | critical | yes |
 * | lets in or out more than the code: another source, a larger range, more ports; a policy with more in it | high | yes |
 * | has a value that exposes (`AttributeRule.exposes`) | high | yes |
 * | has lost a protection (`AttributeRule.weakens`) | high | no |
 * | lets in or out less than the code | medium | no |
 * | has another value | the rule's, else medium; tags low | no |
 * | agrees with the code, only the state does not | info | no |
 *
 * The notes give the reasons; of a sensitive difference they name no value.
 */
export function judgeDifference(difference: Difference, rules: TypeRules, view: View): Judgement {
  const category = difference.category ?? rules.category;
  if (difference.kind === "stale-state") return { ...PLAIN, category };
  const concerns = [
    accessConcern(difference, rules, view),
    policyConcern(difference),
    exposureConcern(difference),
    protectionConcern(difference),
  ].filter((concern) => concern !== null);
  if (concerns.length === 0) {
    return { category, severity: difference.rule.severity ?? "medium", widensAccess: false, notes: [] };
  }
  return { category, ...worstOf(concerns) };
}

function worstOf(concerns: readonly Concern[]): Concern {
  const rank = (severity: Severity) => SEVERITIES.indexOf(severity);
  const [worst = PLAIN] = concerns.toSorted((a, b) => rank(a.severity) - rank(b.severity));
  return {
    severity: worst.severity,
    widensAccess: concerns.some((concern) => concern.widensAccess),
    notes: concerns.flatMap((concern) => concern.notes),
  };
}

type Direction = "ingress" | "egress";

function accessConcern(difference: Difference, rules: TypeRules, view: View): Concern | null {
  const { rule, values, sensitive } = difference;
  if (rule.access === "ingress" || rule.access === "egress") {
    const wanted = difference.desired === "set" ? values.desired : values.recorded;
    const change = accessChange(rulesOfBlocks(wanted, rule), rulesOfBlocks(values.observed, rule));
    // What is watched for additions alone may be held elsewhere too, so nothing counts as closed.
    const additionsOnly = difference.desired !== "set" && rule.watch === "additions";
    return firewallConcern(additionsOnly ? { ...change, closed: [] } : change, rule.access, sensitive);
  }
  if (rules.access === undefined || rule.access === undefined) return null;
  const wanted = statedAttributes(view.truths);
  const direction = directionOf(rules.access, wanted);
  const change = accessChange(
    firewallRules(wanted, rules.attributes),
    firewallRules(view.resource.attributes, rules.attributes),
  );
  return firewallConcern(change, direction, sensitive);
}

function rulesOfBlocks(value: Json | undefined, rule: AttributeRule): readonly FirewallRule[] {
  return blocksOf(value).flatMap((block) => firewallRules(block, rule.attributes ?? {}));
}

function directionOf(access: NonNullable<TypeRules["access"]>, attributes: JsonObject): Direction {
  if (typeof access === "string") return access;
  return valueAt(attributes, access.attribute) === "egress" ? "egress" : "ingress";
}

function firewallConcern(change: AccessChange, direction: Direction, sensitive: boolean): Concern {
  const { opened, closed } = change;
  const listed = (rules: readonly FirewallRule[]) => (sensitive ? "" : `: ${listRules(rules, direction)}`);
  const way = direction === "ingress" ? "in" : "out";
  const open = direction === "ingress" ? opened.filter(isOpenToAll) : [];
  if (open.length > 0) {
    return { severity: "critical", widensAccess: true, notes: [`Lets everybody in${listed(open)}.`] };
  }
  if (opened.length > 0) {
    const note = `Lets ${way} more than the code does${listed(opened)}.`;
    return { severity: "high", widensAccess: true, notes: [note] };
  }
  if (closed.length === 0) {
    return { severity: "low", widensAccess: false, notes: [`Lets ${way} the same as the code does.`] };
  }
  const note = `Lets ${way} less than the code does${listed(closed)}.`;
  return { severity: "medium", widensAccess: false, notes: [note] };
}

const LISTED = 3;

function listRules(rules: readonly FirewallRule[], direction: Direction): string {
  const texts = [...new Set(rules.map((rule) => describeRule(rule, direction)))];
  const more = texts.length - LISTED;
  return [...texts.slice(0, LISTED), ...(more > 0 ? [`${more} more`] : [])].join(", ");
}

function policyConcern({ rule, values, desired }: Difference): Concern | null {
  if (rule.sameAs !== "policy") return null;
  switch (policyChange(desired === "set" ? values.desired : values.recorded, values.observed)) {
    case "public":
      return {
        severity: "critical",
        widensAccess: true,
        notes: ["The policy allows everybody (`*`) something."],
      };
    case "widens":
      return { severity: "high", widensAccess: true, notes: ["The policy may allow more than the code's."] };
    case "narrows":
      return { severity: "medium", widensAccess: false, notes: ["The policy allows less than the code's."] };
  }
}

function exposureConcern({ rule, values, desired }: Difference): Concern | null {
  const { exposes } = rule;
  if (exposes === undefined) return null;
  const wanted = desired === "set" ? values.desired : values.recorded;
  const isExposed =
    exposes === "additions"
      ? hasMore(wanted, values.observed, rule)
      : turnsInto(exposes, wanted, values.observed, rule);
  if (!isExposed) return null;
  return { severity: "high", widensAccess: true, notes: ["Gives more access than the code does."] };
}

function hasMore(wanted: Json | undefined, observed: Json | undefined, rule: AttributeRule): boolean {
  if (!Array.isArray(observed)) return !isBlank(observed, rule);
  const before: readonly Json[] = Array.isArray(wanted) ? wanted : [];
  const element = elementRule(rule);
  return observed.some((item: Json) => !before.some((other) => sameValue(item, other, element)));
}

function protectionConcern({ rule, values, desired }: Difference): Concern | null {
  const wanted = desired === "set" ? values.desired : values.recorded;
  if (rule.weakens === undefined || !turnsInto(rule.weakens, wanted, values.observed, rule)) return null;
  return { severity: "high", widensAccess: false, notes: ["A protection is off that should be on."] };
}

/** The observed value is one of those listed (`null`: none at all), and the wanted one is not. */
function turnsInto(
  listed: readonly Json[],
  wanted: Json | undefined,
  observed: Json | undefined,
  rule: AttributeRule,
): boolean {
  const isListed = (value: Json | undefined) => listed.some((one) => sameValue(one, value ?? null, rule));
  return isListed(observed) && !isListed(wanted);
}

/** Judges a resource that nothing declares, by its type and by what its firewall rules let in. */
export function judgeUnmanaged(attributes: JsonObject, rules: TypeRules | undefined): Judgement {
  const found: Judgement = { category: "resource", severity: "medium", widensAccess: false, notes: [] };
  if (rules === undefined) return found;
  if (rules.access !== undefined) {
    const direction = directionOf(rules.access, attributes);
    const change = accessChange([], firewallRules(attributes, rules.attributes));
    return { ...firewallConcern(change, direction, false), category: "policy" };
  }
  const isOpen = Object.entries(rules.attributes).some(
    ([name, rule]) =>
      rule.access === "ingress" && rulesOfBlocks(valueAt(attributes, name), rule).some(isOpenToAll),
  );
  if (!isOpen) return found;
  // Not critical: whether anything uses the group is not known.
  return { ...found, severity: "high", widensAccess: true, notes: ["It lets everybody in."] };
}
