import { dayOf } from "../config/rules.ts";
import { DRIFT_KINDS } from "../drift/model.ts";
import { isSeenAfter } from "./confirmation.ts";
import { type Decided, decidedSince } from "./decided.ts";
import {
  type Again,
  DASHBOARD_KEY,
  isIssueKey,
  type KnownObject,
  keyOfAdoption,
  membersOf,
  type Situation,
  type StackedFinding,
  type StackHead,
  type Standing,
  SUMMARY_KEY,
} from "./wishes.ts";

/** What is there after a scan: stacks, drift and what tells of it, and what can be said of each. Plans nothing. */
export class SeenSituation {
  /** By name. */
  readonly stacks: ReadonlyMap<string, StackHead>;
  /** By key. */
  readonly objects: ReadonlyMap<string, KnownObject>;
  /** By fingerprint, as it is decided by now. */
  readonly standings: ReadonlyMap<string, Standing>;
  /** Fingerprints of what open issues and pull requests are about. */
  readonly about: ReadonlySet<string>;
  /** Open drift that is not to be ignored, in order, as it is decided. */
  readonly drift: readonly Standing[];
  readonly decided: Decided;
  /** Issues that tell of a finding, or told of it last, by its fingerprint. */
  readonly #issues: ReadonlyMap<string, readonly KnownObject[]>;
  readonly #config: Situation["config"];
  readonly #scannedAt: Date;
  readonly #unwritable: Situation["unwritable"];

  constructor(situation: Situation) {
    this.#config = situation.config;
    this.#scannedAt = situation.scannedAt;
    this.#unwritable = situation.unwritable;
    this.stacks = new Map(situation.stacks.map((stack) => [stack.name, stack]));
    this.objects = new Map(situation.objects.map((object) => [object.key, object]));
    this.decided = decidedSince(situation);
    const { standings } = this.decided;
    this.standings = new Map(standings.map((each) => [fingerprintIn(each), each]));
    this.about = new Set(
      situation.objects.flatMap(({ state, told = [], about }) =>
        state === "closed" ? [] : [...told, ...(about?.fingerprints ?? [])],
      ),
    );
    this.#issues = issuesByFinding(situation.objects);
    this.drift = standings
      .filter(isDrift)
      .toSorted((a, b) => compare(a.finding.fingerprint, b.finding.fingerprint));
  }

  /** When a person closed the issue about everything; null where nobody did. */
  wholeClosedAt(): Date | null {
    const { dashboard } = this.#config;
    const closed = [DASHBOARD_KEY, ...(dashboard ? [] : [SUMMARY_KEY])].flatMap(
      (key) => this.objects.get(key) ?? [],
    );
    return closed.find(({ closedBy }) => closedBy === "person")?.closedAt ?? null;
  }

  /** An edit is proven that adopts it and, as far as is known, can be written. */
  hasEdit({ finding }: Standing): boolean {
    const { intent, adoption, sensitive, fingerprint } = finding;
    if (intent.verdict !== "adopt" || sensitive || adoption === null) return false;
    const isProven = adoption.verdict !== "refused" && adoption.files.length > 0;
    return isProven && !this.#unwritable.has(fingerprint);
  }

  /** Its stack could be scanned, and the scan is believed. */
  isBelieved({ stack }: Standing): boolean {
    const status = this.stacks.get(stack)?.status;
    return status === "complete" || status === "incomplete";
  }

  /** It is known now what is to become of it: its stack is believed, and nothing waits for the next scan. */
  isSettledNow(standing: Standing): boolean {
    return this.isBelieved(standing) && !this.decided.pending.has(fingerprintIn(standing));
  }

  /** Once there is an issue or pull request it is looked after, also where a person closed it. */
  hasObject(standing: Standing): boolean {
    return this.isToldAlone(standing) || standing.decision !== null;
  }

  /** It has an issue or pull request, or had one that a person closed. */
  isToldAlone({ finding: { fingerprint } }: Standing): boolean {
    const adoption = this.objects.get(keyOfAdoption(fingerprint));
    const own = [...(adoption === undefined ? [] : [adoption]), ...this.#issuesOf(fingerprint)];
    const isLookedAfter = ({ state, closedBy }: KnownObject) => state !== "closed" || closedBy === "person";
    return own.some(isLookedAfter) || this.about.has(fingerprint);
  }

  /** An issue that is open, or was begun, tells of it. */
  isInIssue({ finding: { fingerprint } }: Standing): boolean {
    return this.#issuesOf(fingerprint).some(({ state }) => state !== "closed");
  }

  isThere(key: string): boolean {
    const state = this.objects.get(key)?.state;
    return state === "open" || state === "creating";
  }

  isClosedByPerson(key: string): boolean {
    return this.objects.get(key)?.closedBy === "person";
  }

  /** A person closed the pull request, and nobody wants it back since then. */
  isRefused({ finding: { fingerprint }, decision }: Standing): boolean {
    const { closedBy, closedAt = null } = this.objects.get(keyOfAdoption(fingerprint)) ?? {};
    if (closedBy !== "person") return false;
    return decision?.verdict !== "adopt" || (closedAt !== null && decision.at < closedAt);
  }

  /** What a person closed says nothing until a scan has looked. */
  isSeenSince(standing: Standing): boolean {
    return this.#issuesOf(fingerprintIn(standing)).every(
      ({ closedBy, closedAt }) => closedBy !== "person" || isSeenAfter(standing, closedAt, this.#scannedAt),
    );
  }

  /** Why the issue with a key is opened again, should it be closed. */
  again(standings: readonly Standing[], key: string): Again {
    const object = this.objects.get(key);
    const members = new Set(object === undefined ? [] : membersOf(object));
    const known = standings.filter((each) => members.has(fingerprintIn(each)));
    if (object !== undefined && known.length === 0) return "joined";
    const { closedAt = null, wasGone = false } = object ?? {};
    const isByPerson = this.isClosedByPerson(key);
    const isDecided = ({ decision }: Standing) =>
      decision?.verdict === "revert" && closedAt !== null && decision.at > closedAt;
    if (!isByPerson && known.some(isDecided)) return "to-revert";
    if (wasGone) return "returned";
    const lapsed = known.flatMap((each) => each.lapsed ?? []);
    // What had ended before it was closed has nothing to do with that.
    const closedOn = dayOf(closedAt ?? this.#scannedAt);
    if (lapsed.some((each) => each.kind === "expired" && each.until >= closedOn)) return "expired";
    if (lapsed.some(({ kind }) => kind === "outdated")) return "outdated";
    return isByPerson ? "still-there" : "untold";
  }

  #issuesOf(fingerprint: string): readonly KnownObject[] {
    return this.#issues.get(fingerprint) ?? [];
  }

  /** With its stack; nothing where the last scan had no such stack. */
  stacked({ stack: name, finding }: Standing): StackedFinding[] {
    const stack = this.stacks.get(name);
    return stack === undefined ? [] : [{ stack, finding }];
  }
}

function issuesByFinding(objects: readonly KnownObject[]): ReadonlyMap<string, readonly KnownObject[]> {
  const byFinding = new Map<string, KnownObject[]>();
  for (const object of objects) {
    if (!isIssueKey(object.key)) continue;
    for (const fingerprint of new Set(membersOf(object))) {
      const others = byFinding.get(fingerprint);
      if (others === undefined) byFinding.set(fingerprint, [object]);
      else others.push(object);
    }
  }
  return byFinding;
}

export function fingerprintIn({ finding }: Standing): string {
  return finding.fingerprint;
}

function isDrift({ finding, resolvedAt }: Standing): boolean {
  return resolvedAt === null && DRIFT_KINDS.has(finding.kind) && finding.intent.verdict !== "ignore";
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
