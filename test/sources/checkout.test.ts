import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { CheckoutError, openCheckout } from "../../src/sources/checkout.ts";

let outside: string;
let root: string;

beforeEach(() => {
  outside = realpathSync(mkdtempSync(join(tmpdir(), "driftwright-")));
  root = join(outside, "repo");
  mkdirSync(root);
  writeFileSync(join(outside, "secret.tf"), "secret");
  mkdirSync(join(outside, "repo-other"));
  writeFileSync(join(outside, "repo-other/main.tf"), "secret");
});

afterEach(() => rmSync(outside, { recursive: true, force: true }));

describe("reading and listing", () => {
  test("gives files and folders, sorted, folders with a slash", () => {
    put("main.tf", "root");
    put("infra/shop/main.tf", "shop");
    put("infra/a.tf", "a");
    const checkout = openCheckout(root);
    expect(checkout.list(".")).toEqual(["infra/", "main.tf"]);
    expect(checkout.list("")).toEqual(["infra/", "main.tf"]);
    expect(checkout.list("infra")).toEqual(["a.tf", "shop/"]);
    expect(text(checkout.read("infra/../infra/shop/./main.tf"))).toBe("shop");
    expect(checkout.refused).toEqual([]);
  });

  test("gives nothing where there is nothing, without complaint", () => {
    put("main.tf", "root");
    const checkout = openCheckout(root);
    expect(checkout.read("none.tf")).toBeUndefined();
    expect(checkout.read("main.tf/x")).toBeUndefined();
    expect(checkout.read(".")).toBeUndefined();
    expect(checkout.list("none")).toEqual([]);
    expect(checkout.list("main.tf")).toEqual([]);
    expect(checkout.refused).toEqual([]);
  });

  test("keeps what it read: a second look sees the same", () => {
    put("main.tf", "first");
    const checkout = openCheckout(root);
    checkout.read("main.tf");
    checkout.list(".");
    put("main.tf", "second");
    put("other.tf", "");
    expect(text(checkout.read("main.tf"))).toBe("first");
    expect(checkout.list(".")).toEqual(["main.tf"]);
  });

  test("reads what changes while a scan runs anew when asked to", () => {
    put("terraform.tfstate", "first");
    const checkout = openCheckout(root);
    checkout.read("terraform.tfstate");
    put("terraform.tfstate", "second");
    expect(text(checkout.readNow("terraform.tfstate"))).toBe("second");
    expect(text(checkout.read("terraform.tfstate"))).toBe("first");
    expect(checkout.readNow("../secret.tf")).toBeUndefined();
  });

  test("leaves out what is no code: git, npm, and .terraform but for the installed modules", () => {
    for (const path of [
      ".git/config",
      "sub/.git",
      "node_modules/x/main.tf",
      "infra/.terraform/terraform.tfstate",
      "infra/.terraform/providers/x",
      "infra/.terraform/modules/modules.json",
      "infra/.terraform/modules/vpc/main.tf",
      "infra/.terraform/modules/vpc/.git/config",
    ]) {
      put(path, "content");
    }
    const checkout = openCheckout(root);
    expect(checkout.list(".")).toEqual(["infra/", "sub/"]);
    expect(checkout.list("sub")).toEqual([]);
    expect(checkout.list("infra/.terraform")).toEqual(["modules/"]);
    expect(checkout.list("infra/.terraform/modules")).toEqual(["modules.json", "vpc/"]);
    expect(checkout.list("infra/.terraform/modules/vpc")).toEqual(["main.tf"]);
    expect(text(checkout.read("infra/.terraform/modules/modules.json"))).toBe("content");
    expect(checkout.read(".git/config")).toBeUndefined();
    expect(checkout.read("infra/.terraform/terraform.tfstate")).toBeUndefined();
    expect(checkout.list("node_modules")).toEqual([]);
  });
});

describe("confined to the root", () => {
  test.each(["../secret.tf", "a/../../secret.tf", "/etc/passwd"])("%s", (path) => {
    const checkout = openCheckout(root);
    expect(checkout.read(path)).toBeUndefined();
    expect(checkout.list(path)).toEqual([]);
    expect(checkout.refused).toEqual([{ path, reason: "the path leads out of the root", passedOver: false }]);
  });

  test.each([
    ["a link to a file outside", "a.tf", "../secret.tf", "a.tf"],
    ["an absolute link", "a.tf", "/etc/passwd", "a.tf"],
    ["a link to a folder outside", "a", "..", "a/secret.tf"],
    ["a folder whose name starts like the root's", "a", "../repo-other", "a/main.tf"],
  ])("%s", (_name, link, target, path) => {
    symlinkSync(target, join(root, link));
    const checkout = openCheckout(root);
    // That there is code which cannot be read has to be seen.
    expect(checkout.list(".")).toEqual(link.endsWith(".tf") ? [link] : []);
    expect(checkout.refused).toMatchObject([{ path: link, reason: "the link leads out of the root" }]);
    expect(checkout.read(path)).toBeUndefined();
    expect(checkout.list(link)).toEqual([]);
    expect(checkout.refused).toContainEqual({
      path,
      reason: "the link leads out of the root",
      passedOver: false,
    });
  });

  test("links that go out through links inside", () => {
    mkdirSync(join(root, "x"));
    symlinkSync("..", join(root, "x/up"));
    symlinkSync("x/up/../secret.tf", join(root, "sly.tf"));
    const checkout = openCheckout(root);
    expect(checkout.read("sly.tf")).toBeUndefined();
    expect(checkout.read("x/up/x/up/../../secret.tf")).toBeUndefined();
  });

  test("a link to the root's own .git shows nothing", () => {
    put(".git/config", "token");
    symlinkSync(".git/config", join(root, "a.tf"));
    symlinkSync(".git", join(root, "git"));
    const checkout = openCheckout(root);
    expect(checkout.list(".")).toEqual([]);
    expect(checkout.read("a.tf")).toBeUndefined();
    expect(checkout.read("git/config")).toBeUndefined();
  });

  test("links inside that point inside are fine; a folder's link is read through, not listed", () => {
    put("shared/common.tf", "common");
    mkdirSync(join(root, "app"));
    symlinkSync("../shared/common.tf", join(root, "app/common.tf"));
    symlinkSync("../shared", join(root, "app/shared"));
    symlinkSync("..", join(root, "app/loop"));
    const checkout = openCheckout(root);
    expect(checkout.list("app")).toEqual(["common.tf"]);
    expect(text(checkout.read("app/common.tf"))).toBe("common");
    expect(text(checkout.read("app/shared/common.tf"))).toBe("common");
    expect(checkout.list("app/shared")).toEqual(["common.tf"]);
    expect(checkout.refused).toEqual([]);
  });

  test("the root itself may be behind a link", () => {
    put("main.tf", "root");
    symlinkSync(root, join(outside, "link"));
    const checkout = openCheckout(join(outside, "link"));
    expect(checkout.root).toBe(root);
    expect(text(checkout.read("main.tf"))).toBe("root");
  });
});

describe("refused and said", () => {
  test("links that lead nowhere or in a circle", () => {
    symlinkSync("nowhere", join(root, "broken.tf"));
    symlinkSync("circle.tf", join(root, "circle.tf"));
    const checkout = openCheckout(root);
    expect(checkout.list(".")).toEqual(["broken.tf", "circle.tf"]);
    expect(checkout.read("broken.tf")).toBeUndefined();
    expect(checkout.refused).toEqual([
      { path: "broken.tf", reason: "the link leads nowhere", passedOver: false },
      { path: "circle.tf", reason: "it cannot be read (ELOOP)", passedOver: false },
    ]);
  });

  test.each(["notes.md", ".#main.tf", "latest"])("%s is passed over until something asks for it", (name) => {
    symlinkSync("nowhere", join(root, name));
    symlinkSync("../secret.tf", join(root, `x${name}.md`));
    const checkout = openCheckout(root);
    checkout.list(".");
    expect(checkout.refused.map(({ passedOver }) => passedOver)).toEqual([true, true]);
    checkout.read(`x${name}.md`);
    expect(checkout.refused.map(({ passedOver }) => passedOver)).toEqual([true, false]);
  });

  test("a pipe, which would block whoever opens it", () => {
    execFileSync("mkfifo", [join(root, "pipe.tf")]);
    symlinkSync("pipe.tf", join(root, "link.tf"));
    const checkout = openCheckout(root);
    expect(checkout.list(".")).toEqual(["pipe.tf"]);
    expect(checkout.read("pipe.tf")).toBeUndefined();
    expect(checkout.read("link.tf")).toBeUndefined();
    expect(checkout.refused.map(({ path }) => path)).toEqual(["pipe.tf", "link.tf"]);
    expect(checkout.refused[0]?.reason).toBe("it is no regular file (a pipe, device or socket)");
  });

  test("a file above the limit", () => {
    put("big.tf", "x".repeat(11));
    put("small.tf", "x".repeat(10));
    const checkout = openCheckout(root, 10);
    expect(checkout.read("big.tf")).toBeUndefined();
    expect(checkout.read("small.tf")).toHaveLength(10);
    expect(checkout.refused).toEqual([
      {
        path: "big.tf",
        reason: "it has 11 bytes, more than the 10 that are read",
        passedOver: false,
      },
    ]);
  });

  test.skipIf(process.getuid?.() === 0)("a file without permission", () => {
    put("main.tf", "x");
    chmodSync(join(root, "main.tf"), 0);
    const checkout = openCheckout(root);
    expect(checkout.read("main.tf")).toBeUndefined();
    expect(checkout.refused).toEqual([
      { path: "main.tf", reason: "there is no permission to read it", passedOver: false },
    ]);
  });

  test.each([
    ["gone", /cannot open .*gone \(ENOENT\); give the folder of a checkout/],
    ["secret.tf", /secret\.tf is a file; give the folder it stands in/],
  ])("a root that is no folder: %s", (name, message) => {
    expect(() => openCheckout(join(outside, name))).toThrow(message);
    expect(() => openCheckout(join(outside, name))).toThrow(CheckoutError);
  });
});

describe("git", () => {
  const A = "a".repeat(40);
  const B = "b".repeat(40);

  test.each<[string, Readonly<Record<string, string>>, string | null, string | null]>([
    ["no repository", {}, null, null],
    [
      "a branch",
      { ".git/HEAD": "ref: refs/heads/main\n", ".git/refs/heads/main": `${A}\n` },
      "refs/heads/main",
      A,
    ],
    ["a branch without commits", { ".git/HEAD": "ref: refs/heads/main\n" }, "refs/heads/main", null],
    ["a commit checked out by itself", { ".git/HEAD": `${A}\n` }, null, A],
    [
      "a packed branch",
      {
        ".git/HEAD": "ref: refs/heads/feature/x\n",
        ".git/packed-refs": `# pack-refs with: peeled fully-peeled sorted\n${B} refs/heads/x\n${A} refs/heads/feature/x\n^${B}\n`,
      },
      "refs/heads/feature/x",
      A,
    ],
    [
      "a loose branch before a packed one",
      {
        ".git/HEAD": "ref: refs/heads/main\n",
        ".git/refs/heads/main": `${A}\n`,
        ".git/packed-refs": `${B} refs/heads/main\n`,
      },
      "refs/heads/main",
      A,
    ],
    [
      "a branch that stands for another",
      {
        ".git/HEAD": "ref: refs/heads/now\n",
        ".git/refs/heads/now": "ref: refs/heads/main\n",
        ".git/refs/heads/main": A,
      },
      "refs/heads/now",
      A,
    ],
    [
      "branches that stand for each other",
      { ".git/HEAD": "ref: refs/heads/a\n", ".git/refs/heads/a": "ref: refs/heads/a\n" },
      "refs/heads/a",
      null,
    ],
    ["a HEAD that leads elsewhere", { ".git/HEAD": "ref: refs/../../secret.tf\n" }, null, null],
    ["a HEAD that is no HEAD", { ".git/HEAD": "hello\n" }, null, null],
    [
      "a worktree",
      {
        ".git": "gitdir: ../main/.git/worktrees/w\n",
        "../main/.git/worktrees/w/HEAD": "ref: refs/heads/w\n",
        "../main/.git/worktrees/w/commondir": "../..\n",
        "../main/.git/refs/heads/w": `${A}\n`,
      },
      "refs/heads/w",
      A,
    ],
    [
      "a worktree with packed branches",
      {
        ".git": "gitdir: ../main/.git/worktrees/w\n",
        "../main/.git/worktrees/w/HEAD": "ref: refs/heads/w\n",
        "../main/.git/worktrees/w/commondir": "../..\n",
        "../main/.git/packed-refs": `${A} refs/heads/w\n`,
      },
      "refs/heads/w",
      A,
    ],
  ])("%s", (_name, files, ref, commit) => {
    for (const [path, content] of Object.entries(files)) put(path, content);
    expect(openCheckout(root).git).toEqual({ ref, commit });
  });

  test("agrees with git itself", () => {
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, ...args], { encoding: "utf8" }).trim();
    git("init", "--quiet", "--initial-branch=trunk");
    git(
      "-c",
      "user.name=a",
      "-c",
      "user.email=a@example.com",
      "commit",
      "--quiet",
      "--allow-empty",
      "-m",
      "a",
    );
    const commit = git("rev-parse", "HEAD");
    expect(openCheckout(root).git).toEqual({ ref: "refs/heads/trunk", commit });
    git("pack-refs", "--all");
    expect(openCheckout(root).git).toEqual({ ref: "refs/heads/trunk", commit });
    git("worktree", "add", "--quiet", join(outside, "tree"));
    expect(openCheckout(join(outside, "tree")).git).toEqual({ ref: "refs/heads/tree", commit });
  });
});

function put(path: string, content: string): void {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(place, content);
}

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
