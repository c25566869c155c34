import { CONFIG_PATH } from "../config/model.ts";
import type { Diagnostic, StackResult } from "../drift/model.ts";
import { error, warning } from "../scan/results.ts";
import type { ScanResult } from "../scan/scan.ts";
import type { Tarball } from "../sources/tarball.ts";
import type { LoadedConfig } from "./repository-config.ts";

/** What is known against the repository as a whole, or against a part of it. */
export function problemsOf(
  { diagnostics }: ScanResult,
  tarball: Tarball,
  config: LoadedConfig,
): Diagnostic[] {
  return [...config.diagnostics, ...diagnostics, ...refusedIn(tarball)];
}

function refusedIn({ refused }: Tarball): Diagnostic[] {
  return refused.map(({ path, reason, passedOver }) => {
    const message = `${path}: ${reason}`;
    return { ...(passedOver ? warning(message) : error(message)), file: path };
  });
}

/** A stack with what else is known against it; it is not complete where that is an error. */
export function withProblems(stack: StackResult, problems: readonly Diagnostic[]): StackResult {
  const isBroken = problems.some(({ severity }) => severity === "error");
  const status = isBroken && stack.status === "complete" ? "incomplete" : stack.status;
  return { ...stack, status, diagnostics: [...stack.diagnostics, ...problems] };
}

/** What was refused below a stack's folder is its own problem; what has no such place may be any stack's. */
export function concerns({ file }: Diagnostic, { path }: StackResult): boolean {
  return file === null || file === CONFIG_PATH || path === "." || file.startsWith(`${path}/`);
}
