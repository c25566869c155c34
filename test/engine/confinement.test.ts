import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, expect, test } from "vitest";
import { confinement } from "../../src/engine/confinement.ts";

const folder = realpathSync(mkdtempSync(join(tmpdir(), "driftwright-")));
const installed = dirname(fileURLToPath(import.meta.resolve("decimal.js")));

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program with one dependency, and a file beside it that is none of its own. */
function program(): string {
  const engine = join(folder, "project", "src", "engine");
  mkdirSync(engine, { recursive: true });
  writeFileSync(join(folder, "project", "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, "secret.txt"), "secret");
  const file = join(engine, "child.js");
  writeFileSync(
    file,
    `import { readFileSync } from "node:fs";
import { Decimal } from "decimal.js";
let read = "refused";
try { read = readFileSync(${JSON.stringify(join(folder, "secret.txt"))}, "utf8"); } catch {}
console.log(new Decimal("0.1").plus("0.2").toString(), read);
`,
  );
  return file;
}

test.each<[string, (modules: string) => void]>([
  ["a folder", (modules) => cpSync(installed, join(modules, "decimal.js"), { recursive: true })],
  [
    "a link to a folder elsewhere",
    (modules) => {
      cpSync(installed, join(folder, "elsewhere", "node_modules", "decimal.js"), { recursive: true });
      symlinkSync(join(folder, "elsewhere", "node_modules"), modules);
    },
  ],
  [
    "a folder of links into a store",
    (modules) => {
      const store = join(
        folder,
        "store",
        "node_modules",
        ".store",
        "decimal.js@1",
        "node_modules",
        "decimal.js",
      );
      cpSync(installed, store, { recursive: true });
      mkdirSync(modules);
      symlinkSync(store, join(modules, "decimal.js"));
    },
  ],
])("the engine may read its program and nothing else where node_modules is %s", (_, install) => {
  const file = program();
  install(join(folder, "project", "node_modules"));
  const { stdout, stderr } = spawnSync(process.execPath, [...confinement(file), file], { encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["0.3 refused\n", expect.not.stringContaining("Error")]);
});
