import type { StoredCheckAction } from "../store/check-actions.ts";

/**
 * The first of those who ask for the same as an action does: the same person, with the same button of the same commit,
 * about the same drift. Who presses a button twice wants one thing.
 * @param all of the commit, in the order in which they came
 */
export function firstAsked(action: StoredCheckAction, all: readonly StoredCheckAction[]): StoredCheckAction {
  if (action.about === null) return action;
  const key = keyOf(action);
  return all.find((other) => other.about !== null && keyOf(other) === key) ?? action;
}

function keyOf({ action, author, about }: StoredCheckAction): string {
  const drift = (about ?? []).map(({ fingerprint, revision }) => `${fingerprint} ${revision}`).toSorted();
  return JSON.stringify([action, author.toLowerCase(), drift]);
}
