/**
 * Why an archive cannot be used. `too-large` stays so until the repository shrinks; `damaged` and `interrupted` (by the
 * caller) may go well the next time; `wrong-commit` and `unexpected` say that something other than GitHub's archive of
 * the commit came.
 */
export type TarballProblem = "too-large" | "damaged" | "interrupted" | "wrong-commit" | "unexpected";

/** An archive that cannot be used. The message says what to do. */
export class TarballError extends Error {
  override readonly name = "TarballError";
  readonly problem: TarballProblem;

  constructor(problem: TarballProblem, message: string, cause?: unknown) {
    super(message, cause === undefined ? {} : { cause });
    this.problem = problem;
  }
}
