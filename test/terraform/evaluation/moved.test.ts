import { describe, expect, test } from "vitest";
import type { Evaluation } from "../../../src/terraform/evaluation/evaluation.ts";
import { evaluateFiles, problemsOf, type RecordedResource } from "../stack.ts";

/** State instances by the address they were made with; each one's id is that address. */
function recordedAt(...addresses: string[]): RecordedResource[] {
  return addresses.map((address) => {
    const [, module, name = "", index] = /^(?:(module\..*)\.)?a\.(\w+)(?:\[(.*)\])?$/.exec(address) ?? [];
    const key = index === undefined ? {} : { index_key: JSON.parse(index) as string | number };
    return {
      ...(module === undefined ? {} : { module }),
      type: "a",
      name,
      instances: [{ ...key, attributes: { id: address } }],
    };
  });
}

/** What each instance of the code is in the state. */
function idsOf(
  files: string | Record<string, string>,
  recorded: RecordedResource[],
): Record<string, unknown> {
  const evaluation = evaluateFiles(files, { recorded });
  expect(problemsOf(evaluation)).toEqual([]);
  return foundIn(evaluation);
}

function foundIn({ instances }: Evaluation): Record<string, unknown> {
  return Object.fromEntries(
    [...instances].map(([address, { recorded: found }]) => [address, found?.attributes["id"] ?? null]),
  );
}

const resource = (name: string, argument = "") => `resource "a" "${name}" {\n  ${argument}\n}\n`;
const moved = (from: string, to: string) => `moved {\n  from = ${from}\n  to   = ${to}\n}\n`;

describe("a resource", () => {
  test.each<[string, string, string[], Record<string, unknown>]>([
    ["is renamed", resource("new") + moved("a.old", "a.new"), ["a.old"], { "a.new": "a.old" }],
    [
      "is renamed with all its instances",
      resource("new", 'for_each = toset(["x", "y"])') + moved("a.old", "a.new"),
      ['a.old["x"]', 'a.old["y"]'],
      { 'a.new["x"]': 'a.old["x"]', 'a.new["y"]': 'a.old["y"]' },
    ],
    [
      "gets keys for numbers",
      resource("b", 'for_each = toset(["x", "y"])') +
        moved("a.b[0]", 'a.b["x"]') +
        moved("a.b[1]", 'a.b["y"]'),
      ["a.b[0]", "a.b[1]"],
      { 'a.b["x"]': "a.b[0]", 'a.b["y"]': "a.b[1]" },
    ],
    [
      "becomes one of several",
      resource("b", 'for_each = toset(["x y"])') + moved("a.b", 'a.b["x y"]'),
      ["a.b"],
      { 'a.b["x y"]': "a.b" },
    ],
    ["moves twice", resource("c") + moved("a.b", "a.c") + moved("a.a", "a.b"), ["a.a"], { "a.c": "a.a" }],
    ["is counted from now on", resource("b", "count = 1"), ["a.b"], { "a.b[0]": "a.b" }],
    ["is not counted any more", resource("b"), ["a.b[0]"], { "a.b": "a.b[0]" }],
    [
      "does not follow a block for another key",
      resource("b", "count = 2") + moved("a.x", "a.b[1]"),
      ["a.x[0]"],
      { "a.b[0]": null, "a.b[1]": null },
    ],
  ])("%s", (_, main, addresses, expected) => {
    expect(idsOf(main, recordedAt(...addresses))).toEqual(expected);
  });
});

describe("a resource that is still declared", () => {
  test.each<[string, string, string[], Record<string, unknown>]>([
    [
      "stays where another one is already",
      resource("old") + resource("new") + moved("a.old", "a.new"),
      ["a.old", "a.new"],
      { "a.new": "a.new", "a.old": "a.old" },
    ],
    [
      "goes round in circles and ends",
      resource("b") + moved("a.b", "a.c") + moved("a.c", "a.b"),
      ["a.b"],
      { "a.b": "a.b" },
    ],
  ])("%s, and that is an error", (_, main, addresses, expected) => {
    const evaluation = evaluateFiles(main, { recorded: recordedAt(...addresses) });
    expect(problemsOf(evaluation)).toEqual([expect.stringContaining("is still declared")]);
    expect(foundIn(evaluation)).toEqual(expected);
  });
});

describe("a module", () => {
  const leaf = resource("in");
  const call = (name: string, argument = "") => `module "${name}" {\n  source = "./m"\n  ${argument}\n}\n`;
  test.each<[string, string, string[], Record<string, unknown>]>([
    [
      "is renamed",
      call("new") + moved("module.old", "module.new"),
      ["module.old.a.in"],
      { "module.new.a.in": "module.old.a.in" },
    ],
    [
      "gets a key",
      call("m", 'for_each = toset(["k"])') + moved("module.m", 'module.m["k"]'),
      ["module.m.a.in"],
      { 'module.m["k"].a.in': "module.m.a.in" },
    ],
    [
      "is renamed with all its instances",
      call("new", "count = 2") + moved("module.old", "module.new"),
      ["module.old[0].a.in", "module.old[1].a.in"],
      { "module.new[0].a.in": "module.old[0].a.in", "module.new[1].a.in": "module.old[1].a.in" },
    ],
    [
      "takes a resource in",
      call("m") + moved("a.out", "module.m.a.in"),
      ["a.out"],
      { "module.m.a.in": "a.out" },
    ],
    [
      "lets a resource out",
      resource("out") + moved("module.m.a.in", "a.out"),
      ["module.m.a.in"],
      { "a.out": "module.m.a.in" },
    ],
  ])("%s", (_, main, addresses, expected) => {
    expect(idsOf({ "main.tf": main, "m/main.tf": leaf }, recordedAt(...addresses))).toEqual(expected);
  });

  test("moves its own resources, in each of its instances", () => {
    const files = {
      "main.tf": call("m", "count = 2"),
      "m/main.tf": `${resource("new")}${moved("a.old", "a.new")}`,
    };
    expect(idsOf(files, recordedAt("module.m[0].a.old", "module.m[1].a.old", "a.old"))).toEqual({
      "module.m[0].a.new": "module.m[0].a.old",
      "module.m[1].a.new": "module.m[1].a.old",
    });
  });
});

test.each([
  ["from = a.b", "this moved block needs a to"],
  ["from = a.b\n  to = module.m", "from and to have to be two resources, or two modules"],
  ["from = 1\n  to = 2", "this is no address"],
  ["from = a[*]\n  to = a.c", "this is no address"],
])("a block that cannot be read moves nothing: %s", (body, problem) => {
  const code = `${resource("c")}moved {\n  ${body}\n}\n`;
  const evaluation = evaluateFiles(code, { recorded: recordedAt("a.b") });
  expect(foundIn(evaluation)).toEqual({ "a.c": null });
  expect(problemsOf(evaluation)[0]).toContain(problem);
});
