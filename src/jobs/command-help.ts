import { suggestion } from "../config/suggestion.ts";
import { IGNORED_DAYS, lastIgnoredDay } from "../intent/decision.ts";
import { COMMAND_NAMES, type Problem } from "../intent/slash-command.ts";
import { code, joined, type Markdown, md } from "../reports/markdown.ts";

const FIRST = md`These commands are known, each on a line of its own, from people who may write to the repository:`;
const RESCAN = md`- \`/drift rescan\`: looks at the cloud now`;
const CONFIRM = md`- \`/drift confirm STACK\`: believes what the last scan found in a stack that is suspect; without the name where one alone is`;
const THIS = md`- \`/drift help\`: this`;

/** Which commands there are. */
export const HELP = joined(
  [
    FIRST,
    md``,
    md`- \`/drift adopt\`: the code follows the cloud; a pull request has the edit, where one can be proven`,
    md`- \`/drift revert\`: the cloud follows the code; an issue has the plan`,
    md`- \`/drift ignore\`: nothing is said of it for ${IGNORED_DAYS} days, with \`until 2030-12-31\` until the end of that day, or \`for 14 days\``,
    RESCAN,
    md`- \`/drift explain\`: why it was judged so, and by whom`,
    CONFIRM,
    THIS,
    md``,
    md`On an issue about several drifts they are about all of it, or about one, where its address follows, and the attribute where several of it drifted: \`/drift ignore aws_security_group.web ingress\`. On the dashboard, which tells of all drift, \`adopt\`, \`revert\`, \`ignore\` and \`explain\` always need that name, and \`in\` with the stack after it where several stacks have it. \`adopt\`, \`revert\` and \`ignore\` take a reason at the end: \`because …\`. What people say comes before rules, and after the policy of the organization.`,
  ],
  "\n",
);

/** The same where single drifts are not told. */
const HELP_IN_PUBLIC = joined(
  [
    FIRST,
    md``,
    RESCAN,
    CONFIRM,
    THIS,
    md``,
    md`Everyone can read this repository, so nothing is decided here about single drifts: the rules in \`.github/driftwright.yml\` decide. Where the owner names a private repository for what is found here (\`public\`), people decide there.`,
  ],
  "\n",
);

/**
 * What is wrong, if anything is, and which commands there are.
 * @param isWithheld single drifts are not told where this is read
 */
export function help(problem: Problem | null, now: Date, isWithheld: boolean): Markdown {
  const commands = isWithheld ? HELP_IN_PUBLIC : HELP;
  return problem === null ? md`see below. ${commands}` : md`${wrong(problem, now)} ${commands}`;
}

/** The help with which an answer ends; null where it has none. */
export function helpOf(answer: Markdown): Markdown | null {
  return [HELP, HELP_IN_PUBLIC].find((one) => answer.endsWith(one)) ?? null;
}

/** The same answer where the help stands once, below all of them. */
export function withoutHelp(answer: Markdown): Markdown {
  const shown = helpOf(answer);
  return shown === null ? answer : (answer.slice(0, -shown.length).trimEnd() as Markdown);
}

function wrong(problem: Problem, now: Date): Markdown {
  const day = code(lastIgnoredDay(now));
  switch (problem.kind) {
    case "word": {
      const meant = suggestion(problem.word, COMMAND_NAMES);
      return meant === null
        ? md`${code(problem.word)} is no command.`
        : md`${code(problem.word)} is no command; did you mean ${code(`/drift ${meant}`)}?`;
    }
    case "date":
      return md`${code(problem.word)} is no day. Write it as ${day}, or how long: \`for 14 days\`.`;
    case "past":
      return md`${code(problem.word)} is over already. Write a day to come as ${day}, or how long: \`for 14 days\`.`;
    case "reason":
      return md`there is no reason after \`because\`.`;
    case "rest":
      return md`${code(problem.rest)} means nothing after ${code(problem.name)}.${instead(problem.name, day)}`;
  }
}

/** What may follow a command. */
function instead(name: string, day: Markdown): Markdown {
  if (name === "explain") return md` A drift is named by the address of its resource.`;
  if (name === "ignore")
    return md` Write until when, as ${day}, with \`until\` before it, or how long: \`for 14 days\`; a reason begins with \`because\`.`;
  if (name !== "adopt" && name !== "revert") return md``;
  return md` A drift is named by the address of its resource, and a reason begins with \`because\`.`;
}
