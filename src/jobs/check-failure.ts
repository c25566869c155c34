import type { JobPorts } from "./ports.ts";
import type { JobData } from "./queue-settings.ts";

const MINUTE = 60_000;

/** Minutes until a check that was given up is tried again, each time; then nobody waits for it any more. */
const AGAIN_AFTER = [10, 30, 120, 360] as const;

/**
 * Has a check made later that could not be made: GitHub did not answer for as long as it was tried. A commit without its
 * check could not be merged where it is required; one that is there may tell of older drift, or owe an answer to somebody
 * who pressed its buttons.
 */
export async function checkLater(
  { database: { kysely: db }, queues, now, log }: JobPorts,
  data: JobData["annotate"],
): Promise<void> {
  const { round = 0, repositoryId, headSha } = data;
  const wait = AGAIN_AFTER[round];
  if (wait === undefined) return;
  const startAfter = new Date(now().getTime() + wait * MINUTE);
  await queues.enqueue(db, "annotate", { ...data, round: round + 1 }, { startAfter });
  log.info({ repository: repositoryId, headSha, startAfter }, "the check is made later");
}
