import type { Adoption } from "../drift/model.ts";
import type { ProvenEdit } from "./proven-edit.ts";

/** The edits that are offered, the best first; or why there are none. */
export type Adopted =
  | { readonly proven: readonly ProvenEdit[]; readonly refusal: null }
  | { readonly proven: readonly []; readonly refusal: string };

/** No edit, and why. */
export function refuse(refusal: string): Adopted {
  return { proven: [], refusal };
}

/** What is printed for an edit that cannot be offered. */
export function refusedAdoption(why: string): Adoption {
  return { files: [], effects: [], verdict: "refused", why };
}

/** Why an edit is not offered of which the proof and the whole evaluation differ. */
export const UNCONFIRMED = "the whole evaluation does not show what the edit's own does; edit it by hand";

/** The edits without those at the front that the whole evaluation does not confirm: the first one may be made. */
export function fromConfirmed(proven: readonly ProvenEdit[]): readonly ProvenEdit[] {
  const first = proven.findIndex((edit) => edit.confirmed() !== null);
  return first === -1 ? [] : proven.slice(first);
}
