import type { ComparisonContext } from "../../src/drift/findings.ts";
import type { Desired, InstanceTruths, Recorded } from "../../src/drift/instance.ts";
import type { ObservedResource } from "../../src/drift/model.ts";
import type { AttributeRule, RuleBook } from "../../src/drift/rules.ts";
import { compareStack, type StackComparison } from "../../src/drift/stack.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { type Path, parsePath, printPath } from "../../src/json/path.ts";

/** Rules of made-up types that use every feature of the rules. */
const firewallBlock: Readonly<Record<string, AttributeRule>> = {
  protocol: { kind: "string", sameAs: "protocol", access: "protocol" },
  from_port: { kind: "number", access: "from-port", unless: { attribute: "protocol", is: ["-1", "all"] } },
  to_port: { kind: "number", access: "to-port", unless: { attribute: "protocol", is: ["-1", "all"] } },
  description: { kind: "string" },
  cidr_blocks: { kind: "set", element: { kind: "string", sameAs: "cidr" }, access: "networks" },
  ipv6_cidr_blocks: { kind: "set", element: { kind: "string", sameAs: "cidr" }, access: "networks" },
  security_groups: { kind: "set", element: { kind: "string", sameAs: "account-prefixed" }, access: "groups" },
  self: { kind: "bool", access: "self" },
};

const firewall = (access: "ingress" | "egress"): AttributeRule => ({
  kind: "block-set",
  watch: "additions",
  access,
  expand: ["cidr_blocks", "ipv6_cidr_blocks", "security_groups", "self"],
  identity: ["protocol", "from_port", "to_port", "cidr_blocks", "self"],
  attributes: firewallBlock,
});

export const RULES: RuleBook = {
  thing: {
    type: "thing",
    category: "configuration",
    attributes: {
      id: { kind: "string", never: "computed" },
      name: { kind: "string" },
      size: { kind: "string", impact: "restart" },
      zone: { kind: "string", sameAs: "case-insensitive" },
      port: { kind: "number" },
      count_of: { kind: "number", defaults: [8] },
      enabled: { kind: "bool" },
      checked: { kind: "bool", defaults: [true], watch: "always", weakens: [false] },
      profile: { kind: "string", watch: "always", category: "policy", exposes: "additions" },
      endpoint: { kind: "string", watch: "additions" },
      range: { kind: "string", sameAs: "cidr" },
      group: { kind: "string", sameAs: "account-prefixed" },
      policy: { kind: "string", sameAs: "policy", category: "policy" },
      script: { kind: "string", sameAs: "sha1", sensitive: true },
      password: { kind: "string", sensitive: true },
      provider_only: { kind: "string", never: "provider-only" },
      groups: { kind: "set", watch: "additions", exposes: "additions", category: "policy" },
      ranges: { kind: "set", element: { kind: "string", sameAs: "cidr" } },
      old_groups: { kind: "set", onlyRecorded: true },
      steps: { kind: "list" },
      labels: { kind: "map" },
      numbers: { kind: "map", element: { kind: "number" } },
      disk: {
        kind: "block",
        attributes: {
          size: { kind: "number" },
          kind: { kind: "string" },
          secret: { kind: "string", sensitive: true },
          encrypted: { kind: "bool", watch: "always", weakens: [false] },
          id: { kind: "string", never: "computed" },
          inner: { kind: "block", attributes: { depth: { kind: "number" } } },
        },
      },
      volume: {
        kind: "block-set",
        identity: ["device"],
        attributes: {
          device: { kind: "string" },
          size: { kind: "number" },
          iops: { kind: "number" },
          keep: { kind: "bool", defaults: [true] },
          id: { kind: "string", never: "computed" },
          token: { kind: "string" },
        },
      },
      tags: { kind: "tags" },
      tags_all: { kind: "tags", never: "computed" },
    },
  },
  net_group: {
    type: "net_group",
    category: "policy",
    attributes: {
      description: { kind: "string" },
      ingress: firewall("ingress"),
      egress: firewall("egress"),
      tags: { kind: "tags" },
    },
  },
  net_rule: {
    type: "net_rule",
    category: "policy",
    access: "ingress",
    attributes: {
      group_id: { kind: "string" },
      ip_protocol: { kind: "string", sameAs: "protocol", access: "protocol" },
      from_port: { kind: "number", access: "from-port", unless: { attribute: "ip_protocol", is: ["-1"] } },
      to_port: { kind: "number", access: "to-port", unless: { attribute: "ip_protocol", is: ["-1"] } },
      cidr_ipv4: { kind: "string", sameAs: "cidr", access: "networks" },
      source_group: { kind: "string", access: "groups" },
      description: { kind: "string" },
      tags: { kind: "tags" },
    },
  },
  net_typed_rule: {
    type: "net_typed_rule",
    category: "policy",
    access: { attribute: "type" },
    attributes: {
      type: { kind: "string" },
      group_id: { kind: "string" },
      protocol: { kind: "string", sameAs: "protocol", access: "protocol" },
      from_port: { kind: "number", access: "from-port" },
      to_port: { kind: "number", access: "to-port" },
      cidr_blocks: { kind: "list", element: { kind: "string", sameAs: "cidr" }, access: "networks" },
    },
  },
};

export const CONTEXT: ComparisonContext = {
  repository: "4711",
  stack: "shop-prod",
  key: "test key",
  now: new Date("2026-05-04T10:00:00Z"),
};

/** A desired side; paths as text. */
export function desired(attributes: JsonObject, more: Partial<Omit<Desired, "attributes">> = {}): Desired {
  return {
    attributes,
    unknown: [],
    sensitive: [],
    ignoreChanges: [],
    defaultTags: {},
    ignoreTags: { keys: [], keyPrefixes: [] },
    declaredAt: { file: "main.tf", line: 3, column: 1 },
    ...more,
  };
}

export function recorded(attributes: JsonObject, more: Partial<Omit<Recorded, "attributes">> = {}): Recorded {
  return {
    attributes,
    sensitive: [],
    id: "t-1",
    account: "123456789012",
    region: "eu-west-1",
    tainted: false,
    ...more,
  };
}

export function found(
  attributes: JsonObject,
  more: Partial<Omit<ObservedResource, "attributes">> = {},
): InstanceTruths["observation"] {
  const resource = {
    type: "thing",
    id: "t-1",
    account: "123456789012",
    region: "eu-west-1",
    unread: [],
    ...more,
    attributes,
  };
  return { status: "found", resource };
}

export function instance(parts: Partial<InstanceTruths>): InstanceTruths {
  return {
    address: "thing.a",
    type: "thing",
    desired: null,
    recorded: null,
    observation: null,
    deposed: 0,
    sourceOf: (path) => ({ file: "main.tf", line: printPath(path).length, column: 1 }),
    ...parts,
  };
}

/** Values of one attribute; undefined where a side leaves it out. */
export interface Three {
  readonly desired?: Json;
  readonly recorded?: Json;
  readonly observed?: Json;
}

export interface Variation {
  readonly type?: string;
  readonly desired?: Partial<Omit<Desired, "attributes">>;
  readonly recorded?: Partial<Omit<Recorded, "attributes">>;
  readonly unread?: readonly Path[];
}

/** Compares one instance of which one attribute has the three values. */
export function compareOne(attribute: string, values: Three, variation: Variation = {}): StackComparison {
  const side = (value: Json | undefined): JsonObject =>
    value === undefined ? {} : Object.fromEntries([[attribute, value]]);
  const truths = instance({
    type: variation.type ?? "thing",
    desired: desired(side(values.desired), variation.desired),
    recorded: recorded(side(values.recorded), variation.recorded),
    observation: found(side(values.observed), { unread: variation.unread ?? [] }),
  });
  return compareAll([truths]);
}

export function compareAll(
  instances: readonly InstanceTruths[],
  unmanaged: readonly ObservedResource[] = [],
  context: ComparisonContext = CONTEXT,
): StackComparison {
  return compareStack({ instances, unmanaged }, RULES, context);
}

/** What a table compares: the kind and the paths of each finding. */
export function summary({ findings }: StackComparison): readonly string[] {
  return findings.map(({ kind, changes }) => [kind, ...changes.map(({ path }) => printPath(path))].join(" "));
}

export function paths(...texts: readonly string[]): readonly Path[] {
  return texts.map(parsePath);
}
