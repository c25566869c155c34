import { type KnownObject, membersOf, type Standing } from "./wishes.ts";

/** Findings that belong together, and the key of what tells of them. */
export interface NamedGroup {
  readonly key: string;
  /** What tells of them is open, or was begun. */
  readonly isThere: boolean;
  /** The one that it is named after comes first, where it is still one of them. */
  readonly standings: readonly [Standing, ...Standing[]];
}

/**
 * Gives each group its issue or pull request. What is there keeps its key, whoever has joined the group or left it since:
 * a group takes what is named after one of its findings, else what tells of most of them, what is open before what is
 * closed. A new one is named after its first finding.
 * @param objects what may be taken, each by one group
 * @param keyOf the key of what is named after a finding
 */
export function namedGroups(
  groups: readonly (readonly Standing[])[],
  objects: readonly KnownObject[],
  keyOf: (fingerprint: string) => string,
): readonly NamedGroup[] {
  const taken = new Map<readonly Standing[], KnownObject>();
  const isOpen = ({ state }: KnownObject) => state !== "closed";
  for (const some of [objects.filter(isOpen), objects.filter((object) => !isOpen(object))]) {
    const free = new Map(some.map((object) => [object.key, object]));
    for (const find of [namedAfter, tellingOfMost]) {
      for (const group of groups) {
        const object = taken.has(group) ? null : find(group, free, keyOf);
        if (object === null) continue;
        taken.set(group, object);
        free.delete(object.key);
      }
    }
  }
  return groups.flatMap((group): NamedGroup[] => {
    const object = taken.get(group);
    const named = group.find(({ finding }) => keyOf(finding.fingerprint) === object?.key);
    const [first, ...others] =
      named === undefined ? group : [named, ...group.filter((each) => each !== named)];
    if (first === undefined) return [];
    return [
      {
        key: object?.key ?? keyOf(first.finding.fingerprint),
        isThere: object !== undefined && isOpen(object),
        standings: [first, ...others],
      },
    ];
  });
}

type Free = ReadonlyMap<string, KnownObject>;

function namedAfter(
  group: readonly Standing[],
  free: Free,
  keyOf: (fingerprint: string) => string,
): KnownObject | null {
  for (const { finding } of group) {
    const object = free.get(keyOf(finding.fingerprint));
    if (object !== undefined) return object;
  }
  return null;
}

function tellingOfMost(group: readonly Standing[], free: Free): KnownObject | null {
  const own = new Set(group.map(({ finding }) => finding.fingerprint));
  let best: { readonly object: KnownObject; readonly count: number } | null = null;
  for (const object of free.values()) {
    const count = new Set(membersOf(object)).intersection(own).size;
    if (count > (best?.count ?? 0)) best = { object, count };
  }
  return best?.object ?? null;
}
