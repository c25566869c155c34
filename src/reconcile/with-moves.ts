import type { Edit } from "../hcl/editing/edit.ts";
import { whatIfOrNull } from "./edit-proof.ts";
import { editsOfMoves } from "./moved-blocks.ts";
import { type RenamedInstances, renamedInstances } from "./renamed-instances.ts";
import type { Repository } from "./repository.ts";

/** Which instances edits rename, in all stacks; null where the edits overlap. */
export function renamedBy(repository: Repository, edits: readonly Edit[]): RenamedInstances | null {
  return whatIfOrNull(repository, edits, (outcomeOf) => {
    const all = repository.stacks.map((stack) => renamedInstances(stack, outcomeOf(stack).effects));
    return { renamed: all.flatMap(({ renamed }) => renamed), isAll: all.every(({ isAll }) => isAll) };
  });
}

/**
 * Edits with those that keep Terraform from making anew what they rename, which somebody else than the goal may be. Null
 * where they rename nothing, or why it cannot be said to Terraform.
 */
export function withMoves(repository: Repository, edits: readonly Edit[]): readonly Edit[] | string | null {
  const { renamed } = renamedBy(repository, edits) ?? { renamed: [] };
  if (renamed.length === 0) return null;
  const moves = editsOfMoves(repository, renamed);
  return typeof moves === "string" ? moves : [...edits, ...moves];
}
