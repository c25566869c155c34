import type { SourceFiles } from "../source/parsed-files.ts";
import { blockShapes } from "./block-shapes.ts";
import { readInputs, type Setting } from "./inputs.ts";
import { type ExternalModules, InstalledModules } from "./installed-modules.ts";
import { ModuleLoader } from "./module-loader.ts";
import { readModuleTree } from "./module-tree.ts";

/**
 * Reads the code and the variable files of a stack as its evaluation will, and evaluates nothing: where files have to be
 * asked for, most of them are known before the first value is.
 */
export function readStackCode(
  files: SourceFiles,
  root: string,
  settings: readonly Setting[],
  modules?: ExternalModules,
): void {
  const ignored = { add: () => {} };
  const external = [new InstalledModules(files.snapshot, root), ...(modules === undefined ? [] : [modules])];
  const loader = new ModuleLoader(files, root, blockShapes([]), ignored, external);
  readInputs(files, root, settings);
  readModuleTree(loader.root(), (call, from) => loader.load(call, from));
}
