import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, sep } from "node:path";

/** One that the engine needs, whichever that is: all are in the same folder. */
const DEPENDENCY = "decimal.js";

const MODULES = `${sep}node_modules${sep}`;

/**
 * Node's own permissions (https://nodejs.org/api/permissions.html): to read the program, and nothing else.
 * @param program a file of it, one folder below the sources
 */
export function confinement(program: string): readonly string[] {
  const sources = dirname(dirname(program));
  const folders = [sources, ...dependencyFolders(program)].flatMap((folder) => [
    join(folder, "*"),
    join(realpathSync(folder), "*"),
  ]);
  const readable = new Set([...folders, join(dirname(sources), "package.json")]);
  return ["--permission", ...[...readable].map((path) => `--allow-fs-read=${path}`)];
}

/** Where dependencies are looked for and found, and where they really are: package managers link to other folders. */
function dependencyFolders(program: string): readonly string[] {
  const lookedIn = createRequire(program).resolve.paths(DEPENDENCY) ?? [];
  const folder = lookedIn.find((each) => existsSync(join(each, DEPENDENCY)));
  if (folder === undefined) return [];
  const real = realpathSync(join(folder, DEPENDENCY));
  const inModules = real.indexOf(MODULES);
  return [folder, inModules === -1 ? real : real.slice(0, inModules + MODULES.length)];
}
