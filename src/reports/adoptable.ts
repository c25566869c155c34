import type { Adoption, JudgedFinding } from "../drift/model.ts";
import { isSensitiveFinding } from "./masked.ts";

/** The proven edit that may be shown and proposed; null where there is none, or the values are sensitive. */
export function proposedEdit(finding: JudgedFinding): Adoption | null {
  const { adoption } = finding;
  if (adoption === null || adoption.verdict === "refused" || adoption.files.length === 0) return null;
  return isSensitiveFinding(finding) ? null : adoption;
}
