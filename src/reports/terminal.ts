import { commandLine } from "../drift/command-line.ts";
import {
  type Adoption,
  type Diagnostic,
  type JudgedFinding,
  SEVERITIES,
  type Severity,
  type StackResult,
} from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import { proposedEdit } from "./adoptable.ts";
import { type Palette, palette } from "./color.ts";
import { excerptLines } from "./excerpt.ts";
import { headline, openFindings } from "./headline.ts";
import { maskStacks } from "./masked.ts";
import { type Done, NOTHING_DONE, nextSteps } from "./next-steps.ts";
import { Redaction } from "./redaction.ts";
import type { NotScanned } from "./summary.ts";
import { type Cell, table, wrap } from "./table.ts";
import { readingText } from "./values.ts";
import { count, counted, cut, visible, visibleLines } from "./visible.ts";
import { actorText, bySeverity, impactWords, KIND_WORDS, placeText, STATUS_WORDS } from "./wording.ts";

export interface TerminalOptions {
  readonly color: boolean;
  /** Columns of the terminal. Diffs, commands and what people copy are never wrapped. */
  readonly width: number;
  /** A line of a source file (from 1), for diagnostics. */
  readonly excerpt?: (file: string, line: number) => string | null;
  readonly notScanned?: readonly NotScanned[];
  /** Folders that several stacks read, and the names of these. */
  readonly shared?: readonly { readonly folder: string; readonly stacks: readonly string[] }[];
  readonly redaction?: Redaction;
  /** What was done already, and so is nothing to do next. */
  readonly done?: Done;
}

interface Page {
  readonly done: Done;
  readonly paint: Palette;
  readonly width: number;
  readonly excerpt: (file: string, line: number) => string | null;
}

const LONGEST_VALUE = 400;
/** Below it columns would be too narrow to read; the terminal wraps instead. */
const NARROWEST = 60;

/** What `scan` prints for people: each stack with its findings, the most severe first, and what to do next. */
export function renderScan(stacks: readonly StackResult[], options: TerminalOptions): string {
  const redaction = options.redaction ?? new Redaction();
  const masked = maskStacks(stacks, redaction);
  const page = pageOf(options, redaction);
  const parts = [
    ...masked.map((stack) => stackLines(stack, page)),
    notScannedLines(options.notScanned ?? [], page),
    sharedLines(options.shared ?? [], page),
    overviewLines(masked, page),
    closingLines(masked, page),
  ];
  return `${redaction.clean(
    parts
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join("\n"))
      .join("\n\n"),
  )}\n`;
}

function pageOf(options: TerminalOptions, redaction: Redaction): Page {
  return {
    paint: palette(options.color),
    width: Math.max(NARROWEST, options.width),
    done: options.done ?? NOTHING_DONE,
    excerpt: (file, line) => {
      const source = options.excerpt?.(file, line) ?? null;
      return source === null ? null : redaction.clean(source);
    },
  };
}

function stackLines(stack: StackResult, page: Page): readonly string[] {
  const findings = openFindings(stack);
  const ignored = stack.findings.length - findings.length;
  const { paint } = page;
  return [
    ...headingLines(stack, page),
    ...stack.diagnostics.flatMap((diagnostic) => diagnosticLines(diagnostic, page)),
    ...SEVERITIES.flatMap((severity) => severityLines(severity, findings, page)),
    ...(ignored > 0 ? ["", indented(paint.dim(`${counted(ignored, "finding")} ignored by rules`), 2)] : []),
  ];
}

function headingLines(stack: StackResult, page: Page): readonly string[] {
  const { paint, width } = page;
  const environment = stack.environment === null ? "" : `, ${cut(visible(stack.environment), 60)}`;
  const name = cut(visible(stack.name), 100);
  const folder = ` (${cut(visible(stack.path), 100)}${environment})`;
  const status = {
    complete: paint.good,
    incomplete: paint.warning,
    suspect: paint.error,
    failed: paint.error,
  };
  return [
    ...wrap(name + folder, width).map((line, index) =>
      index === 0 && line.startsWith(name) ? `${paint.heading(name)}${line.slice(name.length)}` : line,
    ),
    ...paragraph(STATUS_WORDS[stack.status], 2, width).map(status[stack.status]),
    ...(stack.status === "failed" ? [] : paragraph(coverageText(stack), 2, width).map(paint.dim)),
  ];
}

function coverageText({ coverage }: StackResult): string {
  const parts = [
    `${count(coverage.instancesRead)} of ${counted(coverage.instances, "instance")} read`,
    `${count(coverage.compared)} of ${counted(coverage.attributes, "attribute")} compared`,
    ...(coverage.unreadable > 0 ? [`${count(coverage.unreadable)} not readable`] : []),
    ...(coverage.tolerated === undefined
      ? []
      : [`${counted(coverage.tolerated, "difference")} within tolerance`]),
  ];
  return parts.join(", ");
}

/** Diagnostics for people, each with its source line and a caret. */
export function renderDiagnostics(diagnostics: readonly Diagnostic[], options: TerminalOptions): string {
  const redaction = options.redaction ?? new Redaction();
  const page = pageOf(options, redaction);
  const lines = diagnostics.flatMap((diagnostic) => diagnosticLines(diagnostic, page));
  return lines.length === 0 ? "" : `${redaction.clean(lines.slice(1).join("\n"))}\n`;
}

function diagnosticLines(diagnostic: Diagnostic, page: Page): readonly string[] {
  const { severity, message, file, line, column } = diagnostic;
  const position = [file, line, column].filter((part) => part !== null).join(":");
  const where = file === null ? "" : `${visible(position)}: `;
  const label = `${severity}: `;
  const text = paragraph(`${label}${where}${visible(message)}`, 2, page.width);
  const source = file === null || line === null ? null : page.excerpt(file, line);
  const excerpt = source === null ? [] : excerptLines(diagnostic, source, page.width - 4);
  const paint = severity === "error" ? page.paint.error : page.paint.warning;
  return [
    "",
    ...text.map((part, index) => (index === 0 ? part.replace(label, paint(label.trim()).concat(" ")) : part)),
    ...excerpt.map((part) => indented(part, 4)),
  ];
}

function severityLines(
  severity: Severity,
  findings: readonly JudgedFinding[],
  page: Page,
): readonly string[] {
  const own = findings.filter((finding) => finding.severity === severity).toSorted(bySeverity);
  if (own.length === 0) return [];
  const label = page.paint.severity(severity)(severity.toUpperCase());
  return ["", indented(label, 2), ...own.flatMap((finding) => ["", ...findingLines(finding, page)])];
}

function findingLines(finding: JudgedFinding, page: Page): readonly string[] {
  const { paint, width } = page;
  const address = cut(visible(finding.address), 300);
  return [
    ...wrap(address, width - 2).map((line) => indented(paint.address(line), 2)),
    ...paragraph(kindText(finding), 4, width),
    ...changeLines(finding, page),
    ...finding.notes.flatMap((note) => paragraph(cut(visible(note), 1_000), 4, width)),
    ...(finding.actor === null ? [] : paragraph(`changed by ${actorText(finding.actor)}`, 4, width)),
    ...editLines(finding, page),
    ...revertLines(finding, page),
  ];
}

function kindText(finding: JudgedFinding): string {
  const { verdict, decidedBy } = finding.intent;
  const by =
    decidedBy === "default"
      ? ""
      : ` by ${decidedBy.startsWith('"') ? "rule " : ""}${cut(visible(decidedBy), 120)}`;
  const place = finding.changes.length === 0 ? finding.declaredAt : null;
  const where = place === null ? "" : `, declared at ${visible(placeText(place))}`;
  return `${KIND_WORDS[finding.kind]}${where}; ${verdict}${by}`;
}

function changeLines(finding: JudgedFinding, page: Page): readonly string[] {
  const rows = finding.changes.map((change): Cell[] => {
    const desired = value(readingText(change.desired));
    const recorded = value(readingText(change.recorded));
    const observed = value(readingText(change.observed));
    const state =
      recorded === desired ? "" : recorded === observed ? " (state too)" : ` (state: ${recorded})`;
    return [
      { text: cut(visible(printPath(change.path)), 200) },
      { text: `${desired} → ${observed}${state}` },
      { text: change.source === null ? "" : visible(placeText(change.source)), paint: page.paint.dim },
    ];
  });
  return table(rows, page.width - 4, 2).map((line) => indented(line, 4));
}

function value(text: string): string {
  return cut(visible(text), LONGEST_VALUE);
}

function editLines(finding: JudgedFinding, page: Page): readonly string[] {
  const { paint } = page;
  const edit = proposedEdit(finding);
  const { verdict } = finding.intent;
  if (verdict === "revert") return [];
  if (edit === null) {
    const why = finding.adoption?.why ?? "";
    return why === "" ? [] : paragraph(`no edit: ${cut(visible(why), 1_000)}`, 4, page.width);
  }
  const others = edit.verdict === "shared" ? `, which ${othersText(finding, edit)}` : "";
  return [
    ...paragraph(
      verdict === "adopt" ? `edit${others}:` : `edit that would adopt it${others}:`,
      4,
      page.width,
    ),
    ...edit.files.flatMap(({ diff }) => diffLines(diff, paint)).map((line) => indented(line, 6)),
  ];
}

/** What else an edit changes: how much, and the first of it by name. */
function othersText({ address, changes }: JudgedFinding, { effects }: Adoption): string {
  const own = new Set(changes.map(({ path }) => printPath(path)));
  const others = effects.filter((effect) => effect.address !== address || !own.has(effect.path));
  if (others.length === 0) return "changes others too";
  const shown = others.slice(0, MOST_OTHERS).map((effect) => {
    const where = effect.stack === undefined ? "" : `${effect.stack}: `;
    return cut(visible(`${where}${effect.address} ${effect.path}`), 200);
  });
  const rest = others.length - shown.length;
  const count = others.length === 1 ? "1 other value" : `${others.length} other values`;
  return `changes ${count} too (${shown.join(", ")}${rest === 0 ? "" : ` and ${rest} more`})`;
}

function diffLines(diff: string, paint: Palette): readonly string[] {
  return visibleLines(diff.replace(/\n$/, ""))
    .split("\n")
    .map((line) => {
      if (/^(?:---|\+\+\+) /.test(line)) return paint.dim(line);
      if (line.startsWith("@@")) return paint.hunk(line);
      if (line.startsWith("+")) return paint.added(line);
      return line.startsWith("-") ? paint.removed(line) : line;
    });
}

function revertLines(finding: JudgedFinding, page: Page): readonly string[] {
  const steps = finding.revert?.steps ?? [];
  if (finding.intent.verdict === "adopt" || steps.length === 0) return [];
  return [
    indented("to revert it:", 4),
    ...steps.flatMap((step, index) => [
      ...paragraph(
        `${index + 1}. ${visible(step.title)} (${impactWords(step.impact, finding.kind)})`,
        6,
        page.width,
      ),
      ...step.commands.flatMap((command) =>
        visibleLines(commandLine(command))
          .split("\n")
          .map((line) => indented(page.paint.command(line), 9)),
      ),
    ]),
  ];
}

function notScannedLines(notScanned: readonly NotScanned[], page: Page): readonly string[] {
  if (notScanned.length === 0) return [];
  const rows = notScanned.map(({ path, tool }): Cell[] => [{ text: visible(path) }, { text: visible(tool) }]);
  return ["Found, not scanned yet", ...table(rows, page.width - 2).map((line) => indented(line, 2))];
}

const MOST_SHARED = 20;

/** So many of the other values that an edit changes are named. */
const MOST_OTHERS = 3;

function sharedLines(shared: NonNullable<TerminalOptions["shared"]>, page: Page): readonly string[] {
  if (shared.length === 0) return [];
  const rows = shared
    .slice(0, MOST_SHARED)
    .map(({ folder, stacks }): Cell[] => [
      { text: cut(visible(folder), 100) },
      { text: cut(visible(stacks.join(", ")), 400) },
    ]);
  const left = shared.length - rows.length;
  return [
    "Read by several stacks: an edit there changes all of them",
    ...table(rows, page.width - 2).map((line) => indented(line, 2)),
    ...(left > 0 ? [indented(`and ${counted(left, "more folder")}`, 2)] : []),
  ];
}

/** One row a stack, where there are several. */
function overviewLines(stacks: readonly StackResult[], page: Page): readonly string[] {
  if (stacks.length < 2) return [];
  const head = ["stack", "status", ...SEVERITIES].map((text): Cell => ({ text, paint: page.paint.dim }));
  const rows = stacks.map((stack): Cell[] => [
    { text: cut(visible(stack.name), 60) },
    { text: stack.status },
    ...SEVERITIES.map((severity) => severityCell(stack, severity, page)),
  ]);
  return table([head, ...rows], page.width);
}

function severityCell(stack: StackResult, severity: Severity, page: Page): Cell {
  const number = openFindings(stack).filter((finding) => finding.severity === severity).length;
  return number === 0
    ? { text: stack.status === "failed" ? "" : "-" }
    : { text: count(number), paint: page.paint.severity(severity) };
}

function closingLines(stacks: readonly StackResult[], page: Page): readonly string[] {
  const [next, ...then] = nextSteps(stacks, page.done);
  const sentences = [headline(stacks), ...(next === undefined ? [] : [`Next: ${next}`]), ...then];
  return sentences.flatMap((sentence) => wrap(sentence, page.width));
}

function paragraph(text: string, indent: number, width: number): readonly string[] {
  return wrap(text, width - indent).map((line) => indented(line, indent));
}

function indented(line: string, columns: number): string {
  return line === "" ? "" : `${" ".repeat(columns)}${line}`;
}
