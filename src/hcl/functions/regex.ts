import { RE2JS, RE2JSException } from "re2js";
import { ANY, listOf, objectOf, STRING, type Type, tupleOf } from "../values/type.ts";
import { listValue, nullValue, objectValue, tupleValue, type Value } from "../values/value.ts";
import { argumentAt, textAt, textParameter, textResult } from "./arguments.ts";
import { type Budget, type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

const PATTERN_AND_TEXT = [textParameter("pattern"), textParameter("string")];

const regex: FunctionDefinition = {
  parameters: PATTERN_AND_TEXT,
  returns: (args) => patternType(args, 0),
  call(args, budget) {
    const pattern = compile(textAt(args, 0), 0);
    const captures = capturesOf(pattern, 0);
    const text = textAt(args, 1);
    const [found] = matchesIn(pattern, text, budget, 1);
    if (found !== undefined) return matchValue(captures, text, found);
    throw new FunctionError(
      "the pattern matches no part of the text; wrap the call in try() or ask with regexall()",
      1,
    );
  },
};

const regexall: FunctionDefinition = {
  parameters: PATTERN_AND_TEXT,
  returns: (args) => listOf(patternType(args, 0)),
  call(args, budget) {
    const pattern = compile(textAt(args, 0), 0);
    const captures = capturesOf(pattern, 0);
    const text = textAt(args, 1);
    const found = [...matchesIn(pattern, text, budget, Number.POSITIVE_INFINITY)];
    budget.elements(found.length);
    return listValue(
      captures.type,
      found.map((match) => matchValue(captures, text, match)),
    );
  },
};

/** `/…/` is a pattern, in whose replacement `$1` and `${name}` stand for what a group matched. */
const replace: FunctionDefinition = {
  parameters: [textParameter("str"), textParameter("substr"), textParameter("replace")],
  returns: STRING,
  call(args, budget) {
    const text = textAt(args, 0);
    const wanted = textAt(args, 1);
    const replacement = textAt(args, 2);
    if (wanted.length > 1 && wanted.startsWith("/") && wanted.endsWith("/")) {
      return textResult(replacePattern(text, compile(wanted.slice(1, -1), 1), replacement, budget));
    }
    // Between all letters and at both ends, as Go does with an empty text.
    const parts = wanted === "" ? ["", ...text, ""] : text.split(wanted);
    budget.text(text.length + replacement.length * (parts.length - 1));
    return textResult(parts.join(replacement));
  },
};

function replacePattern(text: string, pattern: RE2JS, replacement: string, budget: Budget): string {
  const names = namesOf(pattern);
  const parts = templateParts(replacement);
  let replaced = "";
  let end = 0;
  for (const match of matchesIn(pattern, text, budget, Number.POSITIVE_INFINITY)) {
    const filled = parts.map((part) => (typeof part === "string" ? part : groupText(part.group, match)));
    const added = text.slice(end, match[0]?.start) + filled.join("");
    budget.text(added.length);
    replaced += added;
    end = match[0]?.end ?? end;
  }
  return replaced + text.slice(end);

  function groupText(group: string, match: Match): string {
    const at = /^\d+$/.test(group) ? Number(group) : names.indexOf(group);
    const span = at === -1 ? undefined : match[at];
    return span === undefined || span === null ? "" : text.slice(span.start, span.end);
  }
}

const REFERENCE = /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu;

/** A replacement as Go's `Regexp.Expand` reads it: a name is as long as it can be, and `$$` is a dollar sign. */
function templateParts(replacement: string): (string | { readonly group: string })[] {
  const parts: (string | { readonly group: string })[] = [];
  let end = 0;
  for (const found of replacement.matchAll(REFERENCE)) {
    parts.push(replacement.slice(end, found.index));
    const group = found[1] ?? found[2];
    parts.push(group === undefined ? "$" : { group });
    end = found.index + found[0].length;
  }
  parts.push(replacement.slice(end));
  return parts;
}

function compile(pattern: string, argument: number): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw new FunctionError(`is not a valid pattern: ${error.message}`, argument);
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

/** The whole match first, then each group; null where a group took no part. */
type Match = readonly (Span | null)[];

/**
 * The matches one after another as Go counts them: an empty match right after another match is none
 * (https://pkg.go.dev/regexp, "All").
 */
function* matchesIn(pattern: RE2JS, text: string, budget: Budget, most: number): Generator<Match> {
  const matcher = pattern.matcher(text);
  const cost = Math.ceil(pattern.programSize() / 64);
  budget.text(text.length * cost);
  let previousEnd = -1;
  let count = 0;
  for (let at = 0; at <= text.length && count < most; ) {
    // Each search may read all of the rest again.
    budget.text((1 + ((text.length - at) >> 8)) * cost);
    if (!matcher.find(at)) return;
    const match: Match = Array.from({ length: matcher.groupCount() + 1 }, (_, group) => {
      const start = matcher.start(group);
      return start < 0 ? null : { start, end: matcher.end(group) };
    });
    const end = matcher.end(0);
    const isRepeated = end === at && matcher.start(0) === previousEnd;
    at = end === at ? at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) : end;
    previousEnd = end;
    if (isRepeated) continue;
    count += 1;
    yield match;
  }
}

interface Captures {
  readonly type: Type;
  /** The name of each group, from group 1. */
  readonly names: readonly string[];
}

/** Without groups a match is a string, with named ones an object, with others a tuple. */
function capturesOf(pattern: RE2JS, argument: number): Captures {
  const [, ...names] = namesOf(pattern);
  if (names.length === 0) return { type: STRING, names };
  const named = names.filter((name) => name !== "");
  if (named.length === 0) return { type: tupleOf(names.map(() => STRING)), names };
  if (named.length === names.length) return { type: objectOf(names.map((name) => [name, STRING])), names };
  throw new FunctionError("has groups with and without a name; name all of them or none", argument);
}

/** The name of each group, "" where it has none; the first one stands for the whole match. */
function namesOf(pattern: RE2JS): string[] {
  const names = Array.from({ length: pattern.groupCount() + 1 }, () => "");
  for (const [name, group] of Object.entries(pattern.namedGroups())) names[group] = name;
  return names;
}

function matchValue({ type, names }: Captures, text: string, match: Match): Value {
  const [whole, ...groups] = match.map((span) =>
    span === null ? nullValue(STRING) : textResult(text.slice(span.start, span.end)),
  );
  if (type.kind === "tuple") return tupleValue(groups);
  if (type.kind === "object") {
    return objectValue(names.map((name, index) => [name, argumentAt(groups, index)] as const));
  }
  return whole ?? nullValue(STRING);
}

function patternType(args: readonly Value[], index: number): Type {
  const pattern = argumentAt(args, index);
  return pattern.kind === "string" ? capturesOf(compile(pattern.value, index), index).type : ANY;
}

/** Functions that search with regular expressions in Go's syntax (https://github.com/google/re2/wiki/Syntax). */
export const REGEX_FUNCTIONS: FunctionTable = new Map(Object.entries({ regex, regexall, replace }));
