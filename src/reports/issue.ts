import { commandLine } from "../drift/command-line.ts";
import type { Effect, FindingKind, JudgedFinding, RevertStep } from "../drift/model.ts";
import { targetOf, targetText } from "../intent/command-target.ts";
import { decidingPolicy } from "../intent/policy.ts";
import type { Allowance } from "./budget.ts";
import { SCAN_HAS_ALL } from "./continuations.ts";
import { otherEffects } from "./effects.ts";
import {
  byWeight,
  type GroupView,
  groupView,
  type IssueContents,
  leftView,
  MOST_TOLD,
  moreView,
} from "./issue-group.ts";
import { afterRefusal, type Keeping, keepingOf, refusedMarkdown } from "./keeping.ts";
import { code, fence, type Markdown, md, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { StackContext } from "./masked.ts";
import { type StackedFinding, stacksOf } from "./pull-request.ts";
import { ruleSnippet } from "./rule-snippet.ts";
import {
  addresses,
  belongings,
  type ChangeRow,
  changeRow,
  changesOf,
  decider,
  diffBlock,
  type EffectRow,
  effectRow,
  type Listed,
  listed,
  longValues,
  type RestPlace,
  reasons,
  resourceMarkdown,
  stackMarkdown,
} from "./views.ts";
import { counted, visibleLines } from "./visible.ts";
import {
  actorMarkdown,
  capital,
  happened,
  impactWords,
  KIND_WORDS,
  phraseMarkdown,
  placeText,
  sentence,
  stopped,
} from "./wording.ts";

type StepView = {
  readonly number: Markdown;
  readonly title: Markdown;
  readonly impact: Markdown;
  /** All commands of the step in one block, indented to stand inside the list; null where there is none. */
  readonly commands: Markdown | null;
  /** The commands hold characters that show as escapes and so cannot be copied. */
  readonly unseen: boolean;
  readonly verify: Markdown | null;
  readonly indent: Markdown;
};

export type IssueView = {
  readonly marker: Markdown;
  /** The public repository that they are of, where they are told in another one. */
  readonly about: Markdown | null;
  /** Of several findings: what is told before each of them is. */
  readonly group: GroupView | null;
  readonly findings: readonly FindingView[];
  readonly more: Markdown | null;
  readonly left: Listed<Markdown> | null;
};

export type FindingView = {
  readonly severity: Markdown;
  readonly category: Markdown;
  readonly kind: Markdown;
  readonly stack: Markdown;
  readonly belongsTo: Markdown | null;
  readonly found: Markdown;
  readonly undecided: boolean;
  /** What was decided and cannot be done, as a sentence that `because` follows. */
  readonly refused: Markdown | null;
  readonly afterRefusal: Markdown | null;
  readonly decidedBy: Markdown;
  readonly because: readonly Markdown[];
  readonly changes: Listed<ChangeRow> | null;
  readonly longValues: readonly { path: Markdown; block: Markdown; more: Markdown | null }[];
  readonly notes: readonly Markdown[];
  readonly actor: Markdown | null;
  readonly resource: Markdown | null;
  readonly declaredAt: Markdown | null;
  readonly dependents: Listed<Markdown> | null;
  readonly dependsOnIt: Markdown;
  readonly steps: Listed<StepView> | null;
  readonly adoption: { block: Markdown; more: Markdown | null } | null;
  /** What else the edit changes. */
  readonly effects: Listed<EffectRow> | null;
  readonly adoptionWhy: Markdown | null;
  /** Says already in the folded form where it changes more. */
  readonly editTitle: Markdown;
  readonly adoptable: boolean;
  /** Where the edit is told that is this one's as well; null where it is told here. */
  readonly sameEdit: Markdown | null;
  readonly keeping: Keeping;
  readonly ignoreRule: Markdown;
  /** Is about this one alone. */
  readonly ignoreCommand: Markdown;
};

/** What the template of an issue shows: the findings, each with the plan to revert it, the most severe first. */
export function issueView(contents: IssueContents, allowance: Allowance, rest: RestPlace): IssueView {
  const { grouping, name, left, about } = contents;
  const [first = contents.findings[0], ...others] = contents.findings.toSorted(byWeight);
  const findings = [first, ...others] as const;
  const several = others.length > 0;
  const marked = findings.slice(0, MOST_MARKED).map(({ finding }) => finding);
  const stacks = stacksOf(findings);
  const all = findings.map(named);
  const decidable = findings.find(({ finding }) => decidingPolicy(finding) === null);
  const example = decidable === undefined ? null : targetText(targetOf(named(decidable), all));
  const group = several ? groupView(findings, { grouping, example }, allowance, rest) : null;
  const leftHere = left.length === 0 ? null : leftView(left, allowance, rest);
  const views: FindingView[] = [];
  const edits = new Map<string, Markdown>();
  for (const one of findings.slice(0, MOST_TOLD)) {
    // One after the other, so that the first are told in full where there is no room for all.
    if (allowance.take([one]).left > 0) break;
    const target = several ? ` ${targetText(targetOf(named(one), all))}` : "";
    views.push(findingView(one.finding, one.stack, { target, edits, allowance, rest }));
  }
  return {
    marker: printMarker({
      kind: "issue",
      stack: stacks.length > 1 ? null : first.stack.name,
      fingerprints: marked.map(({ fingerprint }) => fingerprint),
      revisions: marked.map(({ revision }) => revision),
      ...(name === null ? {} : { name }),
      ...(about === undefined ? {} : { of: about.id }),
    }),
    about: about === undefined ? null : code(`${about.owner}/${about.name}`),
    group,
    findings: views,
    more: moreView(findings.length, views.length, { table: group?.rows, rest }),
    left: leftHere,
  };
}

/** A marker takes room from the body. The App itself has written down all that an issue tells of. */
const MOST_MARKED = 300;

function named({ finding, stack }: StackedFinding) {
  return { finding, stack: stack.name };
}

function findingView(
  finding: JudgedFinding,
  stack: StackContext,
  {
    target,
    edits,
    allowance,
    rest,
  }: {
    readonly target: string;
    /** The edits that were told, each with the heading that tells it. */
    readonly edits: Map<string, Markdown>;
    readonly allowance: Allowance;
    readonly rest: RestPlace;
  },
): FindingView {
  const { adoption, revert } = finding;
  const adoptable = adoption !== null && adoption.verdict !== "refused";
  const dependents = revert?.dependents ?? [];
  const effects = adoptable ? otherEffects(adoption.effects, [{ finding, stack }]) : [];
  const found = phraseMarkdown(happened(finding));
  const edit = JSON.stringify(adoption?.files ?? []);
  const toldUnder = edits.get(edit);
  if (adoptable && toldUnder === undefined) edits.set(edit, found);
  const isToldHere = adoptable && toldUnder === undefined;
  return {
    severity: text(capital(finding.severity)),
    category: text(finding.category),
    kind: text(KIND_WORDS[finding.kind]),
    stack: stackMarkdown(stack),
    belongsTo: belongings([stack]),
    found,
    undecided: finding.intent.verdict === "undecided",
    refused: refusedMarkdown(finding),
    afterRefusal: afterRefusal(finding),
    decidedBy: decider(finding.intent),
    because: reasons(finding).slice(0, 10),
    changes: finding.changes.length === 0 ? null : listed(changesOf(finding), changeRow, allowance, rest),
    notes: finding.notes.slice(0, 10).map((note) => text(note)),
    actor: finding.actor === null ? null : actorMarkdown(finding.actor),
    resource: resourceMarkdown(finding),
    declaredAt: finding.declaredAt === null ? null : code(placeText(finding.declaredAt)),
    steps:
      revert === null || revert.steps.length === 0
        ? null
        : stepList(finding.kind, revert.steps, allowance, rest),
    dependents: dependents.length === 0 ? null : addresses(dependents, allowance, rest),
    dependsOnIt: text(
      dependents.length === 0
        ? "No other resource in this stack refers to it."
        : `In this stack, ${counted(dependents.length, "resource")} ${dependents.length === 1 ? "refers" : "refer"} to it, directly or through others:`,
    ),
    adoption: isToldHere
      ? diffBlock(
          adoption.files.map(({ diff }) => diff),
          allowance,
          rest,
        )
      : null,
    effects: effects.length === 0 || !isToldHere ? null : effectList(effects, allowance, rest),
    adoptionWhy: adoption === null ? null : text((adoptable ? sentence : stopped)(adoption.why)),
    adoptable,
    sameEdit:
      adoptable && toldUnder !== undefined
        ? md`The edit that makes the code follow is the same as for this, above: ${toldUnder}.`
        : null,
    editTitle:
      adoption?.verdict === "shared"
        ? md`The edit that makes the code follow, and changes other values with it`
        : md`The edit that makes the code follow`,
    keeping: keepingOf(finding, stack, {
      command: code(`/drift adopt${target}`, LONGEST_COMMAND),
      listsOthers: effects.length > 0,
    }),
    longValues: longValues([finding], allowance, rest),
    ignoreRule: fence(ruleSnippet(finding, stack, "ignore"), "yaml"),
    ignoreCommand: code(`/drift ignore${target} until DATE because …`, LONGEST_COMMAND),
  };
}

const LONGEST_COMMAND = 600;

/** Of what else an edit changes: who reads an issue wants to know of what kind it is. */
const MOST_EFFECTS = 20;

function effectList(effects: readonly Effect[], allowance: Allowance, rest: RestPlace): Listed<EffectRow> {
  if (effects.length <= MOST_EFFECTS) return listed(effects, effectRow, allowance, rest);
  const { rows } = listed(effects.slice(0, MOST_EFFECTS), effectRow, allowance, rest);
  return { rows, more: md`*And ${number(effects.length - rows.length)} more; ${SCAN_HAS_ALL}.*` };
}

function stepList(
  kind: FindingKind,
  steps: readonly RevertStep[],
  allowance: Allowance,
  rest: RestPlace,
): Listed<StepView> {
  const numbered = steps.map((step, index) => ({ step, position: index + 1 }));
  return listed(numbered, ({ step, position }) => stepView(kind, step, position), allowance, rest);
}

function stepView(kind: FindingKind, step: RevertStep, position: number): StepView {
  const indent = `${position}. `.length;
  const commands = step.commands.map(commandLine).join("\n");
  return {
    number: number(position),
    title: text(step.title),
    impact: text(impactWords(step.impact, kind)),
    unseen: visibleLines(commands) !== commands,
    commands: commands === "" ? null : fence(commands, "sh", indent),
    verify: step.verify === "" ? null : code(step.verify),
    indent: " ".repeat(indent) as Markdown,
  };
}
