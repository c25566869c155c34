import type { Again, Closing } from "../scan/wishes.ts";

// What the App says in comments. Nothing in them comes from a repository, a state or a cloud, but for names of policies.

export const TAKEN =
  "Somebody else has committed to this branch, so Driftwright leaves it as it is: to update it from the default branch " +
  "counts as well. What it would write here is another text or edit by now, since the drift, the code or what was said of " +
  "it has changed. Make the change here by hand where it is needed, or take the other commits off the branch: then the next " +
  "scan writes it. To close this pull request leaves the drift alone.";

/** Said of a branch that somebody else committed to. */
export const ASTRAY =
  "The default branch is another one now, or its history was rewritten, and this branch still has the commits of before: " +
  "to merge it would bring them along. Somebody else has committed to it, so Driftwright leaves it as it is. Take what " +
  "you need of it to a new branch, and close this pull request; that leaves the drift alone.";

/** Said when another one is opened in place of a pull request. */
export const REPLACED =
  "The default branch is another one now, or its history was rewritten, and this branch still has the commits of before: " +
  "to merge it would bring them along. A new pull request takes its place, and this branch is deleted.";

/** Said of the issue about a configuration that could not be read. */
export const CONFIG_REPAIRED = "The configuration can be read again.";
export const CONFIG_TAKEN_AWAY =
  "The configuration was taken away, so Driftwright is off here: nothing more is opened, changed or closed. Adding " +
  "`.github/driftwright.yml` again turns it on.";
export const CONFIG_LEFT_TO_OWNER =
  "The configuration was taken away. What the owner of this repository says for all of theirs counts here now.";
export const OWNER_CONFIG_TAKEN_AWAY =
  "The file was taken away, so nothing is said any more that holds in all repositories of this owner: a repository without " +
  "a file of its own is left alone.";
export const CONFIG_BROKEN_AGAIN = "The configuration cannot be read again, so this is open again.";

/** Said of the pull request that proposes a configuration, to who closes it. */
export const DECLINED =
  "This was closed without merging, so Driftwright stays off here, and says so this once. Add `.github/driftwright.yml` to " +
  "turn it on. To reopen this does so, too: the branch is deleted unless somebody else has committed to it, and GitHub " +
  "reopens nothing without one, so restore the branch first (*Restore branch* below).";
export const CONFIGURED =
  "This repository has a configuration by now, or its owner has one for all repositories, so this one is not needed.";
export const NOTHING_TO_CONFIGURE =
  "No Terraform stack is left in this repository, so there is nothing to configure.";

/** Said in place of what was in a body, where everyone can read it now. */
export const WITHHELD =
  "While everyone can read this repository, Driftwright does not tell here of single drifts: they are a map for an " +
  "attacker. What stood here was taken away when the repository became public, but stays in the edit history, and what a " +
  "pull request changed or the checks of earlier commits said stays visible: delete what nobody should see. " +
  "`public: details` in `.github/driftwright.yml` lifts this.";

/** The same of what told of another repository. */
export const EXPOSED =
  "While everyone can read this repository, Driftwright does not tell here of the drift of another one: it is a map for " +
  "an attacker. What stood here was taken away, but stays in the edit history: delete what nobody should see.";

/** Said in place of what Driftwright commented there. */
export const COMMENT_TAKEN_AWAY =
  "What Driftwright said here was taken away when the repository became public.";

/** What takes the place of a body that everyone could read; null where it stays. */
export function withheldText({ reason }: Closing): string | null {
  if (reason === "exposed") return EXPOSED;
  return reason === "withheld" ? WITHHELD : null;
}

/** @param kept the number of the other one */
export function twiceText(kept: number): string {
  return `#${kept} is about the same, and is the one that is kept up to date, so this is closed.`;
}

/** Said when the drift is there again. */
const RETURNED = "The drift is there again, so this is open again.";

/** Said of a pull request that is opened again, by the reason. */
export const BACK = {
  returned: RETURNED,
  wanted: "Somebody decided to adopt this after all, so it is open again.",
  possible: "This drift is to be adopted, and can be, as things are now, so this is open again.",
} as const;

/** @param numbers of the issues that tell of it now */
function movedText(numbers: readonly number[]): string {
  const where = namesOf(numbers);
  return `The configuration groups drift in another way now, or more is known of its cause: ${where === "" ? "other issues tell" : `${where} ${numbers.length === 1 ? "tells" : "tell"}`} of what this told of.`;
}

/**
 * @param numbers of the issues that tell of it now
 * @param isWanted it is on purpose still
 */
function replacedText(numbers: readonly number[], isWanted: boolean): string {
  const place =
    numbers.length === 0
      ? "an issue takes"
      : `${namesOf(numbers)} ${numbers.length === 1 ? "takes" : "take"}`;
  const why = isWanted
    ? "No edit that can be made adopts this drift any more"
    : "This drift is no longer judged to be on purpose";
  return `${why}, so ${place} the place of this pull request.`;
}

/** @param numbers of the pull requests that adopt it */
function adoptedText(numbers: readonly number[]): string {
  const place =
    numbers.length === 0
      ? "a pull request that adopts it takes"
      : `${namesOf(numbers)}, which ${numbers.length === 1 ? "adopts it, takes" : "adopt it, take"}`;
  return `This drift is judged to be on purpose, and an edit adopts it, so ${place} the place of this issue.`;
}

/** `#1, #2 and 3 more`; nothing where there are none. */
function namesOf(numbers: readonly number[]): string {
  const named = numbers.slice(0, MOST_NAMED).map((number) => `#${number}`);
  const others = numbers.length - named.length;
  return others > 0 ? `${named.join(", ")} and ${others} more` : named.join(", ");
}

const MOST_NAMED = 20;

const AGAIN: Readonly<Record<Again, string>> = {
  returned: RETURNED,
  untold: "The drift is still there, and nothing else tells of it any more, so this is open again.",
  "to-revert": "Somebody decided that this is to be undone, so it is open again.",
  "still-there": "This was closed, and the scan since then found the drift still there, so it is open again.",
  expired:
    "The time is over for which this drift was to be ignored, and it is still there, so this is open again.",
  outdated: "Its values are others now than those that somebody had ignored, so this is open again.",
  joined: "There is drift here that this did not tell of before, so this is open again.",
  wanted: "This is open again, since Driftwright keeps a dashboard here again.",
};

/** Why an issue is open again, as a comment. */
export function againText(again: Again): string {
  return AGAIN[again];
}

/** Said when a scan after the merge, or after somebody closed the issue, does not find the drift any more. */
export const VERIFIED =
  "Verified: the last scan found that the code and the cloud agree, and this drift is gone.";

const DAY = 24 * 60 * 60 * 1000;
const HOUR = 60 * 60 * 1000;

/**
 * Why something is closed, as a comment.
 * @param numbers of what takes its place, where that is known
 */
export function closingText(because: Closing, numbers: readonly number[] = []): string {
  switch (because.reason) {
    case "gone": {
      const [from, to] = [because.from, because.to].map((date) => date.toISOString().slice(0, 10));
      return `This drift is gone: the last scan does not find it any more. It was first seen on ${from}, and lasted ${lasting(because.from, because.to)} (until ${to}). Should it come back within days, this opens again.`;
    }
    case "moved":
      return movedText(numbers);
    case "dissolved":
      return "Nothing is left that this has to tell of: what it told of is ignored for now, has a pull request that adopts it, or will be settled by an apply.";
    case "replaced":
      return because.by === "pull-request" ? adoptedText(numbers) : replacedText(numbers, because.isWanted);
    case "ignored":
      return because.by === "rule"
        ? "A rule in `.github/driftwright.yml` ignores this drift now."
        : "Somebody decided that this drift is to be ignored for a while.";
    case "joined":
      return "The same edit adopts another drift too, and that pull request holds both.";
    case "settled":
      return "The code and the cloud still differ, but not because of a change outside of the code any more: an apply will settle it.";
    case "unseen":
      return "The last scan read all of this stack and did not find this drift any more.";
    case "stack-gone":
      return "What this is about is in no stack of this repository any more, so Driftwright does not look at it. Should it be there again with its drift, that is told again.";
    case "withheld":
      return WITHHELD;
    case "exposed":
      return EXPOSED;
    case "not-here":
      return "Driftwright does not tell of the drift of that repository here any more: what it is told to do with it has changed.";
    case "nothing-left":
      return "Nothing of what this told of is left, but for what has an issue or a pull request of its own.";
    case "on-dashboard":
      return "The dashboard tells of this now, and of everything else.";
    case "not-wanted":
      return "The configuration wants no dashboard (`dashboard: false`).";
  }
}

/** About how long something lasted. */
function lasting(from: Date, to: Date): string {
  const milliseconds = Math.max(0, to.getTime() - from.getTime());
  const days = Math.round(milliseconds / DAY);
  if (days >= 2) return `${days} days`;
  const hours = Math.round(milliseconds / HOUR);
  if (hours >= 2) return `${hours} hours`;
  const minutes = Math.max(1, Math.round(milliseconds / 60_000));
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
