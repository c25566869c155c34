import type { Adoption, Effect } from "../drift/model.ts";
import { keyOfInstance } from "../reconcile/keyed-instance.ts";

/** An instance that a finding is about. */
export interface Member {
  readonly stack: string;
  readonly address: string;
}

/** So many effects are told with each finding: what they add up to grows with the findings, not with their square. */
export const MOST_TOLD = 100;

/**
 * The edit of a group as it is told with each of its findings. Where it has many effects, those on the finding's own
 * instance and those on instances that no finding of the group is about; `why` says how many that leaves out.
 */
export function toldByMember(adoption: Adoption, members: readonly Member[]): (member: Member) => Adoption {
  const { effects, why } = adoption;
  if (effects.length <= MOST_TOLD) return () => adoption;
  const byInstance = Map.groupBy(effects, ({ stack = "", address }) => keyOfInstance({ stack, address }));
  const wanted = new Set(members.map(keyOfInstance));
  const aside = [...byInstance].flatMap(([key, own]) => (wanted.has(key) ? [] : own)).slice(0, MOST_TOLD);
  return (member) => {
    const told: readonly Effect[] = [...(byInstance.get(keyOfInstance(member)) ?? []), ...aside].slice(
      0,
      MOST_TOLD,
    );
    const left = effects.length - told.length;
    return {
      ...adoption,
      effects: told,
      why: `${why}; ${left} more effects of the same edit are not listed`,
    };
  };
}
