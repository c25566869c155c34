import { decidedSince } from "../scan/decided.ts";
import { DASHBOARD_KEY, SUMMARY_KEY } from "../scan/wishes.ts";
import { everyUnfinishedCommand, noteCommand } from "../store/commands.ts";
import { placesOf } from "../store/told-elsewhere.ts";
import type { Outcome } from "./command-outcome.ts";
import { SILENT } from "./command-replies.ts";
import { finishCommands } from "./command-results.ts";
import { type FindingsPlace, type OtherRepository, openOther, unwritable } from "./findings-place.ts";
import { type Fulfilled, Fulfilment, type Given } from "./fulfilment.ts";
import { knownOf } from "./known-objects.ts";
import { syncObjects } from "./object-sync.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { repositoryLog } from "./repository-log.ts";
import { standingsOf } from "./standings.ts";
import { withdrawElsewhere } from "./withdraw-details.ts";
import { writeClosing } from "./write-closing.ts";
import { toldId, tolerant, type Writing } from "./writing.ts";

/** Said in an issue of a finding that would be adopted by a pull request. */
const NO_PULL_REQUEST = "the repository is public, and a pull request would tell everybody of it";

/** What is told of a repository in another one is written as in its own, but there. */
export function elsewhere(writing: Writing, { repository, github }: OtherRepository): Writing {
  const log = repositoryLog(writing.log, repository);
  const about = { repository: writing.repository, github: writing.github };
  return { ...writing, repository, github, about, log };
}

/**
 * Makes the issues in a private repository say what the last scan found in a public one.
 * @param place checked by the caller to be private at this moment
 * @param given as it counts for the public one
 */
export async function tellElsewhere(
  place: Writing,
  given: Given,
  fulfilment: ConstructorParameters<typeof Fulfilment>[1],
  reports: ConstructorParameters<typeof Fulfilment>[2],
): Promise<Fulfilled & { readonly finish: () => Promise<void> }> {
  const { db, now } = place;
  const objects = await syncObjects(place, given.isFirst);
  const findings = await standingsOf(db, toldId(place), objects, now());
  // Whether a person wants to hear of what a dashboard told is asked there.
  const wholes = given.objects.filter(({ key }) => key === DASHBOARD_KEY || key === SUMMARY_KEY);
  const adopted = decidedSince({ ...given, findings }).standings.filter(
    ({ finding }) => finding.intent.verdict === "adopt",
  );
  const fulfilled = await new Fulfilment(place, fulfilment, reports, null).run({
    ...given,
    findings,
    objects: [...wholes, ...objects.map(knownOf)],
    isPublic: false,
    unproposed: new Map(adopted.map(({ finding }) => [finding.fingerprint, NO_PULL_REQUEST])),
  });
  const { scannedAt, stacks } = given;
  const outcome: Outcome = { scannedAt, stacks, standings: findings, ...fulfilled };
  return { ...fulfilled, finish: () => finishCommands(place, outcome) };
}

/** Closes what tells of a repository in others than the one where it is told now; what was asked there is not answered. */
export async function leaveOthers(
  ports: JobPorts,
  writing: Writing,
  { stored }: Pick<OpenRepository, "stored">,
  now: FindingsPlace,
): Promise<void> {
  const { db, log } = writing;
  const kept = now.kind === "elsewhere" ? now.repository.id : null;
  for (const id of await placesOf(db, stored.id)) {
    if (id === kept) continue;
    const opened = await openOther(ports, stored, id);
    const reason = typeof opened === "string" ? opened : unwritable(opened.repository);
    if (typeof opened === "string" || reason !== null) {
      log.warn({ place: id, reason }, "what is told of it elsewhere cannot be closed");
      continue;
    }
    const place = elsewhere(writing, opened);
    const because = { reason: opened.repository.private ? "not-here" : "exposed" } as const;
    for (const { key, state } of await syncObjects(place, false))
      if (state !== "closed") await tolerant(place.log, key, () => writeClosing(place, key, because));
    if (!opened.repository.private) await withdrawElsewhere(place);
  }
  for await (const page of everyUnfinishedCommand(db, stored.id)) {
    for (const { id, repositoryId, decidedAt } of page) {
      if (repositoryId === stored.id || repositoryId === kept) continue;
      await noteCommand(db, id, { state: "done", decidedAt, outcome: SILENT });
    }
  }
}
