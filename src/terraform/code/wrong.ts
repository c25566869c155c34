import type { Diagnostic, Range } from "../../hcl/syntax/source.ts";

/** Something that Terraform refuses, and where. The message says what is there instead, or what to do. */
export interface Wrong {
  readonly message: string;
  readonly range: Range;
  /** OpenTofu takes it, or a Terraform newer than 1.11. */
  readonly newer?: true;
}

/** The error that Terraform would give. */
export function asError({ message, range }: Wrong): Diagnostic {
  return { severity: "error", message, range };
}
