import type { Change, JudgedFinding, Place } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import type { Allowance } from "./budget.ts";
import { code, type Markdown, md, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { StackContext } from "./masked.ts";
import { readingMarkdown, readingText } from "./values.ts";
import {
  type ChangeRow,
  changeRow,
  changesOf,
  type Listed,
  listed,
  places,
  type RestPlace,
  stackMarkdown,
} from "./views.ts";
import { counted, cut, visible, visibleLines } from "./visible.ts";
import {
  actorMarkdown,
  capital,
  happened,
  KIND_WORDS,
  phraseMarkdown,
  phraseText,
  title,
} from "./wording.ts";

/**
 * A drifted instance that a change of the code touches, and what applying the change would do to the drift: `reverts`
 * it, sets a third value (`conflicts`), or already says what the cloud has (`contains`).
 */
export interface Affected {
  readonly finding: JudgedFinding;
  readonly stack: StackContext;
  readonly effect: "reverts" | "conflicts" | "contains";
  /** Where the change touches it, for annotations. */
  readonly places: readonly Place[];
}

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
};

type AffectedRow = {
  readonly severity: Markdown;
  readonly address: Markdown;
  readonly drift: Markdown;
  readonly effect: Markdown;
};

/** GitHub allows 64 KB a message and 255 characters a title. */
const LONGEST_MESSAGE = 4_000;

const EFFECT_WORDS: Readonly<Record<Affected["effect"], string>> = {
  reverts: "would revert it: the cloud goes back to what the code says",
  conflicts: "would set a third value: neither what the state recorded nor what runs now",
  contains: "already contains it: nothing changes in the cloud",
};

const COUNT_WORDS: Readonly<Record<Affected["effect"], (n: number) => string>> = {
  conflicts: (n) => `${counted(n, "drift")} would be overwritten with a third value.`,
  reverts: (n) => `${counted(n, "drift")} would be reverted by applying this change.`,
  contains: (n) => `${counted(n, "drift")} ${n === 1 ? "is" : "are"} already contained in this change.`,
};

export function checkRunTitle(affected: readonly Affected[]): string {
  const instances = new Set(affected.map(({ finding, stack }) => `${stack.name}\n${finding.address}`)).size;
  if (instances === 0) return "Nothing that this change touches has drifted";
  return title(`This change touches ${counted(instances, "drifted instance")}`);
}

/** Drift is for people to judge: it never blocks a merge by itself. */
export function checkRunConclusion(affected: readonly Affected[]): "success" | "neutral" {
  return affected.every(({ effect }) => effect === "contains") ? "success" : "neutral";
}

/** The summary: how many, and what applying the change does to each. */
export function checkRunView(
  affected: readonly Affected[],
  allowance: Allowance,
  rest: RestPlace,
): CheckRunView {
  const effects = (["conflicts", "reverts", "contains"] as const).filter((effect) =>
    affected.some((one) => one.effect === effect),
  );
  return {
    marker: printMarker({
      kind: "check-run",
      stack: null,
      fingerprints: affected.slice(0, 50).map(({ finding }) => finding.fingerprint),
      revisions: affected.slice(0, 50).map(({ finding }) => finding.revision),
    }),
    counts: effects.map((effect) =>
      text(COUNT_WORDS[effect](affected.filter((one) => one.effect === effect).length)),
    ),
    affected: affected.length === 0 ? null : listed(affected, affectedRow, allowance, rest),
  };
}

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

function instanceView(affected: Affected, allowance: Allowance, rest: RestPlace): InstanceView {
  const { finding, stack } = affected;
  const { rows, more } = listed(changesOf(finding), changeRow, allowance, rest);
  return {
    found: phraseMarkdown(happened(finding)),
    severity: text(finding.severity),
    kind: text(KIND_WORDS[finding.kind]),
    stack: stackMarkdown(stack),
    actor: finding.actor === null ? null : actorMarkdown(finding.actor),
    places: affected.places.length === 0 ? null : places(affected.places.slice(0, 20)),
    rows,
    more,
  };
}

/** One annotation for each place at which the change touches a drifted instance. */
export function annotations(affected: readonly Affected[]): readonly Annotation[] {
  return affected.flatMap((one) => one.places.map((place) => annotation(one, place)));
}

function annotation({ finding, stack, effect }: Affected, place: Place): Annotation {
  const values = finding.changes.map((change) => visible(cut(changeText(change), 400)));
  const message = [
    `${phraseText(happened(finding))} (stack ${cut(visible(stack.name), 120)}).`,
    ...values,
    `Applying this change ${EFFECT_WORDS[effect]}.`,
  ];
  return {
    path: place.file,
    start_line: place.line,
    end_line: place.line,
    annotation_level: effect === "contains" ? "notice" : "warning",
    title: title(
      `${capital(finding.severity)} ${KIND_WORDS[finding.kind]}: ${cut(visible(finding.address), 120)}`,
    ),
    message: cut(visibleLines(message.join("\n")), LONGEST_MESSAGE),
  };
}
