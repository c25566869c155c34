import { createHash } from "node:crypto";
import {
  bind,
  type Evaluate,
  type EvaluationContext,
  EvaluationError,
  STRICT,
} from "../../hcl/evaluation/context.ts";
import { evaluate } from "../../hcl/evaluation/evaluate.ts";
import { renderTemplate } from "../../hcl/evaluation/template.ts";
import {
  type Budget,
  BudgetExceeded,
  type FunctionDefinition,
  FunctionError,
  type FunctionTable,
} from "../../hcl/functions/function.ts";
import { parseTemplate } from "../../hcl/syntax/parser.ts";
import type { SourceFile } from "../../hcl/syntax/source.ts";
import { ANY, BOOL, STRING, setOf } from "../../hcl/values/type.ts";
import {
  boolValue,
  COMPUTED,
  isMapping,
  setValue,
  stringValue,
  unknownValue,
  type Value,
} from "../../hcl/values/value.ts";
import { filesMatching, GlobError, globStep, type Listing, literalStep } from "../source/glob.ts";
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
    ["file", withFileOrigin(onFile(read, text), root)],
    ["filebase64", onFile(read, base64)],
    [
      "fileexists",
      {
        parameters: [PATH],
        returns: BOOL,
        call: ([path]) => exists(snapshot, root, pathText(path)),
      },
    ],
    ["fileset", filesetFunction(snapshot, root)],
    ["templatefile", templateFunction(read, others)],
    ["templatestring", templateString(others)],
    ...["md5", "sha1", "sha256", "sha512"].map(
      (algorithm) =>
        [
          `file${algorithm}`,
          onFile(read, (bytes) => createHash(algorithm).update(bytes).digest("hex")),
        ] as const,
    ),
    ...["sha256", "sha512"].map(
      (algorithm) =>
        [
          `filebase64${algorithm}`,
          onFile(read, (bytes) => createHash(algorithm).update(bytes).digest("base64")),
        ] as const,
    ),
  ]);
}

/** The bytes of a file; null where they are still to come. */
type Read = (path: string) => Uint8Array | null;

/** A function of a file's content. That of a file which is still to come is unknown, so that others are asked for too. */
function onFile(
  read: Read,
  compute: (bytes: Uint8Array, path: string, budget: Budget) => string,
): FunctionDefinition {
  return {
    parameters: [PATH],
    returns: STRING,
    call([pathValue], budget) {
      const path = pathText(pathValue);
      const bytes = read(path);
      return bytes === null ? unknownValue(STRING) : stringValue(compute(bytes, path, budget));
    },
  };
}

/** The text of a file knows the file, so that what is decoded of it does too. */
function withFileOrigin(definition: FunctionDefinition, root: string): FunctionDefinition {
  return {
    ...definition,
    call(args, budget) {
      const result = definition.call(args, budget);
      const file = joinPath(root, pathText(args[0]));
      if (result.kind !== "string" || file === null) return result;
      return stringValue(result.value, { kind: "document", file, format: "text", path: [] });
    },
  };
}

function pathText(path: Value | undefined): string {
  return path?.kind === "string" ? path.value : "";
}

function readFile(snapshot: Snapshot, root: string, path: string): Uint8Array | null {
  const place = joinPath(root, path);
  if (place === null) {
    throw new FunctionError(
      `the file ${JSON.stringify(path)} is outside of the root; give a --root that holds it`,
      0,
    );
  }
  const bytes = snapshot.read(place);
  if (bytes !== undefined) return bytes;
  if (snapshot.isAwaited?.(place) === true) return null;
  const why = snapshot.whyNot?.(place) ?? null;
  if (why !== null) throw new FunctionError(`the file ${JSON.stringify(path)} cannot be read: ${why}`, 0);
  throw new FunctionError(`there is no file ${JSON.stringify(path)}; add it, or correct the path`, 0);
}

function exists(snapshot: Snapshot, root: string, path: string): Value {
  const place = joinPath(root, path);
  if (place === null) return boolValue(false);
  if (snapshot.list(place).length > 0) {
    throw new FunctionError(`${JSON.stringify(path)} is a folder, not a file`, 0);
  }
  const found = snapshot.read(place) !== undefined;
  return snapshot.isAwaited?.(place) === true ? unknownValue(BOOL) : boolValue(found);
}

function text(bytes: Uint8Array, path: string, budget: Budget): string {
  budget.text(bytes.length);
  const decoded = decodeText(bytes);
  if (decoded === null) {
    throw new FunctionError(`the file ${JSON.stringify(path)} is not UTF-8 text; use filebase64 for it`, 0);
  }
  return decoded;
}

function base64(bytes: Uint8Array, _path: string, budget: Budget): string {
  budget.text(bytes.length * 2);
  return Buffer.from(bytes).toString("base64");
}

const VARIABLES = { name: "vars", type: ANY, allowUnknown: "top" } as const;

function templateFunction(read: Read, others: FunctionTable): FunctionDefinition {
  return {
    parameters: [PATH, VARIABLES],
    returns: STRING,
    call([pathValue, variables], budget) {
      const path = pathText(pathValue);
      const bytes = read(path);
      if (bytes === null) return unknownValue(STRING);
      return rendered({ path, text: text(bytes, path, budget) }, variables, others, budget);
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
  let context: EvaluationContext = { scope: EMPTY_SCOPE, names: null, functions, budget, failures: STRICT };
  for (const [name, value] of variables.entries) context = bind(context, name, value);
  try {
    return renderTemplate(parts, COMPUTED, context, evaluate satisfies Evaluate);
  } catch (error) {
    // Its place within the template is no place of the stack's code.
    if (error instanceof BudgetExceeded) throw new BudgetExceeded(error.message, error.isWhole);
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
      let [listed, awaited] = [0, false];
      const listing: Listing = {
        list(place, ahead) {
          const names = snapshot.list(place, ahead);
          awaited ||= snapshot.isAwaited?.(place) === true;
          return names;
        },
        isAwaited: (place) => snapshot.isAwaited?.(place) === true,
      };
      const found = matching(listing, root, wanted, () => {
        budget.step();
        listed += 1;
        if (listed > MOST_LISTED)
          throw new FunctionError(`the folder holds more than ${MOST_LISTED} files`, 0);
      });
      if (awaited) return unknownValue(setOf(STRING));
      budget.elements(found.length);
      return setValue(
        STRING,
        found.map((file) => stringValue(relativePath(folder, file).normalize("NFC"))),
      );
    },
  };
}

/** What stands before the root is no pattern, whatever its folders are called. */
function matching(snapshot: Listing, root: string, pattern: string, visit: () => void): string[] {
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
