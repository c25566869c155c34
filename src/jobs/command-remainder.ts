import type { Decision } from "../intent/decision.ts";
import { whyNotDecided } from "../intent/policy.ts";
import type { StoredFinding } from "../store/findings.ts";
import { type Authority, notAccepted } from "./authority.ts";
import type { NotDecided } from "./command-replies.ts";

/**
 * Of what a command is about, what it does not decide: nobody can, the organization does, or the code has owners who have
 * to.
 */
export async function undecidedAmong(
  authority: Pick<Authority, "codeOwners" | "asTeamMember">,
  { login, verdict }: { readonly login: string; readonly verdict: Decision["verdict"] },
  meant: readonly StoredFinding[],
): Promise<readonly (StoredFinding & NotDecided)[]> {
  const impossible = meant.flatMap((one) => {
    const why = whyNotDecided(one.finding, verdict);
    return why === null ? [] : [{ ...one, why }];
  });
  if (verdict === "revert") return impossible;
  const known = new Set(impossible.map(({ finding }) => finding.fingerprint));
  const able = meant.filter(({ finding }) => !known.has(finding.fingerprint));
  const refused = await notAccepted(
    authority,
    login,
    able.map(({ finding }) => finding),
  );
  return [
    ...impossible,
    ...able.flatMap((one) => {
      const why = refused.get(one.finding.fingerprint);
      return why === undefined ? [] : [{ ...one, why }];
    }),
  ];
}
