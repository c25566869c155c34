import { DRIFT_KINDS, type JudgedFinding, type StackResult } from "../drift/model.ts";
import { proposedEdit } from "./adoptable.ts";
import type { Affected } from "./affected.ts";
import { openFindings } from "./headline.ts";
import { code, joined, type Markdown, md, text } from "./markdown.ts";
import { maskStacks } from "./masked.ts";
import type { Findings } from "./pull-request.ts";
import { Redaction } from "./redaction.ts";
import { type CheckRun, type Document, Reports } from "./reports.ts";
import type { NotScanned } from "./summary.ts";
import { cut } from "./visible.ts";

/** A file to write: path with `/`, relative to the folder that the caller chose. */
export interface ReportFile {
  readonly path: string;
  readonly text: string;
}

export interface FilesOptions {
  readonly redaction?: Redaction;
  readonly notScanned?: readonly NotScanned[];
  /** The check runs to write, with a name each (a branch, `working-tree`). */
  readonly checkRuns?: readonly { readonly name: string; readonly affected: readonly Affected[] }[];
}

/**
 * Every report of a scan as Markdown files: a pull request for each edit that was judged right, an issue for each other
 * drift, the check runs, and a summary. Of a stack that is suspect or failed the summary alone speaks.
 */
export function reportFiles(
  stacks: readonly StackResult[],
  options: FilesOptions = {},
): readonly ReportFile[] {
  const { redaction, notScanned = [], checkRuns = [] } = options;
  const known = redaction === undefined ? {} : { redaction };
  // Masked together, so that what is secret in one finding does not show in the text of another.
  const believed = maskStacks(stacks, redaction ?? new Redaction()).filter(
    ({ status }) => status === "complete" || status === "incomplete",
  );
  const named = (path: string) => new Reports({ ...known, overflowFile: restPath(path) });
  return [
    ...withRest("summary.md", (path) => {
      const { body, overflow } = named(path).summary(stacks, notScanned);
      return { text: body, rest: overflow };
    }),
    ...editGroups(believed).flatMap((findings) => {
      const [{ stack, finding }] = findings;
      return withRest(filePath("pull-requests", stack.name, finding), (path) =>
        documentText(named(path).pullRequest(findings)),
      );
    }),
    ...believed.flatMap((stack) =>
      openFindings(stack)
        .filter(needsIssue)
        .flatMap((finding) =>
          withRest(filePath("issues", stack.name, finding), (path) =>
            documentText(named(path).issue(finding, stack)),
          ),
        ),
    ),
    ...checkRuns.flatMap(({ name, affected }) =>
      withRest(`check-runs/${safeName(name)}.md`, (path) => checkRunText(named(path).checkRun(affected))),
    ),
  ];
}

/** The findings to adopt, those with the same edit together, of whatever stacks: they share one pull request. */
function editGroups(stacks: readonly StackResult[]): readonly Findings[] {
  const adopted = stacks.flatMap((stack) =>
    openFindings(stack)
      .filter(isAdopted)
      .map((finding) => ({ stack, finding })),
  );
  const groups = Map.groupBy(adopted, ({ finding: { adoption } }) =>
    JSON.stringify(adoption?.files.map(({ path, diff }) => [path, diff])),
  );
  return [...groups.values()].flatMap(([first, ...others]): Findings[] =>
    first === undefined ? [] : [[first, ...others]],
  );
}

function isAdopted(finding: JudgedFinding): boolean {
  return finding.intent.verdict === "adopt" && proposedEdit(finding) !== null;
}

function needsIssue(finding: JudgedFinding): boolean {
  return DRIFT_KINDS.has(finding.kind) && !isAdopted(finding);
}

interface Contents {
  readonly text: string;
  readonly rest: string | null;
}

function withRest(path: string, contents: (path: string) => Contents): readonly ReportFile[] {
  const { text, rest } = contents(path);
  const file = { path, text };
  return rest === null ? [file] : [file, { path: restPath(path), text: rest }];
}

function restPath(path: string): string {
  return path.replace(/\.md$/, ".complete.md");
}

function documentText({ title, body, overflow }: Document): Contents {
  return { text: `# ${text(title)}\n\n${body}`, rest: overflow };
}

function checkRunText(run: CheckRun): Contents {
  const notes = run.annotations.map(
    (note) =>
      md`- ${code(`${note.path}:${note.start_line}`)} (${text(note.annotation_level)}): ${sentences(note.message)}`,
  );
  const parts = [
    `# ${text(run.title)}`,
    `Conclusion: ${run.conclusion}`,
    run.summary.trim(),
    run.text.trim(),
    ...(notes.length === 0 ? [] : ["## Annotations", joined(notes, "\n")]),
  ];
  return { text: `${parts.filter((part) => part !== "").join("\n\n")}\n`, rest: run.overflow };
}

/** The lines of a plain text, in one line of Markdown. */
function sentences(message: string): Markdown {
  return joined(
    message.split("\n").map((line) => text(line)),
    "<br>",
  );
}

function filePath(folder: string, stack: string, finding: JudgedFinding): string {
  return `${folder}/${safeName(stack)}-${safeName(finding.fingerprint)}.md`;
}

/** A name of one path segment on every file system: no separators, no leading dot, not too long. */
function safeName(name: string): string {
  const safe = cut(name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[.-]+/, ""), 80).split("…")[0];
  return safe === undefined || safe === "" ? "unnamed" : safe;
}
