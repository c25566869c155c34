import { DRIFT_KINDS, type Finding, type JudgedFinding } from "./model.ts";

/** Where the state says that an instance is; null where its attributes do not say. */
export interface RecordedScope {
  readonly address: string;
  readonly account: string | null;
  readonly region: string | null;
}

/** What the credentials reach. */
export interface ReachedScope {
  readonly account: string;
  /** Null where every region is read. */
  readonly regions: ReadonlySet<string> | null;
}

/**
 * Whether the cloud that was read is the one of the state:
 * - `confirmed`: every id that names an account or a region names this one;
 * - `partial`: some instances are elsewhere (`foreign`), and what was not found there was not looked for;
 * - `foreign`: none of those that say so is here; nothing read may be believed;
 * - `unconfirmed`: the state names no account and no region.
 */
export type ScopeCheck =
  | { readonly verdict: "confirmed" | "unconfirmed" }
  | { readonly verdict: "partial" | "foreign"; readonly foreign: readonly string[]; readonly reason: string };

/** Compares the account and the region of the state's own ids with those that the credentials reach. */
export function checkScope(recorded: Iterable<RecordedScope>, reached: ReachedScope): ScopeCheck {
  const known = [...recorded].filter(({ account, region }) => account !== null || region !== null);
  if (known.length === 0) return { verdict: "unconfirmed" };
  const foreign = known.filter((scope) => !isReached(scope, reached));
  if (foreign.length === 0) return { verdict: "confirmed" };
  return {
    verdict: foreign.length === known.length ? "foreign" : "partial",
    foreign: foreign.map(({ address }) => address),
    reason: scopeReason(foreign, reached),
  };
}

function isReached({ account, region }: RecordedScope, reached: ReachedScope): boolean {
  if (account !== null && account !== reached.account) return false;
  return region === null || reached.regions === null || reached.regions.has(region);
}

function scopeReason(foreign: readonly RecordedScope[], reached: ReachedScope): string {
  const places = new Set(foreign.map(({ account, region }) => [account, region].filter(Boolean).join(" ")));
  const regions = reached.regions === null ? "" : ` (${[...reached.regions].sort().join(", ")})`;
  const [example] = foreign;
  return (
    `the state's resources are in ${[...places].sort().slice(0, 3).join(", ")} (${example?.address ?? ""}), but the ` +
    `credentials reach account ${reached.account}${regions}; use credentials and a region of the stack`
  );
}

/** Which state a scan started and ended with. */
export interface StateVersion {
  readonly serial: number;
  readonly lineage: string;
}

/** Null where the state is the same before and after the cloud was read; else why the scan has to be repeated. */
export function stateChanged(before: StateVersion, after: StateVersion): string | null {
  if (before.lineage !== after.lineage) {
    return "the state was replaced by another one while the cloud was read; the scan has to be repeated";
  }
  if (before.serial === after.serial) return null;
  return `the state changed from serial ${before.serial} to ${after.serial} while the cloud was read; the scan has to be repeated`;
}

export interface Confirmation {
  /** What both reads say; what does not depend on the cloud is taken as it was said last. */
  readonly confirmed: readonly Finding[];
  /** What the second read says and the first did not, or not with these values. Not to be acted on. */
  readonly unsettled: readonly Finding[];
}

/** What a second read of the cloud can prove wrong. */
export function needsSecondRead({ kind, changes }: Finding): boolean {
  return DRIFT_KINDS.has(kind) || kind === "stale-state" || (kind === "unapplied" && changes.length > 0);
}

/**
 * Keeps the findings that a second read confirms: same fingerprint, same kind, same values. A deletion so needs an
 * explicit not-found twice. What was gone or had other values the second time is not believed yet.
 *
 * @param reread the addresses that were read again; findings about others that do not depend on a second read stay.
 */
export function confirm(
  first: readonly Finding[],
  second: readonly Finding[],
  reread: ReadonlySet<string>,
): Confirmation {
  const before = new Map(first.map((finding) => [finding.fingerprint, finding]));
  const isConfirmed = (finding: Finding) =>
    !needsSecondRead(finding) || isSameFinding(before.get(finding.fingerprint), finding);
  const kept = first.filter((finding) => !needsSecondRead(finding) && !reread.has(finding.address));
  const keptNames = new Set(kept.map(({ fingerprint }) => fingerprint));
  const others = second.filter(({ fingerprint }) => !keptNames.has(fingerprint));
  return {
    confirmed: [...kept, ...others.filter(isConfirmed)],
    unsettled: others.filter((finding) => !isConfirmed(finding)),
  };
}

function isSameFinding(first: Finding | undefined, second: Finding): boolean {
  return first !== undefined && first.kind === second.kind && first.revision === second.revision;
}

/** How much of a stack is gone or changed, in instances. */
export interface Extent {
  readonly instances: number;
  readonly deleted: number;
  readonly changed: number;
}

/**
 * More than a fifth of a stack and at least five of its instances are gone, or more than half and at least ten have
 * changed at once: more likely a wrong account, a half-answered request or an outage than that many single changes.
 */
export function isSuspect({ instances, deleted, changed }: Extent): boolean {
  const isGone = deleted * 5 > instances && deleted >= 5;
  const isUpheaval = changed * 2 > instances && changed >= 10;
  return isGone || isUpheaval;
}

/**
 * What a person confirms of a finding: this difference with these values. With others it is looked at anew, and so is it
 * once it was gone in between.
 */
export function confirmable({ fingerprint, revision }: Pick<Finding, "fingerprint" | "revision">): string {
  return `${fingerprint} ${revision}`;
}

/**
 * What of a stack's findings may be an upheaval: neither what a rule or a person ignores, since nothing is written from
 * it, nor what was there with these values before and believed, nor what a person confirmed.
 * @param expected the latter two, as `confirmable` names them
 */
export function unexpected(
  findings: readonly JudgedFinding[],
  expected: ReadonlySet<string>,
): readonly JudgedFinding[] {
  return findings.filter(
    (finding) => finding.intent.verdict !== "ignore" && !expected.has(confirmable(finding)),
  );
}

/** Counts instances, however many findings each has. @param instances those that the code and the state have. */
export function extentOf(findings: readonly Finding[], instances: number): Extent {
  const addresses = (kinds: readonly Finding["kind"][]) =>
    new Set(findings.filter(({ kind }) => kinds.includes(kind)).map(({ address }) => address)).size;
  return {
    instances,
    deleted: addresses(["deleted"]),
    changed: addresses(["drift", "absorbed", "conflict"]),
  };
}
