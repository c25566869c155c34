import { NotFound } from "./errors.ts";
import { type GitHub, inRepository, ONCE, type RepositoryRef } from "./github.ts";

/** Shows under a comment that it was seen; a second time changes nothing, and a comment that is gone needs none. */
export async function reactToComment(
  github: GitHub,
  repository: RepositoryRef,
  commentId: number,
  content: "eyes" | "-1",
): Promise<void> {
  try {
    await github.rest.reactions.createForIssueComment({
      ...inRepository(repository),
      comment_id: commentId,
      content,
      ...ONCE,
    });
  } catch (error) {
    if (!(error instanceof NotFound)) throw error;
  }
}
