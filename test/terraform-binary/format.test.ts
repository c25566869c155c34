import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { ADOPTION_CASES, adopt } from "../adoption/cases.ts";
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
});

function write(path: string, text: string): void {
  if (!FORMATTED.test(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** The files below a folder that `terraform fmt` would change. */
function unformatted(folder: string): ReadonlySet<string> {
  return new Set(
    terraform(folder, ["fmt", "-recursive", "-list=true", "-write=false"]).split("\n").filter(Boolean),
  );
}
