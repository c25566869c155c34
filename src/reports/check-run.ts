import { APPLY_EFFECTS, mayUndo, undoes } from "../drift/apply-effect.ts";
import { printPath } from "../json/path.ts";
import type { Acknowledged, Affected, CheckRunContext, CodeLines } from "./affected.ts";
import { COUNT_WORDS, EFFECT_WORDS } from "./apply-words.ts";
import type { Allowance } from "./budget.ts";
import { type ChangesView, changesView } from "./check-changes.ts";
import { failing, isOnlyAside } from "./check-conclusion.ts";
import { code, joined, type Markdown, md, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import { readingMarkdown } from "./values.ts";
import {
  type ChangeRow,
  changeRow,
  changesOf,
  type Listed,
  listed,
  type RestPlace,
  stackMarkdown,
} from "./views.ts";
import { counted } from "./visible.ts";
import {
  actorMarkdown,
  actorText,
  bySeverity,
  capital,
  happened,
  KIND_WORDS,
  phraseMarkdown,
  timeText,
  title,
} from "./wording.ts";

export type CheckRunView = {
  readonly marker: Markdown;
  readonly counts: readonly Markdown[];
  readonly affected: Listed<AffectedRow> | null;
  readonly severalStacks: boolean;
  readonly advice: Markdown | null;
  readonly changes: ChangesView | null;
  readonly notEvaluated: readonly Markdown[];
  readonly asked: readonly Markdown[];
};

type AffectedRow = {
  readonly severity: Markdown;
  /** Null where all is about one stack. */
  readonly stack: Markdown | null;
  readonly address: Markdown;
  readonly drift: Markdown;
  readonly effect: Markdown;
};

const MOST_STACKS = 50;

const NOTHING_DRIFTED = "Nothing that this change touches has drifted";

export function checkRunTitle(affected: readonly Affected[], context: CheckRunContext): string {
  const stacks = new Set(context.notEvaluated.map(({ stack }) => stack)).size;
  const found = foundTitle(affected, context);
  const parts = [
    ...(found === null ? [] : [found]),
    ...(stacks === 0 ? [] : [`${counted(stacks, "stack")} could not be evaluated in full`]),
    ...unbelievedTitle(context),
  ];
  return title(parts.length === 0 ? NOTHING_DRIFTED : capital(parts.join("; ")));
}

/** None where all stacks that a change touches are believed. */
function unbelievedTitle({ unbelieved = [] }: CheckRunContext): readonly string[] {
  if (unbelieved.length === 0) return [];
  return [`the last scan of ${counted(unbelieved.length, "stack")} that this change touches is not believed`];
}

function unbelievedLine({ unbelieved = [] }: CheckRunContext): readonly Markdown[] {
  if (unbelieved.length === 0) return [];
  const names = joined(
    unbelieved.slice(0, MOST_STACKS).map((stack) => code(stack, 80)),
    ", ",
  );
  return [
    md`The last scan is not believed of ${names}: too much of it is gone or changed at once, or its state is that of another stack. So what this change touches there may have drifted all the same; what is told of it is as an earlier scan found it.`,
  ];
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
  const isKnown = affected.every(
    ({ effect, acknowledged }) => !mayUndo(effect) || acknowledged !== undefined,
  );
  const acknowledged = isKnown && affected.some((one) => one.acknowledged !== undefined);
  const touched = `This change touches ${counted(instancesOf(affected), "drifted instance")}`;
  return acknowledged ? `${touched}; acknowledged` : touched;
}

function instancesOf(affected: readonly Affected[]): number {
  return new Set(affected.map(({ finding, stack }) => `${stack.name}\n${finding.address}`)).size;
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
  const { notEvaluated, unbelieved = [] } = context;
  const severalStacks = new Set(affected.map(({ stack }) => stack.name)).size > 1;
  const isSilent = affected.length === 0 && notEvaluated.length === 0 && unbelieved.length === 0;
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
      ...unbelievedLine(context),
      ...failingLine(affected, context),
    ],
    affected:
      affected.length === 0
        ? null
        : listed(affected, (one) => affectedRow(one, severalStacks), allowance, rest),
    severalStacks,
    advice: adviceOn(affected, context),
    changes: changesView(context.changes ?? [], context.notEvaluated, allowance),
    notEvaluated: context.notEvaluated
      .slice(0, MOST_STACKS)
      .map(({ stack, why }) => md`${code(stack, 80)}: ${text(why)}.`),
    asked: context.asked ?? [],
  };
}

function failingLine(affected: readonly Affected[], context: CheckRunContext): readonly Markdown[] {
  const { length } = failing(affected, context);
  if (length === 0) return [];
  return [
    md`This check fails because of ${text(counted(length, "drift"))}: \`checks.fail\` in the configuration says so.`,
  ];
}

function adviceOn(affected: readonly Affected[], { adopts }: CheckRunContext): Markdown | null {
  const undone = affected.filter(({ effect, acknowledged }) => undoes(effect) && acknowledged === undefined);
  if (undone.length === 0) return null;
  if (isOnlyAside(affected, adopts)) return NOT_PART;
  const kept = undone.filter(({ effect }) => effect !== "destroys");
  if (kept.length === 0) return DESTROYED;
  const advice = adviceOnKept(kept);
  return kept.length === undone.length ? advice : md`${advice} ${ALSO_DESTROYED}`;
}

/** Of what is still there after the apply. */
function adviceOnKept(undone: readonly Affected[]): Markdown {
  const numbers = new Set(undone.flatMap(({ adoptedBy }) => adoptedBy ?? []));
  if (numbers.size === 0) return BEFORE_MERGE;
  const shown = [...numbers].slice(0, MOST_NUMBERS).map((number) => md`#${number}`);
  const others = numbers.size - shown.length;
  const more = others > 0 ? md` and ${others} more` : md``;
  const first = md`Before you merge: ${joined(shown, ", ")}${more} ${numbers.size === 1 ? ADOPTS : ADOPT} drift that this would undo; merge what is on purpose first.`;
  const isAll = undone.every(({ adoptedBy }) => adoptedBy !== undefined);
  return isAll ? first : md`${first} ${OTHERS}`;
}

const MOST_NUMBERS = 20;
const ADOPTS = md`adopts`;
const ADOPT = md`adopt`;
const OTHERS = md`Of the others, adopt what was changed on purpose.`;
const BEFORE_MERGE = md`Before you merge: adopt what was changed on purpose, so that applying this change does not undo it.`;
const DESTROYED = md`Before you merge: make sure that nobody needs these resources any more. Applying this change destroys them, with all that was changed in them.`;
const ALSO_DESTROYED = md`Of what would be destroyed, make sure that nobody needs it any more.`;
const NOT_PART = md`This pull request adopts only what the code already contains, and changes nothing else in the cloud. The other drift of these resources is not part of it: the next apply of the stack undoes that with or without this pull request.`;

function affectedRow(
  { finding, stack, effect, acknowledged, adoptedBy }: Affected,
  severalStacks: boolean,
): AffectedRow {
  const adopted = adoptedBy === undefined ? md`` : md`; #${adoptedBy} adopts it`;
  const known = acknowledged === undefined ? md`` : md`; acknowledged by ${code(acknowledged.by, 60)}`;
  return {
    severity: text(finding.severity),
    stack: severalStacks ? code(stack.name, 80) : null,
    address: code(finding.address),
    drift: driftCell({ finding, effect }),
    effect: md`${text(EFFECT_WORDS[effect])}${adopted}${known}`,
  };
}

/** What applying the change would undo, and whose work that is. */
function driftCell({ finding, effect }: Pick<Affected, "finding" | "effect">): Markdown {
  const [change, ...others] = finding.changes;
  const who =
    finding.actor === null || !mayUndo(effect) ? md`` : md`<br>by ${text(actorText(finding.actor), 200)}`;
  if (change === undefined || others.length > 0) return md`${phraseMarkdown(happened(finding))}${who}`;
  const values = md`${readingMarkdown(change.desired)} → ${readingMarkdown(change.observed)}`;
  return md`${code(printPath(change.path))}: ${values}${who}`;
}

export type CheckRunTextView = { readonly instances: Listed<InstanceView> };

type InstanceView = {
  readonly found: Markdown;
  readonly severity: Markdown;
  readonly kind: Markdown;
  readonly stack: Markdown;
  readonly effect: Markdown;
  readonly actor: Markdown | null;
  readonly adopted: Markdown | null;
  readonly acknowledged: Markdown | null;
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
  const { finding, stack, acknowledged, adoptedBy } = affected;
  const { rows, more } = listed(changesOf(finding), changeRow, allowance, rest);
  return {
    found: phraseMarkdown(happened(finding)),
    severity: text(finding.severity),
    kind: text(KIND_WORDS[finding.kind]),
    stack: stackMarkdown(stack),
    effect: text(EFFECT_WORDS[affected.effect]),
    actor: finding.actor === null ? null : actorMarkdown(finding.actor),
    adopted: adoptedBy === undefined ? null : md`#${adoptedBy}`,
    acknowledged: acknowledged === undefined ? null : acknowledgedMarkdown(acknowledged),
    places: affected.places.length === 0 ? null : lines(affected.places.slice(0, 20)),
    rows,
    more,
  };
}

function acknowledgedMarkdown({ by, at }: Acknowledged): Markdown {
  return md`${code(by, 60)} on ${text(timeText(at.toISOString()))}`;
}
