import { posix } from "node:path";
import type { Command } from "../drift/model.ts";
import { type Json, type JsonObject, printJson } from "../json/json.ts";

/** What a Terraform command needs to speak about one stack. Files are relative to the root of the repository. */
export interface RevertStack {
  /** The root module's folder; `.` for the root of the repository, where the commands are run. */
  readonly path: string;
  readonly workspace: string | null;
  readonly varFiles: readonly string[];
  /** Values given with `-var`. */
  readonly vars: JsonObject;
  /** Names of those whose value may not be printed. */
  readonly sensitiveVars: ReadonlySet<string>;
  /** A state file on disk other than the backend's own; null: the backend knows. */
  readonly state: string | null;
}

/** What stands for a value that may not be printed. */
const PLACEHOLDER = "(sensitive)";

/** A command that reads or changes one instance: `terraform plan -target=…` with the stack's variables. */
export function terraform(
  stack: RevertStack,
  operation: "plan" | "apply",
  options: readonly string[],
): Command {
  return {
    tool: "terraform",
    argv: [...folder(stack), operation, ...options, ...stateFile(stack), ...variables(stack)],
  };
}

/** What has to come before: the stack's workspace is selected. */
export function selectWorkspace(stack: RevertStack): readonly Command[] {
  if (stack.workspace === null || stack.workspace === "default") return [];
  return [{ tool: "terraform", argv: [...folder(stack), "workspace", "select", stack.workspace] }];
}

/** Whether the commands hold a placeholder. */
export function hasPlaceholder(stack: RevertStack): boolean {
  return Object.keys(stack.vars).some((name) => stack.sensitiveVars.has(name));
}

function folder(stack: RevertStack): readonly string[] {
  return stack.path === "." ? [] : [`-chdir=${stack.path}`];
}

/** Without it Terraform would take the stack for one in which nothing exists yet. */
function stateFile(stack: RevertStack): readonly string[] {
  return stack.state === null ? [] : [`-state=${fromFolder(stack, stack.state)}`];
}

function variables(stack: RevertStack): readonly string[] {
  return [
    ...stack.varFiles.map((file) => `-var-file=${fromFolder(stack, file)}`),
    ...Object.entries(stack.vars).flatMap(([name, value]) => [
      "-var",
      `${name}=${stack.sensitiveVars.has(name) ? PLACEHOLDER : argument(value)}`,
    ]),
  ];
}

/** With `-chdir` Terraform looks for every file from there. */
function fromFolder(stack: RevertStack, file: string): string {
  return posix.isAbsolute(file) ? file : posix.relative(stack.path, file);
}

/** Text as it is; everything else as an expression of the language, in which `${` inside of texts is doubled. */
function argument(value: Json): string {
  if (typeof value === "string") return value;
  return printJson(value).replaceAll("${", "$$${").replaceAll("%{", "%%{");
}
