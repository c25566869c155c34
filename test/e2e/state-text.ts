import type { JsonObject } from "../../src/json/json.ts";

/** One instance as a state records it. */
export interface RecordedInstance {
  readonly type: string;
  readonly name: string;
  readonly key?: string | number;
  readonly attributes: JsonObject;
  /** Names of top-level attributes. */
  readonly sensitive?: readonly string[];
}

/** A state file of format version 4 with these instances, all in the root module. */
export function stateText(instances: readonly RecordedInstance[]): string {
  const resources = Map.groupBy(instances, ({ type, name }) => `${type}.${name}`);
  const state = {
    version: 4,
    terraform_version: "1.13.4",
    serial: 7,
    lineage: "0f3c5a0e-8f43-5c7d-9b62-1d1c2b3a4f5e",
    outputs: {},
    resources: [...resources.values()].map((alike) => ({
      mode: "managed",
      type: alike[0]?.type,
      name: alike[0]?.name,
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances: alike.map(({ key, attributes, sensitive = [] }) => ({
        ...(key === undefined ? {} : { index_key: key }),
        schema_version: 1,
        attributes,
        sensitive_attributes: sensitive.map((value) => [{ type: "get_attr", value }]),
      })),
    })),
    check_results: null,
  };
  return `${JSON.stringify(state, null, 2)}\n`;
}
