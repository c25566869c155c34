import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isJsonObject, type Json, type JsonObject, parseJson, printJson } from "../../src/json/json.ts";
import { type Path, printPath } from "../../src/json/path.ts";

/**
 * Asks the `terraform` on PATH what each expression in the folders below gives, and writes its answers there.
 * A new case is an `{ "expression": "…" }` of its own. `local.unknown` and `local.unknown_string` are not known before
 * apply.
 *
 *     npx node test/terraform-binary/remake-functions.ts
 */

const FOLDERS = ["../hcl/functions/fixtures/", "../hcl/fixtures/expressions/"].map(
  (folder) => new URL(folder, import.meta.url),
);
const UNKNOWNS = `
resource "terraform_data" "unknown" { input = "any" }
locals {
  unknown        = jsondecode(terraform_data.unknown.id)
  unknown_string = tostring(terraform_data.unknown.id)
}
`;

function remake(): void {
  const folder = mkdtempSync(join(tmpdir(), "remake-functions-"));
  try {
    writeFileSync(join(folder, "main.tf"), UNKNOWNS);
    terraform(folder, ["init"]);
    const version = String(member(parseJson(terraform(folder, ["version", "-json"])), "terraform_version"));
    for (const fixtures of FOLDERS) {
      for (const name of readdirSync(fixtures)) remakeFile(folder, version, new URL(name, fixtures));
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function remakeFile(folder: string, version: string, file: URL): void {
  const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: { expression: string }[] };
  const expressions = [...new Set(cases.map(({ expression }) => expression))];
  const works = new Set<string>();
  for (const batch of batchesOf(expressions)) for (const found of working(folder, batch)) works.add(found);
  const types = new Map<string, string>();
  for (const batch of batchesOf(expressions.filter((expression) => works.has(expression)))) {
    for (const [expression, type] of typesOf(folder, batch)) types.set(expression, type);
  }
  const values = planned(folder, [...works]);
  const remade = expressions.map((expression) =>
    works.has(expression)
      ? { expression, type: types.get(expression) ?? "", ...values.get(expression) }
      : { expression, error: true },
  );
  const lines = remade.map((line) => `    ${printJson(line)}`).join(",\n");
  writeFileSync(file, `{\n  "terraform": "${version}",\n  "cases": [\n${lines}\n  ]\n}\n`);
  console.log(`${remade.length} cases: ${file.pathname}`);
}

/** The console reads lines of at most 64 KiB. */
function batchesOf(expressions: readonly string[]): string[][] {
  const batches: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const expression of expressions) {
    if (length + expression.length > 40_000) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)?.push(expression);
    length += expression.length + 20;
  }
  return batches;
}

/** Those that do not fail; what depends on an unknown value counts as working. */
function working(folder: string, expressions: readonly string[]): string[] {
  const answer = answerOrNull(
    folder,
    `[${expressions.map((expression) => `can(${expression})`).join(", ")}]`,
  );
  if (answer === null) {
    if (expressions.length === 1) return [];
    const middle = expressions.length >> 1;
    return [...working(folder, expressions.slice(0, middle)), ...working(folder, expressions.slice(middle))];
  }
  const lines = answer.trim().split("\n").slice(1, -1);
  return expressions.filter((_, index) => lines[index]?.trim() !== "false,");
}

/** Types as the console prints them, without white space: `object({a:string})`. */
function typesOf(folder: string, expressions: readonly string[]): [string, string][] {
  const answer = askConsole(folder, `type([${expressions.join(", ")}])`);
  const text = answer.replace(/\s+/g, "").replace(/,([\])}])/g, "$1");
  const types = splitTypes(text.slice("tuple([".length, -"])".length));
  return expressions.map((expression, index) => [expression, types[index] ?? ""]);
}

function splitTypes(text: string): string[] {
  const types = [""];
  let depth = 0;
  for (const letter of text) {
    if ("([{".includes(letter)) depth += 1;
    if (")]}".includes(letter)) depth -= 1;
    if (letter === "," && depth === 0) types.push("");
    else types.push(`${types.pop()}${letter}`);
  }
  return types;
}

interface Planned {
  readonly result: Json;
  readonly unknown?: readonly string[];
  readonly sensitive?: readonly string[];
}

/** What a plan says about the values, which parts of them are unknown and which are sensitive. */
function planned(folder: string, expressions: readonly string[]): Map<string, Planned> {
  const resources = expressions.map(
    (expression, index) =>
      `resource "terraform_data" "case_${index}" {\n  input = { v = ${expression} }\n}\n`,
  );
  writeFileSync(join(folder, "main.tf"), UNKNOWNS + resources.join(""));
  terraform(folder, ["plan", "-no-color", "-out=plan.bin"]);
  const plan = parseJson(terraform(folder, ["show", "-json", "plan.bin"]));
  writeFileSync(join(folder, "main.tf"), UNKNOWNS);
  const changes = new Map<string, Json>();
  for (const change of member(plan, "resource_changes") as readonly JsonObject[]) {
    changes.set(String(change["name"]), member(change, "change"));
  }
  return new Map(
    expressions.map((expression, index) => [expression, answerOf(changes.get(`case_${index}`) ?? null)]),
  );
}

function answerOf(change: Json): Planned {
  const unknown = truePaths(valueIn(change, "after_unknown"));
  const sensitive = truePaths(valueIn(change, "after_sensitive"));
  return {
    result: valueIn(change, "after"),
    ...(unknown.length > 0 ? { unknown } : {}),
    ...(sensitive.length > 0 ? { sensitive } : {}),
  };
}

function valueIn(change: Json, name: string): Json {
  return member(member(member(change, name), "input"), "v");
}

function truePaths(marks: Json, path: Path = []): string[] {
  if (marks === true) return [printPath(path)];
  if (Array.isArray(marks)) return marks.flatMap((mark, index) => truePaths(mark, [...path, index]));
  if (!isJsonObject(marks)) return [];
  return Object.entries(marks).flatMap(([key, mark]) => truePaths(mark, [...path, key]));
}

function member(json: Json, name: string): Json {
  return isJsonObject(json) ? (json[name] ?? null) : null;
}

/** Null where the console refuses the expression before it evaluates anything, as for an error of syntax. */
function answerOrNull(folder: string, expression: string): string | null {
  try {
    return askConsole(folder, expression);
  } catch {
    return null;
  }
}

function askConsole(folder: string, expression: string): string {
  return terraform(folder, ["console", "-no-color"], `${expression}\n`).trim();
}

function terraform(folder: string, args: readonly string[], input = ""): string {
  return execFileSync("terraform", args, {
    cwd: folder,
    input,
    encoding: "utf8",
    stdio: "pipe",
    env: { ...process.env, TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" },
    maxBuffer: 1 << 28,
  });
}

remake();
