import type { Change, Finding, Reading } from "../drift/model.ts";
import type { Path } from "../json/path.ts";
import type { Goal } from "../reconcile/goal.ts";
import type { Wanted } from "../reconcile/wanted.ts";

/** What the code should say so that a finding is gone; or why that cannot be said. */
export function goalOf(stack: string, finding: Finding): Goal | { readonly refusal: string } {
  if (finding.sensitive) return { refusal: "the value is sensitive; edit it by hand" };
  const changes: { path: Path; wanted: Wanted }[] = [];
  for (const change of finding.changes) {
    if (change.desired === "unknown")
      return { refusal: "the code computes the value from something that is not known" };
    const wanted = wantedOf(change);
    if (wanted === null) return { refusal: "the live value could not be read" };
    changes.push({ path: change.path, wanted });
  }
  if (changes.length === 0) return { refusal: "there is no attribute to edit" };
  return { stack, address: finding.address, changes };
}

function wantedOf({ observed }: Change): Wanted | null {
  if (observed === "absent") return "absent";
  return isKnown(observed) ? { value: observed.known } : null;
}

function isKnown(reading: Reading): reading is Extract<Reading, { known: unknown }> {
  return typeof reading === "object" && "known" in reading;
}
