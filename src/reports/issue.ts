import { commandLine } from "../drift/command-line.ts";
import type { FindingKind, JudgedFinding, RevertStep } from "../drift/model.ts";
import type { Allowance } from "./budget.ts";
import { otherEffects } from "./effects.ts";
import { code, fence, type Markdown, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { StackContext } from "./masked.ts";
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
  readonly severity: Markdown;
  readonly category: Markdown;
  readonly kind: Markdown;
  readonly stack: Markdown;
  readonly belongsTo: Markdown | null;
  readonly found: Markdown;
  readonly undecided: boolean;
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
  readonly adoptable: boolean;
  readonly onlyByPerson: boolean;
  readonly adoptRule: Markdown;
  readonly ignoreRule: Markdown;
};

/** What the template of an issue shows: the finding and the plan to revert it. */
export function issueView(
  finding: JudgedFinding,
  stack: StackContext,
  allowance: Allowance,
  rest: RestPlace,
): IssueView {
  const { adoption, revert } = finding;
  const adoptable = adoption !== null && adoption.verdict !== "refused";
  const dependents = revert?.dependents ?? [];
  const effects = adoptable ? otherEffects(adoption.effects, [{ finding, stack }]) : [];
  return {
    marker: printMarker({
      kind: "issue",
      stack: stack.name,
      fingerprints: [finding.fingerprint],
      revisions: [finding.revision],
    }),
    severity: text(capital(finding.severity)),
    category: text(finding.category),
    kind: text(KIND_WORDS[finding.kind]),
    stack: stackMarkdown(stack),
    belongsTo: belongings([stack]),
    found: phraseMarkdown(happened(finding)),
    undecided: finding.intent.verdict === "undecided",
    decidedBy: decider(finding),
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
    adoption: adoptable
      ? diffBlock(
          adoption.files.map(({ diff }) => diff),
          allowance,
          rest,
        )
      : null,
    effects: effects.length === 0 ? null : listed(effects, effectRow, allowance, rest),
    adoptionWhy: adoption === null ? null : text(adoption.why),
    adoptable,
    onlyByPerson: finding.widensAccess || finding.sensitive,
    longValues: longValues([finding], allowance, rest),
    adoptRule: fence(ruleSnippet(finding, stack, "adopt"), "yaml"),
    ignoreRule: fence(ruleSnippet(finding, stack, "ignore"), "yaml"),
  };
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
