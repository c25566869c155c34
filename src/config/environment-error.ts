/**
 * The environment does not let the process start: a variable is missing or wrong, or what it names cannot be used. Each
 * problem is one sentence that names the variable and what to do.
 */
export class EnvironmentError extends Error {
  override readonly name: string = "EnvironmentError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.problems = problems;
  }
}
