import { findAdoptions } from "../../src/reconcile/adoption.ts";
import { findDeletion } from "../../src/reconcile/deletion.ts";
import type { ProvenEdit } from "../../src/reconcile/proven-edit.ts";
import type { AdoptionCase } from "./case.ts";
import { COLLECTIONS } from "./cases/collections.ts";
import { COMPUTED } from "./cases/computed.ts";
import { DELETIONS } from "./cases/deletions.ts";
import { DIRECTIVES } from "./cases/directives.ts";
import { DOCUMENTS } from "./cases/documents.ts";
import { DYNAMIC_BLOCKS } from "./cases/dynamic-blocks.ts";
import { EXPRESSIONS } from "./cases/expressions.ts";
import { INPUTS } from "./cases/inputs.ts";
import { JSON_AND_OVERRIDES } from "./cases/json.ts";
import { LEFT_OUT } from "./cases/left-out.ts";
import { LITERALS } from "./cases/literals.ts";
import { OWN_MAPS } from "./cases/own-maps.ts";
import { POLICIES } from "./cases/policies.ts";
import { READ_ELEMENTS } from "./cases/read-elements.ts";
import { RENAMED_BESIDE } from "./cases/renamed-beside.ts";
import { RENAMED_KEYS } from "./cases/renamed-keys.ts";
import { SHARED_DEFAULTS } from "./cases/shared-defaults.ts";
import { SWITCHES } from "./cases/switches.ts";
import { TABLES } from "./cases/tables.ts";
import { TOLD_APART } from "./cases/told-apart.ts";
import { UNREAD } from "./cases/unread.ts";
import { deletionsOf, goalOf, repositoryOf } from "./repository.ts";

/** Every drift of the table, in groups. */
export const ADOPTION_CASES: readonly (readonly [string, readonly AdoptionCase[]])[] = [
  ["literals in place", LITERALS],
  ["variables, locals and modules", INPUTS],
  ["what cannot be read or evaluated", UNREAD],
  ["expressions", EXPRESSIONS],
  ["switches before what they fall back to", SWITCHES],
  ["parts of what is computed", COMPUTED],
  ["maps, lists and blocks", COLLECTIONS],
  ["what is left out", LEFT_OUT],
  ["what is read of elements", READ_ELEMENTS],
  ["maps of their own", OWN_MAPS],
  ["what tells instances apart", TOLD_APART],
  ["keys of instances", RENAMED_KEYS],
  ["keys of other instances", RENAMED_BESIDE],
  ["dynamic blocks", DYNAMIC_BLOCKS],
  ["tables and objects with defaults", TABLES],
  ["defaults that several entries share", SHARED_DEFAULTS],
  ["texts that choose or repeat", DIRECTIVES],
  ["documents", DOCUMENTS],
  ["JSON and override files", JSON_AND_OVERRIDES],
  ["policies", POLICIES],
  ["resources that were deleted", DELETIONS],
];

/** The edits that are offered for a case, the best first, or the reason why there are none. */
export function adopt(each: AdoptionCase): {
  best: ProvenEdit | null;
  all: readonly ProvenEdit[];
  refusal: string | null;
} {
  const repository = repositoryOf(each, each.files);
  const [gone, ...others] = deletionsOf(each);
  const { proven, refusal } =
    gone === undefined
      ? findAdoptions(repository, { ...goalOf(each), ownMaps: true })
      : findDeletion(repository, gone, others);
  return { best: proven[0] ?? null, all: proven, refusal };
}
