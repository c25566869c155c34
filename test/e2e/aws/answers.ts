import type { AwsModel, Instance, Rule, SecurityGroup, Subnet, Volume, Vpc } from "./model.ts";
import type { Xml } from "./xml.ts";

/** The resources of the model in the names and shapes of the EC2 API (query protocol, version 2016-11-15). */

export interface Owner {
  readonly account: string;
  readonly region: string;
}

function tagSet(tags: ReadonlyMap<string, string>): Xml {
  return [...tags].map(([key, value]) => ({ key, value }));
}

export function vpcXml(vpc: Vpc, owner: Owner): Xml {
  return {
    vpcId: vpc.id,
    ownerId: owner.account,
    state: "available",
    cidrBlock: vpc.cidr,
    dhcpOptionsId: "dopt-0a1b2c3d4e5f60718",
    instanceTenancy: vpc.tenancy,
    isDefault: vpc.isDefault,
    tagSet: tagSet(vpc.tags),
  };
}

export function subnetXml(subnet: Subnet, owner: Owner): Xml {
  return {
    subnetId: subnet.id,
    subnetArn: `arn:aws:ec2:${owner.region}:${owner.account}:subnet/${subnet.id}`,
    state: "available",
    ownerId: owner.account,
    vpcId: subnet.vpcId,
    cidrBlock: subnet.cidr,
    availabilityZone: subnet.zone,
    availableIpAddressCount: 250,
    defaultForAz: false,
    mapPublicIpOnLaunch: subnet.mapPublicIp,
    mapCustomerOwnedIpOnLaunch: false,
    assignIpv6AddressOnCreation: false,
    enableDns64: false,
    ipv6Native: false,
    privateDnsNameOptionsOnLaunch: {
      hostnameType: "ip-name",
      enableResourceNameDnsARecord: false,
      enableResourceNameDnsAAAARecord: false,
    },
    tagSet: tagSet(subnet.tags),
  };
}

export function groupXml(group: SecurityGroup, owner: Owner): Xml {
  return {
    ownerId: owner.account,
    groupId: group.id,
    groupName: group.name,
    groupDescription: group.description,
    securityGroupArn: `arn:aws:ec2:${owner.region}:${owner.account}:security-group/${group.id}`,
    vpcId: group.vpcId,
    ipPermissions: permissions(group, "ingress", owner),
    ipPermissionsEgress: permissions(group, "egress", owner),
    tagSet: tagSet(group.tags),
  };
}

/** EC2 puts all sources of one protocol and port range together. */
function permissions(group: SecurityGroup, direction: Rule["direction"], owner: Owner): Xml {
  const rules = group.rules.filter((rule) => rule.direction === direction);
  const ranges = Map.groupBy(rules, (rule) => JSON.stringify([rule.protocol, rule.from, rule.to]));
  return [...ranges.values()].map((alike) => {
    const [first] = alike;
    return {
      ipProtocol: first?.protocol,
      ...(first?.protocol === "-1" ? {} : { fromPort: first?.from, toPort: first?.to }),
      ipRanges: pick(alike, (rule) => ("cidr" in rule.source ? { cidrIp: rule.source.cidr } : null)),
      ipv6Ranges: pick(alike, (rule) => ("ipv6" in rule.source ? { cidrIpv6: rule.source.ipv6 } : null)),
      prefixListIds: pick(alike, (rule) =>
        "prefixList" in rule.source ? { prefixListId: rule.source.prefixList } : null,
      ),
      groups: pick(alike, (rule) =>
        "group" in rule.source
          ? { groupId: rule.source.group, userId: rule.source.account ?? owner.account }
          : null,
      ),
    };
  });
}

function pick(rules: readonly Rule[], of: (rule: Rule) => { readonly [name: string]: Xml } | null): Xml {
  return rules.flatMap((rule) => {
    const source = of(rule);
    return source === null ? [] : [{ ...source, description: rule.description }];
  });
}

export function ruleXml(rule: Rule, group: SecurityGroup, owner: Owner): Xml {
  const { source } = rule;
  return {
    securityGroupRuleId: rule.id,
    securityGroupRuleArn: `arn:aws:ec2:${owner.region}:${owner.account}:security-group-rule/${rule.id}`,
    groupId: group.id,
    groupOwnerId: owner.account,
    isEgress: rule.direction === "egress",
    ipProtocol: rule.protocol,
    fromPort: rule.from,
    toPort: rule.to,
    cidrIpv4: "cidr" in source ? source.cidr : undefined,
    cidrIpv6: "ipv6" in source ? source.ipv6 : undefined,
    prefixListId: "prefixList" in source ? source.prefixList : undefined,
    referencedGroupInfo:
      "group" in source ? { groupId: source.group, userId: source.account ?? owner.account } : undefined,
    description: rule.description,
    tagSet: tagSet(rule.tags),
  };
}

const STATES = { pending: 0, running: 16, stopped: 80, terminated: 48 } as const;

export function reservationXml(instance: Instance, model: AwsModel, owner: Owner): Xml {
  return {
    reservationId: instance.id.replace(/^i-/, "r-"),
    ownerId: owner.account,
    groupSet: [],
    instancesSet: [instanceXml(instance, model, owner)],
  };
}

function instanceXml(instance: Instance, model: AwsModel, owner: Owner): Xml {
  const subnet = model.subnets.get(instance.subnetId);
  const groupSet = instance.groups.map((groupId) => ({
    groupId,
    groupName: model.groups.get(groupId)?.name ?? "",
  }));
  return {
    instanceId: instance.id,
    imageId: instance.image,
    instanceState: { code: STATES[instance.state], name: instance.state },
    privateDnsName: `ip-${instance.privateIp.replaceAll(".", "-")}.${owner.region}.compute.internal`,
    keyName: instance.keyName,
    spotInstanceRequestId: instance.spotRequest,
    instanceType: instance.type,
    launchTime: "2026-05-04T09:30:00.000Z",
    placement: { availabilityZone: subnet?.zone, groupName: "", tenancy: "default" },
    monitoring: { state: instance.monitoring ? "enabled" : "disabled" },
    subnetId: instance.subnetId,
    vpcId: subnet?.vpcId,
    privateIpAddress: instance.privateIp,
    ipAddress: instance.publicIp,
    sourceDestCheck: instance.sourceDestCheck,
    groupSet,
    architecture: "x86_64",
    rootDeviceType: "ebs",
    rootDeviceName: instance.rootDevice,
    blockDeviceMapping: instance.volumes.map((volume) => ({
      deviceName: volume.device,
      ebs: { volumeId: volume.id, status: "attached", deleteOnTermination: volume.deleteOnTermination },
    })),
    ebsOptimized: instance.ebsOptimized,
    iamInstanceProfile:
      instance.profile === undefined
        ? undefined
        : {
            arn: `arn:aws:iam::${owner.account}:instance-profile/${instance.profile}`,
            id: "AIPA00000000000000000",
          },
    networkInterfaceSet: [
      {
        networkInterfaceId: instance.id.replace(/^i-/, "eni-"),
        subnetId: instance.subnetId,
        vpcId: subnet?.vpcId,
        ownerId: owner.account,
        status: "in-use",
        privateIpAddress: instance.privateIp,
        sourceDestCheck: instance.sourceDestCheck,
        groupSet,
        attachment: { deviceIndex: 0, networkCardIndex: 0, status: "attached", deleteOnTermination: true },
        privateIpAddressesSet: [{ privateIpAddress: instance.privateIp, primary: true }],
      },
    ],
    cpuOptions: { coreCount: 1, threadsPerCore: 2 },
    capacityReservationSpecification: { capacityReservationPreference: "open" },
    hibernationOptions: { configured: false },
    enclaveOptions: { enabled: false },
    maintenanceOptions: { autoRecovery: "default" },
    metadataOptions: {
      state: "applied",
      httpTokens: instance.httpTokens,
      httpPutResponseHopLimit: instance.hopLimit,
      httpEndpoint: "enabled",
      httpProtocolIpv6: "disabled",
      instanceMetadataTags: "disabled",
    },
    privateDnsNameOptions: {
      hostnameType: "ip-name",
      enableResourceNameDnsARecord: false,
      enableResourceNameDnsAAAARecord: false,
    },
    tagSet: tagSet(instance.tags),
  };
}

export function volumeXml(volume: Volume, instance: Instance, model: AwsModel): Xml {
  return {
    volumeId: volume.id,
    size: volume.size,
    snapshotId: "",
    availabilityZone: model.subnets.get(instance.subnetId)?.zone,
    status: "in-use",
    volumeType: volume.type,
    iops: volume.iops,
    throughput: volume.throughput,
    encrypted: volume.encrypted,
    attachmentSet: [
      {
        volumeId: volume.id,
        instanceId: instance.id,
        device: volume.device,
        status: "attached",
        deleteOnTermination: volume.deleteOnTermination,
      },
    ],
  };
}
