import type { Json } from "../../src/json/json.ts";

/** One drift of a small repository, and the edit that adopts it. */
export interface AdoptionCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  /** Default: one stack, `main`, in the root, with the variable files that Terraform reads by itself. */
  readonly stacks?: readonly {
    readonly name: string;
    readonly root: string;
    readonly varFiles?: readonly string[];
    readonly vars?: Readonly<Record<string, string>>;
    readonly workspace?: string;
  }[];
  /** Attributes in the state, by `type.name`, with a key `type.name["key"]`. */
  readonly state?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Default: the first stack. */
  readonly stack?: string;
  readonly address: string;
  /** The live values by path; `ABSENT` for what is not there any more. */
  readonly live: Readonly<Record<string, Json | typeof ABSENT>>;
  /** The instance was deleted; with it those that are listed, as `[stack, address]` where they are of another stack. */
  readonly deleted?: readonly (string | readonly [stack: string, address: string])[];
  readonly expected: ExpectedEdit | ExpectedRefusal;
}

export const ABSENT = Symbol("absent");

/** Several drifts of a small repository, and the one set of edits that adopts them. */
export interface SeveralCase
  extends Omit<AdoptionCase, "address" | "live" | "deleted" | "stack" | "expected"> {
  /** By a name of its own, each what was found; without live values the instance was deleted. */
  readonly found: Readonly<
    Record<string, Pick<AdoptionCase, "stack" | "address"> & Partial<Pick<AdoptionCase, "live">>>
  >;
  /** Instances that the cloud does not have. */
  readonly absent?: readonly { readonly stack: string; readonly address: string }[];
  readonly expected: {
    readonly lines: ExpectedEdit["lines"];
    /** The names of those that only one edit can adopt; default: whatever comes. */
    readonly groups?: readonly (readonly string[])[];
    /** What is not adopted, and what the reason says. */
    readonly left?: Readonly<Record<string, string>>;
  };
}

export interface ExpectedEdit {
  readonly verdict: "exact" | "shared";
  /** By file, the lines of the diff that start with `-` or `+`. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  /** `address path: before -> after`; with several stacks the stack's name comes first. */
  readonly effects?: readonly string[];
}

export interface ExpectedRefusal {
  readonly verdict: "refused";
  /** What the reason says. */
  readonly why: string;
}
