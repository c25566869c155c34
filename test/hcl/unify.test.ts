import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ANY,
  BOOL,
  listOf,
  mapOf,
  NUMBER,
  objectOf,
  printType,
  STRING,
  setOf,
  type Type,
  tupleOf,
} from "../../src/hcl/values/type.ts";
import { unify } from "../../src/hcl/values/unify.ts";

test.each<[Type[], string | null]>([
  [[], "any"],
  [[NUMBER], "number"],
  [[NUMBER, STRING], "string"],
  [[BOOL, STRING, NUMBER], "string"],
  [[BOOL, NUMBER], null],
  [[ANY, NUMBER], "number"],
  [[listOf(NUMBER), listOf(STRING)], "list(string)"],
  [[listOf(NUMBER), setOf(STRING)], "list(string)"],
  [[setOf(NUMBER), setOf(STRING)], "set(string)"],
  [[setOf(NUMBER), tupleOf([STRING])], "set(number)"],
  [[setOf(STRING), tupleOf([])], "set(string)"],
  [[tupleOf([NUMBER]), tupleOf([STRING])], "tuple([string])"],
  [[tupleOf([NUMBER]), tupleOf([])], "list(number)"],
  [[tupleOf([NUMBER]), listOf(STRING)], "list(string)"],
  [[tupleOf([NUMBER, BOOL]), tupleOf([])], null],
  [[objectOf([["a", NUMBER]]), objectOf([["a", STRING]])], "object({a = string})"],
  [[objectOf([["a", NUMBER]]), objectOf([["b", STRING]])], "map(string)"],
  [[objectOf([["a", NUMBER]]), objectOf([])], "map(number)"],
  [[objectOf([["a", NUMBER]]), mapOf(STRING)], "map(string)"],
  [[objectOf([["a", NUMBER]]), objectOf([["a", listOf(NUMBER)]])], null],
  [[objectOf([["a", NUMBER]]), tupleOf([NUMBER])], null],
  [[NUMBER, listOf(NUMBER)], null],
])("%j", (types, expected) => {
  const common = unify(types);
  expect(common === null ? null : printType(common)).toBe(expected);
});

const { type } = fc.letrec<{ type: Type }>((tie) => ({
  type: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom<Type>(STRING, NUMBER, BOOL, ANY),
    tie("type").map(listOf),
    tie("type").map(setOf),
    tie("type").map(mapOf),
    fc.array(tie("type"), { maxLength: 3 }).map(tupleOf),
    fc
      .dictionary(fc.constantFrom("a", "b", "__proto__"), tie("type"))
      .map((record) => objectOf(Object.entries(record))),
  ),
}));

describe("for any types", () => {
  test("a type alone is its own", () => {
    fc.assert(
      fc.property(type, (one) => {
        expect(unify([one, one])).toEqual(one);
      }),
    );
  });

  test("whether there is a common type does not depend on the order", () => {
    fc.assert(
      fc.property(type, type, (a, b) => {
        expect(unify([a, b]) === null).toBe(unify([b, a]) === null);
      }),
    );
  });
});
