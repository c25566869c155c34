import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate } from "../../../src/hcl/evaluation/evaluate.ts";
import type { Json } from "../../../src/json/json.ts";
import { toPlain } from "../../../src/terraform/evaluation/value-json.ts";
import { branchesOf } from "../../../src/terraform/tracing/branches.ts";
import { whereabouts } from "../../../src/terraform/tracing/whereabouts.ts";
import { evaluateFiles } from "../stack.ts";

/** What has to be iterated over to get what is wanted, as the branch to the collection of `input` says; else undefined. */
function collectionFor(collection: Json, made: string, wanted: Json): Json | undefined {
  const code = `locals {\n  all = ${JSON.stringify(collection)}\n}\n\nresource "terraform_data" "x" {\n  input = ${made}\n}\n`;
  const instance = evaluateFiles(code).instances.get("terraform_data.x");
  const place = instance === undefined ? null : whereabouts(instance, ["input"]);
  if (place?.kind !== "argument") return undefined;
  const [branch] = branchesOf(place.located).filter(({ kind }) => kind === "collection");
  return branch?.invert(wanted) ?? undefined;
}

/** What an expression gives of a collection. */
function madeOf(collection: Json, made: string): Json {
  const code = `locals {\n  all = ${JSON.stringify(collection)}\n}\n\nresource "terraform_data" "x" {\n  input = ${made}\n}\n`;
  const instance = evaluateFiles(code).instances.get("terraform_data.x");
  const place = instance === undefined ? null : whereabouts(instance, ["input"]);
  if (place?.kind !== "argument") return null;
  return toPlain(evaluate(place.located.expression, place.located.context), [], true).json;
}

const name = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
const some = { minLength: 1, maxLength: 5 };

describe("the collection that a for would have to have", () => {
  const maps = fc.dictionary(name, name, { minKeys: 1, maxKeys: 5, noNullPrototype: true });
  it.each([
    "[for k, v in local.all : { name = k, value = v }]",
    '[for k, v in local.all : "${k}=${v}"]',
    '{ for k, v in local.all : "app/${k}" => upper(v) }',
  ])("of a map: %s", (made) => {
    fc.assert(
      fc.property(maps, maps, (now, wanted) => {
        expect(collectionFor(now, made, madeOf(wanted, made))).toEqual(wanted);
      }),
      { numRuns: 30 },
    );
  });

  const lists = fc.array(fc.record({ id: name, mail: name }), some);
  it.each([
    '[for u in local.all : "${u.id} <${u.mail}>"]',
    "[for u in local.all : { user = u.id, to = [u.mail, lower(u.mail)] }]",
  ])("of a list: %s", (made) => {
    fc.assert(
      fc.property(lists, lists, (now, wanted) => {
        expect(collectionFor(now, made, madeOf(wanted, made))).toEqual(wanted);
      }),
      { numRuns: 30 },
    );
  });

  it.each<readonly [string, Json, string, Json]>([
    [
      "a part of the result that nothing of the element gives",
      ["a"],
      '[for x in local.all : "${x}/*"]',
      ["b/+"],
    ],
    ["an element that is used nowhere", { a: 1 }, "[for k, v in local.all : k]", ["a", "b"]],
    [
      "two texts that stand beside each other",
      [{ a: "x", b: "y" }],
      '[for x in local.all : "${x.a}${x.b}"]',
      ["pq"],
    ],
    ["a condition that leaves some out", ["a", "b"], '[for x in local.all : x if x != "b"]', ["a", "c"]],
    ["a collection without an example", [], "[for x in local.all : x]", ["a"]],
    ["the places of a list", ["a"], "[for i, x in local.all : i]", [0, 7]],
    [
      "the same key twice",
      { a: "x" },
      "[for k, v in local.all : { n = k, v = v }]",
      [
        { n: "b", v: "1" },
        { n: "b", v: "2" },
      ],
    ],
  ])("is not told: %s", (_, collection, made, wanted) => {
    expect(collectionFor(collection, made, wanted)).toBeUndefined();
  });
});
