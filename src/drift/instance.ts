import type { JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { Observation, Place } from "./model.ts";

/**
 * One resource instance as three witnesses describe it: the code, the state, the cloud. The input of a comparison.
 *
 * Attribute values have the shape that docs/output.md tells (nested blocks are lists of objects, an attribute the code
 * leaves out is left out), with one exception: sensitive values stand here as they are, since only then can they be
 * compared. They leave the comparison as a keyed hash.
 */
export interface InstanceTruths {
  readonly address: string;
  readonly type: string;
  /** Null where the code does not declare the instance (after `moved`, `removed` and `import` blocks are applied). */
  readonly desired: Desired | null;
  /** Null where the state holds no current object. */
  readonly recorded: Recorded | null;
  /** Null where no cloud was asked about it: no id is recorded, or the provider has no cloud (`random_id`). */
  readonly observation: Observation | null;
  /** Objects that a replacement left behind in the state and that still have to be destroyed. */
  readonly deposed: number;
  /**
   * The literal that decides the desired value at the path; where the code has no value there, the place where one would
   * be written. Asked only about what turned out to be a change. For a default tag: the entry in the provider block.
   */
  sourceOf(path: Path): Place | null;
}

export interface Desired {
  readonly attributes: JsonObject;
  /** Values that the code computes from something not known yet; `null` stands in their place in `attributes`. */
  readonly unknown: readonly Path[];
  readonly sensitive: readonly Path[];
  /** `lifecycle.ignore_changes`. */
  readonly ignoreChanges: "all" | readonly Path[];
  /** The provider's default tags; null where they are not known, so that the state has to tell them. */
  readonly defaultTags: JsonObject | null;
  readonly ignoreTags: IgnoredTags;
  /** The block that declares the resource. */
  readonly declaredAt: Place | null;
}

/** The provider's `ignore_tags`. */
interface IgnoredTags {
  readonly keys: readonly string[];
  readonly keyPrefixes: readonly string[];
}

export interface Recorded {
  readonly attributes: JsonObject;
  readonly sensitive: readonly Path[];
  /** The cloud's own id, null where the state has none. */
  readonly id: string | null;
  readonly account: string | null;
  readonly region: string | null;
  readonly tainted: boolean;
}

/** Something said three times: by the code, by the state, by the cloud. */
export interface Truths<T> {
  readonly desired: T;
  readonly recorded: T;
  readonly observed: T;
}
