import { expect, test } from "vitest";
import { evaluateFiles } from "../stack.ts";

const LIMITS = { steps: 200_000, elements: 200_000, text: 1_000_000 };

/** Two values of 40,000 elements each that are equal and share nothing with each other. */
const LARGE = `
locals {
  rows   = [for i in range(100) : [for j in range(100) : j]]
  large  = [local.rows, local.rows, local.rows, local.rows]
  copied = [for rows in local.large : [for row in rows : concat(row, [])]]
}
`;

test.each([
  ["equality", "local.large == local.copied"],
  ["a conversion", "length(toset([local.large]))"],
  ["a search", "contains([local.large], local.copied)"],
  ["sides of a conditional", "length(true ? local.large : local.copied)"],
  ["a set", "length(setunion([local.large], [local.copied]))"],
  ["marks that are taken off", "length(distinct([sensitive(local.large)]))"],
])("%s of large values costs steps each time", (_, expression) => {
  const code = (times: number) =>
    `${LARGE}\noutput "o" {\n  sensitive = true\n  value = [for i in range(${times}) : ${expression}]\n}\n`;
  const limits = { ...LIMITS, elements: 1_000_000 };
  const messages = evaluateFiles(code(100), { limits }).diagnostics.map(({ message }) => message);
  expect(messages).toEqual([expect.stringMatching(/more than 200,000 steps/)]);
  expect(evaluateFiles(code(1), { limits }).diagnostics).toEqual([]);
});

test.each([
  ["can", "can(local.large)"],
  ["length", "length(local.large)"],
  ["a conditional with the same value", "length(true ? local.large : local.large)"],
  ["a text beside it", 'length([sensitive("x"), local.large])'],
])("%s looks at a large value once", (_, expression) => {
  const code = `${LARGE}\noutput "o" {\n  value = [for i in range(1000) : ${expression}]\n}\n`;
  expect(evaluateFiles(code, { limits: LIMITS }).diagnostics).toEqual([]);
});

test.each([
  ["forwards", (index: number, last: number) => (index === last ? "1" : `local.a${index + 1} + 1`)],
  ["backwards", (index: number) => (index === 0 ? "1" : `local.a${index - 1} + 1`)],
])("a chain of 5,000 locals is evaluated %s", (_, value) => {
  const locals = Array.from({ length: 5000 }, (__, index) => `  a${index} = ${value(index, 4999)}`);
  const { diagnostics, root } = evaluateFiles(
    `locals {\n${locals.join("\n")}\n}\noutput "sum" {\n  value = local.a0 + local.a4999\n}\n`,
  );
  expect(diagnostics).toEqual([]);
  expect(root.output("sum")?.value()).toMatchObject({ kind: "number", value: 5001 });
});

test("locals of a long list that need each other are reported", () => {
  const locals = Array.from({ length: 200 }, (_, index) => `  a${index} = local.a${(index + 1) % 200}`);
  const { diagnostics } = evaluateFiles(`locals {\n${locals.join("\n")}\n}\n`);
  expect(diagnostics.map(({ message }) => message)).toContainEqual(
    expect.stringMatching(
      /^these wait for each other, so none can be made first: local\.a0 -> local\.a1 -> /,
    ),
  );
});
