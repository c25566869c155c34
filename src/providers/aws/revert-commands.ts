import type { Command, ResourceIdentity } from "../../drift/model.ts";
import { instanceNotes, instanceSteps } from "./revert-instance.ts";
import { subnetSteps, vpcSteps } from "./revert-network.ts";
import { securityGroupRuleSteps, securityGroupSteps, singleRuleSteps } from "./revert-security-group.ts";
import { type CliStep, ec2, type RevertSubject, word } from "./revert-subject.ts";
import { tagSteps } from "./revert-tags.ts";

type Steps = (subject: RevertSubject) => readonly CliStep[];

const STEPS: ReadonlyMap<string, Steps> = new Map([
  ["aws_instance", instanceSteps],
  ["aws_security_group", securityGroupSteps],
  ["aws_default_security_group", securityGroupSteps],
  ["aws_security_group_rule", securityGroupRuleSteps],
  ["aws_vpc_security_group_ingress_rule", singleRuleSteps],
  ["aws_vpc_security_group_egress_rule", singleRuleSteps],
  ["aws_vpc", vpcSteps],
  ["aws_default_vpc", vpcSteps],
  ["aws_subnet", subnetSteps],
  ["aws_default_subnet", subnetSteps],
]);

/**
 * The AWS CLI commands that set changed values back, in order. Empty where there are none: the type is not covered,
 * the value can only be changed by a new resource, or it is not known well enough.
 */
export function cliSteps(subject: RevertSubject): readonly CliStep[] {
  const steps = STEPS.get(subject.resource.type);
  return steps === undefined ? [] : [...steps(subject), ...tagSteps(subject.resource, subject.changes)];
}

/** Sentences that a person must know before anything sets the values back. */
export function revertNotes(subject: RevertSubject): readonly string[] {
  return subject.resource.type === "aws_instance" ? instanceNotes(subject) : [];
}

interface Deletion {
  readonly deletes: Command;
  readonly shows: Command;
}

/** How a resource is deleted by hand, and how to see whether it is there; null where the type is not covered. */
export function deletion(resource: ResourceIdentity): Deletion | null {
  const id = word(resource.id);
  if (id === null) return null;
  switch (resource.type) {
    case "aws_instance":
      return {
        deletes: ec2(resource, "terminate-instances", "--instance-ids", id),
        shows: ec2(resource, "describe-instances", "--instance-ids", id),
      };
    case "aws_security_group":
      return {
        deletes: ec2(resource, "delete-security-group", "--group-id", id),
        shows: ec2(resource, "describe-security-groups", "--group-ids", id),
      };
    case "aws_subnet":
      return {
        deletes: ec2(resource, "delete-subnet", "--subnet-id", id),
        shows: ec2(resource, "describe-subnets", "--subnet-ids", id),
      };
    case "aws_vpc":
      return {
        deletes: ec2(resource, "delete-vpc", "--vpc-id", id),
        shows: ec2(resource, "describe-vpcs", "--vpc-ids", id),
      };
    default:
      return null;
  }
}
