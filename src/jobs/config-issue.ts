import { isOwnerRepository } from "../config/owner-config.ts";
import { findIssue, openIssue } from "../github/issues.ts";
import { closeThread, reopenThread, updateThread } from "../github/threads.ts";
import { contentHash } from "../github/written.ts";
import { type ConfigProblems, configIssue } from "../reports/config-report.ts";
import { parseMarker } from "../reports/marker.ts";
import { CONFIG_KEY } from "../scan/wishes.ts";
import {
  claimAgain,
  claimObject,
  closeObject,
  findObject,
  NO_BRANCH,
  releaseObject,
  type StoredObject,
} from "../store/objects.ts";
import { CLOSED_BY_APP } from "./closed-by.ts";
import {
  CONFIG_BROKEN_AGAIN,
  CONFIG_LEFT_TO_OWNER,
  CONFIG_REPAIRED,
  CONFIG_TAKEN_AWAY,
  OWNER_CONFIG_TAKEN_AWAY,
} from "./comment-texts.ts";
import type { ConfigNow } from "./config-at.ts";
import { isRecent, occasion } from "./occasion.ts";
import { fill, tolerant, type Writing } from "./writing.ts";

type IssueWriting = Pick<Writing, "db" | "github" | "app" | "repository" | "log" | "now">;

/**
 * Makes the issue about a configuration that cannot be read be there as long as that is so. What GitHub refuses of it
 * is said in the log.
 */
export async function tellOfConfig(writing: IssueWriting, config: ConfigNow): Promise<void> {
  const { broken, diagnostics, written } = config;
  await tolerant(writing.log, CONFIG_KEY, () =>
    broken
      ? tellBrokenConfig(writing, { file: written.path, diagnostics })
      : closeRepairedConfig(writing, config),
  );
}

/**
 * Has one issue tell of a configuration that cannot be read. Whoever closes it is left alone until the file was
 * repaired.
 */
async function tellBrokenConfig(writing: IssueWriting, problems: ConfigProblems): Promise<void> {
  const { db, github, repository, app, log, now } = writing;
  if (!repository.issues) return;
  const id = { repositoryId: repository.id, key: CONFIG_KEY };
  const { claimed, object: seen } = await claimObject(db, id, "issue", now());
  const wanted = configIssue(problems, isOwnerRepository(repository));
  if (seen.state === "open" && seen.contentHash === contentHash(wanted)) return;
  if (seen.number !== null && (seen.state === "open" || isRecent(seen, now()))) {
    if (await bringUp(writing, seen, seen.number, wanted)) return;
  }
  const isLeftBehind = !claimed && seen.state === "creating";
  const object = isLeftBehind ? await claimAgain(db, seen, now()) : seen;
  const marker = parseMarker(wanted.body);
  if (object === null || marker === null) return;
  const { issue } = await openIssue(github, repository, app, { ...wanted, marker });
  const { hash } = await updateThread(github, repository, app, issue, wanted, null);
  await fill(writing, object, { number: issue.number, ...NO_BRANCH, contentHash: hash });
  log.info({ key: CONFIG_KEY, number: issue.number }, "issue opened");
}

/** A file that is there no more can be read no better. */
function repairedText(
  { written, configured }: Pick<ConfigNow, "written" | "configured">,
  repository: { readonly name: string },
): string {
  if (written.text !== null) return CONFIG_REPAIRED;
  if (isOwnerRepository(repository)) return OWNER_CONFIG_TAKEN_AWAY;
  return configured ? CONFIG_LEFT_TO_OWNER : CONFIG_TAKEN_AWAY;
}

/** False where it is there no more. */
async function bringUp(
  writing: IssueWriting,
  object: StoredObject,
  number: number,
  wanted: ReturnType<typeof configIssue>,
): Promise<boolean> {
  const { github, repository, app, log } = writing;
  const issue = await findIssue(github, repository, app, number);
  if (issue === null) return false;
  if (issue.state === "closed") {
    if (object.state === "open") return true;
    const comment = { key: occasion("broken", object), body: CONFIG_BROKEN_AGAIN };
    await reopenThread(github, repository, app, issue, comment);
    log.info({ key: CONFIG_KEY, number }, "issue opened again");
  }
  const { hash } = await updateThread(github, repository, app, issue, wanted, object.contentHash);
  await fill(writing, object, { number, ...NO_BRANCH, contentHash: hash });
  return true;
}

/** Closes that issue, where there is one. */
export async function closeRepairedConfig(
  writing: IssueWriting,
  config: Pick<ConfigNow, "written" | "configured">,
): Promise<void> {
  const { db, github, repository, app, log, now } = writing;
  const object = await findObject(db, { repositoryId: repository.id, key: CONFIG_KEY });
  if (object === null || object.state === "closed") return;
  // Should it be there all the same, it is found among what is open.
  if (object.number === null) return releaseObject(db, object);
  const issue = await findIssue(github, repository, app, object.number);
  if (issue !== null) {
    const comment = { key: occasion("repaired", object), body: repairedText(config, repository) };
    if (issue.state === "open") await closeThread(github, repository, app, issue, comment);
  }
  await closeObject(db, object, CLOSED_BY_APP, now());
  log.info({ key: CONFIG_KEY, number: object.number }, "issue closed");
}
