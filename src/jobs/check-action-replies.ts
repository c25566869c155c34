import { code, joined, type Markdown, md, text } from "../reports/markdown.ts";
import { counted } from "../reports/visible.ts";
import { timeText } from "../reports/wording.ts";
import type { StoredCheckAction } from "../store/check-actions.ts";
import type { CheckActionName } from "../store/tables.ts";
import type { NotAllowed } from "./authority.ts";
import { ACKNOWLEDGE, ADOPT, RESCAN } from "./check-buttons.ts";

// What is said of the buttons that people press. Names and whatever else people wrote are shown as text.

const LABELS: Readonly<Record<CheckActionName, string>> = {
  rescan: RESCAN.label,
  adopt: ADOPT.label,
  acknowledge: ACKNOWLEDGE.label,
};

/** How many lines a check has for it, the newest. */
const MOST_LINES = 10;

/** A line for each thing that was asked for; who asks for the same twice, and gets the same answer, has one. */
export function askedLines(actions: readonly StoredCheckAction[]): readonly Markdown[] {
  const lines = actions.flatMap(({ author, action, outcome }) =>
    // Outcomes are Markdown of ours when they are stored.
    outcome === null ? [] : [md`${code(author, 60)}, ${text(LABELS[action])}: ${outcome as Markdown}`],
  );
  return [...new Set(lines)].slice(-MOST_LINES);
}

/** Where no check says it. */
export function asComment(author: string, what: Markdown): Markdown {
  return md`${code(author, 60)}, ${text(ADOPT.label)}: ${what}`;
}

export function notAllowed(why: NotAllowed): Markdown {
  if (why.kind === "no-write") return md`not done: only who may write to this repository can ask for that.`;
  const owners = joined(
    why.owners.map((owner) => code(owner)),
    ", ",
  );
  return md`not done: this opens access, so only an owner of ${code(why.file)} can let it be: ${owners}.`;
}

export const SCANNING = md`a scan is on its way, and this check is made again after it.`;

export function scannedAt(at: Date): Markdown {
  return md`scanned on ${text(timeText(at.toISOString()))}.`;
}

/** @param reason null where that is not told */
export function scanFailed(reason: string | null): Markdown {
  return reason === null ? md`the scan failed.` : md`the scan failed: ${text(reason)}.`;
}

export const OUTDATED = md`not done: another check has taken the place of the one with that button. Look at what it says, and ask there.`;
export const MOVED = md`not done: the pull request has other commits by now. Their check has the same button.`;
export const GONE = md`there is nothing left to do: no scan finds this drift any more.`;
export const NOT_A_PULL_REQUEST = md`not done: no open pull request has this commit as its newest.`;
export const WITHHELD = md`not done: everyone can read this repository, so nothing is shown or decided here about single drifts.`;
export const OWN = md`not done: this pull request is Driftwright's own, and follows from its scans.`;
export const DRY_RUN = md`not done: \`dry_run\` in the configuration keeps Driftwright from writing.`;
export const NOT_CONFIGURED = md`not done: nobody has configured Driftwright here, so it writes nothing.`;
export const FAILED = md`not done, because of an error inside Driftwright. Ask again later.`;
export const SECRET = md`not done: the edit is in lines that hold a secret, which no comment may show. Put it into the code by hand.`;

export function brokenConfig(path: string): Markdown {
  return md`not done: ${code(path)} has errors, so nothing is written until it is repaired.`;
}

/** @param why a sentence without its full stop */
export function unknownConfig(why: string): Markdown {
  return md`not done: ${text(why)}. Ask again later.`;
}

/** @param because the reason of the freeze */
export function frozen(until: Date, because: string | null): Markdown {
  const reason = because === null ? md`` : md` (${text(because)})`;
  return md`not done: no pull request is changed before ${text(timeText(until.toISOString()))}${reason}.`;
}

export function acknowledgedCount(count: number, pullRequests: readonly number[]): Markdown {
  const where = joined(
    pullRequests.map((number) => md`#${number}`),
    ", ",
  );
  return md`${text(counted(count, "drift"))} ${count === 1 ? IS : ARE} known for ${where}. Other drift, and other values, are asked about again.`;
}

const IS = md`is`;
const ARE = md`are`;

/** @param why a sentence */
export function impossible(why: string): Markdown {
  return md`not done. ${text(why)}`;
}

/** @param whys sentences without their full stops */
export function notProven(whys: readonly string[]): Markdown {
  const reasons = whys.slice(0, 5).map((why) => md`${text(why)}.`);
  return md`not done: no edit could be proven in the code of this pull request. ${joined(reasons, " ")}`;
}

export function committed(sha: string, branch: string, count: number): Markdown {
  return md`${code(sha.slice(0, 12))} on ${code(branch, 120)} adopts ${text(counted(count, "drift"))}.`;
}

export const SUGGESTED_BEFORE = md`the edit stands in a review.`;
export const COMMITTED_BEFORE = md`the commit is on the branch.`;

export function suggested(why: string, count: number): Markdown {
  return md`the edit that adopts ${text(counted(count, "drift"))} stands in a review, since ${text(why)}.`;
}

/**
 * What came of it, and which pull requests of our own have the same edit.
 * @param numbers of those
 */
export function alsoIn(outcome: Markdown, numbers: readonly number[]): Markdown {
  if (numbers.length === 0) return outcome;
  const named = joined(
    numbers.map((number) => md`#${number}`),
    ", ",
  );
  return numbers.length === 1
    ? md`${outcome} ${named} adopts it too, and is closed by the scan that finds it merged here.`
    : md`${outcome} ${named} adopt it too, and are closed by the scan that finds it merged here.`;
}

/** Why an edit is suggested in place of committed, without a full stop. */
export const WHY_SUGGESTED = {
  fork: "the branch is in a fork, where Driftwright cannot write",
  "default-branch": "it never commits to the default branch",
  permission: "the installation does not let Driftwright write to branches",
} as const;
