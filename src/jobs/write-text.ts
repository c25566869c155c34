import { keepContinuations } from "../github/comments.ts";
import { type Thread, updateThread } from "../github/threads.ts";
import type { Wanted } from "../github/written.ts";
import type { Writing } from "./writing.ts";

/** Gives an issue or pull request that was opened now, or found instead of that, the rest of its text. */
export async function complete(
  { github, repository, app }: Writing,
  thread: Thread,
  wanted: Wanted,
  created: boolean,
): Promise<void> {
  // What was found may say something older.
  if (!created) await updateThread(github, repository, app, thread, wanted, null);
  else if (wanted.continuations.length > 0)
    await keepContinuations(github, repository, app, thread.number, wanted.continuations);
}
