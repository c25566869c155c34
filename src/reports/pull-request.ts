import type { Adoption, JudgedFinding } from "../drift/model.ts";
import type { Allowance } from "./budget.ts";
import { otherEffects } from "./effects.ts";
import { fence, type Markdown, md, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { StackContext } from "./masked.ts";
import { ruleSnippet } from "./rule-snippet.ts";
import {
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
import { actorMarkdown, capital, happened, KIND_WORDS, phraseMarkdown } from "./wording.ts";

export type Findings = readonly [JudgedFinding, ...JudgedFinding[]];

export type PullRequestView = {
  readonly marker: Markdown;
  readonly stack: Markdown;
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
  readonly rule: Markdown;
};

/** What the template of a pull request shows. All findings have an adoption that edits the same lines. */
export function pullRequestView(
  findings: Findings,
  stack: StackContext,
  allowance: Allowance,
  rest: RestPlace,
): PullRequestView {
  const [first] = findings;
  const adoptions = findings.flatMap(({ adoption }) => (adoption === null ? [] : [adoption]));
  const effects = otherEffects(uniqueEffects(adoptions), findings, stack.name);
  const changes = findings.flatMap(changesOf);
  return {
    marker: printMarker({
      kind: "pull-request",
      stack: stack.name,
      fingerprints: findings.map(({ fingerprint }) => fingerprint),
      revisions: findings.map(({ revision }) => revision),
    }),
    stack: stackMarkdown(stack),
    found: listed(findings, (finding) => phraseMarkdown(happened(finding)), allowance, rest),
    several: findings.length > 1,
    about: listed(findings, aboutMarkdown, allowance, rest),
    changes: changes.length === 0 ? null : listed(changes, changeRow, allowance, rest),
    diff: diffBlock(uniqueDiffs(adoptions), allowance, rest),
    effects: effects.length === 0 ? null : listed(effects, effectRow, allowance, rest),
    longValues: longValues(findings, allowance, rest),
    actors: unique(findings.flatMap(({ actor }) => (actor === null ? [] : [actorMarkdown(actor)]))).slice(
      0,
      20,
    ),
    decided: uniqueDecisions(findings).slice(0, 20),
    notes: unique(findings.flatMap(({ notes }) => notes.map((note) => text(note)))).slice(0, 10),
    why: text(first.adoption?.why ?? ""),
    proof: proof(findings, effects.length),
    merging: merging(first),
    rule: fence(ruleSnippet(first, stack, "revert"), "yaml"),
  };
}

/** `**Medium** · drift · configuration · aws_instance i-0abc, account 1234, region eu-west-1` */
function aboutMarkdown(finding: JudgedFinding): Markdown {
  const resource = resourceMarkdown(finding);
  const { severity, kind, category } = finding;
  const facts = md`**${text(capital(severity))}** · ${text(KIND_WORDS[kind])} · ${text(category)}`;
  return resource === null ? facts : md`${facts} · ${resource}`;
}

function proof(findings: Findings, others: number): Markdown {
  const isDeletion = findings.some(({ kind }) => kind === "deleted");
  const wanted = text(isDeletion ? declaredAbove(findings.length) : valuesAbove(findings.length));
  const outcome =
    others === 0
      ? md`${wanted} and nothing else`
      : md`${wanted} and ${number(others)} more, listed under "What else changes"`;
  return md`Driftwright evaluated every stack that reads the edited files before and after the edit and compared all instances. It changes ${outcome}.`;
}

function valuesAbove(count: number): string {
  return count === 1 ? "the value above" : "the values above";
}

function declaredAbove(count: number): string {
  return count === 1 ? "whether the instance above is declared" : "whether the instances above are declared";
}

function merging(finding: JudgedFinding): Markdown {
  const cloud = md`Merging changes nothing in the cloud: the code then says what already runs, and the next plan proposes no change of it.`;
  if (finding.kind === "absorbed") return cloud;
  if (finding.kind === "deleted") {
    return md`Merging changes nothing in the cloud: the code no longer declares what was deleted, and the next plan does not create it again. Where the state still has it, Terraform forgets it then.`;
  }
  return md`${cloud} The next apply or refresh writes the new value to the state.`;
}

function uniqueDiffs(adoptions: readonly Adoption[]): readonly string[] {
  return unique(adoptions.flatMap(({ files }) => files.map(({ diff }) => diff)));
}

function uniqueEffects(adoptions: readonly Adoption[]): Adoption["effects"] {
  const byName = new Map(
    adoptions
      .flatMap(({ effects }) => effects)
      .map((effect) => [JSON.stringify([effect.stack, effect.address, effect.path]), effect]),
  );
  return [...byName.values()];
}

function uniqueDecisions(findings: Findings): readonly { by: Markdown; because: readonly Markdown[] }[] {
  const byText = new Map(
    findings.map((finding) => [
      JSON.stringify(finding.intent),
      { by: decider(finding), because: reasons(finding).slice(0, 10) },
    ]),
  );
  return [...byText.values()];
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
