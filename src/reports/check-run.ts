import { APPLY_EFFECTS, type ApplyEffect, undoes } from "../drift/apply-effect.ts";
import type { Change, JudgedFinding } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import type { Allowance } from "./budget.ts";
import { code, joined, type Markdown, md, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { StackContext } from "./masked.ts";
import { readingMarkdown, readingText } from "./values.ts";
import {
  type ChangeRow,
  changeRow,
  changesOf,
  type Listed,
  listed,
  type RestPlace,
  stackMarkdown,
} from "./views.ts";
import { counted, cut, visible, visibleLines } from "./visible.ts";
import {
  actorMarkdown,
  bySeverity,
  capital,
  happened,
  KIND_WORDS,
  phraseMarkdown,
  phraseText,
  title,
} from "./wording.ts";

/** A drifted instance that a change of the code touches, and what applying the change would do to the drift. */
export interface Affected {
  readonly finding: JudgedFinding;
  readonly stack: StackContext;
  readonly effect: ApplyEffect;
  /** The changed lines that take part, for annotations. */
  readonly places: readonly CodeLines[];
}

/** Lines of a file, from 1, the last included. */
export interface CodeLines {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** A stack, or a part of one, of which nothing can be said; `why` without a full stop. */
export interface NotEvaluated {
  readonly stack: string;
  readonly why: string;
}

/** What a check run tells of besides the drift. */
export interface CheckRunContext {
  readonly notEvaluated: readonly NotEvaluated[];
  /** Fingerprints of what the change was made to adopt, where it is a pull request of Driftwright's own. */
  readonly adopts: readonly string[];
}

export const PLAIN_CHANGE: CheckRunContext = { notEvaluated: [], adopts: [] };

/** One annotation as the API of check runs takes it; all texts are plain. At most 50 fit into one request. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: "notice" | "warning";
  readonly title: string;
  readonly message: string;
}

export type CheckRunView = {
  readonly marker: Markdown;
  readonly counts: readonly Markdown[];
  readonly affected: Listed<AffectedRow> | null;
  readonly advice: Markdown | null;
  readonly notEvaluated: readonly Markdown[];
};

type AffectedRow = {
  readonly severity: Markdown;
  readonly address: Markdown;
  readonly drift: Markdown;
  readonly effect: Markdown;
};

/** GitHub allows 64 KB a message and 255 characters a title. */
const LONGEST_MESSAGE = 4_000;

/** GitHub takes any number, a reader does not. */
const MOST_ANNOTATIONS = 200;
const MOST_STACKS = 50;

/** What follows "Applying this change". */
const EFFECT_WORDS: Readonly<Record<ApplyEffect, string>> = {
  destroys: "would destroy the resource: the change takes it out of the code",
  replaces: "would replace the resource: Terraform destroys it and makes a new one from the code",
  refuses:
    "would have to destroy or replace the resource, and its prevent_destroy forbids that: Terraform stops and applies nothing",
  conflicts: "would set a third value: neither what the state recorded nor what runs now",
  reverts: "would revert it: the cloud goes back to what the code says",
  recreates: "would create it again, as a new resource",
  unknown: "may change it: what the code says there is not known before",
  unset: "may leave it or set the provider's default: the code does not set it",
  leaves: "would leave it as it is: the code does not decide it, and Terraform keeps what runs",
  contains: "changes nothing there: the code already contains it",
};

const COUNT_WORDS: Readonly<Record<ApplyEffect, (n: number) => string>> = {
  destroys: (n) =>
    `${counted(n, "drift")} would go with ${n === 1 ? "its resource" : "their resources"}: destroyed.`,
  replaces: (n) =>
    `${counted(n, "drift")} would go with ${n === 1 ? "its resource" : "their resources"}: replaced.`,
  refuses: (n) =>
    `${counted(n, "drifted resource")} would have to be destroyed or replaced, which prevent_destroy forbids: Terraform refuses to apply this change.`,
  conflicts: (n) => `${counted(n, "drift")} would be overwritten with a third value.`,
  reverts: (n) => `${counted(n, "drift")} would be reverted by applying this change.`,
  recreates: (n) => `${counted(n, "deleted resource")} would be created again.`,
  unknown: (n) =>
    `Of ${counted(n, "drift")} it is not known before an apply what becomes of ${n === 1 ? "it" : "them"}.`,
  unset: (n) =>
    `${counted(n, "drift")} may stay or go back to a default: the code does not set ${n === 1 ? "it" : "them"}.`,
  leaves: (n) => `${counted(n, "drift")} would stay: the code does not decide ${n === 1 ? "it" : "them"}.`,
  contains: (n) => `${counted(n, "drift")} ${n === 1 ? "is" : "are"} already contained in this change.`,
};

const NOTHING_DRIFTED = "Nothing that this change touches has drifted";

export function checkRunTitle(affected: readonly Affected[], context: CheckRunContext): string {
  const stacks = new Set(context.notEvaluated.map(({ stack }) => stack)).size;
  const found = foundTitle(affected, context);
  if (stacks === 0) return title(found ?? NOTHING_DRIFTED);
  const left = `${counted(stacks, "stack")} could not be evaluated in full`;
  return title(found === null ? left : `${found}; ${left}`);
}

function foundTitle(affected: readonly Affected[], { adopts }: CheckRunContext): string | null {
  if (affected.length === 0) return null;
  const contained = affected.filter(({ effect }) => effect === "contains");
  if (contained.length === affected.length) {
    return `Adopts ${counted(contained.length, "drift")}: the code then says what the cloud has`;
  }
  const own = contained.filter(({ finding }) => adopts.includes(finding.fingerprint));
  if (own.length > 0) {
    const others = affected.length - own.length;
    return `Adopts ${counted(own.length, "drift")}; ${counted(others, "other")} of the same resources ${others === 1 ? "is" : "are"} not part of it`;
  }
  return `This change touches ${counted(instancesOf(affected), "drifted instance")}`;
}

export function instancesOf(affected: readonly Affected[]): number {
  return new Set(affected.map(({ finding, stack }) => `${stack.name}\n${finding.address}`)).size;
}

/** Drift is for people to judge: it never blocks a merge by itself. What was not looked at is not approved of. */
export function checkRunConclusion(
  affected: readonly Affected[],
  { notEvaluated }: Pick<CheckRunContext, "notEvaluated">,
): "success" | "neutral" {
  const isWhole = notEvaluated.length === 0;
  return isWhole && affected.every(({ effect }) => effect === "contains") ? "success" : "neutral";
}

/** The most severe first. */
export function inOrder(affected: readonly Affected[]): readonly Affected[] {
  return affected.toSorted((a, b) => bySeverity(a.finding, b.finding));
}

/** The summary: how many, and what applying the change does to each. */
export function checkRunView(
  affected: readonly Affected[],
  context: CheckRunContext,
  allowance: Allowance,
  rest: RestPlace,
): CheckRunView {
  const effects = APPLY_EFFECTS.filter((effect) => affected.some((one) => one.effect === effect));
  const isSilent = affected.length === 0 && context.notEvaluated.length === 0;
  return {
    marker: printMarker({
      kind: "check-run",
      stack: null,
      fingerprints: affected.slice(0, 50).map(({ finding }) => finding.fingerprint),
      revisions: affected.slice(0, 50).map(({ finding }) => finding.revision),
    }),
    counts: [
      ...effects.map((effect) =>
        text(COUNT_WORDS[effect](affected.filter((one) => one.effect === effect).length)),
      ),
      ...(isSilent ? [text(`${NOTHING_DRIFTED}.`)] : []),
    ],
    affected: affected.length === 0 ? null : listed(affected, affectedRow, allowance, rest),
    advice: adviceOn(affected, context),
    notEvaluated: context.notEvaluated
      .slice(0, MOST_STACKS)
      .map(({ stack, why }) => md`${code(stack, 80)}: ${text(why)}.`),
  };
}

function adviceOn(affected: readonly Affected[], { adopts }: CheckRunContext): Markdown | null {
  const undone = affected.filter(({ effect }) => undoes(effect));
  if (undone.length === 0) return null;
  const isOwn = affected.some(
    ({ finding, effect }) => effect === "contains" && adopts.includes(finding.fingerprint),
  );
  if (!isOwn) return BEFORE_MERGE;
  return undone.every(({ effect }) => effect === "reverts" || effect === "replaces")
    ? NOT_PART
    : BEFORE_MERGE;
}

const BEFORE_MERGE = md`Before you merge: adopt what was changed on purpose, so that applying this change does not undo it.`;
const NOT_PART = md`This pull request adopts only what the code already contains, and changes nothing else in the cloud. The other drift of these resources is not part of it: the next apply of the stack undoes that with or without this pull request.`;

function affectedRow({ finding, effect }: Affected): AffectedRow {
  return {
    severity: text(finding.severity),
    address: code(finding.address),
    drift: driftCell(finding),
    effect: text(EFFECT_WORDS[effect]),
  };
}

function driftCell(finding: JudgedFinding): Markdown {
  const [change, ...others] = finding.changes;
  if (change === undefined || others.length > 0) return phraseMarkdown(happened(finding));
  const values = md`${readingMarkdown(change.desired)} → ${readingMarkdown(change.observed)}`;
  return md`${code(printPath(change.path))}: ${values}`;
}

function changeText(change: Change): string {
  return `${printPath(change.path)}: ${readingText(change.desired)} → ${readingText(change.observed)}`;
}

export type CheckRunTextView = { readonly instances: Listed<InstanceView> };

type InstanceView = {
  readonly found: Markdown;
  readonly severity: Markdown;
  readonly kind: Markdown;
  readonly stack: Markdown;
  readonly effect: Markdown;
  readonly actor: Markdown | null;
  readonly places: Markdown | null;
  readonly rows: readonly ChangeRow[];
  readonly more: Markdown | null;
};

/** The text below the summary: every drift with its values and where the change touches it. */
export function checkRunTextView(
  affected: readonly Affected[],
  allowance: Allowance,
  rest: RestPlace,
): CheckRunTextView {
  return {
    instances: listed(affected, (one) => instanceView(one, allowance, rest), allowance, rest),
  };
}

function lines(all: readonly CodeLines[]): Markdown {
  const shown = all.map(({ file, from, to }) => code(`${file}:${from}${to > from ? `-${to}` : ""}`));
  return joined(shown, ", ");
}

function instanceView(affected: Affected, allowance: Allowance, rest: RestPlace): InstanceView {
  const { finding, stack } = affected;
  const { rows, more } = listed(changesOf(finding), changeRow, allowance, rest);
  return {
    found: phraseMarkdown(happened(finding)),
    severity: text(finding.severity),
    kind: text(KIND_WORDS[finding.kind]),
    stack: stackMarkdown(stack),
    effect: text(EFFECT_WORDS[affected.effect]),
    actor: finding.actor === null ? null : actorMarkdown(finding.actor),
    places: affected.places.length === 0 ? null : lines(affected.places.slice(0, 20)),
    rows,
    more,
  };
}

/** One annotation for each stretch of lines with which the change touches a drifted instance. */
export function annotations(affected: readonly Affected[]): readonly Annotation[] {
  return affected
    .flatMap((one) => one.places.map((place) => annotation(one, place)))
    .slice(0, MOST_ANNOTATIONS);
}

function annotation({ finding, stack, effect }: Affected, { file, from, to }: CodeLines): Annotation {
  const values = finding.changes.map((change) => visible(cut(changeText(change), 400)));
  const message = [
    `${phraseText(happened(finding))} (stack ${cut(visible(stack.name), 120)}).`,
    ...values,
    `Applying this change ${EFFECT_WORDS[effect]}.`,
  ];
  return {
    path: file,
    start_line: from,
    end_line: to,
    annotation_level: undoes(effect) ? "warning" : "notice",
    title: title(
      `${capital(finding.severity)} ${KIND_WORDS[finding.kind]}: ${cut(visible(finding.address), 120)}`,
    ),
    message: cut(visibleLines(message.join("\n")), LONGEST_MESSAGE),
  };
}
