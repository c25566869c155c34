import type { Finding } from "../drift/model.ts";
import { type CommandTarget, type Targeted, targetOf, targetText } from "../intent/command-target.ts";
import type { SlashCommand } from "../intent/slash-command.ts";
import { BODY_BUDGET, byteLength } from "../reports/budget.ts";
import { code, joined, type Markdown, md, text } from "../reports/markdown.ts";
import { counted } from "../reports/visible.ts";
import { MOST_OF_A_COMMENT, type StoredCommand } from "../store/commands.ts";
import type { NotAllowed } from "./authority.ts";
import { HELP, helpOf, withoutHelp } from "./command-help.ts";
import type { Listed } from "./command-names.ts";

// What is answered to commands. Names, reasons and whatever else people wrote are shown as text.

/**
 * The comment that answers a comment: a part for each of its commands, in their order. Where there is no room for all, the
 * newest are told, and the others counted. The help stands there once, whatever needs it.
 */
export function replyBody(commands: readonly StoredCommand[]): Markdown {
  const given = commands.filter(({ outcome }) => outcome !== SILENT);
  const parts = given.map(
    (one) => md`${code(spelled(one.command))} (${text(one.author)}): ${withoutHelp(trusted(one))}`,
  );
  const help = given.flatMap((one) => helpOf(trusted(one)) ?? []).slice(-1);
  let room = BODY_BUDGET - byteLength(HELP) - PARAGRAPH;
  const shown: Markdown[] = [];
  for (const part of parts.toReversed()) {
    room -= byteLength(part) + PARAGRAPH;
    if (room < 0) break;
    shown.unshift(part);
  }
  const left = parts.length - shown.length;
  const before = left === 0 ? [] : [md`*${text(counted(left, "earlier answer"))} had no room here.*`];
  const isFull = parts.length > 0 && commands.length >= MOST_OF_A_COMMENT;
  return paragraphs([...before, ...shown, ...help, ...(isFull ? [FULL] : [])]);
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
  if (outcome !== null) return outcome as Markdown;
  const { name } = command;
  return WAITING[name === "adopt" || name === "revert" || name === "confirm" ? name : "rescan"];
}

const WAITING = {
  adopt: md`noted. A scan looks for the edit now, and this comment then says what came of it.`,
  revert: md`noted. An issue has the plan to undo this next, and this comment then names it.`,
  confirm: md`noted. A scan looks again now, believes what was confirmed, and this comment then says what came of it.`,
  rescan: md`a scan is on its way, and this comment then says what it found.`,
} as const;

function spelled(command: SlashCommand): string {
  const target = "target" in command && command.target !== undefined ? ` ${targetText(command.target)}` : "";
  if (command.name === "confirm") return `/drift confirm${command.stack === null ? "" : ` ${command.stack}`}`;
  if (command.name !== "unknown") return `/drift ${command.name}${target}`;
  const { problem } = command;
  switch (problem.kind) {
    case "word":
      return `/drift ${problem.word}`;
    case "rest":
      return `/drift ${problem.name} ${problem.rest}`;
    case "reason":
      return `/drift ${problem.name} because`;
    case "date":
    case "past":
      return `/drift ignore until ${problem.word}`;
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
 * @param meant those that it may be, or else what is told
 * @param needsName without a name a command is about nothing
 */
export function whichOf(
  target: CommandTarget,
  { isNone, meant }: { readonly isNone: boolean; readonly meant: Listed },
  all: readonly Targeted[],
  needsName: boolean,
): Markdown {
  const what = code(targetText(target), LONGEST_TARGET);
  const wrong = isNone
    ? md`not done: ${what} is nothing that is told here. There is:`
    : md`not done: ${what} can be each of these:`;
  const rest = needsName ? md`` : md` Without a name, a command is about all.`;
  const several = { first: [...meant.first, ...meant.aside], aside: [] };
  return joined([wrong, md``, ...namesOf(isNone ? meant : several, all), md``, md`${NAME_ONE}${rest}`], "\n");
}

/** Where all drift is told: a command without a name. */
export function nameOne(shown: Listed, all: readonly Targeted[]): Markdown {
  const why = md`not done: all drift is told here, so a command names what it is about. There is:`;
  return joined([why, md``, ...namesOf(shown, all), md``, NAME_ONE], "\n");
}

const NAME_ONE = md`Name one of them as it stands there, each in a command of its own.`;

function namesOf({ first, aside }: Listed, all: readonly Targeted[]): readonly Markdown[] {
  const names = first
    .slice(0, MOST_LISTED)
    .map((one) => code(targetText(targetOf(one, all)), LONGEST_TARGET));
  const left = first.length - names.length;
  return [
    ...names.map((name) => md`- ${name}`),
    ...(left > 0 ? [md`- and ${left} more`] : []),
    ...(aside.length > 0 ? [md`- besides, what is ignored or no drift: ${aside.length}`] : []),
  ];
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

/** Said of a pull request that was merged: there is nothing left of it to adopt or to undo here. */
export function merged(findings: readonly Pick<Finding, "kind">[]): Markdown {
  const isStateAlone = findings.every(({ kind }) => kind === "stale-state");
  return md`not done: this was merged, so there is nothing left to decide. ${isStateAlone ? STATE_ALONE : SCANNED_NEXT} To take the change back, change the code in a reviewed pull request of your own, and apply that.`;
}

const STATE_ALONE = md`The code and the cloud agree, and only the state is behind: the next apply, or \`terraform apply -refresh-only\`, brings it up to date.`;
const SCANNED_NEXT = md`The next scan looks whether the code and the cloud agree now.`;

/** @param until \`YYYY-MM-DD\` */
export function ignored(
  until: string,
  count: number,
  { valuesAlone, because }: { readonly valuesAlone: boolean; readonly because: string | null },
): Markdown {
  const what = count === 1 ? md`this drift is` : md`${text(counted(count, "drift"))} are`;
  const values = valuesAlone ? md`, unless its values change` : md``;
  const reason = because === null ? md`` : md` The reason: ${text(because)}`;
  return md`${what} ignored until the end of ${text(until)} (UTC)${values}. What is there then is told again.${reason}`;
}

/** @param isAll it is said of everything that an issue tells of */
export function reverted(isPullRequest: boolean, isAll: boolean): Markdown {
  if (isPullRequest) return planned([]);
  return isAll
    ? md`this is to be undone. The plan above says how; the issue closes when a scan finds it done.`
    : md`this is to be undone. The plan above says how.`;
}

/**
 * @param numbers of the issues that have the plan
 * @param isPullRequest they take the place of the pull request that the command was given on
 */
export function planned(numbers: readonly number[], isPullRequest = true): Markdown {
  const instead = isPullRequest ? md`, in place of this pull request` : md``;
  if (numbers.length === 0)
    return md`this is to be undone. An issue with the plan is opened${instead} once nothing stands against it.`;
  return md`this is to be undone. ${named(numbers)} ${numbers.length === 1 ? HAS : HAVE} the plan${instead}.`;
}

const HAS = md`has`;
const HAVE = md`have`;

/** Of what another decision has taken the place of. */
export const OVERTAKEN = md`something else was decided since then, and that counts.`;

function named(numbers: readonly number[]): Markdown {
  return joined(
    numbers.map((number) => md`#${number}`),
    ", ",
  );
}

/** @param numbers of the pull requests */
export function adopted(numbers: readonly number[]): Markdown {
  return md`${named(numbers)} ${numbers.length === 1 ? ADOPTS : ADOPT} it.`;
}

/** @param numbers of the pull requests */
export function adoptedInPart(
  numbers: readonly number[],
  { done, left, whys }: { readonly done: number; readonly left: number; readonly whys: readonly string[] },
): Markdown {
  return md`${named(numbers)} ${numbers.length === 1 ? ADOPTS : ADOPT} ${done} of ${done + left} drifts. Of the others, ${notAdopted(whys)}`;
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

/** @param stacks that the scan says nothing of that can be believed; none where everyone can read the names */
export function adoptedLater(stacks: readonly string[]): Markdown {
  const names = joined(
    stacks.slice(0, MOST_LISTED).map((stack) => code(stack, 80)),
    ", ",
  );
  const whose = stacks.length === 0 ? md`its stack` : names;
  return md`noted, and nothing is written of it yet: the last scan of ${whose} failed or is not believed. What is open stays as it is until a scan is believed; \`/drift confirm\` has one believed that found too much at once.`;
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
