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
  /** Attributes in the state, by `type.name`. */
  readonly state?: Readonly<Record<string, Readonly<Record<string, Json>>>>;
  /** Default: the first stack. */
  readonly stack?: string;
  readonly address: string;
  /** The live values by path; `ABSENT` for what is not there any more. */
  readonly live: Readonly<Record<string, Json | typeof ABSENT>>;
  readonly expected: ExpectedEdit | ExpectedRefusal;
}

export const ABSENT = Symbol("absent");

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
