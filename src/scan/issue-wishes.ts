import type { Grouping } from "../config/model.ts";
import { DRIFT_KINDS, type JudgedFinding } from "../drift/model.ts";
import { type IssueGroup, issueGroups } from "./issue-groups.ts";
import { fingerprintIn, type SeenSituation } from "./seen-situation.ts";
import type { KnownObject, LeftFinding, Standing, Wish } from "./wishes.ts";

type IssueWish = Extract<Wish, { kind: "open-issue" }>;

/** What issues are to tell of, and what decides how they share it. */
export interface Telling {
  readonly seen: SeenSituation;
  readonly grouping: Grouping;
  readonly objects: readonly KnownObject[];
  /** Fingerprints of what pull requests adopt, or of which they wait for something. */
  readonly adopted: ReadonlySet<string>;
  /** A finding as its issue shows it. */
  readonly shown: (finding: JudgedFinding) => JudgedFinding;
}

/**
 * The issues about findings. An issue that tells of something whose stack is not believed now, or of which only the next
 * scan knows what becomes, goes on telling of that.
 */
export function issueWishes(standings: readonly Standing[], telling: Telling): IssueWish[] {
  const { seen, grouping, objects, adopted } = telling;
  const told = new Set(standings);
  const perhapsKept = seen.drift.filter(
    (each) => !told.has(each) && !adopted.has(fingerprintIn(each)) && !seen.isSettledNow(each),
  );
  const groups = issueGroups([...standings, ...perhapsKept], objects, grouping);
  const wanted = groups.flatMap((group): IssueGroup[] => {
    const object = openObject(seen, group.key);
    const before = new Set(object?.told);
    const [first, ...others] = group.standings.filter(
      (each) => told.has(each) || before.has(fingerprintIn(each)),
    );
    if (first === undefined || !group.standings.some((each) => told.has(each))) return [];
    return [{ key: group.key, standings: [first, ...others] }];
  });
  const keys = new Map(
    wanted.flatMap(({ key, standings }) => standings.map((each) => [fingerprintIn(each), key] as const)),
  );
  return wanted.flatMap((group) => wishOf(group, keys, telling));
}

function wishOf(
  { key, standings }: IssueGroup,
  keys: ReadonlyMap<string, string>,
  { seen, grouping, adopted, shown }: Telling,
): IssueWish[] {
  const told = (each: Standing) =>
    seen.stacked(each).map(({ stack, finding }) => {
      return { stack, finding: shown(finding), firstSeenAt: each.firstSeenAt };
    });
  const [first, ...others] = standings.flatMap(told);
  if (first === undefined) return [];
  const object = openObject(seen, key);
  const left = [...new Set([...(object?.told ?? []), ...(object?.toldBefore ?? [])])]
    .filter((fingerprint) => keys.get(fingerprint) !== key)
    .flatMap((fingerprint) => seen.standings.get(fingerprint) ?? [])
    .flatMap((each) => {
      const why = whyLeft(each, { adopted, keys });
      return why === null ? [] : told(each).map((one) => ({ ...one, why }));
    });
  const again = seen.again(standings, key);
  return [{ kind: "open-issue", key, grouping, findings: [first, ...others], left, again }];
}

function openObject(seen: SeenSituation, key: string): KnownObject | undefined {
  return seen.isThere(key) ? seen.objects.get(key) : undefined;
}

/** Null where it is not known what became of it. */
function whyLeft(
  { finding, resolvedAt }: Standing,
  { adopted, keys }: { readonly adopted: ReadonlySet<string>; readonly keys: ReadonlyMap<string, string> },
): LeftFinding["why"] | null {
  const { fingerprint, kind, intent } = finding;
  if (resolvedAt !== null) return { reason: "gone", at: resolvedAt };
  if (intent.verdict === "ignore") return { reason: "ignored" };
  if (!DRIFT_KINDS.has(kind)) return { reason: "settled" };
  if (adopted.has(fingerprint)) return { reason: "adopted" };
  return keys.has(fingerprint) ? { reason: "elsewhere" } : null;
}
