import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { equalJson, isJsonArray, type Json, jsonAt, printJson } from "../../src/json/json.ts";
import { type Path, printPath } from "../../src/json/path.ts";
import { isEmpty } from "../../src/reconcile/meaning-key.ts";
import { means, type Wanted } from "../../src/reconcile/wanted.ts";
import { adopted, readDocument } from "./adopted-document.ts";
import { asTold, changed, newScalar } from "./changed-document.ts";
import { type Placed, saidBy, type WrittenYaml, writeYaml, yamlLayout, yamlShape } from "./written-yaml.ts";

const RUNS = 60;
const FILE = "d.yaml";

const anything: fc.Arbitrary<Json> = fc.oneof(
  newScalar,
  fc.array(newScalar, { minLength: 1, maxLength: 3 }),
  fc.dictionary(fc.constantFrom("a", "new", "x y", "no"), newScalar, {
    minKeys: 1,
    maxKeys: 3,
    noNullPrototype: true,
  }),
);

/** Adopts a change, and checks everything that is true of any. */
function edit(document: WrittenYaml, path: Path, wanted: Wanted): { after: string; about: string } {
  const about = `${printPath(path)} = ${wanted === "absent" ? "absent" : JSON.stringify(wanted.value)} of ${JSON.stringify(document.text)}`;
  const result = adopted(FILE, document.text, path, wanted);
  // Terraform composes what it reads, so that places in that are not places in the file.
  fc.pre(result !== null || document.text === document.text.normalize());
  expect(result, about).not.toBeNull();
  const after = result?.text ?? "";
  const became = `${about} became ${JSON.stringify(after)}`;
  const told = printJson(asTold(changed(document.value, path, wanted)));
  expect(printJson(asTold(result?.value ?? null)), became).toBe(told);
  const endings = new Set(document.text.match(/\r?\n/g));
  expect(new Set(after.match(/\r?\n/g)), became).toEqual(endings);
  return { after, about: became };
}

function isBelow(path: Path, other: Path): boolean {
  return other.every((step, index) => path[index] === step);
}

/** The comments of all that the change is not about are there, in their order, beside what they were beside. */
function keepsComments(
  { items, text: before }: WrittenYaml,
  after: string,
  about: string,
  gone: (item: Placed) => boolean,
): void {
  const lineWith = (text: string, comment: string) =>
    text.split(/\r?\n/).find((line) => line.includes(comment));
  for (const item of items) {
    for (const comment of item.comments) {
      if (gone(item)) expect(lineWith(after, comment), about).toBeUndefined();
      else expect(lineWith(after, comment), `${comment} in ${about}`).toBeDefined();
    }
  }
  for (const comment of ["# the head", "# the end"])
    expect(lineWith(after, comment), about).toBe(lineWith(before, comment));
}

/** Nothing outside of a stretch has changed. */
function keepsAround(
  before: string,
  after: string,
  [start, end]: readonly [number, number],
  about: string,
): void {
  expect(after.slice(0, start), about).toBe(before.slice(0, start));
  const tail = before.slice(end);
  expect(after.length >= start + tail.length && after.endsWith(tail), about).toBe(true);
}

function pick<T>(items: readonly T[], at: number): T {
  const item = items[at % items.length];
  fc.pre(item !== undefined);
  return item as T;
}

const written = fc.tuple(yamlShape, yamlLayout).map(([shape, layout]) => writeYaml(shape, layout));

function property(
  name: string,
  body: (document: WrittenYaml, at: number, value: Json) => void,
  values = anything,
): void {
  it(name, () => {
    fc.assert(
      fc.property(written, fc.nat(), values, (document, at, value) => {
        body(document, at, value);
      }),
      { numRuns: RUNS },
    );
  });
}

describe("a document of YAML with comments, whatever its style", () => {
  property("is written as the generator says", (document) => {
    expect(readDocument(FILE, document.text)).toEqual(document.value);
  });

  property(
    "a scalar becomes another scalar in its place, and back",
    (document, at, value) => {
      const item = pick(
        document.items.filter(({ shape }) => shape.kind === "scalar"),
        at,
      );
      const now = jsonAt(document.value, item.path) ?? null;
      fc.pre(!means(now, value));
      const { after, about } = edit(document, item.path, { value });
      keepsAround(document.text, after, item.inner, about);
      keepsComments(document, after, about, () => false);
      if (
        item.shape.kind !== "scalar" ||
        !/^(?:[a-z][^:]*|['"][^\\]*['"])$/.test(item.shape.written) ||
        typeof now !== "string"
      )
        return;
      // What stood in quotes for a while stays in them.
      if (value !== "new" && value !== "two new") return;
      const back = adopted(FILE, after, item.path, { value: now });
      expect(back?.text.normalize(), about).toBe(document.text.normalize());
    },
    newScalar,
  );

  property("anything becomes anything in its place", (document, at, value) => {
    const item = pick(document.items, at);
    fc.pre(!means(jsonAt(document.value, item.path), value));
    // Elements with tags are not moved.
    fc.pre(!isJsonArray(value) || !JSON.stringify(item.shape).includes("!!"));
    const { after, about } = edit(document, item.path, { value });
    keepsAround(document.text, after, [item.inner[0], item.outer[1]], about);
    const others = { ...document, items: document.items.filter(({ path }) => !isBelow(path, item.path)) };
    keepsComments(others, after, about, () => false);
    keepsComments({ ...document, items: [item] }, after, about, () => false);
  });

  property("an element goes with its comments", (document, at) => {
    const item = pick(document.items, at);
    const siblings = document.items.filter(
      ({ path }) => path.length === item.path.length && isBelow(path, item.path.slice(0, -1)),
    );
    fc.pre(siblings.length > 1);
    // Of two that are the same, either may go.
    const same = siblings.filter(({ shape }) => printJson(saidBy(shape)) === printJson(saidBy(item.shape)));
    fc.pre(typeof item.path.at(-1) === "string" || same.length === 1);
    const { after, about } = edit(document, item.path, "absent");
    const isFirst = siblings[0] === item;
    const others = { ...document, items: document.items.filter((each) => each !== item) };
    keepsComments(others, after, about, (each) => each !== item && isBelow(each.path, item.path));
    const last = item.comments.at(-1);
    if (last !== undefined && !isFirst) expect(after, about).not.toContain(last);
    if (item.ownLines && !item.flow && !isFirst)
      expect(after, about).toBe(document.text.slice(0, item.outer[0]) + document.text.slice(item.outer[1]));
  });

  property("a new entry goes in, and out again", (document, at, value) => {
    const map = pick(
      document.items.filter(({ shape }) => shape.kind === "map" && shape.items.length > 0),
      at,
    );
    const path = [...map.path, "new-one"];
    fc.pre(!isEmpty(value));
    const { after, about } = edit(document, path, { value });
    keepsComments(document, after, about, () => false);
    keepsAround(document.text, after, map.outer, about);
    const back = adopted(FILE, after, path, "absent");
    expect(back?.text, about).toBe(document.text);
  });

  property(
    "a new element goes to the end of a list",
    (document, at, value) => {
      const list = pick(
        document.items.filter(({ shape }) => shape.kind === "list" && shape.items.length > 0),
        at,
      );
      const now = jsonAt(document.value, list.path);
      const { after, about } = edit(document, list.path, {
        value: [...(isJsonArray(now) ? now : []), value],
      });
      keepsComments(document, after, about, () => false);
      keepsAround(document.text, after, list.outer, about);
    },
    newScalar,
  );
});

describe("a document of YAML with anchors, aliases and merges", () => {
  const layout = fc.record({
    ending: fc.constantFrom("\n", "\r\n"),
    step: fc.constantFrom("  ", "    "),
    quote: fc.constantFrom("", "'", '"'),
    comments: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
    mergeFirst: fc.boolean(),
    inFlow: fc.boolean(),
  });
  type Anchored = typeof layout extends fc.Arbitrary<infer T> ? T : never;

  function lines({ ending, step, quote, comments, mergeFirst, inFlow }: Anchored): string {
    const beside = (at: number) => (comments[at] ? ` # c${at}` : "");
    const above = (at: number) => (comments[at] ? [`${step}# c${at}`] : []);
    const own = [`${step}own: ${quote}mine${quote}${beside(0)}`];
    const merge = [...above(1), `${step}<<: *base${beside(2)}`];
    return [
      "# the head",
      `base: &base${beside(3)}`,
      `${step}a: ${quote}x${quote}${beside(4)}`,
      ...above(5),
      `${step}b: 2`,
      "",
      `one:${beside(6)}`,
      ...(mergeFirst ? [...merge, ...own] : [...own, ...merge]),
      inFlow ? "two: { in: *base }" : `two: *base${beside(7)}`,
      "# the end",
      "",
    ].join(ending);
  }

  const base = { a: "x", b: 2 };

  it.each<[string, Path]>([
    ["of the anchor's own", ["base", "a"]],
    ["that is merged", ["one", "a"]],
    ["that is merged, a number", ["one", "b"]],
    ["beside a merge", ["one", "own"]],
    ["that an alias gives", ["two", "a"]],
    ["that is new beside a merge", ["one", "new-one"]],
    ["that is new in the anchor", ["base", "new-one"]],
  ])("a value %s", (_, path) => {
    fc.assert(
      fc.property(layout, newScalar, fc.boolean(), (how, live, gone) => {
        const value = { base, one: { own: "mine", ...base }, two: how.inFlow ? { in: base } : base };
        const at = how.inFlow && path[0] === "two" ? ["two", "in", ...path.slice(1)] : path;
        const before = lines(how);
        fc.pre(equalJson(readDocument(FILE, before) ?? null, value));
        const wanted: Wanted = gone ? "absent" : { value: live };
        fc.pre(!gone || jsonAt(value, at) !== undefined);
        const result = adopted(FILE, before, at, wanted);
        const about = `${printPath(at)} = ${JSON.stringify(wanted)} of ${before}\nbecame ${result?.text}`;
        // What is merged, or stands behind an alias, cannot go from one place alone.
        if (result === null) return expect(gone, about).toBe(true);
        const isShared = at[0] !== "one" || gone;
        const told = asTold(changed(value, at, wanted));
        if (isShared)
          expect(asTold(jsonAt(result.value, at) ?? null), about).toEqual(
            asTold(jsonAt(changed(value, at, wanted), at) ?? null),
          );
        else expect(asTold(result.value), about).toEqual(told);
        const [was, is] = [before.split(how.ending), result.text.split(how.ending)];
        const left = was.filter((line) => !is.includes(line));
        expect(left.length, about).toBeLessThanOrEqual(gone ? 2 : 1);
        for (const line of left)
          expect(line.trim(), about).toMatch(gone ? /^(?:# c5|a:|b:|own:|two:|one:)/ : /^(?:a|own|two):/);
        expect(was.filter((line) => is.includes(line)).join("\n"), about).toBe(
          is.filter((line) => was.includes(line)).join("\n"),
        );
        return undefined;
      }),
      { numRuns: RUNS },
    );
  });
});
