import type { SecurityGroup, Tag } from "@aws-sdk/client-ec2";
import type { ObservedResource } from "../../drift/model.ts";
import { instanceAttributes } from "../../providers/aws/instance.ts";
import { securityGroupAttributes } from "../../providers/aws/security-group.ts";
import { subnetAttributes } from "../../providers/aws/subnet.ts";
import { describeInstances } from "./instances.ts";
import { describeSubnets } from "./networks.ts";
import { observed } from "./reading.ts";
import type { RegionApi } from "./region.ts";
import { describeGroups } from "./security-groups.ts";

/**
 * Instances, security groups and subnets inside the networks `vpcs` whose ids are not `known`, without what AWS
 * services made for themselves. What could not be listed is told to `report`.
 */
export async function unmanagedIn(
  api: RegionApi,
  vpcs: ReadonlySet<string>,
  known: ReadonlySet<string>,
  report: (problem: string) => void,
): Promise<readonly ObservedResource[]> {
  const instances = await describeInstances(api, "vpc-id", vpcs);
  const groups = await describeGroups(api, "vpc-id", vpcs);
  const subnets = await describeSubnets(api, "vpc-id", vpcs);
  for (const each of [instances, groups, subnets]) {
    if (!each.ok) report(`${each.failure.reason} (unmanaged resources were not looked for)`);
  }
  const { region } = api;
  return [
    ...(instances.ok ? instances.value : [])
      .filter(({ instance }) => instance.Operator?.Managed !== true && !isServiceOwned(instance.Tags))
      // An `aws_spot_instance_request` is known by its own id, not by that of the instance it stands for.
      .filter(({ instance }) => !known.has(instance.SpotInstanceRequestId ?? ""))
      .map(({ instance, owner }) => {
        const mapped = instanceAttributes(
          instance,
          { volumes: new Map() },
          {},
          { securityGroups: new Set() },
        );
        return observed("aws_instance", instance.InstanceId ?? "", owner, region, mapped);
      }),
    ...(groups.ok ? groups.value : [])
      .filter((group) => !isServiceGroup(group))
      .map((group) => {
        const mapped = { attributes: securityGroupAttributes(group, new Set()), unread: [] };
        return observed("aws_security_group", group.GroupId ?? "", group.OwnerId ?? null, region, mapped);
      }),
    ...(subnets.ok ? subnets.value : [])
      .filter((subnet) => subnet.DefaultForAz !== true && !isServiceOwned(subnet.Tags))
      .map((subnet) => {
        const mapped = subnetAttributes(subnet);
        return observed("aws_subnet", subnet.SubnetId ?? "", subnet.OwnerId ?? null, region, mapped);
      }),
  ].filter((resource) => !known.has(resource.id));
}

/**
 * Made by a service or another tool, which looks after it: AWS's own tags (Auto Scaling, CloudFormation, fleets; a
 * launch template alone is used by people too), clusters and platforms that tag what is theirs.
 */
function isServiceOwned(tags: readonly Tag[] | undefined): boolean {
  return (tags ?? []).some(({ Key: key = "", Value: value = "" }) => {
    if (key.startsWith("aws:")) return !key.startsWith("aws:ec2launchtemplate:");
    if (key.startsWith("kubernetes.io/cluster/")) return value === "owned";
    return /^(?:eks:|elasticbeanstalk:|elbv2\.k8s\.aws\/|karpenter\.(?:sh|k8s\.aws)\/)/.test(key);
  });
}

/** Names that services give to the groups they make; every network has its `default` group. */
const SERVICE_GROUP =
  /^(?:default$|eks-cluster-sg-|k8s-elb-|k8s-traffic-|ElasticMapReduce-|d-[0-9a-f]{10}_controllers$)/;

function isServiceGroup(group: SecurityGroup): boolean {
  return SERVICE_GROUP.test(group.GroupName ?? "") || isServiceOwned(group.Tags);
}
