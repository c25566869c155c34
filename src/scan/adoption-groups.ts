import type { JudgedFinding } from "../drift/model.ts";
import { type KnownObject, keyOfAdoption, type Standing } from "./wishes.ts";

/** Findings that one edit adopts, and the key of their pull request. */
export interface AdoptionGroup {
  readonly key: string;
  /** The pull request is there, or was begun. */
  readonly isThere: boolean;
  /** The one that the pull request is named after comes first, where it is still one of them. */
  readonly standings: readonly [Standing, ...Standing[]];
}

/**
 * Findings with the same edit, of whatever stacks, together, each group under the key of its pull request. Where one is
 * there it keeps its key, whoever has joined or left since: a group takes the one that is named after one of its
 * findings, else one that told of any of them. A new one is named after its first finding.
 */
export function adoptionGroups(
  standings: readonly Standing[],
  objects: readonly KnownObject[],
): readonly AdoptionGroup[] {
  const groups = Map.groupBy(standings, ({ finding }) => editOf(finding));
  const claims = new Claims(objects);
  const all = [...groups.values()].flatMap((group) => {
    const named = group.find(({ finding }) => claims.takes(keyOfAdoption(finding.fingerprint)));
    return [{ group, named }];
  });
  return all.flatMap(({ group, named }): AdoptionGroup[] => {
    const [first, ...others] =
      named === undefined ? group : [named, ...group.filter((each) => each !== named)];
    if (first === undefined) return [];
    const own = keyOfAdoption(first.finding.fingerprint);
    const joined = named === undefined ? claims.takenFor(group) : own;
    return [{ key: joined ?? own, isThere: joined !== null, standings: [first, ...others] }];
  });
}

/** Names the edit that adopts a finding: the same text for the same edit. */
export function editOf({ adoption }: JudgedFinding): string {
  return JSON.stringify(adoption?.files.map(({ path, diff }) => [path, diff]) ?? []);
}

/** The pull requests that are there; each is one group's. */
class Claims {
  readonly #free: Map<string, KnownObject>;

  constructor(objects: readonly KnownObject[]) {
    const there = objects.filter(({ key, state }) => key.startsWith("adoption:") && state !== "closed");
    this.#free = new Map(there.map((object) => [object.key, object]));
  }

  takes(key: string): boolean {
    return this.#free.delete(key);
  }

  /** The one that told of most findings of a group; null where none told of any. */
  takenFor(group: readonly Standing[]): string | null {
    const own = new Set(group.map(({ finding }) => finding.fingerprint));
    let best: { readonly key: string; readonly count: number } | null = null;
    for (const { key, about } of this.#free.values()) {
      const count = (about?.fingerprints ?? []).filter((fingerprint) => own.has(fingerprint)).length;
      if (count > (best?.count ?? 0)) best = { key, count };
    }
    if (best !== null) this.#free.delete(best.key);
    return best?.key ?? null;
  }
}
