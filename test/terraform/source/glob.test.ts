import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { filesMatching, GlobError, globStep } from "../../../src/terraform/source/glob.ts";
import { memorySnapshot } from "../../../src/terraform/source/snapshot.ts";

const FILES = [
  ...["x.txt", "y.tf", ".dot", ".hid/h.txt", "a/x.txt", "a/b/y.txt", "a/b/c/z.txt"],
  ...["d/we[i]rd.txt", "d/s p.txt", "d/{q}.txt", "d/ab", "d/a+b", "d/(p)", "d/!n", "d/é"],
];
const snapshot = memorySnapshot(Object.fromEntries(FILES.map((name) => [name, ""])));

function matching(pattern: string): string[] {
  return filesMatching(snapshot, pattern.split("/").map(globStep), () => {}).sort();
}

const ALL = [...FILES].sort();
const TEXTS = [
  ".hid/h.txt",
  "a/b/c/z.txt",
  "a/b/y.txt",
  "a/x.txt",
  "d/s p.txt",
  "d/we[i]rd.txt",
  "d/{q}.txt",
  "x.txt",
];

/** What `fileset(".", pattern)` gave with Terraform 1.11.4. */
describe("the files that a pattern matches", () => {
  test.each<[string, string[]]>([
    ["*", [".dot", "x.txt", "y.tf"]],
    ["**", ALL],
    ["**/*", ALL],
    ["**/**/z.txt", ["a/b/c/z.txt"]],
    ["**/*.txt", TEXTS],
    ["a/**", ["a/b/c/z.txt", "a/b/y.txt", "a/x.txt"]],
    ["a/*/c/**", ["a/b/c/z.txt"]],
    ["**/b/*", ["a/b/y.txt"]],
    ["**.txt", ["x.txt"]],
    ["a**", []],
    [".*", [".dot"]],
    ["{x,y}.*", ["x.txt", "y.tf"]],
    ["{,x}.txt", ["x.txt"]],
    ["*{.txt,}", ["x.txt"]],
    ["d/ab{,c}", []],
    ["{a,d}/*", ["a/x.txt", ...FILES.filter((name) => name.startsWith("d/"))].sort()],
    ["[xy].*", ["x.txt", "y.tf"]],
    ["[^x].tf", ["y.tf"]],
    ["[!x].txt", ["x.txt"]],
    ["[[:alpha:]].txt", []],
    ["?.txt", ["x.txt"]],
    ["d/?", ["d/é"]],
    ["d/[é]", ["d/é"]],
    ["d/we\\[i\\]rd.txt", ["d/we[i]rd.txt"]],
    ["d/we[[]i]rd.txt", ["d/we[i]rd.txt"]],
    ["d/{q}.txt", []],
    ["{x{.txt,z},z}", ["x.txt"]],
    ["{z{.txt,x}.txt,z}", []],
    ["x.t{xt,{f,g}}", []],
    ["{{x,y}}.tf", []],
    ["{x,y}.tf}", []],
    ["d/\\{q\\}.txt", ["d/{q}.txt"]],
    ["d/a+b", ["d/a+b"]],
    ["d/+(a)", []],
    ["d/(p)", ["d/(p)"]],
    ["d/!n", ["d/!n"]],
    ["!x.txt", []],
    ["*.TXT", []],
    ["x.txt|y.tf", []],
    ["a/b", []],
  ])("%s", (pattern, files) => {
    expect(matching(pattern)).toEqual(files);
  });

  test.each([
    "{x.txt",
    "{x{.txt,y}",
    "{z,{x,y}.t{xt,f}",
    "{x.txt,a/*.txt}",
    "[x",
    "x\\",
    "[x-].txt",
    "[]x].txt",
  ])("%s is refused", (pattern) => {
    expect(() => matching(pattern)).toThrow(GlobError);
  });

  test("of any text: files of the snapshot, or a refusal", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."*?[]{},\\/^-.!abx") }), (pattern) => {
        try {
          for (const file of matching(pattern)) expect(FILES).toContain(file);
        } catch (error) {
          expect(error).toBeInstanceOf(GlobError);
        }
      }),
    );
  });

  test("takes steps that grow with the name's length, not with its powers", () => {
    const { matches } = globStep("*a".repeat(30)) as { matches: (name: string) => boolean };
    expect(matches(`${"a".repeat(200)}b`)).toBe(false);
  });
});
