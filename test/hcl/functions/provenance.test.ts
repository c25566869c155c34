import { describe, expect, test } from "vitest";
import { callFunction, withCallOrigin } from "../../../src/hcl/functions/call.ts";
import { createBudget } from "../../../src/hcl/functions/function.ts";
import { FUNCTIONS } from "../../../src/hcl/functions/index.ts";
import { NUMBER, STRING } from "../../../src/hcl/values/type.ts";
import {
  childrenOf,
  listValue,
  mapValue,
  nullValue,
  numberValue,
  type Origin,
  objectValue,
  setValue,
  stringValue,
  tupleValue,
  type Value,
} from "../../../src/hcl/values/value.ts";

const ORIGIN: Origin = { kind: "setting", name: "test" };

function call(name: string, ...args: Value[]): Value {
  const definition = FUNCTIONS.get(name);
  if (definition === undefined) throw new Error(`no function ${name}`);
  return callFunction(name, definition, args, createBudget({ steps: 1e4, elements: 1e4, text: 1e5 }));
}

const a = stringValue("a", ORIGIN);
const b = stringValue("b", ORIGIN);
const one = numberValue(1, ORIGIN);
const two = numberValue(2, ORIGIN);
const zero = numberValue(0);
const none = nullValue(STRING, ORIGIN);
const list = listValue(STRING, [a, b]);
const tuple = tupleValue([a, one]);
const object = objectValue([
  ["x", a],
  ["y", one],
]);
const map = mapValue(STRING, [
  ["x", a],
  ["y", b],
]);

describe("functions that choose give the very value that was chosen", () => {
  test.each<[string, Value[], Value]>([
    ["element", [list, numberValue(3)], b],
    ["lookup", [object, stringValue("y")], one],
    ["lookup", [map, stringValue("z"), b], b],
    ["coalesce", [none, a, b], a],
    ["coalescelist", [tupleValue([]), tuple], tuple],
    ["one", [tupleValue([a])], a],
    ["max", [one, two], two],
    ["min", [two, one], one],
    ["tostring", [a], a],
    ["tolist", [list], list],
    ["nonsensitive", [a], a],
    ["ephemeralasnull", [object], object],
  ])("%s", (name, args, expected) => {
    expect(call(name, ...args)).toBe(expected);
  });
});

describe("functions that arrange give the very elements", () => {
  test.each<[string, Value[], Value[]]>([
    ["merge", [object, objectValue([["y", b]])], [a, b]],
    ["merge", [map, mapValue(STRING, [["z", a]])], [a, b, a]],
    ["values", [object], [a, one]],
    ["concat", [list, tuple], [a, b, a, one]],
    ["flatten", [tupleValue([tuple, list])], [a, one, a, b]],
    ["reverse", [tuple], [one, a]],
    ["slice", [list, one, two], [b]],
    ["sort", [listValue(STRING, [b, a])], [a, b]],
    ["distinct", [listValue(STRING, [a, b, stringValue("a")])], [a, b]],
    ["compact", [listValue(STRING, [a, none])], [a]],
    ["zipmap", [listValue(STRING, [b, a]), tuple], [one, a]],
    ["setunion", [setValue(STRING, [b]), setValue(STRING, [a])], [a, b]],
    ["setintersection", [setValue(STRING, [a, b]), setValue(STRING, [stringValue("b")])], [b]],
    ["setsubtract", [setValue(STRING, [a, b]), setValue(STRING, [stringValue("b")])], [a]],
    ["matchkeys", [list, listValue(NUMBER, [one, two]), listValue(NUMBER, [two])], [b]],
    ["toset", [list], [a, b]],
    ["tomap", [objectValue([["x", a]])], [a]],
  ])("%s", (name, args, expected) => {
    const parts = [...childrenOf(call(name, ...args))];
    expect(parts).toHaveLength(expected.length);
    for (const [index, part] of parts.entries()) expect(part).toBe(expected[index]);
  });

  test("chunklist and setproduct, one level further in", () => {
    const chunks = [...childrenOf(call("chunklist", list, one))].flatMap((chunk) => [...childrenOf(chunk)]);
    const rows = [...childrenOf(call("setproduct", list, tupleValue([one])))].map((row) => [
      ...childrenOf(row),
    ]);
    expect(chunks[1]).toBe(b);
    expect(rows[1]?.[0]).toBe(b);
    expect(rows[1]?.[1]).toBe(one);
  });
});

describe("functions that compute make a new value", () => {
  test.each<[string, Value[]]>([
    ["lower", [a]],
    ["trimspace", [a]],
    ["abs", [one]],
    ["join", [stringValue(","), listValue(STRING, [a])]],
    ["format", [stringValue("%s"), a]],
  ])("%s", (name, args) => {
    expect(call(name, ...args).origin).toEqual({ kind: "computed" });
  });
});

describe("a call's origin", () => {
  const here: Origin = { kind: "setting", name: "here" };

  test("goes to all that the function made, and to nothing that it handed through", () => {
    const merged = withCallOrigin(
      call("merge", object, objectValue([["z", call("split", stringValue(","), b)]])),
      here,
    );
    expect(merged.origin).toBe(here);
    const [x, y, z] = childrenOf(merged);
    expect(x).toBe(a);
    expect(y).toBe(one);
    expect(z?.origin).toBe(here);
    expect([...childrenOf(z ?? zero)][0]?.origin).toBe(here);
  });
});

describe("what is read from a file's text has its place in the file", () => {
  const origin: Origin = { kind: "document", file: "a.txt", format: "text", path: [] };

  test.each([
    ["jsondecode", "json", '{"b": [1, {"c": "x"}]}'],
    ["yamldecode", "yaml", "b:\n- 1\n- c: x\n"],
  ])("%s", (name, format, text) => {
    const [inner] = childrenOf(call(name, stringValue(text, origin)));
    const [first, second] = childrenOf(inner ?? zero);
    const [leaf] = childrenOf(second ?? zero);
    expect(first?.origin).toEqual({ kind: "document", file: "a.txt", format, path: ["b", 0] });
    expect(leaf?.origin).toEqual({ kind: "document", file: "a.txt", format, path: ["b", 1, "c"] });
  });

  test("csvdecode", () => {
    const [, row] = childrenOf(call("csvdecode", stringValue("h,i\n1,2\n3,4\n", origin)));
    expect([...childrenOf(row ?? zero)].map((cell) => cell.origin)).toEqual([
      { kind: "document", file: "a.txt", format: "csv", path: [1, "h"] },
      { kind: "document", file: "a.txt", format: "csv", path: [1, "i"] },
    ]);
  });
});
