import { createHash } from "node:crypto";
import { isOwnerRepository } from "../config/owner-config.ts";
import { beginCheckRun, type CheckReport, finishCheckRun } from "../github/check-runs.ts";
import { GitHubError, RateLimited } from "../github/errors.ts";
import { mergeBase } from "../github/merge-base.ts";
import { TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { configCheckRun } from "../reports/config-report.ts";
import { findCheckRun, saveCheckRun } from "../store/check-runs.ts";
import { ownerConfigOf } from "./owner-config.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { type ConfigText, configOf, readConfigAt } from "./repository-config.ts";
import { repositoryLog } from "./repository-log.ts";

/** The name under which the check of the configuration stands on a commit that changes it. */
export const CONFIG_CHECK_NAME = "Driftwright configuration";

/** A commit, the branches that it may be merged into, and a pull request that it is of, where there is one. */
interface Change {
  readonly headSha: string;
  readonly bases: readonly string[];
  readonly pullRequest: number | null;
}

/**
 * Says on a commit that changes the configuration whether it can be read; commits that do not have no such check. What
 * GitHub refuses of it is said in the log, and keeps nothing else from being done.
 * @throws RateLimited
 */
export async function checkConfig(
  ports: JobPorts,
  repository: OpenRepository,
  { headSha, bases, pullRequest }: Change,
): Promise<void> {
  try {
    const written = await changedConfig(repository, headSha, bases);
    if (written !== null) await check(ports, repository, { headSha, pullRequest }, written);
  } catch (reason) {
    if (!(reason instanceof GitHubError) || reason instanceof RateLimited) throw reason;
    const log = repositoryLog(ports.log, repository.facts);
    log.warn({ headSha, reason: reason.message }, "the configuration was not checked");
  }
}

/** The configuration, where the commit changes it and leaves one. */
async function changedConfig(
  { github, facts, head }: OpenRepository,
  headSha: string,
  bases: readonly string[],
): Promise<ConfigText | null> {
  const proposed = await readConfigAt(github, facts, headSha);
  const isAt = async (sha: string) => {
    const { path, text } = await readConfigAt(github, facts, sha);
    return proposed.path === path && proposed.text === text;
  };
  if (proposed.text === null || (await isAt(head))) return null;
  // The default branch may have moved on since the change began.
  for (const base of bases) if (!(await isAt(await mergeBase(github, facts, base, headSha)))) return proposed;
  return null;
}

async function check(
  ports: JobPorts,
  { stored, facts }: OpenRepository,
  { headSha, pullRequest }: Omit<Change, "bases">,
  written: ConfigText,
): Promise<void> {
  const { kysely: db } = ports.database;
  const now = ports.now();
  const key = { repositoryId: stored.id, headSha, name: CONFIG_CHECK_NAME };
  const owner = await ownerConfigOf(ports, { ...stored, name: facts.name });
  const { diagnostics } = configOf(written, now, { name: facts.name, owner: owner.config });
  const report: CheckReport = configCheckRun({ file: written.path, diagnostics }, isOwnerRepository(facts));
  const hash = createHash("sha256").update(JSON.stringify(report)).digest("hex").slice(0, 32);
  const known = await findCheckRun(db, key);
  if (known?.conclusion != null && known.contentHash === hash) return;
  const github = ports.github.repository(stored.installationId, stored.id, TOKEN_PERMISSIONS.checks);
  const run = await beginCheckRun(github, facts, await ports.github.identity(), key, now);
  const row = { ...key, checkRunId: run.id, updatedAt: now, pullRequest };
  await saveCheckRun(db, { ...row, conclusion: null, contentHash: null });
  const done = await finishCheckRun(github, facts, run, report, { hash, now });
  const conclusion = done.conclusion ?? report.conclusion;
  await saveCheckRun(db, { ...row, checkRunId: done.id, conclusion, contentHash: hash });
}
