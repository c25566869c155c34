import { commandLine } from "../drift/command-line.ts";
import type {
  Change,
  Finding,
  FindingKind,
  Impact,
  Reading,
  RevertPlan,
  RevertStep,
} from "../drift/model.ts";
import { touchesPath } from "../drift/path-match.ts";
import type { AttributeRule, RuleBook, TypeRules } from "../drift/rules.ts";
import { type JsonObject, printJson } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import { cliSteps, deletion, revertNotes } from "../providers/aws/revert-commands.ts";
import { type RevertSubject, shown } from "../providers/aws/revert-subject.ts";
import { hasPlaceholder, type RevertStack, selectWorkspace, terraform } from "./revert-terraform.ts";

/** What a plan needs to know besides the finding. */
export interface RevertContext {
  readonly stack: RevertStack;
  /** What changing an attribute does to the resource. */
  readonly rules: RuleBook;
  /** All values of the instance in the code, and in the cloud; null where not known. */
  readonly desired: JsonObject | null;
  readonly observed: JsonObject | null;
  /** Paths of the instance's values that are sensitive to the code or the state. */
  readonly sensitive: readonly Path[];
  /** Addresses of the instances that refer to this one. */
  readonly dependents: readonly string[];
  readonly replacement: Replacement;
}

/** What `lifecycle` blocks say of a replacement of the instance, and of what changes with it. */
export interface Replacement {
  /** `prevent_destroy`: Terraform refuses it. */
  readonly forbidden: boolean;
  /** `create_before_destroy`, its own or that of one that depends on it. */
  readonly createdFirst: boolean;
  /** Other instances whose `replace_triggered_by` names this one, or one attribute of it: `path`, else empty. */
  readonly triggers: readonly { readonly address: string; readonly path: Path }[];
}

const MOST_NAMED = 3;

/** Kinds for which nothing in the cloud has to be set back. */
const NOTHING_TO_REVERT: ReadonlySet<FindingKind> = new Set([
  "unapplied",
  "pending-create",
  "pending-destroy",
  "needs-import",
  "unreadable",
  "version",
]);

/**
 * The steps that make observed equal desired, in order: the AWS CLI's commands for each value, which work at once and
 * without the code, then Terraform's, which does the same for whatever is still different and writes the state. Null
 * for the kinds that have nothing to set back. A sensitive value stands in no command: those are left to Terraform.
 */
export function planRevert(finding: Finding, context: RevertContext): RevertPlan | null {
  if (NOTHING_TO_REVERT.has(finding.kind)) return null;
  return { steps: stepsOf(finding, context), dependents: context.dependents };
}

function stepsOf(finding: Finding, context: RevertContext): readonly RevertStep[] {
  switch (finding.kind) {
    case "conflict":
      return finding.changes.map((change) => conflictStep(change, finding, context));
    case "deleted":
      return [recreate(finding, context)];
    case "unmanaged":
      return unmanagedSteps(finding, context);
    case "stale-state":
      return [refresh(finding, context)];
    default:
      return [...byCommandLine(finding, context), applied(finding, context)];
  }
}

function byCommandLine(finding: Finding, context: RevertContext): readonly RevertStep[] {
  if (finding.sensitive) return [];
  return cliSteps(subjectOf(finding, context)).map((step) => ({ ...step, verify: commandLine(step.verify) }));
}

function applied(finding: Finding, context: RevertContext): RevertStep {
  const names = listed([...new Set(finding.changes.map((change) => printPath(change.path)))]);
  const impact = worst(finding.changes.map((change) => impactOf(change, finding, context)));
  const notes = [
    ...(finding.sensitive ? ["The value is sensitive, so no command holds it."] : leftOut(finding, context)),
    ...(finding.sensitive ? [] : revertNotes(subjectOf(finding, context))),
    ...(impact === "replace" ? replacementNotes(context) : []),
    ...triggerNotes(finding, context),
  ];
  return {
    title: [
      `Apply the code: Terraform sets what is still different in ${names} and updates the state.`,
      ...notes,
      ...placeholderNote(context),
    ].join(" "),
    ...targeted("apply", finding, context),
    impact,
  };
}

function replacementNotes({ replacement: { forbidden, createdFirst } }: RevertContext): readonly string[] {
  const order = createdFirst
    ? "Terraform creates a new resource with a new id and destroys this one then."
    : "Terraform destroys the resource and creates a new one with a new id.";
  return forbidden
    ? [order, "prevent_destroy forbids that: Terraform refuses, until it is taken out of the code."]
    : [order];
}

function triggerNotes({ changes }: Finding, { replacement }: RevertContext): readonly string[] {
  const set = changes.map(({ path }) => path);
  const replaced = replacement.triggers.filter(
    ({ path }) => path.length === 0 || touchesPath(set, path, "any"),
  );
  return replaced.length === 0
    ? []
    : [
        `Where an apply of the whole stack sets the value, it replaces ${listed([...new Set(replaced.map(({ address }) => address))])} too (replace_triggered_by).`,
      ];
}

function listed(names: readonly string[]): string {
  const more = names.length > MOST_NAMED ? ` and ${names.length - MOST_NAMED} more` : "";
  return `${names.slice(0, MOST_NAMED).join(", ")}${more}`;
}

function placeholderNote({ stack }: RevertContext): readonly string[] {
  return hasPlaceholder(stack) ? ["Put the values of sensitive variables in the place of (sensitive)."] : [];
}

/** Terraform leaves many optional arguments alone while the code says nothing about them. */
function leftOut(finding: Finding, { desired }: RevertContext): readonly string[] {
  const names = finding.changes.flatMap(({ path }) => {
    const name = String(path[0]);
    return desired === null || name === "tags" || Object.hasOwn(desired, name) ? [] : [name];
  });
  return names.length === 0
    ? []
    : [
        `The code does not set ${[...new Set(names)].join(", ")}, so Terraform may leave it as it is: write the value that it should have into the code, and it stays so.`,
      ];
}

function recreate(finding: Finding, context: RevertContext): RevertStep {
  const others = context.dependents.length;
  return {
    title: [
      "Create it again: Terraform makes a new resource with a new id.",
      "What only the old one held stays lost.",
      ...(others === 0
        ? []
        : [`Apply the whole stack afterwards: instances that refer to the old one: ${others}.`]),
      ...placeholderNote(context),
    ].join(" "),
    ...targeted("apply", finding, context),
    impact: "replace",
  };
}

function refresh(finding: Finding, context: RevertContext): RevertStep {
  return {
    title: [
      "Bring the state up to date: only the state changes, no resource does.",
      ...placeholderNote(context),
    ].join(" "),
    ...targeted("apply", finding, context, ["-refresh-only"]),
    impact: "in-place",
  };
}

function conflictStep(change: Change, finding: Finding, context: RevertContext): RevertStep {
  const { desired, recorded, observed } = change;
  return {
    title: `Decide which value of ${printPath(change.path)} is right: the code says ${said(desired)}, the state ${said(recorded)}, the cloud ${said(observed)}. Write it into the code, review the plan, then apply.`,
    commands: [],
    impact: "unknown",
    verify: targeted("plan", finding, context).verify,
  };
}

function unmanagedSteps(finding: Finding, context: RevertContext): readonly RevertStep[] {
  const { resource } = finding;
  const byHand = deletion(resource);
  const id = printJson(resource.id ?? "")
    .replaceAll("${", "$$${")
    .replaceAll("%{", "%%{");
  const plan = terraform(context.stack, "plan", []);
  const keep: RevertStep = {
    title: `Either keep it: write import { to = ${resource.type}.NAME, id = ${id} } as a block over several lines, and let Terraform (1.5 or later) write the code.`,
    commands: [
      ...selectWorkspace(context.stack),
      terraform(context.stack, "plan", ["-generate-config-out=imported.tf"]),
    ],
    impact: "in-place",
    verify: commandLine(plan),
  };
  const title = "Or delete it by hand, once nobody needs it: this cannot be undone.";
  if (byHand === null) return [keep, { title, commands: [], impact: "data-loss", verify: commandLine(plan) }];
  const { deletes, shows } = byHand;
  return [keep, { title, commands: [deletes], impact: "data-loss", verify: commandLine(shows) }];
}

function targeted(
  operation: "plan" | "apply",
  finding: Finding,
  { stack }: RevertContext,
  options: readonly string[] = [],
): Pick<RevertStep, "commands" | "verify"> {
  const target = `-target=${finding.address}`;
  return {
    commands: [...selectWorkspace(stack), terraform(stack, operation, [...options, target])],
    verify: commandLine(terraform(stack, "plan", [target])),
  };
}

function subjectOf(finding: Finding, context: RevertContext): RevertSubject {
  const { resource, changes } = finding;
  const secret = new Set(context.sensitive.map((path) => path[0]));
  return {
    resource,
    changes,
    desired: without(context.desired, secret),
    observed: without(context.observed, secret),
  };
}

/** An attribute of which any part is sensitive is not known at all: no command is made from the rest of it. */
function without(attributes: JsonObject | null, names: ReadonlySet<unknown>): JsonObject | null {
  if (attributes === null) return null;
  return Object.fromEntries(Object.entries(attributes).filter(([name]) => !names.has(name)));
}

function impactOf(change: Change, finding: Finding, { rules }: RevertContext): Impact {
  const type = Object.hasOwn(rules, finding.resource.type) ? rules[finding.resource.type] : undefined;
  if (type === undefined || change.desired === "unknown") return "unknown";
  return ruleImpact(type, change.path);
}

/** The impact of the innermost thing on the way to a value that has one. */
function ruleImpact(type: TypeRules, path: Path): Impact {
  let impact: Impact | undefined;
  let attributes: Readonly<Record<string, AttributeRule>> | undefined = type.attributes;
  for (const step of path) {
    if (typeof step === "number") continue;
    const rule: AttributeRule | undefined =
      attributes && Object.hasOwn(attributes, step) ? attributes[step] : undefined;
    if (rule === undefined) break;
    impact = rule.impact ?? impact;
    attributes = rule.attributes;
  }
  return impact ?? "in-place";
}

const FROM_WORST: readonly Impact[] = ["data-loss", "replace", "unknown", "restart", "in-place"];

function worst(impacts: readonly Impact[]): Impact {
  return FROM_WORST.find((impact) => impacts.includes(impact)) ?? "unknown";
}

function said(reading: Reading): string {
  switch (reading) {
    case "unknown":
      return "a value that is not known yet";
    case "absent":
      return "nothing";
    case "unread":
      return "a value that could not be read";
    default:
      return "known" in reading ? shown(reading.known) : "(sensitive)";
  }
}
