import { DRIFT_KINDS } from "../drift/model.ts";
import { isByPerson } from "../intent/decision.ts";
import { closingOfUnknown } from "./confirmation.ts";
import { fingerprintIn, type SeenSituation } from "./seen-situation.ts";
import {
  type Closing,
  isAdoptionKey,
  isIssueGroupKey,
  type KnownObject,
  membersOf,
  type Situation,
  type Standing,
} from "./wishes.ts";

/** What should be there, as far as it takes the place of something else. */
export interface Replacing {
  readonly seen: SeenSituation;
  readonly stacks: Situation["stacks"];
  readonly isWithheld: boolean;
  /** Key of the issue that is to tell of a finding, by fingerprint. */
  readonly issues: ReadonlyMap<string, string>;
  /** Key of the pull request that adopts a finding, or waits for something about it, by fingerprint. */
  readonly adopted: ReadonlyMap<string, string>;
}

/** Fingerprints of the open findings that an issue or pull request tells of. */
export function openIn(object: KnownObject, seen: SeenSituation): readonly string[] {
  return [...new Set(membersOf(object))].filter(
    (fingerprint) => seen.standings.get(fingerprint)?.resolvedAt === null,
  );
}

/** Why an issue or pull request that nobody wants is to be closed; null where it stays as it is. */
export function closingOf(object: KnownObject, replacing: Replacing): Closing | null {
  const { seen, stacks, isWithheld } = replacing;
  // Whatever became of its drift: it may come back.
  if (isWithheld) return { reason: "withheld" };
  const members = [...new Set(membersOf(object))].flatMap((each) => seen.standings.get(each) ?? []);
  const open = members.filter(({ resolvedAt }) => resolvedAt === null);
  const [first] = open;
  if (first === undefined) {
    const before = (object.toldBefore ?? []).flatMap((each) => seen.standings.get(each) ?? []);
    return members.length === 0
      ? closingOfUnknown(object.about, stacks)
      : closingOfGone(members, [...members, ...before], seen);
  }
  if (!isIssueGroupKey(object.key)) {
    const why = whyNotTold(object, first, replacing);
    if (why?.reason !== "replaced" || why.by !== "issue") return why;
    return {
      ...why,
      to: [...new Set(open.flatMap((each) => replacing.issues.get(fingerprintIn(each)) ?? []))],
    };
  }
  const whys = open.map((standing) => whyNotTold(object, standing, replacing));
  return whys.includes(null) ? null : oneOf(whys.filter((why) => why !== null));
}

/** All of it is gone. `all`: with what went before. */
function closingOfGone(members: readonly Standing[], all: readonly Standing[], seen: SeenSituation): Closing {
  if (!members.some(({ stack }) => seen.stacks.has(stack))) return { reason: "stack-gone" };
  const from = Math.min(...all.map(({ firstSeenAt }) => firstSeenAt.getTime()));
  const to = Math.max(...members.map(({ resolvedAt }) => resolvedAt?.getTime() ?? 0));
  return { reason: "gone", from: new Date(from), to: new Date(to) };
}

function whyNotTold(
  { key }: KnownObject,
  standing: Standing,
  { seen, issues, adopted }: Replacing,
): Closing | null {
  const { intent, kind } = standing.finding;
  const fingerprint = fingerprintIn(standing);
  if (!seen.isBelieved(standing) || seen.decided.pending.has(fingerprint)) return null;
  if (intent.verdict === "ignore") return { reason: "ignored", by: isByPerson(intent) ? "person" : "rule" };
  if (!DRIFT_KINDS.has(kind)) return { reason: "settled" };
  const issue = issues.get(fingerprint);
  const isAdoption = isAdoptionKey(key);
  if (issue !== undefined)
    return isAdoption
      ? {
          reason: "replaced",
          by: "issue",
          to: [issue],
          isWanted: [intent.verdict, intent.refused?.verdict].includes("adopt"),
        }
      : { reason: "moved", to: [issue] };
  const adoption = adopted.get(fingerprint);
  if (adoption === undefined) return null;
  // Of a pull request: its edit is another one's now.
  return isAdoption ? { reason: "joined" } : { reason: "replaced", by: "pull-request", to: [adoption] };
}

/** What is said where each of several findings has a reason of its own. */
function oneOf(whys: readonly Closing[]): Closing {
  const to = [...new Set(whys.flatMap((why) => (why.reason === "moved" ? why.to : [])))];
  if (to.length > 0) return { reason: "moved", to };
  const adoptions = whys.flatMap((why) =>
    why.reason === "replaced" && why.by === "pull-request" ? [why.to] : [],
  );
  if (adoptions.length > 0 && adoptions.length === whys.length)
    return { reason: "replaced", by: "pull-request", to: [...new Set(adoptions.flat())] };
  const distinct = new Map(whys.map((why) => [JSON.stringify(why), why]));
  const [only, ...others] = distinct.values();
  return only === undefined || others.length > 0 ? { reason: "dissolved" } : only;
}
