import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { DRIFT_KINDS, type JudgedFinding, type StackResult } from "../drift/model.ts";
import type { Affected } from "../reports/affected.ts";
import { type FilesOptions, reportFiles } from "../reports/files.ts";
import { pathProblem } from "../sources/path-problem.ts";
import { checkWritable } from "./given-path.ts";
import { NotWritten } from "./write-edits.ts";

/**
 * The folder for the reports, which need not be there yet.
 * @throws UsageError where it is a file, or may not be written: better before the scan than after it.
 */
export function reportsFolder(path: string): string {
  checkWritable("--out", path);
  return resolve(path);
}

/**
 * Writes every pull request, issue and check run, and the summary; gives the number of files.
 * @throws NotWritten
 */
export async function writeReports(
  folder: string,
  stacks: readonly StackResult[],
  options: Omit<FilesOptions, "checkRuns">,
): Promise<number> {
  const affected = stacks.flatMap((stack) => stack.findings.flatMap((finding) => affectedBy(finding, stack)));
  const files = reportFiles(stacks, { ...options, checkRuns: [{ name: "working-tree", affected }] });
  for (const { path, text } of files) {
    const place = join(folder, path);
    try {
      await mkdir(dirname(place), { recursive: true });
      await writeFile(place, text);
    } catch (error) {
      const { reason } = pathProblem(error, "write");
      throw new NotWritten(
        `the report ${place} cannot be written: ${reason}; give --out a folder of your own`,
      );
    }
  }
  return files.length;
}

/** What applying the code as it stands would do to a finding. */
function affectedBy(finding: JudgedFinding, stack: StackResult): Affected[] {
  if (finding.intent.verdict === "ignore" || !DRIFT_KINDS.has(finding.kind) || finding.declaredAt === null)
    return [];
  const sources = finding.changes.flatMap(({ source }) => source ?? []);
  const places = sources.length > 0 ? sources : [finding.declaredAt];
  const lines = places.map(({ file, line }) => ({ file, from: line, to: line }));
  return [{ finding, stack, effect: EFFECTS.get(finding.kind) ?? "reverts", places: lines }];
}

const EFFECTS: ReadonlyMap<JudgedFinding["kind"], Affected["effect"]> = new Map([
  ["conflict", "conflicts"],
  ["deleted", "recreates"],
] as const);
