import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { applyPatch } from "diff";
import { describe, expect, it } from "vitest";
import type { Adoption, Effect } from "../../src/drift/model.ts";
import { applyEdits, invertEdits } from "../../src/hcl/editing/edit.ts";
import { printJson } from "../../src/json/json.ts";
import { printPath } from "../../src/json/path.ts";
import { instanceOf } from "../../src/reconcile/edit-proof.ts";
import { isReached } from "../../src/reconcile/goal.ts";
import { goalIn } from "../../src/reconcile/moved-goal.ts";
import { means } from "../../src/reconcile/wanted.ts";
import { ADOPTION_CASES, adopt } from "../adoption/cases.ts";
import { deletionsOf, goalOf, repositoryOf } from "../adoption/repository.ts";

/** Of the system, where it has one. */
const PATCH = "patch";

describe.each(ADOPTION_CASES)("adopting a drift: %s", (_, cases) => {
  it.each(cases.map((each) => [each.name, each] as const))("%s", (_name, each) => {
    const { expected } = each;
    const { best, refusal } = adopt(each);
    if (expected.verdict === "refused") {
      expect(best?.adoption.files ?? []).toEqual([]);
      expect(refusal).toContain(expected.why);
      return;
    }
    expect(refusal).toBeNull();
    if (best === null) return;
    expect(Object.fromEntries(changedLines(best.adoption))).toEqual(expected.lines);
    expect(best.adoption.verdict).toBe(expected.verdict);
    if (expected.effects !== undefined) {
      const named = (each.stacks ?? []).length > 1;
      expect(best.adoption.effects.map((effect) => effectText(effect, named))).toEqual(expected.effects);
    } else if (expected.verdict === "exact") {
      const [, ...others] = deletionsOf(each);
      const allowed = new Set([each.address, ...others.map(({ address }) => address)]);
      expect(best.adoption.effects.map(({ address }) => address)).toContain(each.address);
      expect(best.adoption.effects.filter(({ address }) => !allowed.has(address))).toEqual([]);
    }
  });
});

const PROVEN = ADOPTION_CASES.flatMap(([, cases]) => cases)
  .filter(({ expected }) => expected.verdict !== "refused")
  .map((each) => [each.name, each] as const);

describe("what holds for every edit that is offered", () => {
  it("the edited files, evaluated anew, say what is wanted", () => {
    for (const [name, each] of PROVEN) {
      const goal = goalOf(each);
      const before = repositoryOf(each, each.files);
      for (const edit of adopt(each).all) {
        const after = repositoryOf(each, { ...each.files, ...Object.fromEntries(edit.texts) });
        const [was, is] = [before, after].map(
          (side) => instanceOf(side, goalIn(before, side, goal)) ?? undefined,
        );
        if (each.deleted !== undefined) expect([was === undefined, is], name).toEqual([false, undefined]);
        if (each.deleted !== undefined) continue;
        if (was === undefined || is === undefined) throw new Error("the instance is gone");
        for (const { path, wanted } of goal.changes) {
          const plain = path.every((step) => typeof step === "string");
          const what = `${name}: ${printPath(path)}`;
          if (plain && wanted !== "absent") expect(means(is.at(path), wanted.value), what).toBe(true);
          else if (goal.changes.length === 1)
            expect(isReached(was.content, is.content, { path, wanted }), what).toBe(true);
        }
      }
    }
  });

  it("its inverse restores every byte", () => {
    for (const [name, each] of PROVEN) {
      for (const edit of adopt(each).all) {
        for (const [path, text] of edit.texts) {
          const own = edit.edits.filter(({ file }) => file === path);
          const before = each.files[path] ?? "";
          expect(applyEdits(before, own), name).toBe(text);
          expect(applyEdits(text, invertEdits(before, own)), name).toBe(before);
        }
      }
    }
  });

  it("the diff has the contract's header and applies", () => {
    for (const [name, each] of PROVEN) {
      const { best } = adopt(each);
      for (const { path, diff } of best?.adoption.files ?? []) {
        const before = each.files[path] ?? "";
        const tab = path.includes(" ") ? "\t" : "";
        expect(diff.split("\n").slice(0, 2), name).toEqual([`--- a/${path}${tab}`, `+++ b/${path}${tab}`]);
        expect(diff.split("\n")[2], name).toMatch(/^@@ /);
        expect(applyPatch(before, diff, { autoConvertLineEndings: false }), name).toBe(best?.texts.get(path));
      }
    }
  });

  it.skipIf(spawnSync(PATCH, ["--version"]).status !== 0)("`patch -p1` applies them all", () => {
    const folder = mkdtempSync(join(tmpdir(), "driftwright-patch-"));
    try {
      for (const [name, each] of PROVEN) {
        const root = mkdtempSync(join(folder, "case-"));
        for (const [path, text] of Object.entries(each.files)) {
          mkdirSync(dirname(join(root, path)), { recursive: true });
          writeFileSync(join(root, path), text);
        }
        const { best } = adopt(each);
        const input = (best?.adoption.files ?? []).map(({ diff }) => diff).join("");
        const { status, stdout } = spawnSync(PATCH, ["-p1", "--binary"], {
          cwd: root,
          input,
          encoding: "utf8",
        });
        expect([name, stdout, status]).toEqual([name, expect.not.stringMatching(/fuzz|offset/), 0]);
        for (const [path, text] of best?.texts ?? [])
          expect(readFileSync(join(root, path), "utf8")).toBe(text);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** The lines that a diff takes away or adds, by file. */
function changedLines({ files }: Adoption): Map<string, readonly string[]> {
  return new Map(
    files.map(({ path, diff }) => [
      path,
      diff
        .split("\n")
        .slice(2)
        .filter((line) => /^[-+]/.test(line)),
    ]),
  );
}

function effectText({ stack, address, path, before, after }: Effect, named: boolean): string {
  const change = `${address} ${path}: ${printJson(before)} -> ${printJson(after)}`;
  return named ? `${stack} ${change}` : change;
}
