import { keepComment } from "../github/comments.ts";
import type { Markdown } from "../reports/markdown.ts";
import { commandsOf, noteCommand } from "../store/commands.ts";
import { replyBody } from "./command-replies.ts";
import type { Writing } from "./writing.ts";

/** Where comments are answered. */
type CommentPlace = Pick<Writing, "db" | "github" | "repository" | "app" | "now">;

/**
 * Makes the answer to a comment say how far its commands are, and ends those that nothing more is said about.
 * @param soFar what is said of those that wait, by their ids
 */
export async function answerComment(
  { db, github, repository, app }: CommentPlace,
  commentId: number,
  soFar: ReadonlyMap<number, Markdown> = new Map(),
): Promise<void> {
  const all = await commandsOf(db, { repositoryId: repository.id, commentId });
  const decided = all.filter(({ state }) => state !== "received");
  const [first] = decided;
  const body = replyBody(decided, soFar);
  if (first !== undefined && body !== "")
    await keepComment(github, repository, app, first.number, { key: `command:${commentId}`, body });
  for (const { id, state, outcome, decidedAt } of decided) {
    if (state === "decided" && outcome !== null)
      await noteCommand(db, id, { state: "done", outcome, decidedAt });
  }
}
