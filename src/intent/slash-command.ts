import { type CommandTarget, parseTarget } from "./command-target.ts";
import { dayInReason, ignoredTime } from "./ignored-time.ts";

/** What a line that begins with `/drift` asks for. */
export type SlashCommand =
  | ({ readonly name: "adopt" | "revert"; readonly because: string | null } & OnTarget)
  | ({ readonly name: "ignore"; readonly until: string | null; readonly because: string | null } & OnTarget)
  | ({ readonly name: "explain" } & OnTarget)
  /** `stack`: which suspect stack; null where there is one alone. */
  | { readonly name: "confirm"; readonly stack: string | null; readonly because: string | null }
  | { readonly name: "rescan" }
  | { readonly name: "help" }
  /** Nothing that is known: `problem` says why, in words of ours and of the line. */
  | ({ readonly name: "unknown"; readonly problem: Problem } & OnTarget);

interface OnTarget {
  /** Which of several drifts it is about; left out: all that the issue or pull request tells of. */
  readonly target?: CommandTarget;
}

/** The words that a command may begin with. */
export const COMMAND_NAMES = ["adopt", "revert", "ignore", "explain", "confirm", "rescan", "help"] as const;

export type Problem =
  | { readonly kind: "word"; readonly word: string }
  /** `word`: all that stands in place of a day. */
  | { readonly kind: "date"; readonly word: string }
  | { readonly kind: "past"; readonly word: string }
  /** Nothing follows `because`. */
  | { readonly kind: "reason"; readonly name: string }
  | { readonly kind: "rest"; readonly name: string; readonly rest: string };

/** A command, and the line that it was given in, its spaces made one each. */
export interface WrittenCommand {
  readonly line: string;
  readonly command: SlashCommand;
}

/** More than this in one comment are not looked at. */
const MOST_COMMANDS = 10;
const LONGEST_LINE = 1_000;
const LONGEST_REASON = 500;
const LONGEST_WORD = 60;
const LONGEST_NAME = 300;

/**
 * The commands in a comment: lines that begin with `/drift` (or `/driftwright`), in order, each once. None are those in quotes, in code, in
 * blocks of HTML that are shown as they are, and in comments of HTML: what Markdown shows as what somebody else said.
 * https://spec.github.com/gfm (4.4 indented code, 4.5 fenced code, 4.6 HTML blocks, 5.1 block quotes)
 * @param today UTC, `YYYY-MM-DD`
 */
export function slashCommands(comment: string, today: string): readonly WrittenCommand[] {
  const found = new Map<string, WrittenCommand>();
  for (const written of spokenLines(comment)) {
    if (!BEGINNING.test(written)) continue;
    const line = written.slice(0, LONGEST_LINE).replace(/\s+/g, " ").trim();
    if (!found.has(line))
      found.set(line, { line, command: parse(line.replace(BEGINNING, "").trim(), today) });
    if (found.size === MOST_COMMANDS) break;
  }
  return [...found.values()];
}

const BEGINNING = /^\/drift(?:wright)?(?=\s|$)/i;

/** The lines that their author says themselves, without the spaces before them. */
function* spokenLines(comment: string): Generator<string> {
  let fence: string | null = null;
  let html: RegExp | null = null;
  let isQuoted = false;
  for (const line of comment.split(/\r\n|\r|\n/)) {
    if (fence !== null) {
      if (closes(line, fence)) fence = null;
      continue;
    }
    if (html !== null) {
      if (html.test(line)) html = null;
      continue;
    }
    if (line.trim() === "") {
      isQuoted = false;
      continue;
    }
    const opened = /^ {0,3}(?:[-+*] +|\d{1,9}[.)] +)*(`{3,}(?=[^`]*$)|~{3,})/.exec(line)?.[1];
    if (opened !== undefined) {
      fence = opened;
      isQuoted = false;
      continue;
    }
    html = RAW_HTML.find(([starts]) => starts.test(line))?.[1] ?? null;
    if (html !== null) {
      if (html.test(line)) html = null;
      continue;
    }
    // A paragraph of a quote goes on without the sign.
    if (/^ {0,3}>/.test(line)) isQuoted = true;
    else if (!isQuoted && /^ {0,3}\S/.test(line)) yield line.trim();
  }
}

function closes(line: string, fence: string): boolean {
  const closing = /^ {0,3}(`{3,}|~{3,})\s*$/.exec(line)?.[1];
  return closing !== undefined && closing[0] === fence[0] && closing.length >= fence.length;
}

/** What begins a block in which nothing is Markdown, and what ends it. */
const RAW_HTML: readonly (readonly [RegExp, RegExp])[] = [
  [/^ {0,3}<!--/, /-->/],
  [/^ {0,3}<(?:pre|script|style|textarea)(?:[\s>]|$)/i, /<\/(?:pre|script|style|textarea)>/i],
  [/^ {0,3}<(?:blockquote|code|samp|kbd)(?:[\s>]|$)/i, /<\/(?:blockquote|code|samp|kbd)>/i],
];

/** How people end a line. In a reason it is theirs. */
const COURTESY = /(?:[\s.,;!]+(?:please|pls|thanks|thank you|thx))?[\s.,;!]*$/i;

function parse(written: string, today: string): SlashCommand {
  const text = /\bbecause\b/i.test(written) ? written : written.replace(COURTESY, "");
  const [, word = "", rest = ""] = /^(\S*)\s*(.*)$/s.exec(text) ?? [];
  const name = word.toLowerCase();
  switch (name) {
    case "":
      return { name: "help" };
    case "adopt":
    case "revert":
    case "ignore":
    case "explain": {
      const { target, rest: behind } = parseTarget(rest) ?? { target: null, rest };
      const command = onTarget(name, behind, today);
      return target === null ? command : { ...command, target };
    }
    case "confirm":
      return confirm(rest);
    case "rescan":
    case "help":
      return rest === "" ? { name } : leftOver(name, rest);
    default:
      return { name: "unknown", problem: { kind: "word", word: short(word) } };
  }
}

type OnTargetName = "adopt" | "revert" | "ignore" | "explain";
type Parsed = Extract<SlashCommand, { readonly name: OnTargetName | "unknown" }>;

type Unknown = Extract<SlashCommand, { readonly name: "unknown" }>;

/** @param rest the name of a stack, a reason, or both */
function confirm(rest: string): SlashCommand {
  const at = /(?:^|\s)because\b/i.exec(rest)?.index ?? rest.length;
  const name = rest
    .slice(0, at)
    .trim()
    .replace(/^`+|`+$/g, "")
    .slice(0, LONGEST_NAME);
  const stack = name === "" ? null : name;
  return reasoned("confirm", rest.slice(at).trim(), (because) => ({ name: "confirm", stack, because }));
}

/** @param rest what follows the target */
function onTarget(name: OnTargetName, rest: string, today: string): Parsed {
  if (name === "ignore") return ignore(rest, today);
  if (name !== "explain") return reasoned(name, rest, (because) => ({ name, because }));
  return rest === "" ? { name } : leftOver(name, rest);
}

function ignore(rest: string, today: string): Parsed {
  const time = ignoredTime(rest, today);
  switch (time?.kind) {
    case undefined:
      return reasoned("ignore", rest, (because) => {
        return { name: "ignore", until: because === null ? null : dayInReason(because, today), because };
      });
    case "no-day":
      return { name: "unknown", problem: { kind: "date", word: short(time.text) } };
    case "past":
      return { name: "unknown", problem: { kind: "past", word: time.text } };
    case "until":
      return reasoned("ignore", time.rest, (because) => ({ name: "ignore", until: time.until, because }));
  }
}

/** @param rest nothing, or `because` and a reason */
function reasoned<T extends SlashCommand>(
  name: string,
  rest: string,
  command: (because: string | null) => T,
): T | Unknown {
  if (rest === "") return command(null);
  if (/^because:?$/i.test(rest)) return { name: "unknown", problem: { kind: "reason", name } };
  const because = /^because:?\s+(.+)$/is.exec(rest)?.[1];
  return because === undefined ? leftOver(name, rest) : command(because.slice(0, LONGEST_REASON));
}

function leftOver(name: string, rest: string): Unknown {
  return { name: "unknown", problem: { kind: "rest", name, rest: short(rest) } };
}

function short(text: string): string {
  return text.length > LONGEST_WORD ? `${text.slice(0, LONGEST_WORD - 1)}…` : text;
}
