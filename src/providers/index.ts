import type { RuleBook, TypeRules } from "../drift/rules.ts";
import { GROUP_ATTACHMENT_TYPE } from "./aws/instance.ts";
import { instanceRules } from "./aws/instance-rules.ts";
import {
  defaultSecurityGroupRules,
  egressRuleRules,
  ingressRuleRules,
  securityGroupRuleRules,
  securityGroupRules,
} from "./aws/security-group-rules.ts";
import { defaultSubnetRules, subnetRules } from "./aws/subnet.ts";
import { defaultVpcRules, vpcRules } from "./aws/vpc.ts";

const COVERED: readonly TypeRules[] = [
  instanceRules,
  securityGroupRules,
  defaultSecurityGroupRules,
  securityGroupRuleRules,
  ingressRuleRules,
  egressRuleRules,
  vpcRules,
  defaultVpcRules,
  subnetRules,
  defaultSubnetRules,
];

/** The facts about every resource type that Driftwright compares, by type. */
export const ruleBook: RuleBook = Object.fromEntries(COVERED.map((rules) => [rules.type, rules]));

const READ_WITH_OTHERS: ReadonlySet<string> = new Set([
  securityGroupRuleRules.type,
  ingressRuleRules.type,
  egressRuleRules.type,
  GROUP_ATTACHMENT_TYPE,
]);

/**
 * Whether resources of a type tell what belongs to another one: a rule of its own is not the security group's inline
 * rule, an attachment is not the instance's own group. They have to be read whenever the others are.
 */
export function isReadWithOthers(type: string): boolean {
  return READ_WITH_OTHERS.has(type);
}
