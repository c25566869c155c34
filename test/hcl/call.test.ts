import { describe, expect, test } from "vitest";
import { callFunction } from "../../src/hcl/functions/call.ts";
import {
  BudgetExceeded,
  createBudget,
  type FunctionDefinition,
  FunctionError,
} from "../../src/hcl/functions/function.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { ANY, listOf, NUMBER, STRING } from "../../src/hcl/values/type.ts";
import {
  asSensitive,
  boolValue,
  listValue,
  nullValue,
  numberValue,
  objectValue,
  stringValue,
  tupleValue,
  unknownValue,
  type Value,
} from "../../src/hcl/values/value.ts";

function call(
  name: string,
  args: readonly Value[],
  limits = { steps: 100, elements: 1000, text: 10_000 },
): Value {
  return callFunction(name, definitionOf(name), args, createBudget(limits));
}

function definitionOf(name: string): FunctionDefinition {
  const definition = FUNCTIONS.get(name);
  if (definition === undefined) throw new Error(`no function ${name}`);
  return definition;
}

function errorOf(name: string, args: readonly Value[]): FunctionError {
  try {
    call(name, args);
  } catch (error) {
    if (error instanceof FunctionError) return error;
    throw error;
  }
  throw new Error("no error");
}

const text = stringValue("text");
const secret = asSensitive(stringValue("secret"));

describe("arguments", () => {
  test("are converted to the types of the parameters", () => {
    expect(call("upper", [boolValue(true)])).toMatchObject({ kind: "string", value: "TRUE" });
    expect(call("max", [stringValue("10"), numberValue(9)])).toMatchObject({ kind: "number", value: 10 });
  });

  test.each<[string, Value[], number | null, string]>([
    ["upper", [], null, 'upper(): argument "str" is missing; call it as upper(str)'],
    ["join", [], null, 'join(): argument "separator" is missing; call it as join(separator, ...)'],
    ["upper", [text, text], 1, "upper(): takes 1 argument, not 2; leave out the last ones"],
    [
      "replace",
      [text, text],
      null,
      'replace(): argument "replace" is missing; call it as replace(str, substr, replace)',
    ],
    ["upper", [nullValue()], 0, 'upper(): argument "str": must not be null'],
    ["upper", [tupleValue([])], 0, 'upper(): argument "str": a string is required, not this tuple'],
    ["abs", [text], 0, 'abs(): argument "num": a number is required, not this string'],
    ["max", [numberValue(1), text], 1, 'max(): argument "numbers": a number is required, not this string'],
    [
      "element",
      [tupleValue([]), numberValue(0)],
      0,
      'element(): argument "list": the list is empty, so it has no element; check its length first',
    ],
  ])("that do not fit are named: %s", (name, args, argument, message) => {
    const error = errorOf(name, args);
    expect(error.message).toBe(message);
    expect(error.argument).toBe(argument);
  });

  test("that are secret never stand in a message", () => {
    const lookup = errorOf("lookup", [objectValue([]), secret]);
    const number = errorOf("abs", [secret]);
    expect(`${lookup.message} ${number.message}`).not.toContain("secret");
  });
});

describe("unknown arguments", () => {
  test("make the result unknown, of the type that the function gives", () => {
    expect(call("upper", [unknownValue(STRING)])).toMatchObject({ kind: "unknown", type: STRING });
    expect(call("upper", [unknownValue(ANY)])).toMatchObject({ kind: "unknown", type: STRING });
    expect(call("split", [text, unknownValue(STRING)])).toMatchObject({
      kind: "unknown",
      type: listOf(STRING),
    });
  });

  test("of no known type make a result of no known type where the type decides", () => {
    expect(call("values", [unknownValue(ANY)])).toMatchObject({ kind: "unknown", type: ANY });
  });

  test("leave known what does not depend on them", () => {
    const part = unknownValue(STRING);
    const merged = call("merge", [objectValue([["a", text]]), objectValue([["b", part]])]);
    expect(merged).toMatchObject({
      kind: "object",
      entries: new Map<string, Value>([
        ["a", text],
        ["b", part],
      ]),
    });
    expect(call("length", [tupleValue([part, part])])).toMatchObject({ kind: "number", value: 2 });
  });
});

describe("secrets", () => {
  test("make the result secret", () => {
    expect(call("upper", [secret])).toMatchObject({ value: "SECRET", sensitive: true });
    expect(call("join", [stringValue(","), tupleValue([text, secret])]).sensitive).toBe(true);
    expect(call("jsonencode", [objectValue([["a", secret]])]).sensitive).toBe(true);
    expect(call("upper", [asSensitive(unknownValue(STRING))])).toMatchObject({
      kind: "unknown",
      sensitive: true,
    });
  });

  test("stay where they are in functions that hand values through", () => {
    const merged = call("merge", [objectValue([["a", secret]]), objectValue([["b", text]])]);
    expect(merged).toMatchObject({
      sensitive: false,
      entries: new Map([
        ["a", secret],
        ["b", text],
      ]),
    });
    expect(call("merge", [asSensitive(objectValue([["a", text]]))]).sensitive).toBe(true);
  });
});

describe("the budget", () => {
  const long = stringValue("x".repeat(4000));
  const wide = listValue(
    NUMBER,
    Array.from({ length: 600 }, (_, index) => numberValue(index)),
  );

  test.each<[string, Value[]]>([
    ["setproduct", [wide, wide]],
    ["concat", [wide, wide]],
    ["flatten", [tupleValue([wide, wide])]],
    ["replace", [long, stringValue(""), long]],
    ["replace", [long, stringValue("/x*?/"), long]],
    ["join", [long, listValue(STRING, [text, text, text])]],
    ["format", [stringValue("%999999d"), numberValue(1)]],
    ["indent", [numberValue(1e9), stringValue("\n")]],
    ["base64encode", [stringValue("x".repeat(20_000))]],
    ["base64gzip", [stringValue("x".repeat(20_000))]],
    ["parseint", [stringValue("9".repeat(5000)), numberValue(10)]],
    ["jsonencode", [tupleValue([long, long, long])]],
    ["yamlencode", [tupleValue([long, long, long])]],
    ["yamldecode", [stringValue(bomb(12))]],
    ["regexall", [stringValue("(x*)*y|x"), stringValue("x".repeat(9000))]],
  ])("stops %s before it makes too much", (name, args) => {
    expect(() => call(name, args)).toThrow(BudgetExceeded);
  });

  /** Each line stands for ten of the line before. */
  function bomb(lines: number): string {
    const rest = Array.from(
      { length: lines },
      (_, at) => `l${at + 1}: &l${at + 1} [${`*l${at},`.repeat(10)}]`,
    );
    return ["l0: &l0 x", ...rest].join("\n");
  }
});

describe("hostile texts fail like any other", () => {
  const roomy = { steps: 100, elements: 1e7, text: 1e9 };

  test.each<[string, string]>([
    ["jsondecode", "[".repeat(100_000)],
    ["jsondecode", `${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    ["jsondecode", '"\\"'.repeat(100_000)],
    ["yamldecode", "[".repeat(50_000)],
    ["yamldecode", "- ".repeat(20_000)],
    ["yamldecode", "a: &a [*a]"],
    ["csvdecode", `a\n"${'""'.repeat(200_000)}`],
    ["base64decode", `${"AAAA".repeat(200_000)}*`],
  ])("%s", (name, hostile) => {
    expect(() => call(name, [stringValue(hostile)], roomy)).toThrow(FunctionError);
  });

  test.each([
    "(".repeat(20_000),
    "((a{100}){100}){100}",
    "a{1000}{1000}",
    "(?=a)",
    "\\1",
    "(?P<a>x)(?P<a>y)",
  ])("the pattern %.30s", (pattern) => {
    expect(() => call("regex", [stringValue(pattern), text], roomy)).toThrow(FunctionError);
  });
});

test("keys named like parts of a JavaScript object are keys like any other", () => {
  const decoded = call("jsondecode", [stringValue('{"__proto__": {"x": 1}, "constructor": "y"}')]);
  expect(call("keys", [call("merge", [decoded, decoded])])).toMatchObject({
    items: [{ value: "__proto__" }, { value: "constructor" }],
  });
});
