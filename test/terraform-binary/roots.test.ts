import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { type Evaluation, evaluateStack } from "../../src/terraform/evaluation.ts";
import type { Setting } from "../../src/terraform/inputs.ts";
import { ParsedFiles } from "../../src/terraform/parsed-files.ts";
import { memorySnapshot } from "../../src/terraform/snapshot.ts";
import { parseState } from "../../src/terraform/state.ts";
import { evaluatedAnswers, plannedAnswers, plannedIds } from "./answers.ts";
import { terraform, terraformVersion } from "./terraform.ts";

/** A folder of roots/, the folder in it that is planned, and with what. */
interface Root {
  readonly name: string;
  readonly folder?: string;
  readonly settings?: readonly Setting[];
  readonly workspace?: string;
  /** A folder whose code is applied first: its state is what the plan starts from. */
  readonly applied?: string;
}

const ROOTS: readonly Root[] = [
  { name: "platform", settings: [{ kind: "file", path: "prod.tfvars" }] },
  {
    name: "variables",
    settings: [
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
  { name: "modules", folder: "stack" },
  { name: "references" },
  { name: "files" },
  { name: "unknowns" },
  { name: "secrets", settings: [{ kind: "variable", name: "password", text: "hunter2" }] },
  { name: "names" },
  { name: "workspaces", workspace: "blue" },
  { name: "applied", folder: "after", applied: "before" },
  { name: "moves", folder: "after", applied: "before" },
];

const HERE = new URL("./roots/", import.meta.url).pathname;
const version = terraformVersion();
if (version === null) console.log("terraform was not found: the comparison with its plans was skipped.");
else console.log(`compared with the plans of terraform ${version}`);

const copies: string[] = [];
afterAll(() => {
  for (const copy of copies) rmSync(copy, { recursive: true });
});

test("every folder of roots is planned", () => {
  expect(readdirSync(HERE).sort()).toEqual(ROOTS.map(({ name }) => name).sort());
});

describe.skipIf(version === null).each(ROOTS)("$name", (root) => {
  const folder = root.folder ?? ".";
  const copy = mkdtempSync(join(tmpdir(), "roots-"));
  copies.push(copy);
  cpSync(join(HERE, root.name), copy, { recursive: true });

  test("every value is the one that terraform plans", () => {
    const plan = planOf(root, copy);
    const evaluation = evaluationOf(root, copy);
    expect(errorsOf(evaluation)).toEqual([]);
    expect(evaluatedAnswers(evaluation)).toEqual(plannedAnswers(plan));
    if (root.applied !== undefined) {
      const ids = [...evaluation.instances].map(([address, { recorded }]) => [
        address,
        recorded?.attributes["id"] ?? null,
      ]);
      expect(Object.fromEntries(ids)).toEqual(plannedIds(plan));
    }
  });

  function planOf({ settings = [], workspace = "default", applied }: Root, place: string): string {
    const given = settings.map((setting) =>
      setting.kind === "file" ? `-var-file=${setting.path}` : `-var=${setting.name}=${setting.text}`,
    );
    const more = { TF_WORKSPACE: workspace };
    const planned = join(place, folder);
    if (applied !== undefined) {
      terraform(join(place, applied), ["init"], more);
      terraform(join(place, applied), ["apply", "-auto-approve", ...given], more);
      if (applied !== folder)
        cpSync(join(place, applied, "terraform.tfstate"), join(planned, "terraform.tfstate"));
    }
    terraform(planned, ["init"], more);
    terraform(planned, ["plan", "-out=plan.bin", ...given], more);
    return terraform(planned, ["show", "-json", "plan.bin"], more);
  }
});

function evaluationOf(
  { folder = ".", settings = [], workspace = "default", applied }: Root,
  copy: string,
): Evaluation {
  const files: Record<string, string> = {};
  for (const name of readdirSync(copy, { recursive: true, encoding: "utf8" })) {
    if (name.includes(".terraform/") || !statSync(join(copy, name)).isFile() || name.endsWith(".bin"))
      continue;
    files[name] = readFileSync(join(copy, name), "utf8");
  }
  const placed = settings.map((setting) =>
    setting.kind === "file" ? { ...setting, path: join(folder, setting.path) } : setting,
  );
  const state = files[join(folder, "terraform.tfstate")];
  return evaluateStack(
    new ParsedFiles(memorySnapshot(files)),
    {
      root: folder,
      settings: placed,
      workspace,
      state: applied === undefined || state === undefined ? null : parseState(state, "terraform.tfstate"),
    },
    FUNCTIONS,
  );
}

function errorsOf({ diagnostics }: Evaluation): string[] {
  return diagnostics
    .filter(({ severity }) => severity === "error")
    .map(({ message, range }) =>
      range === null ? message : `${range.file.path} ${range.start}: ${message}`,
    );
}
