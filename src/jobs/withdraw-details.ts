import { replaceComments, takeAwayComments } from "../github/comments.ts";
import { Unavailable } from "../github/errors.ts";
import { type Thread, updateThread } from "../github/threads.ts";
import { isWritten } from "../github/written.ts";
import { type Marker, printMarker } from "../reports/marker.ts";
import { forgetClosedContents, forgetContents } from "../store/objects.ts";
import { mayTellDetails, noteDetails } from "../store/told-details.ts";
import { COMMENT_TAKEN_AWAY, EXPOSED, WITHHELD } from "./comment-texts.ts";
import { markedOf } from "./marked-objects.ts";
import { isRefused, placeOf, tolerant, type Writing } from "./writing.ts";

// What told of single drifts is taken back where everyone can read it.

/** What is written anew for everyone to read, where the repository is configured and where it is not. */
export const WRITTEN_ANEW: Readonly<Record<"configured" | "unconfigured", ReadonlySet<Marker["kind"]>>> = {
  configured: new Set(["dashboard", "summary", "onboarding"]),
  unconfigured: new Set(["onboarding"]),
};

const TITLE = "Drift in this repository";
/** Of what is about the whole repository: their titles tell nothing. */
const KEEPS_TITLE: ReadonlySet<Marker["kind"]> = new Set(["dashboard", "onboarding"]);
/** The file that it is about can be read by everyone, too. */
const TELLS_NO_DRIFT: ReadonlySet<Marker["kind"]> = new Set(["configuration"]);

/**
 * Takes away what was commented below something of ours, then what its body tells. Of the marker the names of what it is
 * about stay, which have ids in them that nobody guesses; a hash of values could be looked for.
 */
export async function withdraw(
  { db, github, repository, app }: Writing,
  thread: Thread & { readonly marker: Marker | null },
  instead: string,
): Promise<void> {
  const { number, marker, title } = thread;
  if (marker === null) return;
  // The body last: once it is rewritten nothing is left.
  await takeAwayComments(github, repository, app, number, { body: COMMENT_TAKEN_AWAY, kept: instead });
  const stripped = printMarker({ ...marker, stack: null, revisions: [] });
  const wanted = {
    title: KEEPS_TITLE.has(marker.kind) ? title : TITLE,
    body: `${stripped}\n\n${instead}`,
  };
  if (isWritten(wanted, thread)) return;
  await forgetContents(db, repository.id, number);
  await updateThread(github, repository, app, thread, { ...wanted, continuations: [] }, null);
}

/**
 * Takes back what was told of single drifts while not everyone could read it: of all that is closed by now, whoever closed
 * it and whatever became of its drift, since a drift that comes back would be told by what is left; and of what is open
 * still. Done once each time that a repository becomes public.
 * @param anew of these kinds what is open is written anew, so that its comments alone are taken away
 * @throws RateLimited, Unavailable: what is left is done the next time
 */
export async function withdrawDetails(writing: Writing, anew: ReadonlySet<Marker["kind"]>): Promise<void> {
  const { db, github, repository, app, log } = writing;
  if (!(await mayTellDetails(db, repository.id))) return;
  let isDone = true;
  let unavailable: Unavailable | null = null;
  for (const thread of await markedOf(writing)) {
    const { kind, number, state, marker } = thread;
    if (TELLS_NO_DRIFT.has(marker.kind)) continue;
    try {
      if (state === "closed" || !anew.has(marker.kind)) await withdraw(writing, thread, WITHHELD);
      else await replaceComments(github, repository, app, number, COMMENT_TAKEN_AWAY);
    } catch (reason) {
      // One that cannot be changed keeps nothing else from being taken back.
      if (!isRefused(reason) && !(reason instanceof Unavailable)) throw reason;
      isDone = false;
      if (reason instanceof Unavailable) unavailable ??= reason;
      log.warn({ thread: `${kind} ${number}`, reason: reason.message }, "could not be taken back");
    }
  }
  if (unavailable !== null) throw unavailable;
  if (!isDone) return;
  await noteDetails(db, repository.id, false);
  log.info({}, "what was told of single drifts is taken back: everyone can read the repository");
}

/**
 * Takes back what is closed by now of what was told of another repository, in one that everyone can read.
 * @throws RateLimited, Unavailable: what is left is done the next time
 */
export async function withdrawElsewhere(place: Writing): Promise<void> {
  const { db, log } = place;
  for (const thread of await markedOf(place)) {
    const { number, state } = thread;
    if (state === "closed") await tolerant(log, `issue ${number}`, () => withdraw(place, thread, EXPOSED));
  }
  await forgetClosedContents(db, placeOf(place));
}
