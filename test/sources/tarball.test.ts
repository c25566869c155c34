import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openCheckout } from "../../src/sources/checkout.ts";
import { openTarball, type Tarball } from "../../src/sources/tarball.ts";
import { TarballError } from "../../src/sources/tarball-error.ts";
import type { TarballLimits } from "../../src/sources/tarball-limits.ts";
import {
  COMMIT,
  checksum,
  githubEntries,
  githubTarball,
  globalHeader,
  type TarEntry,
  TOP,
  tarOf,
} from "./archive.ts";

const ASKED = { ref: "refs/heads/main", commit: COMMIT };

function open(entries: readonly TarEntry[], limits: Partial<TarballLimits> = {}): Promise<Tarball> {
  return openTarball(githubTarball(entries), ASKED, { limits });
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}

async function failureOf(opening: Promise<unknown>): Promise<TarballError> {
  const reason: unknown = await opening.then(
    () => expect.fail("it was opened"),
    (error: unknown) => error,
  );
  expect(reason).toBeInstanceOf(TarballError);
  return reason as TarballError;
}

describe("the files of a commit", () => {
  test("are listed and read without the folder around them", async () => {
    const archive = await open([
      { name: "main.tf", content: "root" },
      { name: "infra/", type: "5" },
      { name: "infra/shop/main.tf", content: "shop" },
      { name: "infra/a.tf", content: "" },
    ]);
    expect(archive.list(".")).toEqual(["infra/", "main.tf"]);
    expect(archive.list("")).toEqual(["infra/", "main.tf"]);
    expect(archive.list("infra/")).toEqual(["a.tf", "shop/"]);
    expect(text(archive.read("infra/../infra/shop/./main.tf"))).toBe("shop");
    expect(text(archive.read("infra/a.tf"))).toBe("");
    expect(archive.read("infra")).toBeUndefined();
    expect(archive.read("none.tf")).toBeUndefined();
    expect(archive.read("main.tf/x")).toBeUndefined();
    expect(archive.list("none")).toEqual([]);
    expect(archive.refused).toEqual([]);
    expect(archive.git).toEqual({ ref: "refs/heads/main", commit: COMMIT });
  });

  test("may come in pieces of any size", async () => {
    const bytes = githubTarball([{ name: "main.tf", content: "root" }]);
    async function* pieces(size: number) {
      for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
    }
    for (const size of [1, 7, bytes.length]) {
      expect(text((await openTarball(pieces(size), ASKED)).read("main.tf"))).toBe("root");
    }
  });

  test("may have long names and names in any script", async () => {
    const name = `${"long/".repeat(40)}größe-大小.tf`;
    expect(text((await open([{ name, content: "x" }])).read(name))).toBe("x");
  });

  test("may be called like members of objects", async () => {
    const archive = await open([{ name: "__proto__/constructor.tf", content: "x" }]);
    expect(archive.list(".")).toEqual(["__proto__/"]);
    expect(archive.list("__proto__")).toEqual(["constructor.tf"]);
    expect(archive.list("toString")).toEqual([]);
  });

  test("are different files when their names differ in case", async () => {
    const archive = await open([
      { name: "Main.tf", content: "a" },
      { name: "main.tf", content: "b" },
    ]);
    expect(archive.list(".")).toEqual(["Main.tf", "main.tf"]);
    expect(text(archive.read("Main.tf"))).toBe("a");
  });

  test("leave out what a checkout leaves out, before it takes any room", async () => {
    const archive = await open(
      [
        { name: "node_modules/x/main.tf", content: "x".repeat(100) },
        { name: ".terraform/terraform.tfstate", content: "x" },
        { name: ".terraform/modules/vpc/main.tf", content: "vpc" },
        { name: "main.tf", content: "root" },
      ],
      { codeBytes: 10 },
    );
    expect(archive.list(".")).toEqual([".terraform/", "main.tf"]);
    expect(text(archive.read(".terraform/modules/vpc/main.tf"))).toBe("vpc");
    expect(archive.read("node_modules/x/main.tf")).toBeUndefined();
    expect(archive.refused).toEqual([]);
  });

  test("do not hold those of submodules, which are named", async () => {
    const archive = await open([
      { name: "modules/", type: "5" },
      { name: "modules/vpc/", type: "5" },
      { name: "main.tf" },
    ]);
    expect(archive.submodules).toEqual(["modules/vpc"]);
    expect(archive.list("modules/vpc")).toEqual([]);
  });
});

describe("links", () => {
  test("count as what they lead to; a folder's link is read through, not listed", async () => {
    const archive = await open([
      { name: "shared/common.tf", content: "common" },
      { name: "app/common.tf", type: "2", link: "../shared/common.tf" },
      { name: "app/shared", type: "2", link: "../shared" },
      { name: "app/loop", type: "2", link: ".." },
      { name: "app/same.tf", type: "1", link: `${TOP}/shared/common.tf` },
    ]);
    expect(archive.list("app")).toEqual(["common.tf", "same.tf"]);
    for (const path of ["app/common.tf", "app/shared/common.tf", "app/loop/app/common.tf", "app/same.tf"]) {
      expect(text(archive.read(path))).toBe("common");
    }
    expect(archive.list("app/shared")).toEqual(["common.tf"]);
    expect(archive.refused).toEqual([]);
  });

  test.each<[string, TarEntry, string]>([
    ["a link out", { name: "a.tf", type: "2", link: "../x.tf" }, "the link leads out of the root"],
    ["a link through the root", { name: "a.tf", type: "2", link: "b/../../x.tf" }, "the link leads nowhere"],
    ["an absolute link", { name: "a.tf", type: "2", link: "/etc/passwd" }, "the link leads out of the root"],
    ["a link to nothing", { name: "a.tf", type: "2", link: "x.tf" }, "the link leads nowhere"],
    ["links in a circle", { name: "a.tf", type: "2", link: "./a.tf/../a.tf" }, "the link leads in a circle"],
    ["an empty link", { name: "a.tf", type: "2", link: "" }, "the link leads nowhere"],
    [
      "a hard link out",
      { name: "a.tf", type: "1", link: `${TOP}/../x.tf` },
      "the link leads out of the root",
    ],
    [
      "a hard link elsewhere",
      { name: "a.tf", type: "1", link: "/etc/passwd" },
      "the link leads out of the root",
    ],
    ["a hard link to nothing", { name: "a.tf", type: "1", link: `${TOP}/x.tf` }, "the link leads to no file"],
    ["a pipe", { name: "a.tf", type: "6" }, "it is no regular file (a pipe, device or socket)"],
    ["a device", { name: "a.tf", type: "3" }, "it is no regular file (a pipe, device or socket)"],
    ["something unknown", { name: "a.tf", type: "Z" }, "it is no regular file (a pipe, device or socket)"],
  ])("%s is refused and said", async (_name, entry, reason) => {
    const archive = await open([entry, { ...entry, name: "a.md" }]);
    // That there is code which cannot be read has to be seen.
    expect(archive.list(".")).toEqual(["a.tf"]);
    expect(archive.refused).toEqual([
      { path: "a.tf", reason, passedOver: false },
      { path: "a.md", reason, passedOver: true },
    ]);
    expect(archive.read("a.tf")).toBeUndefined();
    expect(archive.read("a.md")).toBeUndefined();
  });

  test("that nobody lists are refused when something asks for them", async () => {
    const archive = await open([{ name: "a.md", type: "2", link: "/etc/passwd" }]);
    archive.list(".");
    expect(archive.refused.map(({ passedOver }) => passedOver)).toEqual([true]);
    archive.read("a.md");
    expect(archive.refused.map(({ passedOver }) => passedOver)).toEqual([false]);
  });

  test("that double at each step end", async () => {
    const links = Array.from({ length: 60 }, (_, index) => ({
      name: `l${index}`,
      type: "2",
      link: `l${index + 1}/l${index + 1}`,
    }));
    const archive = await open(links);
    expect(archive.read("l0/x.tf")).toBeUndefined();
  });

  test("a path that leads out is refused", async () => {
    const archive = await open([{ name: "main.tf" }]);
    for (const path of ["../x.tf", "/etc/passwd"]) expect(archive.read(path)).toBeUndefined();
    expect(archive.refused.map(({ path, reason }) => `${path}: ${reason}`)).toEqual([
      "../x.tf: the path leads out of the root",
      "/etc/passwd: the path leads out of the root",
    ]);
  });
});

describe("what is kept", () => {
  const limits = {
    codeFileBytes: 100,
    codeBytes: 150,
    otherFileBytes: 50,
    otherBytes: 60,
    binaryFileBytes: 10,
  };

  test.each<[string, string, boolean]>([
    ["main.tf", "x".repeat(100), true],
    ["main.tf", "x".repeat(101), false],
    ["data.yaml", "x".repeat(100), true],
    ["user_data.sh", "x".repeat(50), true],
    ["user_data.sh", "x".repeat(51), false],
    ["small.zip", "\0".repeat(10), true],
    ["large.zip", "\0".repeat(11), false],
  ])("%s", async (name, content, isKept) => {
    const archive = await open([{ name, content }], limits);
    expect(archive.list(".")).toEqual([name]);
    expect(archive.refused).toEqual([]);
    expect(text(archive.read(name))).toBe(isKept ? content : undefined);
    expect(archive.refused.map(({ path }) => path)).toEqual(isKept ? [] : [name]);
  });

  test("other files never take the place of code", async () => {
    const archive = await open(
      [
        { name: "a.txt", content: "x".repeat(50) },
        { name: "b.txt", content: "x".repeat(50) },
        { name: "c.tf", content: "x".repeat(100) },
        { name: "d.tf", content: "x".repeat(51) },
        { name: "e.tf", content: "x".repeat(50) },
      ],
      limits,
    );
    const names = archive.list(".");
    expect(names).toEqual(["a.txt", "b.txt", "c.tf", "d.tf", "e.tf"]);
    expect(names.filter((name) => archive.read(name) !== undefined)).toEqual(["a.txt", "c.tf", "e.tf"]);
    expect(archive.refused).toContainEqual({
      path: "d.tf",
      reason: "the files before it in the archive used up the 150 bytes that are kept",
      passedOver: false,
    });
  });
});

describe("names that are not used, and said", () => {
  const limits = { pathLength: 30, depth: 4 };

  test.each([
    ["x\ny.tf", /control character/],
    ["a\\b.tf", /backslash/],
    ["C:main.tf", /looks like a drive/],
    ["\ufffd.tf", /not text in UTF-8/],
  ])("%j", async (name, reason) => {
    const archive = await open([{ name, content: "x" }, { name: "main.tf" }], limits);
    expect(archive.list(".")).toEqual([name, "main.tf"].sort());
    expect(archive.read(name)).toBeUndefined();
    expect(archive.refused).toMatchObject([{ path: name, passedOver: false }]);
    expect(archive.refused[0]?.reason).toMatch(reason);
  });

  test.each([`${"a".repeat(30)}.tf`, "1/2/3/4/5.tf"])("%s", async (name) => {
    const archive = await open([{ name, content: "x" }, { name: "main.tf" }], limits);
    expect(archive.list(".")).toEqual(["main.tf"]);
    expect(archive.refused).toEqual([
      { path: name, reason: "its path has more than 30 characters or 4 steps", passedOver: false },
    ]);
  });
});

describe("archives that are refused", () => {
  const file = { name: `${TOP}/main.tf`, content: "x" };
  const head = globalHeader(COMMIT);

  test.each<[string, readonly TarEntry[], string, RegExp]>([
    [
      "a step up",
      [head, { name: `${TOP}/../x.tf` }],
      "unexpected",
      /empty, \. or \.\.; nothing of it was used/,
    ],
    ["a step of its own", [head, { name: `${TOP}/./x.tf` }], "unexpected", /empty, \. or \.\./],
    ["an empty step", [head, { name: `${TOP}//x.tf` }], "unexpected", /empty, \. or \.\./],
    ["an absolute path", [head, { name: "/etc/passwd" }], "unexpected", /absolute path/],
    ["a drive", [head, { name: "C:/x.tf" }], "unexpected", /absolute path/],
    ["an empty name", [head, { name: "" }], "unexpected", /empty/],
    [
      "two folders at the top",
      [head, file, { name: "other/x.tf" }],
      "unexpected",
      /not in the archive's one folder/,
    ],
    ["a name twice", [head, file, file], "unexpected", /"main\.tf" is named twice/],
    [
      "a folder twice",
      [head, { name: `${TOP}/a/`, type: "5" }, { name: `${TOP}/a/`, type: "5" }],
      "unexpected",
      /twice/,
    ],
    [
      "a file as a folder",
      [head, file, { name: `${TOP}/main.tf/x` }],
      "unexpected",
      /below "main\.tf", which is no folder/,
    ],
    [
      "a link as a folder",
      [head, { name: `${TOP}/l`, type: "2", link: "." }, { name: `${TOP}/l/x` }],
      "unexpected",
      /below "l"/,
    ],
    [
      "a folder as a file",
      [head, { name: `${TOP}/a/x` }, { name: `${TOP}/a` }],
      "unexpected",
      /"a" is named twice/,
    ],
    [
      "another commit",
      [globalHeader("f".repeat(40)), file],
      "wrong-commit",
      /holds commit f{40}, not 0123456789/,
    ],
    ["no commit", [file], "wrong-commit", /does not say that it holds commit/],
    ["a commit that comes late", [file, head], "wrong-commit", /does not say/],
    [
      "a header of another kind",
      [{ ...head, content: "52 path=/etc/passwd\n" }, file],
      "wrong-commit",
      /does not say/,
    ],
    ["a size beyond the end", [head, { ...file, size: "00000100000" }], "damaged", /fetch it again/],
    ["a size that is no number", [head, { ...file, size: "zzzzzzzzzzz" }], "damaged", /fetch it again/],
    ["a size in an unknown form", [head, { ...file, size: "\u00e9" }], "unexpected", /no usable size/],
    [
      "a folder with a size",
      [head, { name: `${TOP}/a/`, type: "5", content: "x" }],
      "unexpected",
      /no usable size/,
    ],
  ])("%s", async (_name, entries, problem, message) => {
    const failure = await failureOf(openTarball(gzipSync(tarOf(entries)), ASKED));
    expect(failure.problem).toBe(problem);
    expect(failure.message).toMatch(message);
  });

  const SOUND = githubTarball([{ name: "main.tf", content: "x".repeat(5000) }]);
  test.each<[string, Uint8Array]>([
    ["nothing", new Uint8Array()],
    ["a web page", Buffer.from("<html>Sign in</html>")],
    ["half of it", SOUND.subarray(0, SOUND.length / 2)],
    ["all but the last byte", SOUND.subarray(0, -1)],
    ["a tar file without its end", gzipSync(tarOf(githubEntries([{ name: "main.tf" }]), 0))],
    ["an empty gzip file", gzipSync("")],
    ["a gzip file of something else", gzipSync("hello ".repeat(1000))],
  ])("%s is damaged", async (_name, bytes) => {
    expect((await failureOf(openTarball(bytes, ASKED))).problem).toBe("damaged");
  });

  test.each<[string, Partial<TarballLimits>, RegExp]>([
    ["compressed bytes", { compressedBytes: 200 }, /archive has more than 200 bytes/],
    ["bytes", { unpackedBytes: 50_000 }, /it has more than 50000 bytes/],
    ["ratio", { ratio: 20, ratioFromBytes: 10_000 }, /more than 20 times its size/],
    ["entries", { entries: 3 }, /more than 3 files and folders/],
    ["names", { namesLength: 60 }, /names with more than 60 characters/],
  ])("too large: %s", async (_name, limits, message) => {
    const entries = ["a", "b", "c", "d"].map((name) => ({
      name: `${name}.md`,
      content: name.repeat(100_000),
    }));
    const failure = await failureOf(open(entries, limits));
    expect(failure.problem).toBe("too-large");
    expect(failure.message).toMatch(/^the repository is too large to be scanned/);
    expect(failure.message).toMatch(message);
  });

  test("a bomb ends long before it is unpacked", async () => {
    const zeros = gzipSync(Buffer.alloc(32 * 1024 * 1024));
    let served = 0;
    async function* bomb() {
      yield githubTarball([]).subarray(0, 0);
      for (; served < 1000; served += 1) yield zeros;
    }
    const failure = await failureOf(openTarball(bomb(), ASKED));
    expect(failure.problem).toBe("too-large");
    expect(served).toBeLessThan(50);
  });

  test("what the connection says when it breaks comes through", async () => {
    const reason = new Error("socket hang up");
    async function* broken() {
      yield SOUND.subarray(0, 20);
      throw reason;
    }
    await expect(openTarball(broken(), ASKED)).rejects.toBe(reason);
  });

  test("the connection is let go of when enough is known", async () => {
    let isOpen = true;
    async function* connection() {
      try {
        for (;;) yield SOUND.subarray(0, 20);
      } finally {
        isOpen = false;
      }
    }
    await failureOf(openTarball(connection(), ASKED, { limits: { compressedBytes: 100 } }));
    expect(isOpen).toBe(false);
  });

  test("a caller that has no more time stops it", async () => {
    async function* endless() {
      yield SOUND.subarray(0, 20);
      await new Promise(() => {});
    }
    const stop = new AbortController();
    const opening = failureOf(openTarball(endless(), ASKED, { signal: stop.signal }));
    stop.abort();
    expect((await opening).problem).toBe("interrupted");
  });
});

describe("whatever the bytes are", () => {
  const SOUND = githubEntries([
    { name: "main.tf", content: "x".repeat(700) },
    { name: "l.tf", type: "2", link: "main.tf" },
    { name: "h.tf", type: "1", link: `${TOP}/main.tf` },
    { name: `${"deep/".repeat(30)}main.tf`, content: "y" },
  ]);

  async function opensOrSays(bytes: Uint8Array): Promise<void> {
    try {
      const archive = await openTarball(bytes, ASKED);
      for (const name of archive.list(".")) archive.read(name);
    } catch (error) {
      expect(error).toBeInstanceOf(TarballError);
    }
  }

  test("any bytes, packed or not", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), fc.boolean(), async (bytes, packed) => {
        await opensOrSays(packed ? gzipSync(bytes) : bytes);
      }),
      { numRuns: 200 },
    );
  });

  test("an archive with changed bytes, and headers that still add up", async () => {
    const change = fc.tuple(fc.nat(), fc.nat(255));
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(), async (changes, cut) => {
        const bytes = Buffer.from(tarOf(SOUND));
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        for (let at = 0; at + 512 <= bytes.length; at += 512) {
          if (bytes.toString("latin1", at + 257, at + 262) === "ustar")
            bytes.write(checksum(bytes.subarray(at)), at + 148);
        }
        await opensOrSays(gzipSync(cut % 4 === 0 ? bytes.subarray(0, cut % bytes.length) : bytes));
      }),
      { numRuns: 300 },
    );
  });

  test("any names, types, links and sizes", async () => {
    const name = fc.oneof(
      fc
        .array(fc.constantFrom("a", "b", "..", ".", "", "C:", "\0", "é"), { maxLength: 5 })
        .map((all) => all.join("/")),
      fc.string({ maxLength: 300 }),
    );
    const entry = fc.record(
      {
        name: fc.oneof(
          name,
          name.map((any) => `${TOP}/${any}`),
        ),
        type: fc.constantFrom("0", "1", "2", "3", "5", "6", "7", "x", "g", "L", "K", "N", "Z", "\0"),
        content: fc.oneof(
          fc.uint8Array({ maxLength: 600 }),
          fc.string(),
          fc.constant("9 size=-1\n12 size=1e99\n"),
        ),
        link: fc.oneof(
          name,
          name.map((any) => `${TOP}/${any}`),
        ),
        size: fc.constantFrom(
          "00000000000",
          "77777777777",
          "zzzzzzzzzzz",
          "-0000000001",
          "\u00ff".repeat(11),
          " ",
        ),
      },
      { requiredKeys: ["name"] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 8 }), async (entries) => {
        await opensOrSays(gzipSync(tarOf([globalHeader(COMMIT), ...entries])));
      }),
      { numRuns: 500 },
    );
  });
});

describe("an archive that git makes of a repository", () => {
  test("is what a checkout of it is", async () => {
    const root = realpathSync(mkdtempSync(join(tmpdir(), "driftwright-")));
    try {
      const commit = makeRepository(root);
      const bytes = execFileSync(
        "git",
        ["-C", root, "archive", "--format=tar.gz", `--prefix=${TOP}/`, commit],
        {
          maxBuffer: 64 * 1024 * 1024,
        },
      );
      const archive = await openTarball(bytes, { ref: null, commit });
      const checkout = openCheckout(root);
      const paths = walk(checkout, ".");
      expect(walk(archive, ".")).toEqual(paths);
      expect(paths.length).toBeGreaterThan(10);
      for (const path of [...paths, "app/shared/common.tf", "app/loop/main.tf", "nothing"]) {
        expect(text(archive.read(path))).toBe(text(checkout.read(path)));
      }
      expect(sorted(archive)).toEqual(sorted(checkout));
      await expect(openTarball(bytes, ASKED)).rejects.toThrow(/holds commit/);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  function makeRepository(root: string): string {
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).trim();
    git("init", "--quiet", "--initial-branch=main");
    const files = [
      "main.tf",
      "Main.tf",
      "shared/common.tf",
      "größe/大小.tf",
      "a b/c d.tf",
      `${"long/".repeat(40)}x.tf`,
    ];
    for (const path of [...files, ".github/driftwright.yml", "logo.bin", "-x.tf", "empty.tf"]) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), path === "empty.tf" ? "" : `content of ${path}\0`.repeat(50));
    }
    mkdirSync(join(root, "app"));
    const links = {
      "app/common.tf": "../shared/common.tf",
      "app/shared": "../shared",
      "app/loop": "..",
      "out.tf": "../../x.tf",
      "etc.md": "/etc/hostname",
      "nowhere.tf": "x",
      "notes.md": "x",
    };
    for (const [path, target] of Object.entries(links)) symlinkSync(target, join(root, path));
    git("add", "--all");
    git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "-m", "a");
    return git("rev-parse", "HEAD");
  }

  function walk(snapshot: Pick<Tarball, "list">, folder: string): string[] {
    return snapshot.list(folder).flatMap((name) => {
      const path = folder === "." ? name : `${folder}/${name}`;
      return name.endsWith("/") ? walk(snapshot, path.slice(0, -1)) : [path];
    });
  }

  /** Where a link leads outside it makes no difference whether something is there. */
  function sorted({ refused }: Pick<Tarball, "refused">): unknown[] {
    return refused
      .map(({ path, passedOver, reason }) => ({
        path,
        passedOver,
        reason: reason.replace(/out of the root|nowhere/, "away"),
      }))
      .toSorted((a, b) => (a.path < b.path ? -1 : 1));
  }
});
