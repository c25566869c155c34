import { describe, expect, test } from "vitest";
import type { AttributeRule } from "../../src/drift/rules.ts";
import { createAwsInventory } from "../../src/inventory/aws/inventory.ts";
import { isReadWithOthers, ruleBook } from "../../src/providers/index.ts";

function everyRule(
  rules: Readonly<Record<string, AttributeRule>>,
): readonly (readonly [string, AttributeRule])[] {
  return Object.entries(rules).flatMap(([name, rule]) => [
    [name, rule] as const,
    ...everyRule(rule.attributes ?? {}).map(([inner, each]) => [`${name}.${inner}`, each] as const),
  ]);
}

describe("the rule book", () => {
  test("has each type under its own name, and the inventory reads all of them", () => {
    const inventory = createAwsInventory();
    for (const [type, rules] of Object.entries(ruleBook)) {
      expect(rules.type).toBe(type);
      expect(inventory.covers(type), type).toBe(true);
    }
  });

  test.each(Object.values(ruleBook).map((rules) => [rules.type, rules] as const))(
    "%s holds together",
    (_, rules) => {
      for (const [name, rule] of everyRule(rules.attributes)) {
        const isBlock = rule.kind === "block" || rule.kind === "block-set";
        expect(rule.attributes !== undefined, name).toBe(isBlock && rule.never === undefined);
        const inner = Object.keys(rule.attributes ?? {});
        expect(inner, name).toEqual(
          expect.arrayContaining([...(rule.identity ?? []), ...(rule.expand ?? [])]),
        );
        if (rule.never !== undefined) expect(rule.watch, name).toBeUndefined();
      }
    },
  );

  test.each([
    ["aws_instance", "instance_type", "restart"],
    ["aws_instance", "ami", "replace"],
    ["aws_instance", "user_data", "restart"],
    ["aws_instance", "vpc_security_group_ids", undefined],
    ["aws_security_group", "ingress", undefined],
    ["aws_security_group", "name", "replace"],
    ["aws_security_group_rule", "cidr_blocks", "replace"],
    ["aws_vpc_security_group_ingress_rule", "cidr_ipv4", undefined],
    ["aws_vpc", "cidr_block", "replace"],
    ["aws_vpc", "enable_dns_hostnames", undefined],
    ["aws_subnet", "availability_zone", "replace"],
    ["aws_subnet", "map_public_ip_on_launch", undefined],
  ] as const)("changing %s.%s back: %s", (type, attribute, impact) => {
    expect(ruleBook[type]?.attributes[attribute]?.impact).toBe(impact);
  });

  test.each([
    ["aws_instance", "user_data"],
    ["aws_instance", "user_data_base64"],
    ["aws_instance", "password_data"],
  ] as const)("%s.%s is sensitive", (type, attribute) => {
    expect(ruleBook[type]?.attributes[attribute]?.sensitive).toBe(true);
  });

  test.each([
    ["aws_instance", ["associate_public_ip_address", "get_password_data", "force_destroy", "timeouts"]],
    ["aws_security_group", ["revoke_rules_on_delete", "name_prefix", "timeouts"]],
  ] as const)("%s: arguments that only the provider knows are never compared", (type, names) => {
    for (const name of names) expect(ruleBook[type]?.attributes[name]?.never, name).toBe("provider-only");
  });

  test("knows the types that tell what belongs to another resource", () => {
    const known = [...Object.keys(ruleBook), "aws_network_interface_sg_attachment", "aws_eip"];
    expect(known.filter(isReadWithOthers)).toEqual([
      "aws_security_group_rule",
      "aws_vpc_security_group_ingress_rule",
      "aws_vpc_security_group_egress_rule",
      "aws_network_interface_sg_attachment",
    ]);
  });
});
