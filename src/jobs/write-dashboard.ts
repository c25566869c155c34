import type { RepositoryConfig } from "../config/model.ts";
import { Gone } from "../github/errors.ts";
import { skipSentence } from "../github/repository-state.ts";
import { publicDashboard } from "../reports/public-counts.ts";
import type { Reports } from "../reports/reports.ts";
import { isWithheld } from "../scan/actions.ts";
import { DASHBOARD_KEY } from "../scan/wishes.ts";
import { findObject } from "../store/objects.ts";
import { closedByOf } from "./closed-by.ts";
import { checksOf, dashboardOf, type Reconciled } from "./dashboard-facts.ts";
import { writeClosing } from "./write-closing.ts";
import { writeIssue } from "./write-issue.ts";
import type { Writing } from "./writing.ts";

/**
 * Makes the dashboard say how everything stands, where the configuration wants one and nobody closed it; without a stack
 * there is none. Nothing is done where it says so already.
 * @throws Gone where the repository has no issues and there is something to tell, and whatever else GitHub says
 */
export async function writeDashboard(
  writing: Writing,
  done: Reconciled & { readonly isNowhere: boolean },
  reports: Reports,
  config: Pick<RepositoryConfig, "dashboard" | "public">,
): Promise<void> {
  const { db, repository } = writing;
  const object = await findObject(db, { repositoryId: repository.id, key: DASHBOARD_KEY });
  if (object !== null && closedByOf(object) === "person") return;
  if (!config.dashboard) return writeClosing(writing, DASHBOARD_KEY, { reason: "not-wanted" });
  if (done.stacks.length === 0) return writeClosing(writing, DASHBOARD_KEY, { reason: "stack-gone" });
  const dashboard = await dashboardOf(writing, done);
  if (!repository.issues) {
    if (dashboard.findings.length === 0) return;
    throw new Gone(skipSentence("issues-disabled"), "POST /repos/{owner}/{repo}/issues", null);
  }
  const hidden = isWithheld({ isPublic: !repository.private, config });
  const wanted = hidden
    ? publicDashboard(dashboard, done.isNowhere)
    : reports.dashboard({ ...dashboard, checks: await checksOf(writing, done) });
  await writeIssue(writing, DASHBOARD_KEY, wanted, { again: "wanted" });
}
