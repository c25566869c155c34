import { groupXml, type Owner, reservationXml, ruleXml, subnetXml, volumeXml, vpcXml } from "./answers.ts";
import type { AwsModel } from "./model.ts";
import { type AwsRequest, filtersOf, listParameter } from "./request.ts";
import type { Xml } from "./xml.ts";

/** An error as EC2 answers it. */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

interface Context extends Owner {
  readonly model: AwsModel;
  /** The most items in one answer, whatever the request asks for. */
  readonly pageSize: number;
}

type Action = (request: AwsRequest, context: Context) => { readonly [name: string]: Xml };

/** What the embedded EC2 answers: all it reads, nothing that changes anything. */
export const ACTIONS: ReadonlyMap<string, Action> = new Map<string, Action>([
  ["DescribeVpcs", describeVpcs],
  ["DescribeVpcAttribute", describeVpcAttribute],
  ["DescribeSubnets", describeSubnets],
  ["DescribeSecurityGroups", describeSecurityGroups],
  ["DescribeSecurityGroupRules", describeSecurityGroupRules],
  ["DescribeInstances", describeInstances],
  ["DescribeInstanceAttribute", describeInstanceAttribute],
  ["DescribeInstanceCreditSpecifications", describeCredits],
  ["DescribeVolumes", describeVolumes],
  ["DescribeTags", describeTags],
]);

type Traits = { readonly [filter: string]: string | readonly string[] | undefined };

function describeVpcs(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const vpcs = [...context.model.vpcs.values()].filter((vpc) =>
    matches(request, { "vpc-id": vpc.id, "is-default": String(vpc.isDefault), ...tagTraits(vpc.tags) }),
  );
  return paged(request, context, "vpcSet", vpcs, (vpc) => vpcXml(vpc, context));
}

function describeVpcAttribute(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const id = request.parameters.get("VpcId") ?? "";
  const vpc = context.model.vpcs.get(id);
  if (vpc === undefined)
    throw new AwsError(400, "InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
  const attribute = request.parameters.get("Attribute") ?? "";
  const values = new Map([
    ["enableDnsHostnames", vpc.dnsHostnames],
    ["enableDnsSupport", vpc.dnsSupport],
    ["enableNetworkAddressUsageMetrics", false],
  ]);
  return { vpcId: vpc.id, [attribute]: { value: known(values.get(attribute), attribute) } };
}

function describeSubnets(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const subnets = [...context.model.subnets.values()].filter((subnet) =>
    matches(request, { "subnet-id": subnet.id, "vpc-id": subnet.vpcId, ...tagTraits(subnet.tags) }),
  );
  return paged(request, context, "subnetSet", subnets, (subnet) => subnetXml(subnet, context));
}

function describeSecurityGroups(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const groups = [...context.model.groups.values()].filter((group) =>
    matches(request, {
      "group-id": group.id,
      "group-name": group.name,
      "vpc-id": group.vpcId,
      ...tagTraits(group.tags),
    }),
  );
  return paged(request, context, "securityGroupInfo", groups, (group) => groupXml(group, context));
}

function describeSecurityGroupRules(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const rules = [...context.model.groups.values()]
    .flatMap((group) => group.rules.map((rule) => ({ group, rule })))
    .filter(({ group, rule }) =>
      matches(request, { "security-group-rule-id": rule.id, "group-id": group.id, ...tagTraits(rule.tags) }),
    );
  return paged(request, context, "securityGroupRuleSet", rules, ({ group, rule }) =>
    ruleXml(rule, group, context),
  );
}

function describeInstances(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const instances = [...context.model.instances.values()].filter((instance) =>
    matches(request, {
      "instance-id": instance.id,
      "vpc-id": context.model.subnets.get(instance.subnetId)?.vpcId,
      "subnet-id": instance.subnetId,
      "instance-state-name": instance.state,
      ...tagTraits(instance.tags),
    }),
  );
  return paged(request, context, "reservationSet", instances, (instance) =>
    reservationXml(instance, context.model, context),
  );
}

function describeInstanceAttribute(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const id = request.parameters.get("InstanceId") ?? "";
  const instance = context.model.instances.get(id);
  if (instance === undefined) {
    throw new AwsError(400, "InvalidInstanceID.NotFound", `The instance ID '${id}' does not exist`);
  }
  const attribute = request.parameters.get("Attribute") ?? "";
  const { userData } = instance;
  const values = new Map<string, Xml>([
    ["disableApiTermination", { value: instance.apiTermination === "disabled" }],
    ["disableApiStop", { value: instance.apiStop === "disabled" }],
    ["instanceInitiatedShutdownBehavior", { value: instance.shutdownBehavior }],
    ["instanceType", { value: instance.type }],
    ["ebsOptimized", { value: instance.ebsOptimized }],
    ["userData", userData === undefined ? {} : { value: Buffer.from(userData, "utf8").toString("base64") }],
  ]);
  return { instanceId: instance.id, [attribute]: known(values.get(attribute), attribute) };
}

function describeCredits(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const ids = listParameter(request, "InstanceId");
  const credits = ids.map((instanceId) => {
    const cpuCredits = context.model.instances.get(instanceId)?.cpuCredits;
    if (cpuCredits !== undefined) return { instanceId, cpuCredits };
    throw new AwsError(
      400,
      "InstanceCreditSpecification.NotSupported",
      `The instance '${instanceId}' does not support credits`,
    );
  });
  return { instanceCreditSpecificationSet: credits };
}

function describeVolumes(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const volumes = [...context.model.instances.values()]
    .filter((instance) => instance.state !== "terminated")
    .flatMap((instance) => instance.volumes.map((volume) => ({ instance, volume })))
    .filter(({ instance, volume }) =>
      matches(request, { "volume-id": volume.id, "attachment.instance-id": instance.id }),
    );
  return paged(request, context, "volumeSet", volumes, ({ instance, volume }) =>
    volumeXml(volume, instance, context.model),
  );
}

function describeTags(request: AwsRequest, context: Context): { readonly [name: string]: Xml } {
  const { vpcs, subnets, groups, instances } = context.model;
  const holders = [
    ...[...vpcs.values()].map((each) => ({ ...each, resourceType: "vpc" })),
    ...[...subnets.values()].map((each) => ({ ...each, resourceType: "subnet" })),
    ...[...groups.values()].map((each) => ({ ...each, resourceType: "security-group" })),
    ...[...instances.values()].map((each) => ({ ...each, resourceType: "instance" })),
  ];
  const tags = holders
    .flatMap(({ id, resourceType, tags }) =>
      [...tags].map(([key, value]) => ({ resourceId: id, resourceType, key, value })),
    )
    .filter((tag) =>
      matches(request, {
        "resource-id": tag.resourceId,
        "resource-type": tag.resourceType,
        key: tag.key,
        value: tag.value,
      }),
    );
  return paged(request, context, "tagSet", tags, (tag) => tag);
}

function tagTraits(tags: ReadonlyMap<string, string>): Traits {
  return Object.fromEntries([
    ["tag-key", [...tags.keys()]],
    ...[...tags].map(([key, value]) => [`tag:${key}`, value]),
  ]);
}

/** All filters must match; a filter matches when one of its values does. */
function matches(request: AwsRequest, traits: Traits): boolean {
  return [...filtersOf(request)].every(([name, values]) => {
    if (!Object.hasOwn(traits, name) && !name.startsWith("tag:")) {
      throw new AwsError(400, "InvalidParameterValue", `The filter '${name}' is invalid`);
    }
    return [traits[name] ?? []].flat().some((value) => values.has(value));
  });
}

/** One page from where `NextToken` says, and the token of the next one. */
function paged<T>(
  request: AwsRequest,
  context: Context,
  name: string,
  items: readonly T[],
  toXml: (item: T) => Xml,
): { readonly [name: string]: Xml } {
  const start = Number(request.parameters.get("NextToken") ?? "0");
  const size = Math.min(Number(request.parameters.get("MaxResults") ?? context.pageSize), context.pageSize);
  const end = start + size;
  return {
    [name]: items.slice(start, end).map(toXml),
    nextToken: end < items.length ? String(end) : undefined,
  };
}

function known<T>(value: T | undefined, attribute: string): T {
  if (value === undefined) {
    throw new AwsError(
      400,
      "InvalidParameterValue",
      `Value (${attribute}) for parameter attribute is invalid`,
    );
  }
  return value;
}
