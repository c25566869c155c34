import { noteCommand, type StoredCommand } from "../store/commands.ts";
import { SILENT } from "./command-replies.ts";
import { type OtherRepository, openOther, unwritable } from "./findings-place.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";

/** Where comments about a repository stand: in itself, or in a private one that tells of it; null where that is none now. */
export async function commentPlace(
  ports: JobPorts,
  { facts, github, stored }: OpenRepository,
  id: number,
): Promise<OtherRepository | null> {
  if (id === facts.id) return { repository: facts, github };
  const opened = await openOther(ports, stored, id);
  const isUsable = typeof opened !== "string" && opened.repository.private;
  return isUsable && unwritable(opened.repository) === null ? opened : null;
}

/** Of comments that everyone can read now, or that nobody can answer. */
export async function leaveUnanswered({ database, now, log }: JobPorts, given: readonly StoredCommand[]) {
  for (const { id, repositoryId, number } of given) {
    await noteCommand(database.kysely, id, { state: "done", decidedAt: now(), outcome: SILENT });
    log.info(
      { repository: repositoryId, number },
      "a command is left unanswered: its repository cannot be told in",
    );
  }
}
