import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const CHECKOUT = fileURLToPath(new URL("..", import.meta.url));

/** Builds the program as it is packed, in a folder of its own, and gives the path of the command line. */
export function packedProgram(): string {
  const folder = join(CHECKOUT, "node_modules/.cache/driftwright-bench");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const compiler = join(CHECKOUT, "node_modules/typescript/bin/tsc");
  const args = ["--project", "tsconfig.build.json", "--outDir", join(folder, "dist")];
  execFileSync(process.execPath, [compiler, ...args], { cwd: CHECKOUT, stdio: "inherit" });
  for (const part of ["bin", "templates", "package.json"])
    cpSync(join(CHECKOUT, part), join(folder, part), { recursive: true });
  return join(folder, "bin/driftwright.js");
}
