import { IGNORED_DAYS } from "../intent/decision.ts";
import type { Problem, SlashCommand } from "../intent/slash-command.ts";
import { code, joined, type Markdown, md, text } from "../reports/markdown.ts";
import { counted } from "../reports/visible.ts";
import type { StoredCommand } from "../store/commands.ts";
import type { NotAllowed } from "./authority.ts";

// What is answered to commands. Names, reasons and whatever else people wrote are shown as text.

/** The comment that answers a comment: a part for each of its commands. */
export function replyBody(commands: readonly StoredCommand[]): Markdown {
  const parts = commands
    .filter(({ outcome }) => outcome !== SILENT)
    .map((given) => md`${code(spelled(given.command))} (${text(given.author)}): ${trusted(given)}`);
  return joined(
    parts.flatMap((part, index) => (index === 0 ? [part] : [md``, part])),
    "\n",
  );
}

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
  if (command.name !== "unknown") return `/drift ${command.name}`;
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
    md`\`adopt\`, \`revert\` and \`ignore\` take a reason at the end: \`because …\`. What people say comes before rules, and after the policy of the organization.`,
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
  if (why.kind === "no-write") return md`not done: only who may write to this repository gives commands.`;
  const owners = joined(
    why.owners.map((owner) => code(owner)),
    ", ",
  );
  return md`not done: this opens access, so only an owner of ${code(why.file)} decides to let it be: ${owners}.`;
}

export const GONE = md`there is nothing to decide: no scan finds this drift any more.`;
export const NOT_HERE = md`this works on the issue or pull request of a single drift.`;
export const WITHHELD_HERE = md`everyone can read this repository, so nothing is told or decided here about single drifts.`;

/** @param why a sentence */
export function impossible(why: string): Markdown {
  return md`not done. ${text(why)}`;
}

/** @param until \`YYYY-MM-DD\` */
export function ignored(until: string, count: number, valuesAlone: boolean): Markdown {
  const what = count === 1 ? md`this drift is` : md`${text(counted(count, "drift"))} are`;
  const values = valuesAlone ? md`, unless its values change` : md``;
  return md`${what} ignored until the end of ${text(until)} (UTC)${values}. What is there then is told again.`;
}

export function reverted(isPullRequest: boolean): Markdown {
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

const FOUND = {
  gone: md`The code and the cloud agree: this drift is gone.`,
  there: md`The drift is still there.`,
  unbelieved: md`Its stack could not be scanned in full, so nothing new is known.`,
  many: md`What is told above is up to date.`,
} as const;
