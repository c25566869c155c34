import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Marker, parseMarker, printMarker } from "../../src/reports/marker.ts";
import { hostile } from "./hostile.ts";

const marker: Marker = { kind: "issue", stack: "shop-prod", fingerprints: ["5b1f"], revisions: ["a1b2"] };

describe("a marker", () => {
  it("is one readable comment", () => {
    expect(printMarker(marker)).toBe(
      '<!-- driftwright:v1 {"kind":"issue","stack":"shop-prod","fingerprints":["5b1f"],"revisions":["a1b2"]} -->',
    );
  });

  it("reads back whatever is in it, and its contents cannot close the comment", () => {
    fc.assert(
      fc.property(fc.option(hostile), fc.array(fc.tuple(hostile, hostile)), (stack, pairs) => {
        const original: Marker = {
          kind: "pull-request",
          stack,
          fingerprints: pairs.map(([fingerprint]) => fingerprint),
          revisions: pairs.map(([, revision]) => revision),
        };
        const line = printMarker(original);
        expect(line.slice(4, -3)).not.toMatch(/--|[<>\n]/);
        expect(parseMarker(`${line}\n\nbody`)).toEqual(original);
      }),
    );
  });

  it.each([
    ["on the first line", `${printMarker(marker)}\ntext`, marker],
    ["on the last line", `text\n${printMarker(marker)}\n`, marker],
    ["after carriage returns", `${printMarker(marker)}\r\ntext`, marker],
    ["that names the repository that it tells of", printMarker({ ...marker, of: 12 }), { ...marker, of: 12 }],
    ["that names no repository there can be", printMarker({ ...marker, of: -1 }), null],
    ["between other lines", `a\n${printMarker(marker)}\nb`, null],
    ["inside a line", `a ${printMarker(marker)}`, null],
    ["with broken JSON", '<!-- driftwright:v1 {"kind":} -->', null],
    ["with other fields", '<!-- driftwright:v1 {"kind":"issue"} -->', null],
    ["of an unknown kind", printMarker(marker).replace("issue", "comment"), null],
    ["of another version", printMarker(marker).replace("v1", "v2"), null],
    ["nowhere", "", null],
  ])("%s", (_, body, found) => {
    expect(parseMarker(body)).toEqual(found);
  });
});
