import type { AttributeRule } from "../../drift/rules.ts";

/** Decided by AWS, never by the code. */
export const COMPUTED: AttributeRule = { kind: "string", never: "computed" };

/** Arguments that only the provider knows: AWS keeps no trace of them. */
export const PROVIDER_ONLY: AttributeRule = { kind: "string", never: "provider-only" };

export const TEXT: AttributeRule = { kind: "string" };
export const FLAG: AttributeRule = { kind: "bool" };
export const NUMBER: AttributeRule = { kind: "number" };

/** What every taggable resource has: `tags_all` follows from `tags` and the provider's default tags. */
export const TAGS = {
  tags: { kind: "tags" },
  tags_all: { kind: "tags", never: "computed" },
} as const satisfies Record<string, AttributeRule>;

/** What every resource of the provider has, and AWS does not know. `region` is an argument since version 6. */
export const EVERYWHERE = {
  id: COMPUTED,
  arn: COMPUTED,
  region: PROVIDER_ONLY,
  timeouts: PROVIDER_ONLY,
} as const satisfies Record<string, AttributeRule>;

/** The same attribute, but changing it makes Terraform create the resource anew (`ForceNew` in the provider). */
export function replacing(rule: AttributeRule): AttributeRule {
  return { ...rule, impact: "replace" };
}

/** The same attribute, but changing it stops and starts the instance. */
export function restarting(rule: AttributeRule): AttributeRule {
  return { ...rule, impact: "restart" };
}

/** The same attribute, but an apply leaves it alone where the code does (`Optional` and `Computed` in the provider). */
export function kept(rule: AttributeRule): AttributeRule {
  return { ...rule, unset: "kept" };
}
