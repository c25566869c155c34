import type { Diagnostic, StackResult } from "../drift/model.ts";
import type { ScanResult } from "../scan/scan.ts";
import type { Checkout } from "../sources/checkout.ts";
import type { LoadedConfig } from "./config-file.ts";
import { isSaid, refusals } from "./session.ts";

/** What stands against the stacks of a checkout, besides what was found in each. */
export interface RepositoryProblems {
  /** What stands against every stack. */
  readonly shared: readonly Diagnostic[];
  /** To be said of the stack in a folder. */
  of(stack: StackResult): readonly Diagnostic[];
}

/**
 * Sorts what is wrong with a checkout. What was refused below a stack's folder is that stack's problem; anywhere else
 * it may be any stack's, as a broken configuration is.
 */
export function repositoryProblems(
  { stacks }: ScanResult,
  config: LoadedConfig,
  checkout: Checkout,
): RepositoryProblems {
  const refused = refusals(checkout);
  const isOwn = ({ file }: Diagnostic, { path }: StackResult) =>
    file !== null && (path === "." || file.startsWith(`${path}/`));
  const shared = refused.filter((problem) => !stacks.some((stack) => isOwn(problem, stack)));
  return {
    shared: [...config.diagnostics, ...shared],
    of: (stack) => refused.filter((problem) => isOwn(problem, stack) && !isSaid(problem, stack.diagnostics)),
  };
}

/** A stack with what else is known against it; it is not complete where that is an error. */
export function withProblems(stack: StackResult, problems: readonly Diagnostic[]): StackResult {
  const isBroken = problems.some(({ severity }) => severity === "error");
  const status = isBroken && stack.status === "complete" ? "incomplete" : stack.status;
  return { ...stack, status, diagnostics: [...stack.diagnostics, ...problems] };
}
