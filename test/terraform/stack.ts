import type { Limits } from "../../src/hcl/functions/function.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { positionAt } from "../../src/hcl/syntax/source.ts";
import type { Json } from "../../src/json/json.ts";
import { printPath } from "../../src/json/path.ts";
import type { Setting } from "../../src/terraform/code/inputs.ts";
import type { ExternalModules } from "../../src/terraform/code/installed-modules.ts";
import { DEFAULT_LIMITS, type Evaluation, evaluateStack } from "../../src/terraform/evaluation/evaluation.ts";
import { type PlainValue, toPlain } from "../../src/terraform/evaluation/value-json.ts";
import { ParsedFiles } from "../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { parseState } from "../../src/terraform/state/state.ts";

export interface StackOptions {
  readonly root?: string;
  readonly settings?: readonly Setting[];
  readonly workspace?: string;
  /** Instances of a state: addresses and attributes. */
  readonly recorded?: readonly RecordedResource[];
  readonly limits?: Limits;
  readonly modules?: ExternalModules;
}

/** A resource as a state of version 4 writes it. */
export interface RecordedResource {
  readonly module?: string;
  readonly mode?: "managed" | "data";
  readonly type: string;
  readonly name: string;
  readonly instances: readonly {
    readonly index_key?: string | number;
    readonly attributes: { readonly [name: string]: Json };
    readonly sensitive_attributes?: Json;
  }[];
}

/** Evaluates a stack; a text alone is its `main.tf`. */
export function evaluateFiles(
  files: string | Readonly<Record<string, string>>,
  {
    root = ".",
    settings = [],
    workspace = "default",
    recorded,
    limits = DEFAULT_LIMITS,
    ...more
  }: StackOptions = {},
): Evaluation {
  const snapshot = memorySnapshot(typeof files === "string" ? { "main.tf": files } : files);
  const state = recorded === undefined ? null : parseState(stateText(recorded), "terraform.tfstate");
  return evaluateStack(
    new ParsedFiles(snapshot),
    { root, settings, workspace, state, ...more },
    FUNCTIONS,
    limits,
  );
}

function stateText(recorded: readonly RecordedResource[]): string {
  return JSON.stringify({
    version: 4,
    terraform_version: "1.11.4",
    serial: 1,
    lineage: "00000000-0000-0000-0000-000000000000",
    outputs: {},
    resources: recorded.map((resource) => ({
      mode: "managed",
      provider: 'provider["registry.terraform.io/hashicorp/test"]',
      ...resource,
      instances: resource.instances.map((instance) => ({
        schema_version: 0,
        sensitive_attributes: [],
        ...instance,
      })),
    })),
  });
}

/** Addresses and attributes of every instance, null in the place of what is unknown. */
export function attributesOf(evaluation: Evaluation): Record<string, Json> {
  return Object.fromEntries(
    [...evaluation.instances].map(([address, instance]) => [address, instance.plain().json]),
  );
}

/** The paths that are unknown, as `address path`. */
export function unknownOf(evaluation: Evaluation): string[] {
  return [...evaluation.instances].flatMap(([address, instance]) =>
    instance.plain().unknown.map((path) => `${address} ${printPath(path)}`),
  );
}

/** The paths that are sensitive, as `address path`. */
export function sensitiveOf(evaluation: Evaluation): string[] {
  return [...evaluation.instances].flatMap(([address, instance]) =>
    instance.plain().sensitive.map((path) => `${address} ${printPath(path)}`),
  );
}

/** What an output of the root is; sensitive values as they are. */
export function outputOf(evaluation: Evaluation, name: string): PlainValue {
  const output = evaluation.root.output(name);
  if (output === null) throw new Error(`there is no output ${name}`);
  return toPlain(output.value(), [], true);
}

/** `severity file:line message` of each diagnostic. */
export function problemsOf({ diagnostics }: Evaluation): string[] {
  return diagnostics.map(({ severity, message, range }) => {
    const place =
      range === null ? "" : ` ${range.file.path}:${positionAt(range.file.text, range.start).line}`;
    return `${severity}${place} ${message}`;
  });
}
