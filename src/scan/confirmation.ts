import {
  type About,
  type Closing,
  isIssueKey,
  membersOf,
  type Situation,
  type StackHead,
  type Standing,
  type Wish,
} from "./wishes.ts";

// What a scan says about what people did: that it is so, or that nothing is known of it any more.

/** What people closed or merged, all of whose drift is gone. `standings`: by fingerprint. */
export function confirmed(
  { objects, scannedAt }: Pick<Situation, "objects" | "scannedAt">,
  standings: ReadonlyMap<string, Standing>,
): Wish[] {
  return objects.flatMap((object): Wish[] => {
    const { key, closedBy, closedAt } = object;
    if (closedBy !== "person" && closedBy !== "merge") return [];
    const members = membersOf(object).flatMap((each) => standings.get(each) ?? []);
    if (members.length === 0 || !members.every((each) => isDone(each, closedAt, scannedAt))) return [];
    const isWanted = isIssueKey(key) && members.some(({ decision }) => decision?.verdict !== "ignore");
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
