import { createHash } from "node:crypto";
import {
  bind,
  type Evaluate,
  type EvaluationContext,
  EvaluationError,
} from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { renderTemplate } from "../../hcl/evaluation/template.ts";
import {
  type Budget,
  type FunctionDefinition,
  FunctionError,
  type FunctionTable,
} from "../../hcl/functions/function.ts";
import { parseTemplate } from "../../hcl/syntax/parser.ts";
import type { SourceFile } from "../../hcl/syntax/source.ts";
import { ANY, BOOL, STRING, setOf } from "../../hcl/values/type.ts";
import { boolValue, COMPUTED, isMapping, setValue, stringValue, type Value } from "../../hcl/values/value.ts";
import { filesMatching, GlobError, globStep, literalStep } from "../source/glob.ts";
import { decodeText, joinPath, relativePath, type Snapshot } from "../source/snapshot.ts";

const PATH = { name: "path", type: STRING } as const;
const EMPTY_SCOPE = {
  resolve(reference: { root: { name: string } }): never {
    throw new EvaluationError(
      `there is no ${JSON.stringify(reference.root.name)} in the template's variables`,
      null,
    );
  },
};

/**
 * The functions that read files, from the snapshot alone: paths are relative to the root module's folder, and one that
 * leaves the snapshot is an error (https://developer.hashicorp.com/terraform/language/functions/file).
 */
export function fileFunctions(snapshot: Snapshot, root: string, others: FunctionTable): FunctionTable {
  const read = (path: string) => readFile(snapshot, root, path);
  return new Map<string, FunctionDefinition>([
    ["file", onPath((path, budget) => text(read(path), path, budget))],
    ["filebase64", onPath((path, budget) => base64(read(path), budget))],
    [
      "fileexists",
      {
        parameters: [PATH],
        returns: BOOL,
        call: ([path]) => boolValue(exists(snapshot, root, pathText(path))),
      },
    ],
    ["fileset", filesetFunction(snapshot, root)],
    ["templatefile", templateFunction(read, others)],
    ["templatestring", templateString(others)],
    ...["md5", "sha1", "sha256", "sha512"].map(
      (algorithm) =>
        [
          `file${algorithm}`,
          onPath((path) => createHash(algorithm).update(read(path)).digest("hex")),
        ] as const,
    ),
    ...["sha256", "sha512"].map(
      (algorithm) =>
        [
          `filebase64${algorithm}`,
          onPath((path) => createHash(algorithm).update(read(path)).digest("base64")),
        ] as const,
    ),
  ]);
}

function onPath(compute: (path: string, budget: Budget) => string): FunctionDefinition {
  return {
    parameters: [PATH],
    returns: STRING,
    call: ([path], budget) => stringValue(compute(pathText(path), budget)),
  };
}

function pathText(path: Value | undefined): string {
  return path?.kind === "string" ? path.value : "";
}

function readFile(snapshot: Snapshot, root: string, path: string): Uint8Array {
  const place = joinPath(root, path);
  if (place === null) {
    throw new FunctionError(
      `the file ${JSON.stringify(path)} is outside of the root; give a --root that holds it`,
      0,
    );
  }
  const bytes = snapshot.read(place);
  if (bytes === undefined) throw new FunctionError(`there is no file ${JSON.stringify(path)}`, 0);
  return bytes;
}

function exists(snapshot: Snapshot, root: string, path: string): boolean {
  const place = joinPath(root, path);
  if (place !== null && snapshot.list(place).length > 0) {
    throw new FunctionError(`${JSON.stringify(path)} is a folder, not a file`, 0);
  }
  return place !== null && snapshot.read(place) !== undefined;
}

function text(bytes: Uint8Array, path: string, budget: Budget): string {
  budget.text(bytes.length);
  const decoded = decodeText(bytes);
  if (decoded === null) {
    throw new FunctionError(`the file ${JSON.stringify(path)} is not UTF-8 text; use filebase64 for it`, 0);
  }
  return decoded;
}

function base64(bytes: Uint8Array, budget: Budget): string {
  budget.text(bytes.length * 2);
  return Buffer.from(bytes).toString("base64");
}

const VARIABLES = { name: "vars", type: ANY, allowUnknown: "top" } as const;

function templateFunction(read: (path: string) => Uint8Array, others: FunctionTable): FunctionDefinition {
  return {
    parameters: [PATH, VARIABLES],
    returns: STRING,
    call([pathValue, variables], budget) {
      const path = pathText(pathValue);
      return rendered({ path, text: text(read(path), path, budget) }, variables, others, budget);
    },
  };
}

/** The same with the template as a text. */
function templateString(others: FunctionTable): FunctionDefinition {
  return {
    parameters: [{ name: "template", type: STRING }, VARIABLES],
    returns: STRING,
    call: ([template, variables], budget) =>
      rendered({ path: "templatestring", text: pathText(template) }, variables, others, budget),
  };
}

function rendered(
  file: SourceFile,
  variables: Value | undefined,
  functions: FunctionTable,
  budget: Budget,
): Value {
  if (variables === undefined || !isMapping(variables)) {
    throw new FunctionError("the variables must be an object", 1);
  }
  const { parts, diagnostics } = parseTemplate(file);
  const problem = diagnostics.find((diagnostic) => diagnostic.severity === "error");
  if (problem !== undefined) {
    throw new FunctionError(`the template ${file.path} does not parse: ${problem.message}`, 0);
  }
  let context: EvaluationContext = { scope: EMPTY_SCOPE, names: null, functions, budget };
  for (const [name, value] of variables.entries) context = bind(context, name, value);
  try {
    return renderTemplate(parts, COMPUTED, context, evaluate satisfies Evaluate);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new FunctionError(`in the template ${file.path}: ${error.message}`, 0);
  }
}

const MOST_LISTED = 100_000;

function filesetFunction(snapshot: Snapshot, root: string): FunctionDefinition {
  return {
    parameters: [PATH, { name: "pattern", type: STRING }],
    returns: setOf(STRING),
    call([path, pattern], budget) {
      const folder = joinPath(root, pathText(path));
      const wanted = folder === null ? null : joinPath(folder, `./${pathText(pattern)}`);
      if (folder === null || wanted === null)
        throw new FunctionError("the folder is outside of the root; give a --root that holds it", 0);
      let listed = 0;
      const found = matching(snapshot, root, wanted, () => {
        budget.step();
        listed += 1;
        if (listed > MOST_LISTED)
          throw new FunctionError(`the folder holds more than ${MOST_LISTED} files`, 0);
      });
      budget.elements(found.length);
      return setValue(
        STRING,
        found.map((file) => stringValue(relativePath(folder, file).normalize("NFC"))),
      );
    },
  };
}

/** What stands before the root is no pattern, whatever its folders are called. */
function matching(snapshot: Snapshot, root: string, pattern: string, visit: () => void): string[] {
  if (pattern === ".") return [];
  const outer = root === "." ? [] : root.split("/");
  const names = pattern.split("/");
  const shared = names.findIndex((name, index) => outer[index] !== name);
  try {
    const steps = names.map((name, index) =>
      index < shared || shared === -1 ? literalStep(name) : globStep(name),
    );
    return filesMatching(snapshot, steps, visit);
  } catch (error) {
    if (error instanceof GlobError) throw new FunctionError(`the pattern ${error.message}`, 1);
    throw error;
  }
}
