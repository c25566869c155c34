import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonArray, type Json, jsonAt } from "../../src/json/json.ts";
import { type Path, printPath } from "../../src/json/path.ts";
import { means, type Wanted } from "../../src/reconcile/wanted.ts";
import { adoptedCode, readCode } from "./adopted-code.ts";
import { asTold, changed } from "./changed-document.ts";
import { alignedComments, movedComments, withoutPadding } from "./comment-columns.ts";
import { type PlacedCode, type WrittenCode, writtenCode } from "./written-code.ts";

const RUNS = 60;

const live = fc.constantFrom("new", "two new", "${y}", 'say "it"', "\u00e8", "%{z}", "12");

/** Adopts a change, and checks everything that is true of any. */
function edit(code: WrittenCode, path: Path, wanted: Wanted): { after: string; about: string } {
  const about = `${printPath(path)} = ${JSON.stringify(wanted)} of\n${code.text}`;
  const after = adoptedCode(code.text, path, wanted);
  expect(after, about).not.toBeNull();
  const became = `${about}\nbecame\n${after}`;
  const [name = ""] = path;
  const told = jsonAt(changed(code.value, path, wanted), [name]) ?? null;
  expect(asTold(readCode(after ?? "", [name]) ?? null), became).toEqual(asTold(told));
  const endings = (text: string | null) => new Set(text?.match(/\r?\n/g));
  expect(endings(after), became).toEqual(endings(code.text));
  movesAligned(code.text, after ?? "", became);
  return { after: after ?? "", about: became };
}

/** Comments move only from where they are aligned to where they are. */
function movesAligned(before: string, after: string, about: string): void {
  const [was, is] = [alignedComments(before), alignedComments(after)];
  const others = movedComments(before, after).filter((comment) => !was.has(comment) || !is.has(comment));
  expect(others, about).toEqual([]);
}

/** The text is there again; but for the blanks before comments that the last edit has aligned. */
function isBack({ text }: WrittenCode, after: string, back: string | null, about: string): void {
  expect(withoutPadding(back ?? ""), about).toBe(withoutPadding(text));
  movesAligned(after, back ?? "", about);
  const is = alignedComments(back ?? "");
  expect(
    movedComments(text, back ?? "").filter((comment) => !is.has(comment)),
    about,
  ).toEqual([]);
}

/** The comments of all but some are there, once. */
function keepsComments(
  { items }: WrittenCode,
  after: string,
  about: string,
  gone: (item: PlacedCode) => boolean,
): void {
  for (const item of items) {
    for (const comment of item.comments)
      expect(after.split(comment).length - 1, `${comment} in ${about}`).toBe(gone(item) ? 0 : 1);
  }
}

/** But for blanks before signs and comments, which may have to be aligned. */
function unaligned(text: string): string {
  return text.replace(/[ \t]+(?=[=#])/g, " ").replace(/=[ \t]*/g, "= ");
}

function keepsAround({ text }: WrittenCode, after: string, start: number, end: number, about: string): void {
  const [before, behind] = [text.slice(0, start), text.slice(end)].map(withoutPadding);
  expect(withoutPadding(after).startsWith(before ?? ""), about).toBe(true);
  expect(withoutPadding(after).endsWith(behind ?? ""), about).toBe(true);
}

describe("a resource with comments, whatever its style", () => {
  function property(name: string, body: (code: WrittenCode, at: number, value: string) => void): void {
    it(name, () => {
      fc.assert(fc.property(writtenCode, fc.nat(), live, body), { numRuns: RUNS });
    });
  }

  function pick(items: readonly PlacedCode[], at: number): PlacedCode {
    const item = items[at % items.length];
    fc.pre(item !== undefined);
    return item as PlacedCode;
  }

  property("is written as the generator says", ({ text, value }) => {
    for (const [name, each] of Object.entries(value)) expect(readCode(text, [name])).toEqual(each);
  });

  property("a text becomes another one in its place, and back", (code, at, value) => {
    const item = pick(
      code.items.filter(({ kind, start }) => kind === "text" && code.text[start] === '"'),
      at,
    );
    const now = jsonAt(code.value, item.path) ?? null;
    fc.pre(!means(now, value));
    const { after, about } = edit(code, item.path, { value });
    keepsAround(code, after, item.start, item.end, about);
    keepsComments(code, after, about, () => false);
    const shared = jsonAt(changed(code.value, item.path, { value }), item.path.slice(0, -1));
    fc.pre(!isJsonArray(shared) || new Set(shared).size === shared.length);
    isBack(code, after, adoptedCode(after, item.path, { value: now }), about);
  });

  property("a new entry goes in, and out again", (code, at, value) => {
    const map = pick(
      code.items.filter(({ kind }) => kind === "map"),
      at,
    );
    const path = [...map.path, "an_entry"];
    const { after, about } = edit(code, path, { value });
    keepsComments(code, after, about, () => false);
    keepsAround(code, after, map.start, map.end, about);
    isBack(code, after, adoptedCode(after, path, "absent"), about);
  });

  property("a new element goes to the end, and out again", (code, at, value) => {
    const list = pick(
      code.items.filter(({ kind }) => kind === "list"),
      at,
    );
    const now = jsonAt(code.value, list.path);
    const wanted = { value: [...(isJsonArray(now) ? now : []), value] as Json[] };
    const { after, about } = edit(code, list.path, wanted);
    keepsComments(code, after, about, () => false);
    keepsAround(code, after, list.start, list.end, about);
    isBack(code, after, adoptedCode(after, [...list.path, wanted.value.length - 1], "absent"), about);
  });

  property("a new argument goes in, and out again", (code, _at, value) => {
    const { after, about } = edit(code, ["new_argument"], { value });
    keepsComments(code, after, about, () => false);
    expect(unaligned(after).replace(/[ \t]*new_argument = .*\r?\n/, ""), about).toBe(unaligned(code.text));
    isBack(code, after, adoptedCode(after, ["new_argument"], "absent"), about);
  });

  property("an element goes with its comments", (code, at) => {
    const item = pick(code.items, at);
    const around = item.path.length > 1 ? jsonAt(code.value, item.path.slice(0, -1)) : null;
    const isOnly = around !== null && Object.keys(around ?? {}).length < 2;
    fc.pre(!isOnly && !(isJsonArray(around) && new Set(around).size < around.length));
    const { after, about } = edit(code, item.path, "absent");
    // What stands above may be said of more than the next line.
    const others = { ...code, items: code.items.filter((each) => each !== item) };
    keepsComments(others, after, about, ({ path }) => item.path.every((step, index) => path[index] === step));
    const [before, behind] = [code.text.slice(0, item.start), code.text.slice(item.end)];
    const lines = [before.slice(0, before.lastIndexOf("\n") + 1), behind.slice(behind.indexOf("\n") + 1)];
    for (const line of lines.join("").split(/\r?\n/))
      expect(unaligned(after).replaceAll(",", ""), about).toContain(unaligned(line).replaceAll(",", ""));
  });
});
