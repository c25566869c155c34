import type { JudgedFinding } from "../drift/model.ts";
import { findPullRequest } from "../github/pull-requests.ts";
import type { Targeted } from "../intent/command-target.ts";
import { whyNotDecided } from "../intent/policy.ts";
import { type Markdown, md } from "../reports/markdown.ts";
import { stopped } from "../reports/wording.ts";
import { isAdoptionKey, type Standing } from "../scan/wishes.ts";
import { type StoredCommand, sourceOf } from "../store/commands.ts";
import { decidedBy } from "../store/decisions.ts";
import { findingsBy, type StoredFinding } from "../store/findings.ts";
import { findObject, findObjectByNumber } from "../store/objects.ts";
import type { Outcome } from "./command-outcome.ts";
import { undecidedAmong } from "./command-remainder.ts";
import { GONE, notDecided } from "./command-replies.ts";
import { adopted, adoptedLater, OVERTAKEN } from "./command-result-replies.ts";
import { fingerprintsOf } from "./told-findings.ts";
import { placeOf, toldId, type Writing } from "./writing.ts";

/** What came of `/drift adopt` in a scan; null where something holds it back. */
export async function adoptionOf(
  writing: Writing,
  given: StoredCommand,
  outcome: Outcome,
): Promise<Markdown | null> {
  const { waiting, standings, unwritable } = outcome;
  const about = { repositoryId: toldId(writing), source: sourceOf(given) };
  const fingerprints = await decidedBy(writing.db, about);
  if (fingerprints.some((one) => waiting.has(one))) return null;
  const asked = await askedAt(writing, given);
  const open = standings.filter(
    ({ finding: { fingerprint }, resolvedAt }) => resolvedAt === null && fingerprints.includes(fingerprint),
  );
  const doubted = stacksWithout(
    open.filter(({ finding }) => !outcome.adoptions.has(finding.fingerprint)),
    outcome,
  );
  const told = await openAmong(writing, asked?.told ?? []);
  const others = await othersAmong(writing, given, { told, fingerprints });
  const besides = notDecided(others, [
    ...open,
    ...told.filter((one) => !open.some((other) => isSame(one, other))),
  ]);
  if (doubted.length > 0) {
    const later = adoptedLater(writing.repository.private ? doubted : []);
    return besides === null ? later : md`${later} ${besides}`;
  }
  const pulls = await pullRequestsOf(writing, outcome, { fingerprints, asked });
  const left = open.filter(({ finding }) => !pulls.has(finding.fingerprint));
  if (left.length === 0 && pulls.size === 0) return GONE;
  if (pulls.size === 0 && left.every((each) => isOvertaken(each, given))) return OVERTAKEN;
  const own = [...pulls.values()].filter(({ isTheirs }) => !isTheirs);
  const theirs = [...pulls.values()].filter(({ isTheirs }) => isTheirs);
  const whys = left.flatMap(({ finding }) => whyNoEdit(finding, unwritable) ?? []);
  return adopted({
    numbers: numbersOf(own),
    done: own.length,
    theirs: numbersOf(theirs),
    left: left.length,
    whys: [...new Set(whys)].slice(0, MOST_REASONS),
    others: besides,
    all: pulls.size + left.length + others.length,
  });
}

const MOST_REASONS = 5;

function isSame(one: Targeted, other: Targeted): boolean {
  return one.finding.fingerprint === other.finding.fingerprint;
}

function numbersOf(pulls: readonly OpenPullRequest[]): readonly number[] {
  return [...new Set(pulls.map(({ number }) => number))];
}

/** An issue or a pull request where somebody asked for something, and what it tells of. */
interface Asked {
  readonly key: string;
  readonly told: readonly string[];
}

async function askedAt(writing: Writing, { number }: StoredCommand): Promise<Asked | null> {
  const { db, github, repository, app } = writing;
  const object = await findObjectByNumber(db, repository.id, number);
  if (object === null) return null;
  const pull = object.kind === "pull-request" ? await findPullRequest(github, repository, app, number) : null;
  return { key: object.key, told: pull?.marker?.fingerprints ?? fingerprintsOf(object) };
}

interface OpenPullRequest {
  readonly number: number;
  /** Somebody else has committed to its branch. */
  readonly isTheirs: boolean;
}

/** The open pull requests of what was to be adopted, by fingerprint, as they are on GitHub. */
async function pullRequestsOf(
  writing: Writing,
  { adoptions }: Pick<Outcome, "adoptions">,
  { fingerprints, asked }: { readonly fingerprints: readonly string[]; readonly asked: Asked | null },
): Promise<ReadonlyMap<string, OpenPullRequest>> {
  // One that waits for a stack that is not believed is not among those that were written.
  const waits = asked !== null && isAdoptionKey(asked.key) ? asked : null;
  const keyOf = (fingerprint: string) =>
    adoptions.get(fingerprint) ?? (waits?.told.includes(fingerprint) ? waits.key : undefined);
  const keys = new Set(fingerprints.flatMap((one) => keyOf(one) ?? []));
  const open = new Map<string, OpenPullRequest>();
  for (const key of keys) {
    const found = await openPullRequest(writing, key);
    if (found !== null) open.set(key, found);
  }
  return new Map(
    fingerprints.flatMap((one) => {
      const found = open.get(keyOf(one) ?? "");
      return found === undefined ? [] : [[one, found]];
    }),
  );
}

async function openPullRequest(writing: Writing, key: string): Promise<OpenPullRequest | null> {
  const { db, github, repository, app } = writing;
  const object = await findObject(db, { ...placeOf(writing), key });
  if (object === null || object.number === null) return null;
  const pull = await findPullRequest(github, repository, app, object.number);
  if (pull?.state !== "open") return null;
  // What we push is written down.
  return { number: object.number, isTheirs: object.headSha !== null && object.headSha !== pull.headSha };
}

async function openAmong(writing: Writing, told: readonly string[]): Promise<readonly StoredFinding[]> {
  const found = await findingsBy(writing.db, toldId(writing), told);
  return found.filter(({ resolvedAt }) => resolvedAt === null);
}

/** What is told where a command was given about all of it, and that it did not decide. */
async function othersAmong(
  writing: Writing,
  { command, author, receivedAt }: StoredCommand,
  {
    told,
    fingerprints,
  }: { readonly told: readonly StoredFinding[]; readonly fingerprints: readonly string[] },
) {
  if ("target" in command && command.target !== undefined) return [];
  const others = told.filter(
    ({ finding, firstSeenAt }) => firstSeenAt <= receivedAt && !fingerprints.includes(finding.fingerprint),
  );
  return undecidedAmong(writing, { login: author, verdict: "adopt" }, others);
}

/** The stacks of some findings of which the scan says nothing that can be believed. */
function stacksWithout(some: readonly Standing[], { stacks }: Pick<Outcome, "stacks">): readonly string[] {
  const said = new Set(
    stacks.flatMap(({ name, status }) => (status === "complete" || status === "incomplete" ? [name] : [])),
  );
  return [...new Set(some.map(({ stack }) => stack))].filter((stack) => !said.has(stack));
}

function isOvertaken({ decision }: Standing, { receivedAt }: StoredCommand): boolean {
  return decision !== null && decision.verdict !== "adopt" && decision.at >= receivedAt;
}

/** Why there is no pull request, as a sentence; null where that is not known. What people gave as their reason is none. */
function whyNoEdit(finding: JudgedFinding, unwritable: Outcome["unwritable"]): string | null {
  const { fingerprint, intent, adoption } = finding;
  const unwritten = unwritable.get(fingerprint);
  if (unwritten !== undefined) return `It could not be made: ${stopped(unwritten)}`;
  const impossible = whyNotDecided(finding, "adopt");
  if (impossible !== null) return impossible;
  // Why what was decided cannot be done comes last.
  if (intent.refused?.verdict === "adopt") return intent.because.at(-1) ?? null;
  if (intent.verdict !== "adopt" || adoption === null) return null;
  return adoption.verdict === "refused" ? stopped(adoption.why) : BESIDE;
}

const BESIDE =
  "The edit that adopts it is part of one that somebody closed or made their own, or that waits for another stack.";
