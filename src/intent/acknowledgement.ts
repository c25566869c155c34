import type { Finding } from "../drift/model.ts";

/** Somebody said of a drift that it is known for a pull request. It holds for its values as they were then. */
export interface Acknowledgement {
  readonly fingerprint: string;
  readonly revision: string;
  readonly pullRequest: number;
  /** Their login. */
  readonly by: string;
  readonly at: Date;
}

/** What was said last of a finding as it is; null where nobody said anything. */
export function acknowledgementOf(
  all: readonly Acknowledgement[],
  { fingerprint, revision }: Pick<Finding, "fingerprint" | "revision">,
): Acknowledgement | null {
  return all.findLast((one) => one.fingerprint === fingerprint && one.revision === revision) ?? null;
}
