import { posix } from "node:path";
import { STRING } from "../values/type.ts";
import { unknownValue } from "../values/value.ts";
import { textAt, textParameter, textResult } from "./arguments.ts";
import type { FunctionDefinition, FunctionTable } from "./function.ts";

const PATH = [textParameter("path")];

const basename: FunctionDefinition = {
  parameters: PATH,
  returns: STRING,
  call(args) {
    const path = textAt(args, 0);
    if (path === "") return textResult(".");
    return textResult(posix.basename(path) || "/");
  },
};

const dirname: FunctionDefinition = {
  parameters: PATH,
  returns: STRING,
  call(args) {
    const path = textAt(args, 0);
    return textResult(clean(path.slice(0, path.lastIndexOf("/") + 1)));
  },
};

/** A relative path depends on where Terraform runs. */
const abspath: FunctionDefinition = {
  parameters: PATH,
  returns: STRING,
  call(args) {
    const path = textAt(args, 0);
    return path.startsWith("/") ? textResult(clean(path)) : unknownValue(STRING);
  },
};

/** `~` depends on who runs Terraform. */
const pathexpand: FunctionDefinition = {
  parameters: PATH,
  returns: STRING,
  call(args) {
    const path = textAt(args, 0);
    return path.startsWith("~") ? unknownValue(STRING) : textResult(path);
  },
};

/** Without `.`, `..` and doubled slashes where that is possible, and without a slash at the end. */
function clean(path: string): string {
  const normal = posix.normalize(path);
  return normal.length > 1 && normal.endsWith("/") ? normal.slice(0, -1) : normal;
}

/** Functions of the names of paths, which read no files. */
export const PATH_NAME_FUNCTIONS: FunctionTable = new Map(
  Object.entries({ abspath, basename, dirname, pathexpand }),
);
