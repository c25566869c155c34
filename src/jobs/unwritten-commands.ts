import { type Markdown, md } from "../reports/markdown.ts";
import type { StackHead } from "../scan/wishes.ts";
import { everyUnfinishedCommand, type StoredCommand } from "../store/commands.ts";
import { finishCommands } from "./command-results.ts";
import { commentPlace, leaveUnanswered } from "./comment-places.ts";
import type { GivenConfig } from "./config-at.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { standingsOf } from "./standings.ts";
import { elsewhere } from "./tell-elsewhere.ts";
import type { Writing } from "./writing.ts";

const IN_DRY_RUN = md`As long as the configuration says \`dry_run: true\`, no issue and no pull request is opened, changed or closed; what follows from this is done when it does not say so any more, if the drift is still there.`;
const WHILE_BROKEN = md`The configuration has errors, so no issue and no pull request is opened, changed or closed until it is repaired; what follows from this is done then, if the drift is still there.`;
const NOT_CONFIGURED = md`This repository has no configuration, so Driftwright is off here: no issue and no pull request is opened, changed or closed until it has one, or its owner has one for all repositories; what follows from this is done then, if the drift is still there.`;

/** Why nothing is written that follows from a command; null where it is. */
export function whyUnwritten({
  effective,
  broken,
  configured,
}: Pick<GivenConfig, "effective" | "broken" | "configured">): Markdown | null {
  if (broken) return WHILE_BROKEN;
  if (!configured) return NOT_CONFIGURED;
  return effective.dryRun ? IN_DRY_RUN : null;
}

/**
 * Answers the commands that wait for something to be written where nothing is, wherever their comments stand: nothing
 * more comes of them for now.
 * @param why as `whyUnwritten` says it
 */
export async function answerUnwritten(
  ports: JobPorts,
  writing: Writing,
  repository: OpenRepository,
  { scannedAt, stacks, why }: { scannedAt: Date; stacks: readonly StackHead[]; why: Markdown },
): Promise<void> {
  const { db, now } = writing;
  const { id } = repository.stored;
  const waiting: StoredCommand[] = [];
  for await (const page of everyUnfinishedCommand(db, id, "decided")) waiting.push(...page);
  if (waiting.length === 0) return;
  const outcome = {
    scannedAt,
    stacks,
    standings: await standingsOf(db, id, [], now()),
    adoptions: new Map(),
    issues: new Map(),
    waiting: new Set<string>(),
    unwritable: new Map(),
    unwritten: md`noted, and kept. ${why}`,
  };
  for (const [placeId, given] of Map.groupBy(waiting, ({ repositoryId }) => repositoryId)) {
    const place = await commentPlace(ports, repository, placeId);
    if (place === null) await leaveUnanswered(ports, given);
    else await finishCommands(placeId === id ? writing : elsewhere(writing, place), outcome);
  }
}
