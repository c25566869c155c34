import { asDecided } from "../intent/decision.ts";
import { editOf } from "./adoption-groups.ts";
import type { Situation, Standing } from "./wishes.ts";

/** Findings as they count now: what people decided since they were judged holds already, where it asks for no edit. */
export interface Decided<One extends Standing = Standing> {
  readonly standings: readonly One[];
  /** Fingerprints of what only the next scan can tell about. */
  readonly pending: ReadonlySet<string>;
  /** Edits for findings that somebody has decided otherwise about since: nobody else may be adopted by them either. */
  readonly refusedEdits: ReadonlySet<string>;
}

/** What people decided since the last scan, applied to what it found. */
export function decidedSince<One extends Standing>({
  findings,
  scannedAt,
}: Pick<Situation, "scannedAt"> & { readonly findings: readonly One[] }): Decided<One> {
  const pending = new Set<string>();
  const refusedEdits = new Set<string>();
  const standings = findings.map((standing): One => {
    const { finding: judged, decision } = standing;
    const now = asDecided(judged, { decision, judgedFrom: scannedAt });
    if (now.pending) pending.add(judged.fingerprint);
    if (now.finding !== judged && judged.intent.verdict === "adopt") refusedEdits.add(editOf(judged));
    return { ...standing, finding: now.finding };
  });
  return { standings, pending, refusedEdits };
}
