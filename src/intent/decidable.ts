import { holdsData } from "../drift/data-stores.ts";
import type { Finding, FindingKind } from "../drift/model.ts";

type Verdict = "adopt" | "revert" | "ignore";

/** What a rule may decide about each kind; everything else about it takes a person, or there is nothing to decide. */
const BY_RULE: Readonly<Record<FindingKind, readonly Verdict[]>> = {
  drift: ["adopt", "revert", "ignore"],
  absorbed: ["adopt", "revert", "ignore"],
  deleted: ["adopt", "revert", "ignore"],
  unmanaged: ["adopt", "revert", "ignore"],
  conflict: ["ignore"],
  "stale-state": ["revert", "ignore"],
  unapplied: ["ignore"],
  "pending-create": ["ignore"],
  "pending-destroy": ["ignore"],
  "needs-import": ["ignore"],
  unreadable: ["ignore"],
  version: ["ignore"],
};

const WHY_NOT: Readonly<Partial<Record<FindingKind, string>>> = {
  conflict: "code, state and cloud hold three different values, so a person decides which is right",
  "stale-state": "only the state is behind, so there is nothing to adopt",
  unapplied: "the code changed and was not applied yet, so it is not drift",
  "pending-create": "the next apply creates it, so it is not drift",
  "pending-destroy": "the next apply destroys it, so it is not drift",
  "needs-import": "it runs and is in the code, and only the state has to learn of it",
  unreadable: "it could not be read, so nothing is known to decide about",
  version: "versions are compared, and no resource can follow",
};

/** Why no rule may decide so, as sentences; none where it may. The safety floor: no configuration lifts it. */
export function ruleRefusals(finding: Finding, verdict: Verdict): readonly string[] {
  const { kind, resource, widensAccess, sensitive } = finding;
  if (!BY_RULE[kind].includes(verdict)) {
    return [`No rule can ${verdict} this: ${WHY_NOT[kind] ?? "it is not drift"}.`];
  }
  if (verdict !== "adopt") return [];
  return [
    ...(widensAccess ? ["It lets in more than the code does, and only a person may adopt that."] : []),
    ...(sensitive ? ["It is about a sensitive value, and only a person may adopt that."] : []),
    ...(kind === "deleted" && holdsData(resource.type)
      ? ["What was deleted held data, and only a person may adopt that."]
      : []),
  ];
}

/** Why not even a person can decide so, as a sentence; null where they can. */
export function cannotDecide({ kind, sensitive }: Finding, verdict: Verdict): string | null {
  if (verdict === "ignore") return null;
  if (verdict === "revert" && kind === "conflict") return null;
  if (verdict === "adopt" && kind === "conflict")
    return "Code, state and cloud hold three different values: put the right one into the code by hand.";
  if (verdict === "adopt" && kind === "unmanaged")
    return "No code declares it, so there is nothing to edit: write a resource and an import block by hand.";
  if (!BY_RULE[kind].includes(verdict))
    return `Nobody can ${verdict} this: ${WHY_NOT[kind] ?? "it is not drift"}.`;
  return verdict === "adopt" && sensitive
    ? "It is about a sensitive value, which no pull request may show: put it into the code by hand."
    : null;
}
