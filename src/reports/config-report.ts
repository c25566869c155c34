import { MOST_DIAGNOSTICS } from "../config/parse-file.ts";
import type { Diagnostic } from "../drift/model.ts";
import { fitBody } from "./budget.ts";
import type { Annotation } from "./check-annotations.ts";
import { code, joined, type Markdown, md, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import type { CheckRun, Document } from "./reports.ts";
import { counted } from "./visible.ts";

/** What a report tells of one file of configuration: its path, and what is wrong with it. */
export interface ConfigProblems {
  readonly file: string;
  readonly diagnostics: readonly Diagnostic[];
}

interface ConfigCheckRun extends Omit<CheckRun, "conclusion" | "annotations"> {
  readonly annotations: readonly (Omit<Annotation, "annotation_level"> & {
    readonly annotation_level: "warning" | "failure";
  })[];
  readonly conclusion: "success" | "failure";
}

/**
 * The issue about a file on the default branch that cannot be read. The file itself is as visible as the issue.
 * @param isOwners the file says what holds in all repositories of its owner
 */
export function configIssue({ file, diagnostics }: ConfigProblems, isOwners: boolean): Document {
  const effect = isOwners
    ? md`${code(file)} on the default branch has mistakes. Until they are repaired, what it said before them goes on to hold in all repositories of this owner; where Driftwright never read it without mistakes, it writes nothing in them.`
    : md`${code(file)} on the default branch has mistakes, so Driftwright opens, changes and closes nothing else here until they are repaired. Scans and check runs go on.`;
  const body = joined(
    [
      printMarker({ kind: "configuration", stack: null, fingerprints: [], revisions: [] }),
      md``,
      effect,
      md``,
      list(diagnostics.filter(isError)),
      md``,
      md`Repair the file with a pull request: a check run there says whether it can be read. This issue closes by itself.`,
    ],
    "\n",
  );
  return {
    title: "Driftwright cannot read its configuration",
    body: `${body}\n`,
    overflow: null,
    continuations: [],
  };
}

/**
 * The check run of a change to such a file.
 * @param isOwners as above
 */
export function configCheckRun({ file, diagnostics }: ConfigProblems, isOwners: boolean): ConfigCheckRun {
  const errors = diagnostics.filter(isError);
  const warnings = diagnostics.filter((each) => !isError(each));
  const parts = [
    ...(errors.length > 0 ? [atLeast(errors.length, "mistake")] : []),
    ...(warnings.length > 0 ? [atLeast(warnings.length, "remark")] : []),
  ];
  const isBroken = errors.length > 0;
  const then = isOwners
    ? md`what it said before, if anything, goes on to hold in all repositories of this owner until it is repaired`
    : md`nothing is opened, changed or closed until it is repaired`;
  const effect = isBroken
    ? md`Driftwright cannot read ${code(file)} as it is here. Once that is on the default branch, ${then}.`
    : md`Driftwright can read ${code(file)} as it is here. It counts once it is on the default branch.`;
  const summary = diagnostics.length === 0 ? [effect] : [effect, md``, list(diagnostics)];
  return {
    title: parts.length === 0 ? "The configuration can be read" : parts.join(", "),
    summary: `${joined(summary, "\n")}\n`,
    text: "",
    annotations: diagnostics.map(({ severity, message, line }) => ({
      path: file,
      start_line: line ?? 1,
      end_line: line ?? 1,
      annotation_level: severity === "error" ? "failure" : "warning",
      title: severity === "error" ? "Driftwright cannot read this" : "Probably not meant",
      message,
    })),
    conclusion: isBroken ? "failure" : "success",
    overflow: null,
  };
}

/** Beyond as many as that nobody counts them here. */
function atLeast(number: number, what: string): string {
  return `${number < MOST_DIAGNOSTICS ? "" : "at least "}${counted(number, what)}`;
}

/** As many as there is room for; the rest is said when these are repaired. */
function list(diagnostics: readonly Diagnostic[]): Markdown {
  const lines = diagnostics.map(({ message, line }) =>
    line === null ? md`- ${text(message)}` : md`- line ${line}: ${text(message)}`,
  );
  const { body, overflow } = fitBody((allowance) => allowance.take(lines).shown.join("\n"), MOST_BYTES);
  return overflow === null ? (body as Markdown) : md`${body as Markdown}\n- and more`;
}

const MOST_BYTES = 40_000;

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}
