import type { Finding } from "./model.ts";

/** What is known about the past of a value; null where it is not known. */
export interface ValueHistory {
  /**
   * When what the code says of the value last changed. Where only bounds of that are known: one of them, if it decides
   * as well.
   */
  readonly literalChangedAt: Date | null;
  /** When the state was last written. */
  readonly stateWrittenAt: Date | null;
  /** When a scan last found code, state and cloud in agreement about it. */
  readonly agreedAt: Date | null;
}

export const NO_HISTORY: ValueHistory = { literalChangedAt: null, stateWrittenAt: null, agreedAt: null };

/**
 * Decides whether a value that the state shares with the cloud, and the code does not (`absorbed`, as the comparison
 * says it), is an outside change that a refresh took into the state, or a change of the code that is merged and not yet
 * applied. It is `unapplied` where the literal is younger than the state's last write, or than the last agreement.
 * Where that cannot be known it is `unapplied` too, and says so; but what matters to security stays `absorbed`, since
 * taking an intrusion for a merge is the worse mistake. Other findings come back as they are.
 */
export function settle(finding: Finding, history: ValueHistory): Finding {
  if (finding.kind !== "absorbed") return finding;
  const { literalChangedAt: changed, stateWrittenAt: written, agreedAt: agreed } = history;
  if (changed === null || (written === null && agreed === null)) return settleUnknown(finding);
  if (agreed !== null && changed > agreed) {
    return unapplied(
      finding,
      "The code changed after the last scan in which all agreed: merged, not yet applied.",
    );
  }
  if (written !== null && changed > written) {
    return unapplied(finding, "The code changed after the state was last written: merged, not yet applied.");
  }
  return withNote(
    finding,
    "The code is older than the state: a refresh or an apply took the outside change in.",
  );
}

/** Whether code and state disagree about a value, and nothing tells which of the two is younger. */
export function isUncertain({ notes }: Finding): boolean {
  return notes.some((note) => note.startsWith(UNCERTAIN));
}

const UNCERTAIN = "Uncertain: without history";

function settleUnknown(finding: Finding): Finding {
  if (mattersToSecurity(finding)) {
    return withNote(
      finding,
      `${UNCERTAIN} this may be a change of the code that is not yet applied. Shown because it matters to security.`,
    );
  }
  return unapplied(finding, `${UNCERTAIN} it is taken for a change of the code that is not yet applied.`);
}

function mattersToSecurity({ severity, widensAccess }: Finding): boolean {
  return widensAccess || severity === "critical" || severity === "high";
}

/** A merged change waits for its apply; nothing is wrong with it, whatever it changes. */
function unapplied(finding: Finding, note: string): Finding {
  return { ...withNote(finding, note), kind: "unapplied", severity: "info" };
}

function withNote(finding: Finding, note: string): Finding {
  return { ...finding, notes: [...finding.notes, note] };
}
