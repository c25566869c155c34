import { expect, test } from "vitest";
import { newAddresses } from "../../../src/terraform/evaluation/new-addresses.ts";
import { attributesOf, evaluateFiles } from "../stack.ts";

const keyed = (...keys: string[]) =>
  `resource "a" "b" {\n  for_each = toset(${JSON.stringify(keys)})\n}\ndata "d" "e" {\n  for_each = a.b\n}\n`;
const called = (...keys: string[]) =>
  `module "m" {\n  source   = "./m"\n  for_each = toset(${JSON.stringify(keys)})\n}\n`;
const moved = (from: string, to: string) => `moved {\n  from = ${from}\n  to   = ${to}\n}\n`;

test.each<[string, string, string, Record<string, string>]>([
  [
    "an instance with another key, and the data source that is made for it",
    keyed("x", "y"),
    keyed("x", "z") + moved('a.b["y"]', 'a.b["z"]'),
    { 'a.b["y"]': 'a.b["z"]', 'data.d.e["y"]': 'data.d.e["z"]' },
  ],
  [
    "all that is in a module",
    called("x", "y"),
    called("x", "z") + moved('module.m["y"]', 'module.m["z"]'),
    { 'module.m["y"].a.in': 'module.m["z"].a.in', 'module.m["y"].data.d.in': 'module.m["z"].data.d.in' },
  ],
  ["nothing without a moved block", keyed("x", "y"), keyed("x", "z"), {}],
  [
    "nothing by a block that was there before",
    keyed("x", "y") + moved('a.b["y"]', 'a.b["z"]'),
    keyed("x", "z") + moved('a.b["y"]', 'a.b["z"]'),
    {},
  ],
  [
    "nothing to where another one was",
    keyed("x", "y", "z"),
    keyed("x", "z") + moved('a.b["y"]', 'a.b["z"]'),
    {},
  ],
])("finds %s", (_, before, after, expected) => {
  const files = (main: string) => ({
    "main.tf": main,
    "m/main.tf": 'resource "a" "in" {\n}\ndata "d" "in" {\n}\n',
  });
  const [was, is] = [before, after].map((main) => evaluateFiles(files(main)));
  if (was === undefined || is === undefined) throw new Error("nothing was evaluated");
  expect(Object.fromEntries(newAddresses(was, is))).toEqual(expected);
});

test("what a data source of a module answered goes with the module, and stays where a resource moves", () => {
  const files = {
    "main.tf": `${called("z")}${moved('module.m["y"]', 'module.m["z"]')}${moved('data.d.x["y"]', "a.c")}`,
    "m/main.tf": 'data "d" "in" {\n}\nresource "a" "in" {\n  value = data.d.in.answer\n}\n',
  };
  const recorded = [
    {
      module: 'module.m["y"]',
      mode: "data" as const,
      type: "d",
      name: "in",
      instances: [{ attributes: { answer: 42 } }],
    },
  ];
  expect(attributesOf(evaluateFiles(files, { recorded }))).toEqual({ 'module.m["z"].a.in': { value: 42 } });
});
