/** A network. */
export interface Vpc {
  readonly id: string;
  readonly cidr: string;
  tenancy: string;
  isDefault: boolean;
  dnsHostnames: boolean;
  dnsSupport: boolean;
  tags: Map<string, string>;
}

export interface Subnet {
  readonly id: string;
  readonly vpcId: string;
  readonly cidr: string;
  readonly zone: string;
  mapPublicIp: boolean;
  tags: Map<string, string>;
}

export type Source =
  | { readonly cidr: string }
  | { readonly ipv6: string }
  | { readonly prefixList: string }
  | { readonly group: string; readonly account?: string };

/** One rule as EC2 keeps it. Ports are -1 for all protocols. */
export interface Rule {
  readonly id: string;
  readonly direction: "ingress" | "egress";
  readonly protocol: string;
  readonly from: number;
  readonly to: number;
  readonly source: Source;
  description: string | undefined;
  tags: Map<string, string>;
}

export interface SecurityGroup {
  readonly id: string;
  readonly vpcId: string;
  readonly name: string;
  readonly description: string;
  rules: Rule[];
  tags: Map<string, string>;
}

export interface Volume {
  readonly id: string;
  readonly device: string;
  size: number;
  type: string;
  iops: number | undefined;
  throughput: number | undefined;
  encrypted: boolean;
  deleteOnTermination: boolean;
}

export interface Instance {
  readonly id: string;
  readonly image: string;
  readonly subnetId: string;
  readonly privateIp: string;
  publicIp: string | undefined;
  type: string;
  state: "pending" | "running" | "stopped" | "terminated";
  groups: string[];
  keyName: string | undefined;
  profile: string | undefined;
  monitoring: boolean;
  ebsOptimized: boolean;
  sourceDestCheck: boolean;
  httpTokens: "optional" | "required";
  hopLimit: number;
  apiTermination: "allowed" | "disabled";
  apiStop: "allowed" | "disabled";
  shutdownBehavior: "stop" | "terminate";
  cpuCredits: "standard" | "unlimited" | undefined;
  /** As text; the API hands it out in Base64. */
  userData: string | undefined;
  /** The request for spare capacity that started it. */
  spotRequest: string | undefined;
  rootDevice: string;
  volumes: Volume[];
  tags: Map<string, string>;
}

/** All that one region of one account holds. */
export interface AwsModel {
  readonly vpcs: Map<string, Vpc>;
  readonly subnets: Map<string, Subnet>;
  readonly groups: Map<string, SecurityGroup>;
  readonly instances: Map<string, Instance>;
}

export function emptyModel(): AwsModel {
  return { vpcs: new Map(), subnets: new Map(), groups: new Map(), instances: new Map() };
}

/** A thing with only what matters named: the rest is what AWS sets by default. */
export function addVpc(model: AwsModel, vpc: Pick<Vpc, "id" | "cidr"> & Partial<Vpc>): Vpc {
  const added: Vpc = {
    tenancy: "default",
    isDefault: false,
    dnsHostnames: false,
    dnsSupport: true,
    tags: new Map(),
    ...vpc,
  };
  model.vpcs.set(added.id, added);
  return added;
}

export function addSubnet(
  model: AwsModel,
  subnet: Pick<Subnet, "id" | "vpcId" | "cidr" | "zone"> & Partial<Subnet>,
): Subnet {
  const added: Subnet = { mapPublicIp: false, tags: new Map(), ...subnet };
  model.subnets.set(added.id, added);
  return added;
}

export function addGroup(
  model: AwsModel,
  group: Pick<SecurityGroup, "id" | "vpcId" | "name"> & Partial<SecurityGroup>,
): SecurityGroup {
  const added: SecurityGroup = {
    description: "Managed by Terraform",
    rules: [],
    tags: new Map(),
    ...group,
  };
  model.groups.set(added.id, added);
  return added;
}

export function addInstance(
  model: AwsModel,
  instance: Pick<Instance, "id" | "type" | "subnetId"> & Partial<Instance>,
): Instance {
  const added: Instance = {
    image: "ami-0c101f26f147fa7fd",
    privateIp: "10.0.1.10",
    publicIp: undefined,
    state: "running",
    groups: [],
    keyName: undefined,
    spotRequest: undefined,
    profile: undefined,
    monitoring: false,
    ebsOptimized: false,
    sourceDestCheck: true,
    httpTokens: "required",
    hopLimit: 2,
    apiTermination: "allowed",
    apiStop: "allowed",
    shutdownBehavior: "stop",
    cpuCredits: hasCredits(instance.type) ? "unlimited" : undefined,
    userData: undefined,
    rootDevice: "/dev/xvda",
    volumes: [
      {
        id: instance.id.replace(/^i-/, "vol-"),
        device: "/dev/xvda",
        size: 8,
        type: "gp3",
        iops: 3000,
        throughput: 125,
        encrypted: false,
        deleteOnTermination: true,
      },
    ],
    tags: new Map(),
    ...instance,
  };
  model.instances.set(added.id, added);
  return added;
}

/** Burstable types (T2, T3, …) earn CPU credits. */
export function hasCredits(type: string): boolean {
  return /^t\d/.test(type);
}
