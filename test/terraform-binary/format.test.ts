import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonArray, jsonAt } from "../../src/json/json.ts";
import type { Path } from "../../src/json/path.ts";
import type { Wanted } from "../../src/reconcile/wanted.ts";
import { ADOPTION_CASES, adopt } from "../adoption/cases.ts";
import { adoptedCode } from "../reconcile/adopted-code.ts";
import { type WrittenCode, writtenCode } from "../reconcile/written-code.ts";
import { terraform, terraformVersion } from "./terraform.ts";

const version = terraformVersion();
if (version === null)
  console.log("terraform was not found: no edited file was compared with what it formats.");
else console.log(`edited files compared with what terraform ${version} formats`);

/** What `terraform fmt` looks at. */
const FORMATTED = /\.(?:tf|tfvars)$/;

describe.skipIf(version === null)("terraform fmt", () => {
  test("leaves every edited file alone that it would have left alone before", () => {
    const cases = new Map(ADOPTION_CASES.flatMap(([, group]) => group).map((each) => [each.name, each]));
    const names = [...cases.keys()];
    const folder = mkdtempSync(join(tmpdir(), "format-"));
    try {
      for (const [index, each] of [...cases.values()].entries()) {
        for (const [path, text] of Object.entries(each.files))
          write(join(folder, "before", `${index}`, path), text);
        for (const [path, text] of adopt(each).best?.texts ?? [])
          write(join(folder, "after", `${index}`, path), text);
      }
      const [before, after] = ["before", "after"].map((side) => unformatted(join(folder, side)));
      const spoiled = [...(after ?? [])].filter((path) => before?.has(path) === false);
      expect(spoiled.map((path) => `${names[Number.parseInt(path, 10)]}: ${path}`)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test("leaves random code alone that it has formatted before it was edited", () => {
    const folder = mkdtempSync(join(tmpdir(), "format-"));
    try {
      const codes = fc.sample(writtenCode, { seed: 1, numRuns: CODES });
      for (const [index, { text }] of codes.entries()) write(join(folder, `${index}.tf`), text);
      terraform(folder, ["fmt"]);
      const edited = new Set<string>();
      for (const [index, code] of codes.entries()) {
        const text = readFileSync(join(folder, `${index}.tf`), "utf8");
        const [path, wanted] = changeOf(code, index);
        const after = adoptedCode(text, path, wanted);
        if (after === null) continue;
        write(join(folder, `${index}.tf`), after);
        edited.add(`${index}.tf`);
      }
      expect(edited.size).toBeGreaterThan(CODES * 0.9);
      expect([...unformatted(folder)].map((path) => readFileSync(join(folder, path), "utf8"))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const CODES = 400;

/** One of the changes that there can be, each in its turn. */
function changeOf({ items, value }: WrittenCode, index: number): readonly [Path, Wanted] {
  const item = items[(index >> 2) % items.length];
  const path = item?.path ?? [];
  const now = jsonAt(value, path);
  const isOnly = path.length > 1 && Object.keys(jsonAt(value, path.slice(0, -1)) ?? {}).length === 1;
  if (item?.kind === "map" && index % 4 > 0) return [[...path, "an_entry_that_is_long"], { value: "new" }];
  if (isJsonArray(now) && index % 4 > 0) return [path, { value: [...now, "new"] }];
  if (index % 4 === 1) return [["an_argument_that_is_long"], { value: index % 8 === 1 ? "new" : ["new"] }];
  if (index % 4 === 0 && !isOnly) return [path, "absent"];
  return [path, { value: "new" }];
}

function write(path: string, text: string): void {
  // What is encrypted is no code, and nothing edits it.
  if (!FORMATTED.test(path) || text.includes("\0")) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The files below a folder that `terraform fmt` would change. */
function unformatted(folder: string): ReadonlySet<string> {
  return new Set(
    terraform(folder, ["fmt", "-recursive", "-list=true", "-write=false"]).split("\n").filter(Boolean),
  );
}
