import type { Finding } from "../drift/model.ts";
import { type CommandTarget, type Targeted, targetOf, targetText } from "../intent/command-target.ts";
import type { SlashCommand } from "../intent/slash-command.ts";
import { BODY_BUDGET, byteLength } from "../reports/budget.ts";
import { code, joined, type Markdown, md, text } from "../reports/markdown.ts";
import { counted } from "../reports/visible.ts";
import { capital } from "../reports/wording.ts";
import { MOST_OF_A_COMMENT, type StoredCommand } from "../store/commands.ts";
import type { NotAllowed } from "./authority.ts";
import { HELP, helpOf, withoutHelp } from "./command-help.ts";
import type { Listed } from "./command-names.ts";

// What is answered to commands. Names, reasons and whatever else people wrote are shown as text.

/**
 * The comment that answers a comment: a part for each of its commands, in their order. Where there is no room for all, the
 * newest are told, and the others counted. The help stands there once, whatever needs it.
 * @param soFar what is said of those that wait, by their ids
 */
export function replyBody(
  commands: readonly StoredCommand[],
  soFar: ReadonlyMap<number, Markdown> = new Map(),
): Markdown {
  const given = commands.filter(({ outcome }) => outcome !== SILENT);
  const parts = given.map(
    (one) => md`${code(spelled(one.command))} (${text(one.author)}): ${withoutHelp(said(one, soFar))}`,
  );
  const help = given.flatMap((one) => helpOf(said(one, soFar)) ?? []).slice(-1);
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
function said({ id, command, outcome }: StoredCommand, soFar: ReadonlyMap<number, Markdown>): Markdown {
  if (outcome !== null) return outcome as Markdown;
  const waits = soFar.get(id);
  if (waits !== undefined) return waits;
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
      return `/drift ${problem.name}${target} ${problem.rest}`;
    case "reason":
      return `/drift ${problem.name}${target} because`;
    case "date":
    case "past":
      return `/drift ignore${target} until ${problem.word}`;
  }
}

export function refused(why: NotAllowed): Markdown {
  if (why.kind === "no-write")
    return why.where === "both"
      ? md`not done: only who may write to this repository and to the one that this tells of gives commands.`
      : md`not done: only who may write to this repository gives commands.`;
  return md`not done: ${opensAccess(why)}`;
}

type OwnerAlone = Extract<NotAllowed, { kind: "no-owner" }>;

/** As a sentence after words of ours. */
function opensAccess({ file, owners }: OwnerAlone): Markdown {
  const names = joined(
    owners.map((owner) => code(owner)),
    ", ",
  );
  return md`this opens access, so only an owner of ${code(file)} decides to let it be: ${names}.`;
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

/** Of what a command is about, what it does not decide. */
export interface NotDecided extends Targeted {
  /** A sentence of ours, or of the configuration; or that somebody else has to. */
  readonly why: string | NotAllowed;
}

/**
 * What is said of those of several that a command does not decide; null where there are none.
 * @param all that is told there
 */
export function notDecided(left: readonly NotDecided[], all: readonly Targeted[]): Markdown | null {
  if (left.length === 0) return null;
  const names = left.slice(0, MOST_NAMED).map((one) => code(targetText(targetOf(one, all)), LONGEST_TARGET));
  const others = left.length - names.length;
  const which = joined([...names, ...(others > 0 ? [md`and ${others} more`] : [])], ", ");
  const whys = [...new Set(left.map(({ why }) => whyMarkdown(why)))].slice(0, MOST_NAMED);
  return md`${text(counted(left.length, "drift"))} ${left.length === 1 ? STAYS : STAY} as before (${which}): ${joined(whys, " ")}`;
}

function whyMarkdown(why: NotDecided["why"]): Markdown {
  if (typeof why === "string") return text(why);
  return why.kind === "no-owner" ? (capital(opensAccess(why)) as Markdown) : refused(why);
}

const MOST_NAMED = 5;
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

/** `#1, #2` */
export function named(numbers: readonly number[]): Markdown {
  return joined(
    numbers.map((number) => md`#${number}`),
    ", ",
  );
}
