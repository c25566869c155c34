import { listMarked, type Marked, type MarkedSearch } from "../github/markers.ts";
import type { Marker } from "../reports/marker.ts";
import {
  CONFIG_KEY,
  DASHBOARD_KEY,
  keyOfAdoption,
  keyOfIssue,
  ONBOARDING_KEY,
  SUMMARY_KEY,
} from "../scan/wishes.ts";
import type { Writing } from "./writing.ts";

/** What the App opened and marked in a repository, the newest first: of what tells of the same repository alone. */
export async function markedOf(
  { github, repository, app, about }: Pick<Writing, "github" | "repository" | "app" | "about">,
  search: MarkedSearch = {},
): Promise<readonly Marked[]> {
  const all = await listMarked(github, repository, app, search);
  return all.filter(({ marker }) => marker.of === about?.repository.id);
}

/** What a marker is of, as `KnownObject.key` has it; null for check runs. */
export function keyOfMarker(marker: Marker): string | null {
  const { kind } = marker;
  const fingerprint = nameOf(marker);
  if (kind === "summary") return SUMMARY_KEY;
  if (kind === "dashboard") return DASHBOARD_KEY;
  if (kind === "configuration") return CONFIG_KEY;
  if (kind === "onboarding") return ONBOARDING_KEY;
  if (fingerprint === undefined || kind === "check-run") return null;
  return kind === "issue" ? keyOfIssue(fingerprint) : keyOfAdoption(fingerprint);
}

function nameOf({ name, fingerprints }: Marker): string | undefined {
  return name ?? fingerprints[0];
}

/** What is about the same, the oldest first. */
export type Twins = readonly [Marked, ...Marked[]];

/** By what they are about, the oldest first: there should be one of each. */
export function byKey(marked: readonly Marked[]): ReadonlyMap<string, Twins> {
  const groups = new Map<string, Twins>();
  for (const one of marked.toSorted((a, b) => a.number - b.number)) {
    const key = keyOfMarker(one.marker);
    const others = key === null ? undefined : groups.get(key);
    if (key !== null) groups.set(key, others === undefined ? [one] : [...others, one]);
  }
  return groups;
}
