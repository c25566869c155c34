import { describe, expect, it } from "vitest";
import type { Adoption, JudgedFinding } from "../../src/drift/model.ts";
import { asOnDefaultBranch } from "../../src/scan/production-ref.ts";
import { finding as drift, stackResult } from "../store/findings-of.ts";

type Files = Readonly<Record<string, string>>;

const diffOf = (before: string, after: string) => `${before} -> ${after}`;

function edited(...paths: readonly string[]): Adoption {
  const files = paths.map((path) => ({ path, diff: diffOf("small\n", "large\n") }));
  return { files, effects: [], verdict: "exact", why: "It is the value." };
}

/** A finding of a stack that runs from `release`, as it counts for `main`. */
async function settled(
  finding: JudgedFinding,
  there: Files,
  main: Files,
): Promise<JudgedFinding & { readonly asked: readonly string[] }> {
  const asked: string[] = [];
  const [stack] = await asOnDefaultBranch([stackResult("shop", "complete", [finding, finding])], {
    ref: "release",
    defaultBranch: "main",
    thereAt: async (path) => there[path] ?? null,
    defaultAt: async (path) => {
      asked.push(path);
      return main[path] ?? null;
    },
    applied: (text, diff) => {
      const [before, after] = diff.split(" -> ");
      return text === before ? (after ?? null) : null;
    },
  });
  const [first] = stack?.findings ?? [];
  if (first === undefined) throw new Error("the finding is lost");
  return { ...first, asked };
}

const SMALL = { "a.tf": "small\n", "b.tf": "small\n" };

describe("an edit of what runs from elsewhere", () => {
  const finding = { ...drift("f"), adoption: edited("a.tf", "b.tf") };

  it("stands where its files are the same on the default branch, each of which is asked for once", async () => {
    const { adoption, notes, asked, kind } = await settled(finding, SMALL, { ...SMALL, "c.tf": "else" });
    expect(adoption).toEqual(finding.adoption);
    expect(kind).toBe("drift");
    expect(notes.at(-1)).toBe("Its stack runs from release, so it is compared with the code there.");
    expect(asked).toEqual(["a.tf", "b.tf"]);
  });

  it.each<[string, Files, string]>([
    ["one is another one", { ...SMALL, "b.tf": "small # now\n" }, "b.tf is not as on main"],
    ["one is not there", { "a.tf": "small\n" }, "b.tf is not as on main"],
    ["one of them has the edit already", { ...SMALL, "a.tf": "large\n" }, "a.tf is not as on main"],
    ["all are others", { "a.tf": "x", "b.tf": "y" }, "a.tf, b.tf are not as on main"],
  ])("is none where %s, and says why", async (_what, main, why) => {
    const { adoption, kind } = await settled(finding, SMALL, main);
    expect(kind).toBe("drift");
    expect(adoption).toMatchObject({ files: [], effects: [], verdict: "refused" });
    expect(adoption?.why).toContain(`Production runs from release, where ${why}`);
  });

  it("is merged where the default branch has it: then it waits to be applied", async () => {
    const merged = await settled(finding, SMALL, { "a.tf": "large\n", "b.tf": "large\n" });
    expect(merged).toMatchObject({
      kind: "unapplied",
      adoption: null,
      revert: null,
      intent: {
        verdict: "undecided",
        because: ["main has the edit that adopts it; release does not have it yet."],
      },
    });
  });

  it("that there is not leaves the finding as it is", async () => {
    const { adoption, asked } = await settled({ ...finding, adoption: null }, SMALL, {});
    expect(adoption).toBeNull();
    expect(asked).toEqual([]);
  });
});

it("asks for a file of the default branch once, however many edits of it there are", async () => {
  const asked: string[] = [];
  const findings = ["a", "b", "c"].map((name) => ({
    ...drift(name),
    adoption: { ...edited(), files: [{ path: "a.tf", diff: diffOf("small\n", `${name}\n`) }] },
  }));
  await asOnDefaultBranch([stackResult("shop", "complete", findings)], {
    ref: "release",
    defaultBranch: "main",
    thereAt: async () => "small\n",
    defaultAt: async (path) => {
      asked.push(path);
      return "other\n";
    },
    applied: () => null,
  });
  expect(asked).toEqual(["a.tf"]);
});
