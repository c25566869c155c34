import { compareAddresses, parseAddress } from "../terraform/address.ts";

/** For each instance, by address, the instances that it refers to. */
export type References = ReadonlyMap<string, ReadonlySet<string>>;

/** Who depends on one instance: what a change of it may reach. By address, numeric keys as numbers. */
export interface BlastRadius {
  /** Refer to it themselves. */
  readonly direct: readonly string[];
  /** Refer to it through others only. */
  readonly transitive: readonly string[];
}

/** Answers for any address who depends on it. The graph is turned round once; cycles are fine. */
export function blastRadius(references: References): (address: string) => BlastRadius {
  const readers = new Map<string, Set<string>>();
  for (const [reader, targets] of references) {
    for (const target of targets) {
      const known = readers.get(target);
      if (known) known.add(reader);
      else readers.set(target, new Set([reader]));
    }
  }
  return (address) => {
    const seen = new Set([address]);
    const direct = unseen([address]);
    const transitive: string[] = [];
    for (let level = direct; level.length > 0; ) {
      level = unseen(level);
      transitive.push(...level);
    }
    return { direct: direct.sort(byAddress), transitive: transitive.sort(byAddress) };

    function unseen(level: readonly string[]): string[] {
      const found: string[] = [];
      for (const reader of level.flatMap((one) => [...(readers.get(one) ?? [])])) {
        if (seen.has(reader)) continue;
        seen.add(reader);
        found.push(reader);
      }
      return found;
    }
  };
}

function byAddress(a: string, b: string): number {
  return compareAddresses(parseAddress(a), parseAddress(b));
}
