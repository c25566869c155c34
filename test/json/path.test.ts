import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Path, PathError, parsePath, printPath } from "../../src/json/path.ts";

describe("paths", () => {
  it.each<[Path, string]>([
    [["instance_type"], "instance_type"],
    [["tags", "Name"], "tags.Name"],
    [["tags", "kubernetes.io/role"], 'tags["kubernetes.io/role"]'],
    [["tags", 'say "hi"\\'], 'tags["say \\"hi\\"\\\\"]'],
    [["tags", "1st"], 'tags["1st"]'],
    [["tags", "with-dash"], "tags.with-dash"],
    [["ingress", 0, "cidr_blocks", 1], "ingress[0].cidr_blocks[1]"],
    [["tags", ""], 'tags[""]'],
  ])("%j prints as %s and is read back", (path, text) => {
    expect(printPath(path)).toBe(text);
    expect(parsePath(text)).toEqual(path);
  });

  it("reads both forms of a key", () => {
    expect(parsePath('tags["Name"]')).toEqual(["tags", "Name"]);
  });

  it.each([
    "",
    "tags.",
    "tags..Name",
    "tags[",
    "tags[-1]",
    'tags["open',
    "tags Name",
    ".tags",
    'tags["\\x"]',
  ])("refuses %j", (text) => {
    expect(() => parsePath(text)).toThrow(PathError);
  });

  it("says where it stops being a path", () => {
    expect(() => parsePath("tags[x]")).toThrow("from character 5 on");
  });

  it("reads back whatever is printed", () => {
    const name = fc.stringMatching(/^[a-z_][a-z0-9_]{0,10}$/);
    const step = fc.oneof(fc.string(), fc.nat());
    fc.assert(
      fc.property(name, fc.array(step, { maxLength: 6 }), (first, rest) => {
        const path = [first, ...rest];
        expect(parsePath(printPath(path))).toEqual(path);
      }),
    );
  });
});
