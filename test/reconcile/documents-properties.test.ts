import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import {
  equalJson,
  isJsonArray,
  isJsonObject,
  type Json,
  type JsonObject,
  jsonAt,
  printJson,
} from "../../src/json/json.ts";
import { type Path, printPath } from "../../src/json/path.ts";
import { isEmpty } from "../../src/reconcile/meaning-key.ts";
import { means, type Wanted } from "../../src/reconcile/wanted.ts";
import { adopted, readDocument } from "./adopted-document.ts";
import { asTold, changed } from "./changed-document.ts";

const word = fc
  .oneof(
    fc.constantFrom(
      "no",
      "Yes",
      "null",
      "~",
      "1e3",
      "0o14",
      "007",
      "2024-01-02",
      "<<",
      "=",
      ".inf",
      "- a",
      "a: b",
    ),
    fc.constantFrom(
      "a #b",
      "'",
      '"',
      "\\",
      "${x}",
      "%{y}",
      "*a",
      "&a",
      "!b",
      "|",
      ">",
      "@",
      "`",
      " a ",
      "a\nb\n",
      "\ta",
    ),
    fc.string({ unit: "grapheme", maxLength: 8 }),
    fc.string({
      unit: fc.constantFrom("a", "b", "-", " ", ":", "#", "{", "}", ",", "\n", "'", '"'),
      maxLength: 6,
    }),
  )
  .map((text) => text.normalize());
const key = fc
  .oneof(fc.constantFrom("a", "b", "c", "name", "size-of", "on", "1"), word)
  .filter((text) => text !== "" && text !== "__proto__" && text !== "<<");
const scalar = fc.oneof(word, fc.integer({ min: -99, max: 99 }), fc.boolean());
const { document: value } = fc.letrec<{ document: Json; object: JsonObject }>((tie) => ({
  document: fc.oneof(
    { depthSize: "small" },
    scalar,
    fc.array(tie("document"), { maxLength: 3 }),
    tie("object"),
  ),
  object: fc.dictionary(key, tie("document"), { maxKeys: 4, noNullPrototype: true }),
}));
const document = fc.dictionary(key, value, { minKeys: 1, maxKeys: 4, noNullPrototype: true });

function pathsOf(json: Json, at: Path = []): Path[] {
  if (isJsonArray(json)) return [at, ...json.flatMap((item, index) => pathsOf(item, [...at, index]))];
  if (!isJsonObject(json)) return [at];
  return [at, ...Object.entries(json).flatMap(([name, item]) => pathsOf(item, [...at, name]))];
}

interface Layout {
  readonly indent: number;
  readonly flow: boolean;
  readonly quote: "QUOTE_DOUBLE" | "QUOTE_SINGLE" | "PLAIN";
  readonly indentSeq: boolean;
  readonly crlf: boolean;
  readonly mark: boolean;
}
const layout: fc.Arbitrary<Layout> = fc.record({
  indent: fc.constantFrom(2, 4),
  flow: fc.boolean(),
  quote: fc.constantFrom("QUOTE_DOUBLE", "QUOTE_SINGLE", "PLAIN"),
  indentSeq: fc.boolean(),
  crlf: fc.boolean(),
  mark: fc.boolean(),
});

/** A document as somebody may have written it, with a comment above and below. */
function yamlText(json: Json, { indent, flow, quote, indentSeq, crlf, mark }: Layout): string {
  const text = stringify(json, {
    version: "1.1",
    indent,
    indentSeq,
    lineWidth: 0,
    defaultStringType: quote,
    defaultKeyType: "PLAIN",
    blockQuote: false,
    ...(flow ? { collectionStyle: "flow" as const } : {}),
  });
  const whole = `# the head\n\n${text}# the end\n`;
  return `${mark ? "\ufeff" : ""}${crlf ? whole.replaceAll("\n", "\r\n") : whole}`;
}

function textOf(file: string, json: Json, how: Layout): string {
  return file.endsWith(".yaml") ? yamlText(json, how) : `${printJson(json, how.flow ? 0 : how.indent)}\n`;
}

/** What is written of the entries that a change is not about: as it was, byte for byte. */
function restOf(file: string, json: JsonObject, [changed]: Path, how: Layout): string[] {
  const others = Object.entries(json).filter(([name]) => name !== changed);
  if (file.endsWith(".json")) {
    return how.flow
      ? others.map(([name, item]) => `${JSON.stringify(name)}:${printJson(item)}`)
      : others.map(([name, item]) => printJson({ [name]: item }, how.indent).slice(1, -2));
  }
  const head = "# the head";
  if (how.flow) return [head, "# the end"];
  const entries = others.map(([name, item]) => yamlText({ [name]: item }, { ...how, mark: false }));
  return [head, ...entries.map((text) => text.slice(text.indexOf("\n", text.indexOf("\n") + 1) + 1))];
}

/** What an edit leaves as it is whatever it changes. */
function keepsRest(before: string, after: string, rest: readonly string[]): void {
  for (const each of rest) expect(after).toContain(each.replace(/# the end\r?\n$/, ""));
  expect(after.startsWith("\ufeff")).toBe(before.startsWith("\ufeff"));
  if (before.includes("\r\n")) expect(after.replaceAll("\r\n", "")).not.toContain("\n");
}

/** Whether no entry means the same as none, so that there is one way to write the value. */
function saysAll(json: Json): boolean {
  if (isJsonArray(json)) return json.every(saysAll);
  return !isJsonObject(json) || Object.values(json).every((item) => !isEmpty(item) && saysAll(item));
}

function check(file: string, json: JsonObject, how: Layout, path: Path | undefined, wanted: Wanted): void {
  const text = textOf(file, json, how);
  if (path === undefined || path.length === 0) return;
  const now = jsonAt(json, path);
  if (wanted !== "absent" && means(now, wanted.value)) return;
  const result = adopted(file, text, path, wanted);
  const what = `${printPath(path)} of ${JSON.stringify(text)}`;
  expect(result, what).not.toBeNull();
  if (result === null) return;
  const became = `${what} became ${JSON.stringify(result.text)}`;
  expect(printJson(asTold(result.value)), became).toBe(printJson(asTold(changed(json, path, wanted))));
  keepsRest(text, result.text, restOf(file, json, path, how));
}

describe("an edit of a document at any place gives exactly the wanted value", () => {
  it.each(["d.yaml", "d.json"])("any value in %s", (file) => {
    fc.assert(
      fc.property(document, layout, fc.nat(), value, (json, how, at, wanted) => {
        fc.pre(saysAll(wanted));
        const text = textOf(file, json, how);
        fc.pre(equalJson(readDocument(file, text) ?? null, json));
        const paths = pathsOf(json);
        check(file, json, how, paths[at % paths.length], { value: wanted });
      }),
      { numRuns: 100 },
    );
  });

  it.each(["d.yaml", "d.json"])("a scalar in %s", (file) => {
    fc.assert(
      fc.property(document, layout, fc.nat(), word, (json, how, at, wanted) => {
        const text = textOf(file, json, how);
        fc.pre(equalJson(readDocument(file, text) ?? null, json));
        const paths = pathsOf(json).filter((path) => typeof jsonAt(json, path) !== "object");
        check(file, json, how, paths[at % Math.max(1, paths.length)], { value: wanted });
      }),
      { numRuns: 100 },
    );
  });

  it.each(["d.yaml", "d.json"])("something goes from %s", (file) => {
    fc.assert(
      fc.property(document, layout, fc.nat(), (json, how, at) => {
        const text = textOf(file, json, how);
        fc.pre(equalJson(readDocument(file, text) ?? null, json));
        const paths = pathsOf(json);
        check(file, json, how, paths[at % paths.length], "absent");
      }),
      { numRuns: 100 },
    );
  });
});
