import type { Diagnostic, JudgedFinding, StackResult } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import type { Allowance } from "./budget.ts";
import { headline } from "./headline.ts";
import { code, joined, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import { readingMarkdown } from "./values.ts";
import { type Listed, listed, type RestPlace } from "./views.ts";
import { counted } from "./visible.ts";
import { bySeverity, happened, KIND_WORDS, phraseMarkdown, placeText, STATUS_WORDS } from "./wording.ts";

/** Something that describes infrastructure and that Driftwright recognises without reading it yet. */
export interface NotScanned {
  readonly path: string;
  /** What it is, for people: `Terragrunt`, `CloudFormation`. */
  readonly tool: string;
}

export type SummaryView = {
  readonly marker: Markdown;
  readonly headline: Markdown;
  readonly suspect: boolean;
  readonly findings: Listed<FindingRow> | null;
  readonly ignored: Markdown | null;
  readonly stacks: Listed<StackRow> | null;
  readonly problems: Listed<Markdown> | null;
  readonly notScanned: Listed<Markdown> | null;
};

type FindingRow = {
  readonly severity: Markdown;
  readonly stack: Markdown;
  readonly what: Markdown;
  readonly values: Markdown;
  readonly intent: Markdown;
  readonly source: Markdown;
};

type StackRow = {
  readonly name: Markdown;
  readonly path: Markdown;
  readonly environment: Markdown;
  readonly status: Markdown;
  readonly instances: Markdown;
  readonly attributes: Markdown;
  readonly findings: Markdown;
};

interface Found {
  readonly stack: StackResult;
  readonly finding: JudgedFinding;
}

/** Everything found in a repository, the most severe first, and how much of it was looked at. */
export function summaryView(
  stacks: readonly StackResult[],
  notScanned: readonly NotScanned[],
  allowance: Allowance,
  rest: RestPlace,
): SummaryView {
  const all = stacks.flatMap((stack) => stack.findings.map((finding): Found => ({ stack, finding })));
  const open = all.filter(({ finding }) => finding.intent.verdict !== "ignore");
  const ignored = all.length - open.length;
  open.sort((a, b) => bySeverity(a.finding, b.finding));
  return {
    marker: printMarker({ kind: "summary", stack: null, fingerprints: [], revisions: [] }),
    headline: text(headline(stacks)),
    suspect: stacks.some(({ status }) => status === "suspect"),
    problems: listedOrNull(problemsIn(stacks), problemMarkdown, allowance, rest),
    findings: listedOrNull(open, findingRow, allowance, rest),
    ignored:
      ignored === 0
        ? null
        : text(`${counted(ignored, "finding")} more ${ignored === 1 ? "is" : "are"} ignored by rules.`),
    stacks: listedOrNull(stacks, stackRow, allowance, rest),
    notScanned: listedOrNull(
      notScanned,
      ({ path, tool }) => md`${code(path)}: ${text(tool, 80)}`,
      allowance,
      rest,
    ),
  };
}

function listedOrNull<Item, Row>(
  items: readonly Item[],
  row: (item: Item) => Row,
  allowance: Allowance,
  rest: RestPlace,
): Listed<Row> | null {
  return items.length === 0 ? null : listed(items, row, allowance, rest);
}

function findingRow({ stack, finding }: Found): FindingRow {
  const place = finding.changes.find((change) => change.source !== null)?.source ?? finding.declaredAt;
  return {
    severity: text(finding.severity),
    stack: code(stack.name, 80),
    what: md`${phraseMarkdown(happened(finding))}`,
    values: values(finding),
    intent: stack.status === "suspect" ? NOT_BELIEVED : text(finding.intent.verdict),
    source: place === null ? NOTHING : code(placeText(place)),
  };
}

const NOT_BELIEVED = md`not believed`;

function values(finding: JudgedFinding): Markdown {
  if (finding.changes.length === 0) return text(KIND_WORDS[finding.kind]);
  const shown = finding.changes.slice(0, 5).map((change) => {
    const arrow = md`${readingMarkdown(change.desired)} → ${readingMarkdown(change.observed)}`;
    return finding.changes.length === 1 ? arrow : md`${code(printPath(change.path), 80)}: ${arrow}`;
  });
  const left = finding.changes.length - shown.length;
  return joined(left === 0 ? shown : [...shown, md`and ${number(left)} more`], "<br>");
}

function stackRow(stack: StackResult): StackRow {
  const { coverage } = stack;
  const failed = stack.status === "failed";
  return {
    name: code(stack.name, 80),
    path: code(stack.path, 120),
    environment: stack.environment === null ? NOTHING : code(stack.environment, 60),
    status: text(STATUS_WORDS[stack.status]),
    instances: failed ? NOTHING : md`${number(coverage.instancesRead)} of ${number(coverage.instances)}`,
    attributes: failed ? NOTHING : md`${number(coverage.compared)} of ${number(coverage.attributes)}`,
    findings: failed
      ? NOTHING
      : number(stack.findings.filter(({ intent }) => intent.verdict !== "ignore").length),
  };
}

/** Something that went wrong in stacks. */
export interface StackProblem {
  readonly stacks: readonly string[];
  readonly diagnostic: Diagnostic;
}

/** What went wrong, each once: a remark about the file of the configuration is one of every stack. */
export function problemsIn(stacks: readonly StackResult[]): readonly StackProblem[] {
  const alike = new Map<string, { readonly stacks: Set<string>; readonly diagnostic: Diagnostic }>();
  for (const { name, diagnostics } of stacks) {
    for (const diagnostic of diagnostics) {
      const { severity, message, file, line, column } = diagnostic;
      const key = JSON.stringify([severity, message, file, line, column]);
      const known = alike.get(key);
      if (known === undefined) alike.set(key, { stacks: new Set([name]), diagnostic });
      else known.stacks.add(name);
    }
  }
  return [...alike.values()].map((one) => ({ ...one, stacks: [...one.stacks] }));
}

/** What went wrong, on a line. */
export function problemMarkdown({ stacks, diagnostic }: StackProblem): Markdown {
  const named = stacks.slice(0, MOST_NAMED).map((stack) => code(stack, 80));
  const left = stacks.length - named.length;
  const more = left === 0 ? NOTHING : md` and ${number(left)} more`;
  return md`${joined(named, ", ")}${more}: ${problem(diagnostic)}`;
}

const MOST_NAMED = 10;

function problem({ message, file, line, column, severity }: Diagnostic): Markdown {
  const position = [file, line, column].filter((part) => part !== null).join(":");
  const where = file === null ? NOTHING : md`${code(position)}: `;
  return md`${where}${severity === "warning" ? md`warning: ` : NOTHING}${text(message)}`;
}
