import type { Change, Finding, Reading } from "../drift/model.ts";
import type { Path } from "../json/path.ts";
import type { Goal } from "../reconcile/goal.ts";
import type { Deletion } from "../reconcile/gone-instances.ts";
import { explainUnknown } from "../reconcile/outside.ts";
import type { Repository } from "../reconcile/repository.ts";
import type { Wanted } from "../reconcile/wanted.ts";
import type { StackFinding } from "./api.ts";
import type { Wish } from "./wish.ts";

/** What the code should say so that a finding is gone; or why that cannot be said. */
export function goalOf(
  stack: string,
  finding: Finding,
  repository: Repository,
): Goal | Deletion | { readonly refusal: string } {
  if (finding.kind === "deleted") return { stack, address: finding.address, deleted: true };
  if (finding.kind === "stale-state")
    return {
      refusal: "the code and the cloud agree; a refresh brings the state up to date, and no edit is needed",
    };
  if (finding.sensitive) return { refusal: "the value is sensitive; edit it by hand" };
  const changes: { path: Path; wanted: Wanted }[] = [];
  for (const change of finding.changes) {
    if (change.desired === "unknown")
      return { refusal: explainUnknown(repository, stack, finding.address, change.path) };
    const wanted = wantedOf(change);
    if (wanted === null) return { refusal: "the live value could not be read" };
    changes.push({ path: change.path, wanted });
  }
  if (changes.length === 0) return { refusal: "there is no attribute to edit" };
  return { stack, address: finding.address, changes };
}

/** What a finding wants of the code; null where the code cannot say it. */
export function wishOf(repository: Repository, { stack, finding }: StackFinding): Wish | null {
  const goal = goalOf(stack, finding, repository);
  return "refusal" in goal ? null : goal;
}

function wantedOf({ observed }: Change): Wanted | null {
  if (observed === "absent") return "absent";
  return isKnown(observed) ? { value: observed.known } : null;
}

function isKnown(reading: Reading): reading is Extract<Reading, { known: unknown }> {
  return typeof reading === "object" && "known" in reading;
}
