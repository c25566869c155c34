import type { Limits } from "../../src/hcl/functions/function.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import { printJson } from "../../src/json/json.ts";
import { parsePath } from "../../src/json/path.ts";
import type { Goal } from "../../src/reconcile/goal.ts";
import type { Deletion } from "../../src/reconcile/gone-instances.ts";
import type { Repository } from "../../src/reconcile/repository.ts";
import type { Setting } from "../../src/terraform/code/inputs.ts";
import { evaluateStack, type StackInputs } from "../../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { parseState, type StateDocument } from "../../src/terraform/state/state.ts";
import { ABSENT, type AdoptionCase } from "./case.ts";

type Stacks = NonNullable<AdoptionCase["stacks"]>;

const ONE_STACK: Stacks = [{ name: "main", root: "." }];

/** The repository of a case, evaluated; `files` may be other texts of the same files. */
export function repositoryOf(
  { stacks = ONE_STACK, state }: Readonly<Partial<Omit<AdoptionCase, "expected">> & { expected?: unknown }>,
  files: AdoptionCase["files"],
  limits?: Limits,
): Repository {
  const sources = new ParsedFiles(memorySnapshot(files));
  const evaluate = (parsed: ParsedFiles, inputs: StackInputs) =>
    evaluateStack(parsed, inputs, FUNCTIONS, limits);
  const recorded = state === undefined ? null : stateOf(state);
  return {
    files: sources,
    evaluate,
    stacks: stacks.map(({ name, root, varFiles = [], vars = {}, workspace = "default" }) => {
      const settings: Setting[] = [
        ...varFiles.map((path) => ({ kind: "file", path }) as const),
        ...Object.entries(vars).map(([key, text]) => ({ kind: "variable", name: key, text }) as const),
      ];
      return { name, evaluation: evaluate(sources, { root, settings, workspace, state: recorded }) };
    }),
  };
}

/** The instance that was deleted, then those that were deleted with it; none for values. */
export function deletionsOf({ stack, stacks = ONE_STACK, address, deleted }: AdoptionCase): Deletion[] {
  if (deleted === undefined) return [];
  const own = stack ?? stacks[0]?.name ?? "";
  const all = [address, ...deleted].map((each) => (typeof each === "string" ? ([own, each] as const) : each));
  return all.map(([name, gone]) => ({ stack: name, address: gone, deleted: true }));
}

export function goalOf({ stack, stacks = ONE_STACK, address, live }: AdoptionCase): Goal {
  return {
    stack: stack ?? stacks[0]?.name ?? "",
    address,
    changes: Object.entries(live).map(([path, value]) => ({
      path: parsePath(path),
      wanted: value === ABSENT ? "absent" : { value },
    })),
  };
}

/** A state with one instance of each resource, or with those of which the keys are given (`a_b.c["key"]`). */
export function stateText(resources: NonNullable<AdoptionCase["state"]>): string {
  return printJson({
    version: 4,
    terraform_version: "1.11.0",
    serial: 3,
    lineage: "3f2c8a9e-0000-0000-0000-000000000000",
    outputs: {},
    resources: Object.entries(resources).map(([address, attributes]) => {
      const [, resource = address, key] = /^([^[]*)(?:\["(.*)"\])?$/.exec(address) ?? [];
      const [type = "", name = ""] = resource.replace(/^data\./, "").split(".");
      const index = key === undefined ? {} : { index_key: key };
      return {
        mode: address.startsWith("data.") ? "data" : "managed",
        type,
        name,
        provider: 'provider["registry.terraform.io/hashicorp/aws"]',
        instances: [{ schema_version: 1, attributes, sensitive_attributes: [], ...index }],
      };
    }),
  });
}

function stateOf(resources: NonNullable<AdoptionCase["state"]>): StateDocument {
  return parseState(stateText(resources), "terraform.tfstate");
}
