import type { Finding } from "../drift/model.ts";
import { type Path, PathError, parsePath, printPath } from "../json/path.ts";

/** What a command says which drift it is about: `aws_security_group.web ingress in shop-prod`. */
export interface CommandTarget {
  readonly address: string;
  /** The path of a value, or one above it; null: whatever differs. */
  readonly attribute: string | null;
  /** Null: of whatever stack. */
  readonly stack: string | null;
}

/** A finding, and the name of the stack that it is of. */
export interface Targeted {
  readonly stack: string;
  readonly finding: Finding;
}

/** How a target is written in a command. */
export function targetText({ address, attribute, stack }: CommandTarget): string {
  return [address, attribute, stack === null ? null : `in ${stack}`]
    .filter((part) => part !== null)
    .join(" ");
}

/** Those that a target may mean. */
export function targeted<T extends Targeted>(
  { address, attribute, stack }: CommandTarget,
  all: readonly T[],
): T[] {
  const there = all.filter(
    (one) =>
      oneLine(one.finding.address) === oneLine(address) &&
      (stack === null || oneLine(one.stack) === oneLine(stack)),
  );
  if (attribute === null) return there;
  const exact = there.filter(({ finding }) => attributeIn(finding) === attribute);
  const path = pathOf(attribute);
  if (exact.length > 0 || path === null) return exact;
  return there.filter(({ finding }) => finding.changes.some((change) => isBelow(change.path, path)));
}

/** The shortest target that means one of several alone; the longest where none does. */
export function targetOf(one: Targeted, all: readonly Targeted[]): CommandTarget {
  const { address } = one.finding;
  const attribute = attributeIn(one.finding);
  const { stack } = one;
  const longest = { address, attribute, stack };
  const shorter = [
    { address, attribute: null, stack: null },
    { address, attribute, stack: null },
    { address, attribute: null, stack },
  ];
  return shorter.find((target) => targeted(target, all).length === 1) ?? longest;
}

/** What all changes of a finding are below of, on one line; null where it is about a whole instance. */
function attributeIn({ changes }: Finding): string | null {
  const [first, ...others] = changes.map(({ path }) => path);
  if (first === undefined) return null;
  const shared = others.reduce(commonStart, first);
  return oneLine(printPath(shared.length > 0 ? shared : first.slice(0, 1)));
}

function commonStart(one: Path, other: Path): Path {
  const end = one.findIndex((step, index) => step !== other[index]);
  return end === -1 ? one : one.slice(0, end);
}

function isBelow(path: Path, start: Path): boolean {
  return start.every((step, index) => path[index] === step);
}

function pathOf(text: string): Path | null {
  try {
    return parsePath(text);
  } catch (error) {
    if (error instanceof PathError) return null;
    throw error;
  }
}

/** A command is read with its spaces made one each. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** `aws_instance.web`, `module.a["b"].…`, and `aws_vpc/vpc-1` of what no code declares. */
const ADDRESS = /^[A-Za-z_][\w-]*(?:\.[A-Za-z_]|\[|\/\S)/;

/**
 * The target that the rest of a command begins with, and what follows it; null where it begins with none. Names that
 * hold spaces are in brackets and quotes, and backticks around a name are no part of it.
 */
export function parseTarget(rest: string): { readonly target: CommandTarget; readonly rest: string } | null {
  const [first, behind] = word(rest);
  const [of, behindOf] = word(behind);
  // As titles and tables say it: `tags.Team` of `aws_instance.web`.
  const isOf = of.toLowerCase() === "of" && ADDRESS.test(word(behindOf)[0]);
  const [address, behindAddress] = isOf ? word(behindOf) : [first, behind];
  if (!ADDRESS.test(address)) return null;
  const [attribute, behindAttribute] = isOf
    ? [first, behindAddress]
    : isKeyword(word(behindAddress)[0])
      ? [null, behindAddress]
      : word(behindAddress);
  // Until when may stand before the stack, too.
  const [, time = "", behindTime = behindAttribute] = TIME_FIRST.exec(behindAttribute) ?? [];
  const within = WITHIN.exec(behindTime);
  const stack = within?.[1]?.replace(/^`+|`+$/g, "") ?? null;
  return {
    target: { address, attribute, stack },
    rest: within === null ? behindAttribute : `${time} ${within[2] ?? ""}`.trim(),
  };
}

/** The name of a stack, and how long or why, with or without a comma before that. */
const WITHIN =
  /^in\s+(\S.*?)(?:\s*[,;]?\s+((?:until|because:?)(?:\s.*)?|(?:(?:for )?\d+ ?|for (?:an?|one) )(?:d(?:ay)?|w(?:eek)?|month)s?(?:\W.*)?))?$/is;

const TIME_FIRST =
  /^((?:until \S+?|(?:(?:for )?\d+ ?|for (?:an?|one) )(?:d(?:ay)?|w(?:eek)?|month)s?))[,;]? (in\s.*)$/is;

/** Begins what follows a target; no attribute begins with a digit, as `14d` does, and `14` of `14 days`. */
function isKeyword(text: string): boolean {
  return text === "" || /^(?:until|because:?|in|for|\d\S*)$/i.test(text);
}

/** The first word of a text and what follows it; spaces between brackets and quotes are part of a word. */
function word(text: string): readonly [string, string] {
  let isQuoted = false;
  let depth = 0;
  let at = 0;
  for (; at < text.length; at += 1) {
    const character = text[at];
    if (isQuoted && character === "\\") at += 1;
    else if (character === '"' && depth > 0) isQuoted = !isQuoted;
    else if (!isQuoted && character === "[") depth += 1;
    else if (!isQuoted && character === "]") depth -= 1;
    else if (character === " " && depth <= 0) break;
  }
  // What is never closed is no name.
  const end = depth > 0 || isQuoted ? text.search(/ |$/) : at;
  return [text.slice(0, end).replace(ASIDE, ""), text.slice(end).trim()];
}

/** Around a name, and no part of it. */
const ASIDE = /^`+|`*[,;]?$/g;
