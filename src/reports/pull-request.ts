import type { JudgedFinding } from "../drift/model.ts";
import { decidingPolicy } from "../intent/policy.ts";
import type { Allowance } from "./budget.ts";
import { otherEffects } from "./effects.ts";
import { code, fence, joined, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { StackContext } from "./masked.ts";
import { rulesSnippet } from "./rule-snippet.ts";
import {
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
  stacksMarkdown,
} from "./views.ts";
import { actorMarkdown, capital, happened, KIND_WORDS, phraseMarkdown, sentence } from "./wording.ts";

/** A finding, and the stack that it is of. */
export interface StackedFinding {
  readonly stack: StackContext;
  readonly finding: JudgedFinding;
}

export type Findings = readonly [StackedFinding, ...StackedFinding[]];

export type PullRequestView = {
  readonly marker: Markdown;
  readonly stack: Markdown;
  readonly belongsTo: Markdown | null;
  /** There are several of them. */
  readonly stacks: boolean;
  /** What was found, one sentence a finding. */
  readonly found: Listed<Markdown>;
  readonly several: boolean;
  /** How severe each finding is, and which resource it is about. */
  readonly about: Listed<Markdown>;
  readonly changes: Listed<ChangeRow> | null;
  readonly longValues: readonly { path: Markdown; block: Markdown; more: Markdown | null }[];
  readonly actors: readonly Markdown[];
  readonly decided: readonly { by: Markdown; because: readonly Markdown[] }[];
  readonly notes: readonly Markdown[];
  readonly diff: { block: Markdown; more: Markdown | null } | null;
  readonly why: Markdown;
  readonly proof: Markdown;
  readonly effects: Listed<EffectRow> | null;
  readonly merging: Markdown;
  /** The name of the policy that decides, whatever people say; null where none does. */
  readonly policy: Markdown | null;
  readonly rule: Markdown;
  /** How many the rule leaves out; null where it has all. */
  readonly rulesLeft: Markdown | null;
};

/**
 * What the template of a pull request shows. All findings have the same edit as their adoption; they may be of several
 * stacks.
 * @param name the fingerprint that the pull request was opened for
 */
export function pullRequestView(
  all: Findings,
  name: string,
  allowance: Allowance,
  rest: RestPlace,
): PullRequestView {
  const [first] = all;
  const { adoption } = first.finding;
  const findings = all.map(({ finding }) => finding);
  const marked = findings.slice(0, MOST_MARKED);
  const stacks = stacksOf(all);
  const effects = otherEffects(adoption?.effects ?? [], all);
  const changes = all.flatMap(({ finding, stack }) =>
    changesOf(finding).map((one) => ({ ...one, stack: stacks.length > 1 ? stack.name : null })),
  );
  return {
    marker: printMarker({
      kind: "pull-request",
      stack: stacks.length > 1 ? null : first.stack.name,
      fingerprints: marked.map(({ fingerprint }) => fingerprint),
      revisions: marked.length > MOST_REVISIONS ? [] : marked.map(({ revision }) => revision),
      ...(name === first.finding.fingerprint ? {} : { name }),
    }),
    stack: stacksMarkdown(stacks),
    belongsTo: belongings(stacks),
    stacks: stacks.length > 1,
    found: listed(all, (one) => foundMarkdown(one, stacks.length > 1), allowance, rest),
    several: findings.length > 1,
    about: listed(findings, aboutMarkdown, allowance, rest),
    changes: changes.length === 0 ? null : listed(changes, changeRow, allowance, rest),
    diff: diffBlock(adoption?.files.map(({ diff }) => diff) ?? [], allowance, rest),
    effects: effects.length === 0 ? null : listed(effects, effectRow, allowance, rest),
    longValues: longValues(findings, allowance, rest),
    actors: unique(findings.flatMap(({ actor }) => (actor === null ? [] : [actorMarkdown(actor)]))).slice(
      0,
      20,
    ),
    decided: uniqueDecisions(findings).slice(0, 20),
    notes: unique(findings.flatMap(({ notes }) => notes.map((note) => text(note)))).slice(0, 10),
    why: adoption === null || adoption.why === PROVEN ? NOTHING : text(sentence(adoption.why)),
    proof: proof(findings, effects.length),
    merging: merging(findings),
    policy: policyMarkdown(findings),
    ...revertRules(all, allowance),
  };
}

/** The rules that would have such drift undone, and what they leave out. */
function revertRules(
  [first, ...others]: Findings,
  allowance: Allowance,
): Pick<PullRequestView, "rule" | "rulesLeft"> {
  const { shown } = allowance.take(others.slice(0, MOST_IN_RULES - 1));
  const left = others.length - shown.length;
  return {
    rule: fence(rulesSnippet([first, ...shown], "revert"), "yaml"),
    rulesLeft:
      left === 0
        ? null
        : md`That is of the first ${number(shown.length + 1)}; ${number(left)} more can be added in the same way.`,
  };
}

const MOST_IN_RULES = 20;

/** The policy that decides about all of it; null where people decide about some. */
function policyMarkdown(findings: readonly JudgedFinding[]): Markdown | null {
  const policies = findings.map(decidingPolicy);
  const [first] = policies;
  return first === undefined || first === null || policies.includes(null) ? null : code(first.name, 120);
}

/** What is said below of each edit that changes nothing else. */
const PROVEN = "evaluation shows that nothing else changes";

// A marker takes room from the body: at most 37,000 bytes of it.
const MOST_MARKED = 1_500;
const MOST_REVISIONS = 300;

/** The stacks of findings, each once. */
export function stacksOf([first, ...others]: Findings): readonly [StackContext, ...StackContext[]] {
  const byName = new Map(others.map(({ stack }) => [stack.name, stack]));
  byName.delete(first.stack.name);
  return [first.stack, ...byName.values()];
}

function foundMarkdown({ finding, stack }: StackedFinding, isOfSeveral: boolean): Markdown {
  const found = phraseMarkdown(happened(finding));
  return isOfSeveral ? md`${found} (${stackMarkdown(stack)})` : found;
}

/** `**Medium** · drift · configuration · aws_instance i-0abc, account 1234, region eu-west-1` */
function aboutMarkdown(finding: JudgedFinding): Markdown {
  const resource = resourceMarkdown(finding);
  const { severity, kind, category } = finding;
  const facts = md`**${text(capital(severity))}** · ${text(KIND_WORDS[kind])} · ${text(category)}`;
  return resource === null ? facts : md`${facts} · ${resource}`;
}

function proof(findings: readonly JudgedFinding[], others: number): Markdown {
  const deleted = findings.filter(({ kind }) => kind === "deleted").length;
  const wanted = [
    ...(deleted < findings.length ? [valuesAbove(findings.length - deleted)] : []),
    ...(deleted > 0 ? [declaredAbove(deleted)] : []),
  ];
  const both = text(wanted.length > 1 ? `${wanted.join(", and ")},` : wanted.join(""));
  const outcome =
    others === 0
      ? md`${both} and nothing else`
      : md`${both} and ${number(others)} more, listed under "What else changes"`;
  return md`Driftwright evaluated every stack that reads the edited files before and after the edit and compared all instances. It changes ${outcome}.`;
}

function valuesAbove(count: number): string {
  return count === 1 ? "the value above" : "the values above";
}

function declaredAbove(count: number): string {
  return count === 1 ? "whether the instance above is declared" : "whether the instances above are declared";
}

function merging(findings: readonly JudgedFinding[]): Markdown {
  const has = (isMeant: (kind: JudgedFinding["kind"]) => boolean) =>
    findings.some(({ kind }) => isMeant(kind));
  const values = has((kind) => kind !== "deleted");
  const sentences = [
    md`Merging changes nothing in the cloud:`,
    ...(values
      ? [md`the code then says what already runs, and the next plan proposes no change of it.`]
      : []),
    ...(has((kind) => kind !== "deleted" && kind !== "absorbed")
      ? [
          md`The next apply or refresh writes the new ${values && findings.length > 1 ? VALUES : VALUE} to the state.`,
        ]
      : []),
    ...(has((kind) => kind === "deleted")
      ? [
          md`${values ? THE : SMALL_THE} code no longer declares what was deleted, and the next plan does not create it again. Where the state still has it, Terraform forgets it then.`,
        ]
      : []),
  ];
  return joined(sentences, " ");
}

const VALUE = md`value`;
const VALUES = md`values`;
const THE = md`The`;
const SMALL_THE = md`the`;

function uniqueDecisions(
  findings: readonly JudgedFinding[],
): readonly { by: Markdown; because: readonly Markdown[] }[] {
  const byText = new Map(
    findings.map((finding) => [
      JSON.stringify(finding.intent),
      { by: decider(finding.intent), because: reasons(finding).slice(0, 10) },
    ]),
  );
  return [...byText.values()];
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
