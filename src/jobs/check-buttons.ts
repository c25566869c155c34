import type { RepositoryConfig } from "../config/model.ts";
import { mayUndo } from "../drift/apply-effect.ts";
import type { JudgedFinding } from "../drift/model.ts";
import type { CheckAction } from "../github/check-runs.ts";
import { cannotDecide } from "../intent/decidable.ts";
import type { Affected } from "../reports/affected.ts";
import type { CheckActionName } from "../store/tables.ts";
import type { Target } from "./check-target.ts";

/** A button whose name the webhook gives back. */
type Button = CheckAction & { readonly identifier: CheckActionName };

export const RESCAN: Button = {
  identifier: "rescan",
  label: "Rescan",
  description: "Scan the repository, then check again",
};
export const ADOPT: Button = {
  identifier: "adopt",
  label: "Adopt into this PR",
  description: "Commit the edit that keeps the drift",
};
export const ACKNOWLEDGE: Button = {
  identifier: "acknowledge",
  label: "Acknowledge",
  description: "The drift is known for this PR",
};

/** The buttons that make sense for what a check tells of. Whether somebody may press them is found out when they do. */
export function buttonsOf(
  affected: readonly Affected[],
  { pullRequests }: Target,
  { dryRun }: Pick<RepositoryConfig, "dryRun">,
): readonly Button[] {
  const open = affected.filter(({ effect, acknowledged }) => mayUndo(effect) && acknowledged === undefined);
  // What is on a branch of ours follows from the scans alone.
  const isOwn = pullRequests?.some(({ byApp }) => byApp) ?? false;
  const canAdopt =
    !dryRun && !isOwn && affected.some(({ finding, effect }) => mayUndo(effect) && hasEdit(finding));
  return [RESCAN, ...(canAdopt ? [ADOPT] : []), ...(open.length > 0 ? [ACKNOWLEDGE] : [])];
}

/** Whether a scan found an edit that a person may want. */
function hasEdit(finding: JudgedFinding): boolean {
  const { adoption } = finding;
  return adoption !== null && adoption.verdict !== "refused" && cannotDecide(finding, "adopt") === null;
}
