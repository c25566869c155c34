import { createHash } from "node:crypto";
import type { Grouping } from "../config/model.ts";
import { decidingPlaces, placeKey } from "../drift/deciding-places.ts";
import type { Actor, JudgedFinding } from "../drift/model.ts";
import { namedGroups } from "./group-claims.ts";
import { isIssueGroupKey, type KnownObject, keyOfIssue, keyOfIssueGroup, type Standing } from "./wishes.ts";

/** Findings that share an issue, and the key of that. */
export interface IssueGroup {
  readonly key: string;
  readonly standings: readonly [Standing, ...Standing[]];
}

/** Changes of one actor that follow each other within this time are of one session. Milliseconds. */
const SESSION_GAP = 60 * 60_000;

/**
 * Which findings share an issue.
 * - `drift`: none.
 * - `resource`: those of one resource instance of one stack.
 * - `stack`: those of one stack.
 * - `cause`: those that one actor made in the same way and in one session; where nobody knows who, those against the same
 *   places in the code, of whatever stacks. A finding of which neither is known has an issue of its own.
 *
 * What shares a cause is known by what it was told with: places move when lines are added above them, and a session falls
 * apart when what was done in the middle of it is undone. So such a group keeps the issue that tells of most of it.
 */
export function issueGroups(
  standings: readonly Standing[],
  objects: readonly KnownObject[],
  grouping: Grouping,
): readonly IssueGroup[] {
  switch (grouping) {
    case "drift":
      return standings.map((standing) => ({
        key: keyOfIssue(standing.finding.fingerprint),
        standings: [standing],
      }));
    case "resource":
      return together(standings, ({ stack, finding: { address, resource } }) =>
        keyOfIssueGroup(
          "resource",
          digest([
            stack,
            resource.type,
            ...(resource.id === null ? ["address", address] : ["id", resource.id]),
          ]),
        ),
      );
    case "stack":
      return together(standings, ({ stack }) => keyOfIssueGroup("stack", digest([stack])));
    case "cause":
      return causeGroups(standings, objects);
  }
}

function together(standings: readonly Standing[], keyOf: (standing: Standing) => string): IssueGroup[] {
  return [...Map.groupBy(standings, keyOf)].flatMap(([key, [first, ...others]]) =>
    first === undefined ? [] : [{ key, standings: [first, ...others] }],
  );
}

function causeGroups(standings: readonly Standing[], objects: readonly KnownObject[]): IssueGroup[] {
  const byCause = Map.groupBy(standings, ({ finding }) => causeOf(finding));
  const alone = (byCause.get(null) ?? []).map(
    (standing): IssueGroup => ({ key: keyOfIssue(standing.finding.fingerprint), standings: [standing] }),
  );
  const known = [...byCause].flatMap(([cause, those]) => (cause === null ? [] : sessions(those, objects)));
  const keyOf = (fingerprint: string) => keyOfIssueGroup("cause", fingerprint);
  const issues = objects.filter(({ key }) => key.startsWith(keyOf("")));
  return [...namedGroups(known, issues, keyOf), ...alone];
}

/** What names the cause of a finding but for the time; null where nothing is known of it. */
function causeOf(finding: JudgedFinding): string | null {
  const { actor } = finding;
  if (actor !== null) return JSON.stringify(["actor", actor.id, actor.via]);
  const places = decidingPlaces(finding);
  return places.length === 0 ? null : JSON.stringify(["places", ...places.map(placeKey)]);
}

/** Findings with one cause, apart where their actor made a pause, unless an open issue tells of both sides of it. */
function sessions(standings: readonly Standing[], objects: readonly KnownObject[]): Standing[][] {
  const timed = standings.map((standing) => ({ standing, at: timeOf(standing.finding.actor) }));
  const found: Standing[][] = [];
  let last = Number.NaN;
  for (const { standing, at } of timed.toSorted((a, b) => a.at - b.at)) {
    const current = found.at(-1);
    if (current !== undefined && at - last <= SESSION_GAP) current.push(standing);
    else found.push([standing]);
    last = at;
  }
  return joinedByIssues(found, objects);
}

/** Milliseconds; 0 where nobody is known, or no time. */
function timeOf(actor: Actor | null): number {
  const time = Date.parse(actor?.at ?? "");
  return Number.isNaN(time) ? 0 : time;
}

function joinedByIssues(groups: readonly Standing[][], objects: readonly KnownObject[]): Standing[][] {
  if (groups.length < 2) return [...groups];
  const issueOf = new Map(
    objects
      .filter(({ key, state }) => state !== "closed" && isIssueGroupKey(key))
      .flatMap(({ key, told = [] }) => told.map((fingerprint) => [fingerprint, key] as const)),
  );
  let joined: { readonly standings: Standing[]; readonly issues: ReadonlySet<string> }[] = [];
  for (const standings of groups) {
    const issues = new Set(standings.flatMap(({ finding }) => issueOf.get(finding.fingerprint) ?? []));
    const isSame = (other: { readonly issues: ReadonlySet<string> }) => !other.issues.isDisjointFrom(issues);
    const same = joined.filter(isSame);
    const all = {
      standings: [...same.flatMap((other) => other.standings), ...standings],
      issues: same.reduce((union, other) => union.union(other.issues), issues),
    };
    joined = [...joined.filter((other) => !isSame(other)), all];
  }
  return joined.map(({ standings }) => standings);
}

function digest(parts: readonly string[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 20);
}
