import type { JudgedFinding } from "../drift/model.ts";
import { byteLength } from "./budget.ts";
import { beginning } from "./continuations.ts";
import { refusedMarkdown } from "./keeping.ts";
import { joined, type Markdown, md, NOTHING, text } from "./markdown.ts";
import { decider, reasons } from "./views.ts";
import { counted } from "./visible.ts";
import { happened, phraseMarkdown, placeText, stopped } from "./wording.ts";

/** Findings that are explained in one comment. */
const MOST = 10;
const MOST_PLACES = 5;
/** Several answers share a comment. */
const MOST_BYTES = 20_000;

/** Why findings were judged as they were, who decided, and where the code says otherwise; for a comment. */
export function explanation(findings: readonly JudgedFinding[]): Markdown {
  const rest = findings.length - MOST;
  const blocks = findings.slice(0, MOST).map(explained);
  const more = rest > 0 ? [md`And ${text(counted(rest, "more"))}.`] : [];
  const whole = joined(
    [...blocks, ...more].flatMap((block) => [block, md``]),
    "\n",
  );
  return byteLength(whole) <= MOST_BYTES
    ? whole
    : (beginning(whole, MOST_BYTES, md`the issues and pull requests tell more`) as Markdown);
}

function explained(finding: JudgedFinding): Markdown {
  const { intent, adoption } = finding;
  const places = [
    ...new Set(finding.changes.flatMap(({ source }) => (source === null ? [] : [placeText(source)]))),
  ];
  const lines = [
    ...reasons(finding).slice(0, MOST),
    ...finding.notes.slice(0, MOST).map((note) => text(note)),
    ...(places.length === 0
      ? []
      : [md`Decided in the code at ${text(places.slice(0, MOST_PLACES).join(", "))}.`]),
    ...(adoption === null || adoption.why === "" ? [] : [md`The edit: ${text(stopped(adoption.why))}`]),
  ];
  const refused = refusedMarkdown(finding);
  const verdict =
    intent.verdict === "undecided"
      ? md`undecided${refused === null ? NOTHING : md`: ${refused}`}`
      : md`${text(intent.verdict)}, by ${decider(intent)}`;
  return joined(
    [md`**${phraseMarkdown(happened(finding))}**: ${verdict}`, ...lines.map((line) => md`- ${line}`)],
    "\n",
  );
}
