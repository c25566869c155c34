import type { Closing } from "../scan/actions.ts";

// What the App says in comments. Nothing in them comes from a repository, a state or a cloud.

export const LEFT_ALONE =
  "This was closed without merging, so Driftwright leaves this drift alone and deletes the branch. Open the pull " +
  "request again to have it looked after again, or write a rule into `.github/driftwright.yml`: `revert` gives an " +
  "issue with the plan to undo the change, `ignore` hides it everywhere.";

export const TAKEN =
  "Somebody else has committed to this branch, so Driftwright leaves it as it is. What runs in the cloud has changed " +
  "since; to get the new edit, close this pull request, delete the branch and write an `adopt` rule, or apply the " +
  "change here by hand.";

/** Said when the drift is there again. */
export const RETURNED = "The drift is there again, so this is open again.";

const DAY = 24 * 60 * 60 * 1000;
const HOUR = 60 * 60 * 1000;

/** Why something is closed, as a comment. */
export function closingText(because: Closing): string {
  switch (because.reason) {
    case "gone": {
      const [from, to] = [because.from, because.to].map((date) => date.toISOString().slice(0, 10));
      return `The code and the cloud agree again: this drift is gone. It was first seen on ${from}, and lasted ${lasting(because.from, because.to)} (until ${to}). Should it come back within days, this opens again.`;
    }
    case "replaced":
      return because.by === "pull-request"
        ? "This drift is now judged to be on purpose, so a pull request that adopts it takes the place of this issue."
        : "This drift is no longer judged to be on purpose, or no edit can adopt it any more, so an issue takes the place of this pull request.";
    case "ignored":
      return "A rule in `.github/driftwright.yml` ignores this drift now.";
    case "joined":
      return "The same edit adopts another drift too, and that pull request holds both.";
    case "settled":
      return "The code and the cloud still differ, but not because of a change outside of the code any more: an apply will settle it.";
    case "nothing-left":
      return "Nothing of what this told of is left: the code and the cloud agree.";
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
