import { type CommandTarget, type Targeted, targetOf, targetText } from "../intent/command-target.ts";
import { IGNORED_DAYS } from "../intent/decision.ts";
import type { Problem, SlashCommand } from "../intent/slash-command.ts";
import { BODY_BUDGET, byteLength } from "../reports/budget.ts";
import { code, joined, type Markdown, md, text } from "../reports/markdown.ts";
import { counted } from "../reports/visible.ts";
import { MOST_OF_A_COMMENT, type StoredCommand } from "../store/commands.ts";
import type { NotAllowed } from "./authority.ts";

// What is answered to commands. Names, reasons and whatever else people wrote are shown as text.

/**
 * The comment that answers a comment: a part for each of its commands, in their order. Where there is no room for all, the
 * newest are told, and the others counted.
 */
export function replyBody(commands: readonly StoredCommand[]): Markdown {
  const parts = commands
    .filter(({ outcome }) => outcome !== SILENT)
    .map((given) => md`${code(spelled(given.command))} (${text(given.author)}): ${trusted(given)}`);
  let room = BODY_BUDGET;
  const shown: Markdown[] = [];
  for (const part of parts.toReversed()) {
    room -= byteLength(part) + PARAGRAPH;
    if (room < 0) break;
    shown.unshift(part);
  }
  const left = parts.length - shown.length;
  const before = left === 0 ? [] : [md`*${text(counted(left, "earlier answer"))} had no room here.*`];
  const isFull = parts.length > 0 && commands.length >= MOST_OF_A_COMMENT;
  return paragraphs([...before, ...shown, ...(isFull ? [FULL] : [])]);
}

function paragraphs(parts: readonly Markdown[]): Markdown {
  return joined(
    parts.flatMap((part, index) => (index === 0 ? [part] : [md``, part])),
    "\n",
  );
}

/** Bytes between two parts. */
const PARAGRAPH = 2;
const FULL = md`*No more commands are taken from this comment: write the next ones in another one.*`;

/** The outcome of what is not answered. */
export const SILENT = "";

/** Outcomes are Markdown of ours when they are stored. */
function trusted({ command, outcome }: StoredCommand): Markdown {
  return outcome === null ? WAITING[command.name === "adopt" ? "adopt" : "rescan"] : (outcome as Markdown);
}

const WAITING = {
  adopt: md`noted. A scan looks for the edit now, and this comment then says what came of it.`,
  rescan: md`a scan is on its way, and this comment then says what it found.`,
} as const;

function spelled(command: SlashCommand): string {
  const target = "target" in command && command.target !== undefined ? ` ${targetText(command.target)}` : "";
  if (command.name !== "unknown") return `/drift ${command.name}${target}`;
  const { problem } = command;
  if (problem.kind === "word") return `/drift ${problem.word}`;
  return problem.kind === "rest"
    ? `/drift ${problem.name} ${problem.rest}`
    : `/drift ignore until ${problem.word}`;
}

const HELP = joined(
  [
    md`these commands are known, each on a line of its own, from people who may write to the repository:`,
    md``,
    md`- \`/drift adopt\`: the code follows the cloud; a pull request has the edit, where one can be proven`,
    md`- \`/drift revert\`: the cloud follows the code; an issue has the plan`,
    md`- \`/drift ignore\`: nothing is said of it for ${IGNORED_DAYS} days, or with \`until 2030-12-31\` until the end of that day`,
    md`- \`/drift rescan\`: looks at the cloud now`,
    md`- \`/drift explain\`: why it was judged so, and by whom`,
    md`- \`/drift help\`: this`,
    md``,
    md`On an issue about several drifts they are about all of it, or about one, where its address follows, and the attribute where several of it drifted: \`/drift ignore aws_security_group.web ingress\`. \`adopt\`, \`revert\` and \`ignore\` take a reason at the end: \`because …\`. What people say comes before rules, and after the policy of the organization.`,
  ],
  "\n",
);

export function help(problem: Problem | null): Markdown {
  return problem === null ? HELP : md`${wrong(problem)} Instead, ${HELP}`;
}

function wrong(problem: Problem): Markdown {
  switch (problem.kind) {
    case "word":
      return md`${code(problem.word)} is no command.`;
    case "date":
      return md`${code(problem.word)} is no day; write it as \`2030-12-31\`.`;
    case "past":
      return md`${code(problem.word)} is over already.`;
    case "rest":
      return md`${code(problem.rest)} means nothing after ${code(problem.name)}; a reason begins with \`because\`.`;
  }
}

export function refused(why: NotAllowed): Markdown {
  if (why.kind === "no-write")
    return why.where === "both"
      ? md`not done: only who may write to this repository and to the one that this tells of gives commands.`
      : md`not done: only who may write to this repository gives commands.`;
  const owners = joined(
    why.owners.map((owner) => code(owner)),
    ", ",
  );
  return md`not done: this opens access, so only an owner of ${code(why.file)} decides to let it be: ${owners}.`;
}

export const GONE = md`there is nothing to decide: no scan finds this drift any more.`;
export const NOT_HERE = md`this works on the issues and pull requests that tell of drift in full.`;
export const WHOLE_ALONE = md`not done: on a pull request a command is about everything in it, since one edit adopts it.`;
export const WITHHELD_HERE = md`everyone can read this repository, so nothing is told or decided here about single drifts.`;

/** @param why a sentence */
export function impossible(why: string): Markdown {
  return md`not done. ${text(why)}`;
}

/**
 * What a command named is none of what is told, or several of it.
 * @param meant those that it may be
 */
export function whichOf(
  target: CommandTarget,
  meant: readonly Targeted[],
  all: readonly Targeted[],
): Markdown {
  const what = code(targetText(target), LONGEST_TARGET);
  const wrong =
    meant.length === 0
      ? md`not done: ${what} is nothing that is told here. There is:`
      : md`not done: ${what} can be each of these:`;
  const listed = meant.length === 0 ? all : meant;
  const names = listed
    .slice(0, MOST_LISTED)
    .map((one) => code(targetText(targetOf(one, all)), LONGEST_TARGET));
  const left = listed.length - names.length;
  return joined(
    [
      wrong,
      md``,
      ...names.map((name) => md`- ${name}`),
      ...(left > 0 ? [md`- and ${text(counted(left, "more"), 40)}`] : []),
      md``,
      md`Name one of them as it stands there, each in a command of its own. Without a name, a command is about all.`,
    ],
    "\n",
  );
}

const MOST_LISTED = 20;
const LONGEST_TARGET = 500;

/** What is said of those of several that nobody can decide so; null where there are none. */
export function notDecided(whys: readonly string[]): Markdown | null {
  if (whys.length === 0) return null;
  const distinct = [...new Set(whys)].slice(0, 5).map((why) => text(why));
  return md`${text(counted(whys.length, "drift"))} ${whys.length === 1 ? STAYS : STAY} as before: ${joined(distinct, " ")}`;
}

const STAYS = md`stays`;
const STAY = md`stay`;

/** @param until \`YYYY-MM-DD\` */
export function ignored(until: string, count: number, valuesAlone: boolean): Markdown {
  const what = count === 1 ? md`this drift is` : md`${text(counted(count, "drift"))} are`;
  const values = valuesAlone ? md`, unless its values change` : md``;
  return md`${what} ignored until the end of ${text(until)} (UTC)${values}. What is there then is told again.`;
}

/** @param isAll it is said of everything that an issue tells of */
export function reverted(isPullRequest: boolean, isAll: boolean): Markdown {
  if (!isPullRequest && !isAll) return md`this is to be undone. The plan above says how.`;
  return isPullRequest
    ? md`this is to be undone. An issue with the plan takes the place of this pull request.`
    : md`this is to be undone. The plan above says how; the issue closes when a scan finds it done.`;
}

/** @param numbers of the pull requests */
export function adopted(numbers: readonly number[]): Markdown {
  return md`${joined(
    numbers.map((number) => md`#${number}`),
    ", ",
  )} ${numbers.length === 1 ? ADOPTS : ADOPT} it.`;
}

/** @param numbers of the pull requests */
export function adoptedInPart(
  numbers: readonly number[],
  { done, left, whys }: { readonly done: number; readonly left: number; readonly whys: readonly string[] },
): Markdown {
  const named = joined(
    numbers.map((number) => md`#${number}`),
    ", ",
  );
  return md`${named} ${numbers.length === 1 ? ADOPTS : ADOPT} ${done} of ${done + left} drifts. Of the others, ${notAdopted(whys)}`;
}

const ADOPTS = md`adopts`;
const ADOPT = md`adopt`;

/** @param whys sentences */
export function notAdopted(whys: readonly string[]): Markdown {
  return md`the scan found no edit that can be made. ${joined(
    whys.map((why) => text(why)),
    " ",
  )}`;
}

/** What a scan found of what an issue or pull request is about. */
export function scanned(at: Date, status: "gone" | "there" | "unbelieved" | "many"): Markdown {
  return md`scanned at ${text(at.toISOString().slice(0, 16).replace("T", " "))} (UTC). ${FOUND[status]}`;
}

/** The same of an issue about several; counts. */
export function scannedSeveral(
  at: Date,
  { there, gone, unbelieved }: { readonly there: number; readonly gone: number; readonly unbelieved: number },
): Markdown {
  const parts = [
    ...(there === 0 ? [] : [md`${there} still there`]),
    ...(gone === 0 ? [] : [md`${gone} gone`]),
    ...(unbelieved === 0
      ? []
      : [md`${unbelieved} of which nothing new is known, since the stack could not be scanned in full`]),
  ];
  return md`scanned at ${text(at.toISOString().slice(0, 16).replace("T", " "))} (UTC). Of ${there + gone + unbelieved} drifts: ${joined(parts, ", ")}.`;
}

const FOUND = {
  gone: md`The code and the cloud agree: this drift is gone.`,
  there: md`The drift is still there.`,
  unbelieved: md`Its stack could not be scanned in full, so nothing new is known.`,
  many: md`What is told above is up to date.`,
} as const;
