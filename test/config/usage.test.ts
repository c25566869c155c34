import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { isHelp, usage, VARIABLES } from "../../src/config/usage.ts";

test("the variables are those that docs/operations.md explains", () => {
  const page = readFileSync(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const table = page.slice(page.indexOf("## Environment"));
  const explained = [...table.matchAll(/^\| ((?:`[A-Z_]+`(?:, )?)+) \|/gm)].flatMap(([, cell = ""]) =>
    [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name),
  );
  expect([...VARIABLES.keys()].toSorted()).toEqual(explained.toSorted());
});

test("every option and variable has a line, and none is too long for a terminal", () => {
  const lines = usage().split("\n");
  for (const name of ["--role=all", "--role=web", "--role=worker", "--help", ...VARIABLES.keys()]) {
    expect(lines.filter((line) => line.trimStart().startsWith(`${name} `))).toHaveLength(1);
  }
  expect(usage()).toContain("docs/operations.md");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(120);
});

test.each([
  [[], false],
  [["--role=web"], false],
  [["--help"], true],
  [["--role=web", "-h"], true],
])("%j asks for help: %s", (args, expected) => {
  expect(isHelp(args)).toBe(expected);
});
