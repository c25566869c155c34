import type { InstanceTruths } from "../../../src/drift/instance.ts";
import type { Inventory, Wanted } from "../../../src/drift/inventory.ts";
import type { AttributeRule } from "../../../src/drift/rules.ts";
import { compareStack, type StackComparison } from "../../../src/drift/stack.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../src/json/json.ts";
import { identityOf } from "../../../src/providers/aws/identity.ts";
import { ruleBook } from "../../../src/providers/index.ts";

export interface StateResource {
  readonly type: string;
  readonly name: string;
  readonly attributes: JsonObject;
}

/** What a scan would want to see of a state, where the code sets all that it can. */
export function wantedOf(resources: readonly StateResource[]): readonly Wanted[] {
  return resources
    .filter(({ type }) => Object.hasOwn(ruleBook, type))
    .map(({ type, name, attributes }) => {
      const identity = identityOf(type, attributes);
      return {
        address: `${type}.${name}`,
        type,
        id: identity.id ?? "",
        account: identity.account,
        region: identity.region,
        recorded: attributes,
        declared: Object.keys(strictestCode(type, attributes)),
      };
    });
}

/** Reads what is wanted and compares it. What the cloud's answers do not hold is left out where `only` says so. */
export async function compareLive(
  inventory: Inventory,
  wanted: readonly Wanted[],
  only: "all" | "found" = "all",
  codeOf: (type: string, recorded: JsonObject) => JsonObject = strictestCode,
): Promise<StackComparison> {
  const { observations } = await inventory.read(wanted);
  const instances = wanted
    .filter((each) => only === "all" || observations.get(each.address)?.status === "found")
    .map((each) => truthsOf(each, observations.get(each.address) ?? null, codeOf));
  const context = { repository: "test", stack: "test", key: "test", now: new Date(0) };
  return compareStack({ instances, unmanaged: [] }, ruleBook, context);
}

function truthsOf(
  wanted: Wanted,
  observation: InstanceTruths["observation"],
  codeOf: (type: string, recorded: JsonObject) => JsonObject,
): InstanceTruths {
  const { address, type, recorded, id, account, region } = wanted;
  return {
    address,
    type,
    desired: {
      attributes: codeOf(type, recorded),
      unknown: [],
      sensitive: [],
      ignoreChanges: [],
      defaultTags: null,
      ignoreTags: { keys: [], keyPrefixes: [] },
      declaredAt: null,
    },
    recorded: { attributes: recorded, sensitive: [], id, account, region, tainted: false },
    observation,
    deposed: 0,
    sourceOf: () => null,
  };
}

/** The strictest code that leads to this state: it sets everything that can be set and says something. */
export function strictestCode(type: string, recorded: JsonObject): JsonObject {
  return settable(recorded, ruleBook[type]?.attributes ?? {});
}

function settable(recorded: JsonObject, rules: Readonly<Record<string, AttributeRule>>): JsonObject {
  const entries = Object.entries(recorded).filter(([name, value]) => {
    const rule = Object.hasOwn(rules, name) ? rules[name] : undefined;
    return rule !== undefined && rule.never === undefined && !saysNothing(value);
  });
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const inner = rules[name]?.attributes;
      if (inner === undefined || !isJsonArray(value)) return [name, value];
      return [name, value.map((row) => (isJsonObject(row) ? settable(row, inner) : row))];
    }),
  );
}

function saysNothing(value: Json): boolean {
  if (value === null || value === "") return true;
  return isJsonArray(value) ? value.length === 0 : isJsonObject(value) && Object.keys(value).length === 0;
}
