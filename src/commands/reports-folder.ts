import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DRIFT_KINDS, type JudgedFinding, type StackResult } from "../drift/model.ts";
import type { Affected } from "../reports/check-run.ts";
import { type FilesOptions, reportFiles } from "../reports/files.ts";

/** Writes every pull request, issue and check run, and the summary; gives the number of files. */
export async function writeReports(
  folder: string,
  stacks: readonly StackResult[],
  options: Omit<FilesOptions, "checkRuns">,
): Promise<number> {
  const affected = stacks.flatMap((stack) => stack.findings.flatMap((finding) => affectedBy(finding, stack)));
  const files = reportFiles(stacks, { ...options, checkRuns: [{ name: "working-tree", affected }] });
  for (const { path, text } of files) {
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, text);
  }
  return files.length;
}

/** What applying the code as it stands would do to a finding. */
function affectedBy(finding: JudgedFinding, stack: StackResult): Affected[] {
  if (!DRIFT_KINDS.has(finding.kind) || finding.declaredAt === null) return [];
  const sources = finding.changes.flatMap(({ source }) => source ?? []);
  const places = sources.length > 0 ? sources : [finding.declaredAt];
  return [{ finding, stack, effect: finding.kind === "conflict" ? "conflicts" : "reverts", places }];
}
