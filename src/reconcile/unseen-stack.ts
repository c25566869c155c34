/** A stack of the repository that could not be evaluated. What it reads is known in part. */
export interface UnseenStack {
  readonly name: string;
  readonly root: string;
  /** Variable files that it is given, and what else is known that it reads. */
  readonly files: readonly string[];
}
