import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeText,
  folderOf,
  joinPath,
  memorySnapshot,
  OutsideSnapshot,
  withFiles,
} from "../../../src/terraform/source/snapshot.ts";

describe("joinPath", () => {
  test.each([
    [".", "main.tf", "main.tf"],
    ["", "main.tf", "main.tf"],
    ["infra/shop", "../../modules/vpc", "modules/vpc"],
    ["infra/shop", "./a/./b//c", "infra/shop/a/b/c"],
    ["infra", "..", "."],
    ["infra", "", "infra"],
    [".", ".", "."],
    ["infra", "../..", null],
    [".", "../x", null],
    ["infra", "../../infra/x", null],
    ["infra", "/etc/passwd", null],
    ["/infra", "x", null],
    ["infra", "...", "infra/..."],
  ])("%j + %j = %j", (base, relative, expected) => {
    expect(joinPath(base, relative)).toBe(expected);
  });

  test("what it gives has no `..`, and joining it again changes nothing", () => {
    const paths = fc
      .array(fc.constantFrom("..", ".", "", "a", "b.tf", ".git"))
      .map((steps) => steps.join("/"));
    fc.assert(
      fc.property(paths, paths, (base, relative) => {
        const joined = joinPath(base, relative);
        if (joined === null) return;
        expect(joined.split("/")).not.toContain("..");
        expect(joinPath(".", joined)).toBe(joined);
      }),
    );
  });
});

test("folderOf", () => {
  expect(["a.tf", "b/c/a.tf"].map(folderOf)).toEqual([".", "b/c"]);
});

describe("a snapshot in memory", () => {
  const snapshot = memorySnapshot({
    "main.tf": "root",
    "infra/shop/main.tf": "shop",
    "infra/readme.md": "text",
    "infra/raw.bin": new Uint8Array([0xff]),
  });

  test.each([".", "", "./"])("lists the root as %j", (root) => {
    expect(snapshot.list(root)).toEqual(["infra/", "main.tf"]);
  });

  test("lists folders with a slash, names sorted", () => {
    expect(snapshot.list("infra")).toEqual(["raw.bin", "readme.md", "shop/"]);
  });

  test.each(["nowhere", "main.tf", "..", "infra/../.."])("lists nothing for %s", (folder) => {
    expect(snapshot.list(folder)).toEqual([]);
  });

  test("reads files by any way of writing their path", () => {
    expect(text(snapshot.read("./infra/../infra/shop/main.tf"))).toBe("shop");
    expect(snapshot.read("infra/raw.bin")).toEqual(new Uint8Array([0xff]));
  });

  test.each(["infra", "nothing.tf", "../main.tf", "/main.tf", "__proto__"])(
    "reads nothing for %s",
    (path) => {
      expect(snapshot.read(path)).toBeUndefined();
    },
  );

  test.each(["../a", "/a", ".", ""])("refuses a file at %j", (path) => {
    expect(() => memorySnapshot({ [path]: "" })).toThrow(OutsideSnapshot);
  });

  test("an overlay changes and adds files and leaves the snapshot alone", () => {
    const edited = withFiles(
      snapshot,
      new Map([
        ["main.tf", "edited"],
        ["./infra/new/a.tf", "new"],
        ["infra/empty.tf", ""],
      ]),
    );
    expect(text(edited.read("main.tf"))).toBe("edited");
    expect(text(edited.read("infra/new/a.tf"))).toBe("new");
    expect(text(edited.read("infra/empty.tf"))).toBe("");
    expect(text(edited.read("infra/shop/main.tf"))).toBe("shop");
    expect(edited.list("infra")).toEqual(["empty.tf", "new/", "raw.bin", "readme.md", "shop/"]);
    expect(edited.list("infra/new")).toEqual(["a.tf"]);
    expect(text(snapshot.read("main.tf"))).toBe("root");
    expect(snapshot.list("infra/new")).toEqual([]);
  });
});

describe("decodeText", () => {
  test("keeps the byte order mark, so that offsets are those of the file", () => {
    expect(decodeText(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe("\ufeffa");
  });

  test("is null for what is not UTF-8", () => {
    expect(decodeText(new Uint8Array([0x61, 0xff]))).toBeNull();
    expect(decodeText(new Uint8Array([0xed, 0xa0, 0x80]))).toBeNull();
  });
});

function text(bytes: Uint8Array | undefined): string | null {
  return bytes === undefined ? null : decodeText(bytes);
}
