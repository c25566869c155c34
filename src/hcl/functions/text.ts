import { BOOL, listOf, STRING } from "../values/type.ts";
import { boolValue, isKnownWithin, listValue, unknownValue, type Value } from "../values/value.ts";
import {
  argumentAt,
  integerAt,
  numberParameter,
  parameter,
  sequenceAt,
  textAt,
  textParameter,
  textResult,
} from "./arguments.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";
import { graphemesOf } from "./graphemes.ts";
import { endWithout, lowerCase, titleCase, trimCharacters, trimSpace, upperCase } from "./letters.ts";

/** A function of one text. */
function rewriting(rewrite: (text: string) => string): FunctionDefinition {
  return {
    parameters: [textParameter("str")],
    returns: STRING,
    call(args, budget) {
      const text = textAt(args, 0);
      budget.text(text.length);
      return textResult(rewrite(text));
    },
  };
}

/** A function of a text and a second one. */
function rewritingWith(name: string, rewrite: (text: string, other: string) => string): FunctionDefinition {
  return {
    parameters: [textParameter("str"), textParameter(name)],
    returns: STRING,
    call(args, budget) {
      const text = textAt(args, 0);
      budget.text(text.length);
      return textResult(rewrite(text, textAt(args, 1)));
    },
  };
}

function asking(name: string, ask: (text: string, other: string) => boolean): FunctionDefinition {
  return {
    parameters: [textParameter("str"), textParameter(name)],
    returns: BOOL,
    call: (args) => boolValue(ask(textAt(args, 0), textAt(args, 1))),
  };
}

/** Even an unknown text starts with the empty one. */
const startswith: FunctionDefinition = {
  parameters: [parameter("str", STRING, { allowUnknown: "all" }), textParameter("prefix")],
  returns: BOOL,
  call(args) {
    const prefix = textAt(args, 1);
    if (argumentAt(args, 0).kind === "unknown") return prefix === "" ? boolValue(true) : unknownValue(BOOL);
    return boolValue(textAt(args, 0).startsWith(prefix));
  },
};

const indent: FunctionDefinition = {
  parameters: [numberParameter("spaces"), textParameter("str")],
  returns: STRING,
  call(args, budget) {
    const spaces = integerAt(args, 0);
    if (spaces < 0) throw new FunctionError("must not be negative", 0);
    const lines = textAt(args, 1).split("\n");
    budget.text(spaces * lines.length + textAt(args, 1).length);
    return textResult(lines.join(`\n${lines.length > 1 ? " ".repeat(spaces) : ""}`));
  },
};

const join: FunctionDefinition = {
  parameters: [textParameter("separator")],
  variadic: parameter("lists", listOf(STRING), { allowUnknown: "top" }),
  returns: STRING,
  call(args, budget) {
    const [, ...lists] = args;
    if (lists.length === 0)
      throw new FunctionError("at least one list is required; give it as second argument");
    if (!lists.every(isKnownWithin)) return unknownValue(STRING);
    const separator = textAt(args, 0);
    const texts = lists.flatMap((list, index) => textsOf(list, index + 1));
    budget.text(texts.reduce((total, text) => total + text.length + separator.length, 0));
    return textResult(texts.join(separator));
  },
};

function textsOf(list: Value, argument: number): string[] {
  return sequenceAt([list], 0).items.map((item, index) => {
    if (item.kind === "string") return item.value;
    throw new FunctionError(`element ${index} is null; leave nulls out with compact()`, argument);
  });
}

const split: FunctionDefinition = {
  parameters: [textParameter("separator"), textParameter("str")],
  returns: listOf(STRING),
  call(args, budget) {
    const separator = textAt(args, 0);
    const text = textAt(args, 1);
    budget.text(text.length);
    const parts = separator === "" ? Array.from(text) : text.split(separator);
    budget.elements(parts.length);
    return listValue(STRING, parts.map(textResult));
  },
};

/** Counts in the characters a reader sees; a negative offset counts from the end, a negative length means the rest. */
const substr: FunctionDefinition = {
  parameters: [textParameter("str"), numberParameter("offset"), numberParameter("length")],
  returns: STRING,
  call(args, budget) {
    const text = textAt(args, 0);
    const offset = integerAt(args, 1);
    const length = integerAt(args, 2);
    budget.text(text.length);
    const characters = graphemesOf(text);
    const start = offset < 0 ? Math.max(0, offset + characters.length) : offset;
    if (offset >= 0 && length === 0) return textResult("");
    return textResult(characters.slice(start, length <= 0 ? undefined : start + length).join(""));
  },
};

/** Functions of text. */
export const TEXT_FUNCTIONS: FunctionTable = new Map(
  Object.entries({
    chomp: rewriting((text) => text.slice(0, endWithout(text, "\r\n"))),
    endswith: asking("suffix", (text, suffix) => text.endsWith(suffix)),
    indent,
    join,
    lower: rewriting(lowerCase),
    split,
    startswith,
    strcontains: asking("substr", (text, part) => text.includes(part)),
    strrev: rewriting((text) => graphemesOf(text).reverse().join("")),
    substr,
    title: rewriting(titleCase),
    trim: rewritingWith("cutset", trimCharacters),
    trimprefix: rewritingWith("prefix", (text, prefix) =>
      text.startsWith(prefix) ? text.slice(prefix.length) : text,
    ),
    trimspace: rewriting(trimSpace),
    trimsuffix: rewritingWith("suffix", (text, suffix) =>
      text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
    ),
    upper: rewriting(upperCase),
  }),
);
