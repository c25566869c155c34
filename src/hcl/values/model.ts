import type { Decimal } from "decimal.js";
import type { Path } from "../../json/path.ts";
import type { Diagnostic, Range } from "../syntax/source.ts";
import type { Expression } from "../syntax/syntax.ts";
import type { Type } from "./type.ts";

/** A value of the language, with where it was made and whether it is secret. Immutable. */
export type Value =
  | StringValue
  | NumberValue
  | BoolValue
  | NullValue
  | UnknownValue
  | ListValue
  | SetValue
  | TupleValue
  | MapValue
  | ObjectValue;

interface Provenance {
  readonly origin: Origin;
  /** The mark on this value itself; parts of it may be marked on their own (see `isSensitiveWithin`). */
  readonly sensitive: boolean;
}

export interface StringValue extends Provenance {
  readonly kind: "string";
  readonly value: string;
}

/** A safe integer is a `number`, every other number a Decimal. */
export interface NumberValue extends Provenance {
  readonly kind: "number";
  readonly value: number | Decimal;
}

export interface BoolValue extends Provenance {
  readonly kind: "bool";
  readonly value: boolean;
}

export interface NullValue extends Provenance {
  readonly kind: "null";
  readonly type: Type;
}

export interface UnknownValue extends Provenance {
  readonly kind: "unknown";
  readonly type: Type;
  /** Whatever it will be, it will not be null. */
  readonly notNull?: true;
}

export interface ListValue extends Provenance {
  readonly kind: "list";
  readonly element: Type;
  readonly items: readonly Value[];
}

/** `items` are distinct and in Terraform's order. */
export interface SetValue extends Provenance {
  readonly kind: "set";
  readonly element: Type;
  readonly items: readonly Value[];
}

export interface TupleValue extends Provenance {
  readonly kind: "tuple";
  readonly items: readonly Value[];
}

/** `entries` are in the order of their keys. */
export interface MapValue extends Provenance {
  readonly kind: "map";
  readonly element: Type;
  readonly entries: ReadonlyMap<string, Value>;
}

/** `entries` are in the order of their names. */
export interface ObjectValue extends Provenance {
  readonly kind: "object";
  readonly entries: ReadonlyMap<string, Value>;
  /** There are more attributes, whose names and values are not known yet; reading one gives an unknown value. */
  readonly open?: true;
}

export type SequenceValue = ListValue | SetValue | TupleValue;
export type MappingValue = MapValue | ObjectValue;

/**
 * Where a value was made. Operations that hand an input through (a reference, an index, `merge`, `try`, a conditional)
 * hand the same value object through, so its origin is the place that decides it, however far away that is.
 */
export type Origin =
  /** Written or computed by this expression: a literal, a template, an operator, a constructor, a call. */
  | { readonly kind: "expression"; readonly at: Expression }
  /** The same value in another type (`"3"` as number): what decided `from` decides this. */
  | { readonly kind: "conversion"; readonly from: Value }
  /** Read from a file of the repository: the part at a path of what it says, or its text. */
  | {
      readonly kind: "document";
      readonly file: string;
      readonly format: "text" | "json" | "yaml" | "csv";
      readonly path: Path;
    }
  /** Recorded in the state. */
  | { readonly kind: "state"; readonly address: string; readonly path: Path }
  /**
   * Given from outside of the files: `-var`, the workspace's name, the path of the root. `file`: by one that cannot be
   * read, if by anything.
   */
  | { readonly kind: "setting"; readonly name: string; readonly file?: string }
  /** Not written anywhere: an attribute left out of an object or an argument left out of a block at `place`. */
  | { readonly kind: "absent"; readonly place: Range | null }
  /** Could not be computed; the value is unknown. */
  | { readonly kind: "failed"; readonly diagnostic: Diagnostic }
  /** The result of a function on its way to the caller, which says where it was called. */
  | { readonly kind: "computed" };
