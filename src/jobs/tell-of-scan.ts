import type { Diagnostic, StackResult } from "../drift/model.ts";
import type { AppliedFindings } from "../store/findings.ts";
import type { Log } from "../store/log.ts";

interface ScanTold {
  readonly stacks: readonly StackResult[];
  readonly applied: AppliedFindings;
  /** How many folders hold what is not read yet. */
  readonly notScanned: number;
}

/** Says in the log how a scan went, and why stacks could not be scanned whole. */
export function tellOfScan(log: Log, { stacks, applied, notScanned }: ScanTold): void {
  for (const { name: stack, status, diagnostics } of stacks) {
    if (status === "complete") continue;
    const reasons = diagnostics.slice(0, MOST_REASONS).map(reasonOf);
    log.warn({ stack, status, reasons }, "stack not scanned whole");
  }
  const { opened, changed, gone } = applied;
  const ofStatus = (wanted: StackResult["status"]) => stacks.filter(({ status }) => status === wanted).length;
  log.info(
    {
      stacks: stacks.length,
      failed: ofStatus("failed"),
      incomplete: ofStatus("incomplete"),
      suspect: ofStatus("suspect"),
      notScanned,
      opened: opened.length,
      changed: changed.length,
      gone: gone.length,
    },
    "repository scanned",
  );
}

const MOST_REASONS = 5;

/** `infra/main.tf:12: what is wrong` */
function reasonOf({ message, file, line }: Diagnostic): string {
  const place = [file, line].filter((part) => part !== null).join(":");
  return place === "" ? message : `${place}: ${message}`;
}
