import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import type { Json } from "../../src/json/json.ts";
import type { Setting } from "../../src/terraform/code/inputs.ts";
import { type Evaluation, evaluateStack } from "../../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { parseState } from "../../src/terraform/state/state.ts";
import { type Answers, evaluatedAnswers } from "./answers.ts";

/** A folder of roots/, the folder in it that is planned, and with what. */
export interface Root {
  readonly name: string;
  readonly folder?: string;
  readonly settings?: readonly Setting[];
  readonly workspace?: string;
  /** A folder whose code is applied first: its state is what the plan starts from. */
  readonly applied?: string;
}

export const ROOTS: readonly Root[] = [
  { name: "platform", settings: [{ kind: "file", path: "prod.tfvars" }] },
  {
    name: "variables",
    settings: [
      { kind: "environment", name: "order", text: "from TF_VAR" },
      { kind: "environment", name: "from_environment", text: "from TF_VAR" },
      { kind: "environment", name: "list_from_environment", text: '["a", 1]' },
      { kind: "environment", name: "of_another_stack", text: "ignored" },
      { kind: "file", path: "first.tfvars" },
      { kind: "variable", name: "order", text: "from -var" },
      { kind: "variable", name: "literal_number", text: "0042" },
      { kind: "variable", name: "literal_text", text: "0042" },
      { kind: "variable", name: "literal_list", text: '["a", "b"]' },
      { kind: "variable", name: "literal_object", text: '{ name = "x", size = "3" }' },
      { kind: "variable", name: "untyped", text: "[1, 2]" },
      { kind: "variable", name: "any_typed", text: "[1, 2]" },
      { kind: "variable", name: "literal_bool", text: "true" },
      { kind: "variable", name: "overtaken", text: "from -var" },
      { kind: "file", path: "last.tfvars" },
    ],
  },
  { name: "open-types", settings: [{ kind: "file", path: "open.tfvars" }] },
  { name: "modules", folder: "stack" },
  { name: "references" },
  { name: "files" },
  { name: "unknowns" },
  { name: "secrets", settings: [{ kind: "variable", name: "password", text: "hunter2" }] },
  { name: "names" },
  { name: "workspaces", workspace: "blue" },
  { name: "applied", folder: "after", applied: "before" },
  { name: "moves", folder: "after", applied: "before" },
  { name: "conditions" },
  { name: "calls", workspace: "calls" },
  { name: "texts" },
  { name: "data", folder: "after", applied: "before" },
  { name: "ignored", folder: "after", applied: "before" },
  { name: "imports" },
  { name: "lifecycles" },
  { name: "json" },
  { name: "json-variables", settings: [{ kind: "file", path: "asked.json" }] },
  { name: "overrides" },
];

export const ROOTS_FOLDER = new URL("./roots/", import.meta.url).pathname;

/** What is to come out for a root: what a plan says, or what we say. */
export interface RootAnswers {
  readonly answers: Answers;
  /** Ids that `import` blocks give, by address. */
  readonly imports: Readonly<Record<string, Json>>;
  /** Where something was applied before: the id in the state that each address has. */
  readonly ids: Readonly<Record<string, Json>>;
}

/** What our evaluation says of a root in a folder; `state` is what was applied before. */
export function ourAnswers(
  root: Root,
  place: string,
  state: string | null,
): RootAnswers & { errors: string[] } {
  const { evaluation } = stackOf(root, place, state);
  const ids = [...evaluation.instances].map(([address, { recorded }]) => [
    address,
    recorded?.attributes["id"] ?? null,
  ]);
  return {
    errors: errorsOf(evaluation),
    answers: evaluatedAnswers(evaluation),
    imports: Object.fromEntries(evaluation.imports),
    ids: root.applied === undefined ? {} : Object.fromEntries(ids),
  };
}

/** A root in a folder, evaluated, and the files that it was evaluated from. */
export function stackOf(
  { folder = ".", settings = [], workspace = "default" }: Root,
  place: string,
  state: string | null,
): { readonly files: ParsedFiles; readonly evaluation: Evaluation } {
  const files: Record<string, string> = {};
  for (const name of readdirSync(place, { recursive: true, encoding: "utf8" })) {
    if (name.includes(".terraform/") || !statSync(join(place, name)).isFile() || name.endsWith(".bin"))
      continue;
    files[name] = readFileSync(join(place, name), "utf8");
  }
  const placed = settings.map((setting) =>
    setting.kind === "file" ? { ...setting, path: join(folder, setting.path) } : setting,
  );
  const parsed = new ParsedFiles(memorySnapshot(files));
  const inputs = {
    root: folder,
    settings: placed,
    workspace,
    state: state === null ? null : parseState(state, "terraform.tfstate"),
  };
  return { files: parsed, evaluation: evaluateStack(parsed, inputs, FUNCTIONS) };
}

function errorsOf({ diagnostics }: Evaluation): string[] {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message, range }) =>
      range === null ? message : `${range.file.path} ${range.start}: ${message}`,
    );
}
