import { type Diagnostic, NO_COVERAGE, type StackResult } from "../drift/model.ts";
import type { PlannedStack } from "./plan.ts";
import type { ScanSettings } from "./ports.ts";

/** A stack that could not be scanned, and why. */
export interface StackFailure {
  readonly stack: Pick<PlannedStack, "name" | "path" | "environment" | "service" | "owners">;
  readonly diagnostics: readonly Diagnostic[];
}

/** What every result says of its stack. */
export function resultHead(
  { name, path, environment, service, owners }: StackFailure["stack"],
  { ref, commit }: Pick<ScanSettings, "ref" | "commit">,
): Omit<StackResult, "status" | "state" | "diagnostics" | "coverage" | "findings"> {
  return {
    name,
    path,
    environment,
    ...(service === undefined ? {} : { service }),
    ...(owners === undefined ? {} : { owners }),
    ref,
    commit,
    evidence: "inventory",
  };
}

/** A stack that could not be scanned is a result of its own, never an empty list. */
export function failedResult(
  { stack, diagnostics }: StackFailure,
  settings: Pick<ScanSettings, "ref" | "commit">,
): StackResult {
  return {
    ...resultHead(stack, settings),
    status: "failed",
    state: null,
    diagnostics,
    coverage: NO_COVERAGE,
    findings: [],
  };
}

export function error(message: string): Diagnostic {
  return { severity: "error", message, file: null, line: null, column: null };
}

export function warning(message: string): Diagnostic {
  return { ...error(message), severity: "warning" };
}
