import type { JudgedFinding } from "../drift/model.ts";
import { type NamedGroup, namedGroups } from "./group-claims.ts";
import { isAdoptionKey, type KnownObject, keyOfAdoption, type Standing } from "./wishes.ts";

/**
 * Findings with the same edit, of whatever stacks, together, each group under the key of its pull request. Where one is
 * there it keeps its key, whoever has joined or left since. One that is closed is nobody's.
 */
export function adoptionGroups(
  standings: readonly Standing[],
  objects: readonly KnownObject[],
): readonly NamedGroup[] {
  const groups = Map.groupBy(standings, ({ finding }) => editOf(finding));
  const there = objects.filter(({ key, state }) => isAdoptionKey(key) && state !== "closed");
  return namedGroups([...groups.values()], there, keyOfAdoption);
}

/** Names the edit that adopts a finding: the same text for the same edit. */
export function editOf({ adoption }: JudgedFinding): string {
  return JSON.stringify(adoption?.files.map(({ path, diff }) => [path, diff]) ?? []);
}
