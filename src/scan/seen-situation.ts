import { DRIFT_KINDS } from "../drift/model.ts";
import { isSeenAfter } from "./confirmation.ts";
import { type Decided, decidedSince } from "./decided.ts";
import {
  type Again,
  DASHBOARD_KEY,
  fingerprintOf,
  type KnownObject,
  keyOfAdoption,
  keyOfIssue,
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
    this.about = new Set(situation.objects.flatMap(({ about }) => about?.fingerprints ?? []));
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

  /** Once there is an issue or pull request it is looked after, also where a person closed it. */
  hasObject({ finding: { fingerprint }, decision }: Standing): boolean {
    const keys = [keyOfAdoption(fingerprint), keyOfIssue(fingerprint)];
    const isThere = keys.some((key) => this.isThere(key) || this.isClosedByPerson(key));
    return isThere || this.about.has(fingerprint) || decision !== null;
  }

  isThere(key: string): boolean {
    const state = this.objects.get(key)?.state;
    return state === "open" || state === "creating";
  }

  isClosedByPerson(key: string): boolean {
    return this.objects.get(key)?.closedBy === "person";
  }

  /** A person closed the pull request, and nobody wants it back. */
  isRefused({ finding: { fingerprint }, decision }: Standing): boolean {
    return this.isClosedByPerson(keyOfAdoption(fingerprint)) && decision?.verdict !== "adopt";
  }

  /** What a person closed says nothing until a scan has looked. */
  isSeenSince(standing: Standing, key: string): boolean {
    const { closedBy = null, closedAt = null } = this.objects.get(key) ?? {};
    return closedBy !== "person" || isSeenAfter(standing, closedAt, this.#scannedAt);
  }

  /** Why an issue about it is opened again. */
  again({ expired }: Standing, key: string): Again {
    if (!this.isClosedByPerson(key)) return "returned";
    return expired ? "expired" : "still-there";
  }

  /** With its stack; nothing where the last scan had no such stack. */
  stacked({ stack: name, finding }: Standing): StackedFinding[] {
    const stack = this.stacks.get(name);
    return stack === undefined ? [] : [{ stack, finding }];
  }
}

/** Fingerprints of what an issue or pull request is about; the one that names it comes first. */
export function membersOf({ key, about }: KnownObject): readonly string[] {
  return [fingerprintOf(key) ?? "", ...(about?.fingerprints ?? [])];
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
