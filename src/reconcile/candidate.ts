import type { Edit } from "../hcl/editing/edit.ts";
import type { Body } from "../hcl/syntax/syntax.ts";
import type { Json } from "../json/json.ts";
import type { Branch } from "../terraform/tracing/branch.ts";

/** An edit that may make an attribute what is wanted; evaluation has to prove it. */
export interface Candidate {
  readonly edits: readonly Edit[];
  /** The lower, the sooner a maintainer would choose the place. */
  readonly cost: number;
  /**
   * It is for where nothing else changes: what it takes away tells instances of one block apart (`each.key`,
   * `count.index`), so that all would get the value of one, or it writes a text where others read a number.
   */
  readonly alone?: boolean;
  /** It renames the key of an instance, or what a key is made of: `moved` blocks have to go with it. */
  readonly renames?: boolean;
  /** The line that it adds, where that is all it does. */
  readonly added?: AddedEntry;
  /** It writes a value in place of something that is computed. */
  readonly constant?: boolean;
  /** It writes into a text what another element of a list would give: only where no edit of the list is proven. */
  readonly besideList?: boolean;
  /** It puts a value of its own before the literal that decides now, which stays as it is. */
  readonly overrides?: boolean;
}

/** An argument of a body, or an entry of a variable file, that is to be written behind the last. */
export interface AddedEntry {
  readonly body: Body;
  readonly name: string;
  readonly value: Json;
}

/**
 * What a place costs, after the order in which maintainers look: the value given for this instance, then the choice of
 * another entry of a table, then what others share: a local, a branch of a conditional, a default.
 */
export const COSTS = {
  argument: 0,
  tfvars: 0,
  element: 0,
  part: 0,
  document: 0,
  collection: 0,
  attribute: 1,
  output: 1,
  key: 1,
  override: 1,
  local: 2,
  condition: 3,
  anchor: 3,
  branch: 4,
  default: 5,
} satisfies Record<Branch["kind"], number>;

export const INSERTED = 1;
/** A text that no longer follows what it was made of is a last resort, but better than changing what others share. */
export const LOST_INTERPOLATION = 12;
/** A table's entry means the same for all who choose it: nobody redefines `small` while `large` can be chosen. */
export const CHOSEN_ENTRY = 20;
/** What stands in for a missing value is meant for all that lack it: later than the place where the value is missing. */
export const FALLBACK = 8;
/** A block that is written out beside the `dynamic` one that could make it. */
export const BESIDE_DYNAMIC = 10;
/** Text that is put beside an interpolation may as well be part of what is filled in there. */
export const BESIDE_INTERPOLATION = 9;
/** A text of JSON that is written anew where an edit in it would do. */
export const REWRITTEN_JSON = 4;
/** Elements that are moved for their order alone: only where the order means something. */
export const MOVED_ELEMENTS = 0.1;
export const NULL_FOR_ABSENT = 3;
/** The rest of a default that is written where one part of it is to be another: dearer than the default itself. */
export const COPIED_DEFAULT = 6;
/** A map of its own for the one place that takes it from elsewhere: behind all places that are there for a value. */
export const LAID_OVER = 30;
/** What contradicts what others say of the same: behind all edits, those that change others too. */
export const LAST_OF_ALL = 1_000;
/** A value of its own inside of a module: behind the literal that decides, wherever the root or a caller has that. */
export const OVERRIDE_IN_MODULE = 50;
/** What is inside of a module that has several callers is theirs; it is changed for one of them last of all. */
export const IN_SHARED_MODULE = 100;
/** What changes in other stacks too weighs more than what changes in the own one. */
export const IN_OTHER_STACKS = 100;
/** A tag that somebody changed is no reason to change what it was made of, such as a name or an engine. */
export const MORE_THAN_TAG = 100;
/** The default of an attribute in a variable's type, which all get that do not have the attribute. */
export const TYPE_DEFAULT = 7;
/** A part that a condition leaves out elsewhere, left out everywhere: behind another condition. */
export const IDLE_ARGUMENT = 9;
export const LESS_LIKELY = 2;
/** Another operand does as well, and means this value more than anything else. */
export const OTHER_OPERAND = 8;
export const MOST_CANDIDATES = 40;
export const MOST_HOPS = 60;
