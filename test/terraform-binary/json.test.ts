import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseJsonTree } from "../../src/hcl/syntax/json-parser.ts";
import { mutate } from "../hcl/mutation.ts";
import { terraformVersion, whatTerraformSays } from "./terraform.ts";

const MUTATIONS = 2000;

/** Files that declare locals of their own, by number. */
const SEEDS: readonly ((number: number) => string)[] = [
  (number) =>
    JSON.stringify({ locals: { [`l${number}`]: [1, -2.5, "a\n", { b: null, "c d": true }, 1e3] } }, null, 2),
  (number) => `{"locals": {"l${number}": ["\\u00e9\\/", 0.5E+2, {}, []]}}`,
  (number) =>
    `{"//": "x", "locals": {"l${number}": "\\ud83d\\ude00 \\"q\\" \\t", "m${number}": [[], {"a": {"b": [false]}}]}}`,
];

/** What Terraform says of a file that is JSON, but not what it wants to read. */
const NOT_OF_SYNTAX = new Set([
  "Extraneous JSON object property",
  "Incorrect JSON value type",
  "Missing block label",
  "Invalid local value name",
  "Duplicate local value definition",
]);

interface Validated {
  readonly diagnostics: readonly {
    readonly summary: string;
    readonly range?: { readonly filename: string };
  }[];
}

describe.skipIf(terraformVersion() === null)("terraform's own parser of JSON agrees", () => {
  test(`on ${MUTATIONS} mutations`, () => {
    const folder = mkdtempSync(join(tmpdir(), "json-"));
    try {
      const texts = Array.from({ length: MUTATIONS }, (_, seed) =>
        mutate(SEEDS[seed % SEEDS.length]?.(seed) ?? "", seed),
      );
      for (const [number, text] of texts.entries()) writeFileSync(join(folder, `f${number}.tf.json`), text);
      const { diagnostics } = JSON.parse(whatTerraformSays(folder, ["validate", "-json"])) as Validated;
      const refused = new Set(
        diagnostics
          .filter(({ summary }) => !NOT_OF_SYNTAX.has(summary))
          .map(({ range }) => range?.filename ?? ""),
      );
      const disagreements = texts.flatMap((text, number) => {
        const path = `f${number}.tf.json`;
        const { root, diagnostics: problems } = parseJsonTree({ path, text });
        const isRoot = root?.kind === "json-object" || root?.kind === "json-array";
        const isRefused = problems.length > 0 || !isRoot;
        return isRefused === refused.has(path) ? [] : [{ text, problem: problems[0]?.message ?? null }];
      });
      expect(disagreements).toEqual([]);
      // Of mutations that are all refused there would be little to learn.
      expect(MUTATIONS - refused.size).toBeGreaterThan(MUTATIONS / 10);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
