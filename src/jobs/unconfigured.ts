import type { Proposal } from "../config/proposed-file.ts";
import { missingPermissions } from "../github/permissions.ts";
import type { Reports } from "../reports/reports.ts";
import { ONBOARDING_KEY, type StackHead } from "../scan/wishes.ts";
import { findInstallation } from "../store/installations.ts";
import { noteChecksDue, recordSkip } from "../store/repositories.ts";
import { onboard } from "./onboarding.ts";
import type { OpenRepository } from "./repository-access.ts";
import { standingsOf } from "./standings.ts";
import { isOfOneWish } from "./wish-failure.ts";
import type { Writing } from "./writing.ts";

/** What the last scan saw of a repository that nobody has configured. */
export interface UnconfiguredScan {
  readonly stacks: readonly StackHead[];
  /** When it began. */
  readonly at: Date;
  /** Null where there was a configuration then. */
  readonly proposal: Proposal | null;
}

/** Milliseconds in which a scan that had a configuration is not begun anew. */
const SHORTLY = 10 * 60_000;

/**
 * Looks after a repository that nobody has configured: a pull request proposes how, and nothing else is written. What
 * GitHub refuses of that is why the repository is left out.
 * @returns why it has to be scanned again; null where it need not
 */
export async function reconcileUnconfigured(
  writing: Writing,
  { installationId, checksDue, firstScanDone }: OpenRepository["stored"],
  { stacks, at, proposal }: UnconfiguredScan,
  reports: Reports,
): Promise<string | null> {
  const { db, repository, log, now } = writing;
  const { id } = repository;
  // The pull requests that are there once it is configured have no check run by then.
  if (!checksDue) await noteChecksDue(db, id, true);
  if (proposal === null && stacks.length > 0) {
    const isOld = now().getTime() - at.getTime() > SHORTLY;
    return isOld ? "its configuration is gone since the scan" : null;
  }
  const { permissions = {} } = (await findInstallation(db, installationId)) ?? {};
  const standings = await standingsOf(db, id, [], now());
  try {
    const why = await onboard(writing, reports, {
      proposal: proposal ?? { stacks: [], left: 0 },
      stacks,
      standings,
      missingPermissions: missingPermissions(permissions),
      wasConfigured: firstScanDone,
    });
    await recordSkip(db, id, why, now());
    log.info({ reason: why }, "not configured");
  } catch (reason) {
    if (!isOfOneWish(reason)) throw reason;
    log.warn({ key: ONBOARDING_KEY, reason: reason.message }, "could not be written");
    await recordSkip(db, id, reason.message, now());
  }
  return null;
}
