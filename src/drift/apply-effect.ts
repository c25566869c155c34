/**
 * What applying a change of the code does to a drift that it touches, the worst first.
 *
 * - `destroys`: the resource goes, since the code gives it up.
 * - `replaces`: the resource goes, and a new one is made from the code.
 * - `refuses`: the resource would have to go, and `prevent_destroy` forbids that: nothing is applied.
 * - `conflicts`: a third value is set, neither the code's old one nor what runs.
 * - `partly`: the change says some of it, or the same in another form, so that it is neither undone nor kept.
 * - `reverts`: the cloud goes back to what the code said all along.
 * - `recreates`: what was deleted in the cloud is made again.
 * - `unknown`: what the code says then cannot be known before.
 * - `unset`: the code says nothing about it, and whether the provider keeps what runs is not known.
 * - `leaves`: the code leaves it to the cloud, and so does the provider.
 * - `contains`: the code says what runs.
 */
export const APPLY_EFFECTS = [
  "destroys",
  "replaces",
  "refuses",
  "conflicts",
  "partly",
  "reverts",
  "recreates",
  "unknown",
  "unset",
  "leaves",
  "contains",
] as const;

export type ApplyEffect = (typeof APPLY_EFFECTS)[number];

export function worstEffect(effects: Iterable<ApplyEffect>): ApplyEffect | null {
  const all = new Set(effects);
  return APPLY_EFFECTS.find((effect) => all.has(effect)) ?? null;
}

/** Whether something that was done in the cloud is undone. */
export function undoes(effect: ApplyEffect): boolean {
  return APPLY_EFFECTS.indexOf(effect) <= APPLY_EFFECTS.indexOf("recreates");
}

/** Whether something that was done in the cloud is undone, or may be. */
export function mayUndo(effect: ApplyEffect): boolean {
  return effect !== "contains" && effect !== "leaves";
}
