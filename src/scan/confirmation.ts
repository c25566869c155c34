import {
  type About,
  type Closing,
  fingerprintOf,
  type Situation,
  type StackHead,
  type Standing,
  type Wish,
} from "./wishes.ts";

// What a scan says about what people did: that it is so, or that nothing is known of it any more.

/** What people closed or merged whose drift is gone. `standings`: by fingerprint. */
export function confirmed(
  { objects, scannedAt }: Pick<Situation, "objects" | "scannedAt">,
  standings: ReadonlyMap<string, Standing>,
): Wish[] {
  return objects.flatMap(({ key, closedBy, closedAt }): Wish[] => {
    if (closedBy !== "person" && closedBy !== "merge") return [];
    const standing = standings.get(fingerprintOf(key) ?? "");
    if (standing === undefined || !isDone(standing, closedAt, scannedAt)) return [];
    const isWanted = key.startsWith("issue:") && standing.decision?.verdict !== "ignore";
    return [{ kind: "forget", key, verified: closedBy === "merge" || isWanted }];
  });
}

/** Code and cloud agree, whether or not the state has learnt of it. */
function isDone(standing: Standing, closedAt: Date | null, scannedAt: Date): boolean {
  if (standing.resolvedAt !== null) return true;
  return standing.finding.kind === "stale-state" && isSeenAfter(standing, closedAt, scannedAt);
}

/** Whether the last scan began after a time, and saw it. */
export function isSeenAfter({ lastSeenAt }: Standing, time: Date | null, scannedAt: Date): boolean {
  return time === null || (scannedAt > time && lastSeenAt >= scannedAt);
}

/** Of drift that went away while the database was lost. What was not looked at whole is left alone. */
export function closingOfUnknown(about: About | null, stacks: readonly StackHead[]): Closing | null {
  if (about === null) return null;
  if (about.stack === null) return stacks.every(isWhole) ? { reason: "unseen" } : null;
  const stack = stacks.find(({ name }) => name === about.stack);
  if (stack === undefined) return stacks.every(isWhole) ? { reason: "stack-gone" } : null;
  return isWhole(stack) ? { reason: "unseen" } : null;
}

export function isWhole({ status }: StackHead): boolean {
  return status === "complete";
}
