import type { Change, JudgedFinding } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import { byteLength } from "./budget.ts";
import { beginning } from "./continuations.ts";
import { refusedMarkdown } from "./keeping.ts";
import { code, joined, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import { maskTogether } from "./masked.ts";
import { Redaction } from "./redaction.ts";
import { readingMarkdown, readingText } from "./values.ts";
import { decider, reasons } from "./views.ts";
import { happened, phraseMarkdown, placeText, stopped } from "./wording.ts";

/** Findings that are explained in one comment. */
const MOST = 10;
const MOST_PLACES = 5;
/** Several answers share a comment. */
const MOST_BYTES = 20_000;

/** What was said of a finding since the scan that judged it, and counts. */
export type Since =
  | { readonly what: "said" }
  /** It is to be adopted, and the next scan looks for the edit. */
  | { readonly what: "waits"; readonly by: string }
  /** What the scan knew was taken back, or its time is over. */
  | { readonly what: "ended" };

/**
 * Why findings are judged as they are, who decided, and where the code says otherwise; for a comment.
 * @param since by fingerprint
 */
export function explanation(
  findings: readonly JudgedFinding[],
  since: ReadonlyMap<string, Since> = new Map(),
): Markdown {
  const rest = findings.length - MOST;
  const blocks = findings
    .slice(0, MOST)
    .map((finding) => explained(finding, since.get(finding.fingerprint) ?? null));
  const more = rest > 0 ? [md`And ${number(rest)} more.`] : [];
  const whole = joined(
    [...blocks, ...more].flatMap((block) => [block, md``]),
    "\n",
  );
  return byteLength(whole) <= MOST_BYTES
    ? whole
    : (beginning(whole, MOST_BYTES, md`the issues and pull requests tell more`) as Markdown);
}

/** The values of what a scan found, but for sensitive ones; of a comment that not everyone can read. */
export function foundValues(findings: readonly JudgedFinding[]): Markdown {
  const masked = maskTogether(findings, new Redaction());
  const lines = findings.slice(0, MOST_VALUES).flatMap((finding) => {
    const { changes } = masked(finding);
    const shown = changes.slice(0, MOST).map((change) => md`  - ${changeMarkdown(change)}`);
    const left = changes.length - shown.length;
    return [
      md`- ${phraseMarkdown(happened(finding))}`,
      ...shown,
      ...(left > 0 ? [md`  - and ${number(left)} more`] : []),
    ];
  });
  const rest = findings.length - MOST_VALUES;
  const whole = joined([...lines, ...(rest > 0 ? [md`- and ${number(rest)} more`] : [])], "\n");
  return byteLength(whole) <= MOST_BYTES
    ? whole
    : (beginning(whole, MOST_BYTES, md`to name one of them tells all of it`) as Markdown);
}

const MOST_VALUES = 50;

/** `size`: the code says `1`, the state has `2`, the cloud has `3` */
function changeMarkdown({ path, desired, recorded, observed }: Change): Markdown {
  const isKnown = (reading: Change["desired"]) => reading !== "unknown" && reading !== "unread";
  const isSame = readingText(recorded) === readingText(desired);
  const parts = [
    ...(isKnown(desired) ? [md`the code says ${readingMarkdown(desired)}`] : []),
    ...(isKnown(recorded) && !isSame ? [md`the state has ${readingMarkdown(recorded)}`] : []),
    md`the cloud has ${readingMarkdown(observed)}`,
  ];
  return md`${code(printPath(path))}: ${joined(parts, ", ")}`;
}

function explained(finding: JudgedFinding, since: Since | null): Markdown {
  const { adoption } = finding;
  const places = [
    ...new Set(finding.changes.flatMap(({ source }) => (source === null ? [] : [placeText(source)]))),
  ];
  const judgement = judgementOf(finding, since);
  const lines = [
    ...judgement.because,
    ...finding.notes.slice(0, MOST).map((note) => text(note)),
    ...(places.length === 0
      ? []
      : [md`Decided in the code at ${text(places.slice(0, MOST_PLACES).join(", "))}.`]),
    ...(adoption === null || adoption.why === "" ? [] : [md`The edit: ${text(stopped(adoption.why))}`]),
  ];
  return joined(
    [
      md`**${phraseMarkdown(happened(finding))}**: ${judgement.verdict}`,
      ...lines.map((line) => md`- ${line}`),
    ],
    "\n",
  );
}

interface Judgement {
  readonly verdict: Markdown;
  readonly because: readonly Markdown[];
}

function judgementOf(finding: JudgedFinding, since: Since | null): Judgement {
  if (finding.kind === "stale-state") return { verdict: AGREES, because: [STATE_BEHIND] };
  if (since?.what === "ended") return { verdict: ENDED, because: [] };
  const { intent } = finding;
  const refused = refusedMarkdown(finding);
  const verdict =
    intent.verdict === "undecided"
      ? md`undecided${refused === null ? NOTHING : md`: ${refused}`}`
      : md`${text(intent.verdict)}, by ${decider(intent)}`;
  const because = reasons(finding).slice(0, MOST);
  if (since === null) return { verdict, because };
  const said =
    since.what === "said"
      ? SAID_SINCE
      : md`${code(`@${since.by}`, 120)} said adopt since the last scan, and the next one looks for the edit.`;
  return { verdict, because: [...because, said] };
}

const ENDED = md`what somebody had said of it does not hold any more since the last scan, and the next one judges it anew`;
const SAID_SINCE = md`Said since the last scan.`;
const AGREES = md`nothing to decide, since the code and the cloud agree`;
/** Of what only the state has not learnt of, as a sentence. */
const STATE_BEHIND = md`Only the state is behind: the next apply, or \`terraform apply -refresh-only\`, brings it up to date.`;
