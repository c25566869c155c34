import type {
  CapacityReservationSpecificationResponse,
  Instance,
  InstanceMetadataOptionsResponse,
  InstanceNetworkInterface,
  PrivateDnsNameOptionsResponse,
  Volume,
} from "@aws-sdk/client-ec2";
import type { Json, JsonObject } from "../../json/json.ts";
import { blockDevices } from "./instance-volumes.ts";
import { type Mapped, toldOf } from "./mapped.ts";
import { rows, text, texts } from "./recorded.ts";
import { tagsOf } from "./tags.ts";
import { observedUserData } from "./user-data.ts";

/**
 * What `DescribeInstances` does not tell about an instance, and other calls do. Undefined: not asked for, or refused.
 */
export interface InstanceDetails {
  /** By volume id; a volume that is missing was not read. */
  readonly volumes: ReadonlyMap<string, Volume>;
  /** `standard` or `unlimited`; null for instance types without credits. */
  readonly cpuCredits?: string | null | undefined;
  readonly disable_api_stop?: boolean | undefined;
  readonly disable_api_termination?: boolean | undefined;
  readonly instance_initiated_shutdown_behavior?: string | undefined;
  /** Base64, as EC2 returns it; null where the instance has none. */
  readonly user_data?: string | null | undefined;
}

/** Attaches a security group to an interface, which may be an instance's. */
export const GROUP_ATTACHMENT_TYPE = "aws_network_interface_sg_attachment";

/**
 * Groups on an instance that are not its own, by id: no attribute of Terraform's and never compared. Who sets the
 * complete list of an instance's groups has to know of them.
 */
export const OTHER_GROUPS = "other_security_group_ids";

/** What other resources of the same state attach to an instance: it is theirs, not the instance's. */
export interface Attached {
  /** Ids of security groups, by `aws_network_interface_sg_attachment`. */
  readonly securityGroups: ReadonlySet<string>;
}

/**
 * An instance as the provider records it. `recorded` decides where the provider looks at what the code manages only:
 * extra volumes and interfaces that were attached by others are left out.
 */
export function instanceAttributes(
  instance: Instance,
  details: InstanceDetails,
  recorded: JsonObject,
  attached: Attached,
): Mapped {
  const devices = blockDevices(instance, details.volumes, recorded);
  const settings = options(instance);
  const separate = separatelyRead(details, recorded);
  const tags = tagsOf(instance.Tags);
  return {
    attributes: {
      id: instance.InstanceId ?? "",
      ami: instance.ImageId ?? "",
      ebs_optimized: instance.EbsOptimized ?? false,
      iam_instance_profile: profileName(instance.IamInstanceProfile?.Arn),
      instance_lifecycle: instance.InstanceLifecycle ?? "",
      instance_state: instance.State?.Name ?? "",
      instance_type: instance.InstanceType ?? "",
      key_name: instance.KeyName ?? "",
      monitoring: ["enabled", "pending"].includes(instance.Monitoring?.State ?? ""),
      outpost_arn: instance.OutpostArn ?? "",
      private_dns: instance.PrivateDnsName ?? "",
      private_ip: instance.PrivateIpAddress ?? "",
      public_dns: instance.PublicDnsName ?? "",
      public_ip: instance.PublicIpAddress ?? "",
      tags,
      tags_all: tags,
      ...placement(instance),
      ...settings.attributes,
      ...network(instance, recorded),
      ...groups(instance, recorded, attached),
      ...devices.attributes,
      ...separate.attributes,
    },
    unread: [...settings.unread, ...devices.unread, ...separate.unread],
  };
}

function placement(instance: Instance): JsonObject {
  const at = instance.Placement;
  return {
    availability_zone: at?.AvailabilityZone ?? "",
    host_id: at?.HostId ?? "",
    host_resource_group_arn: at?.HostResourceGroupArn ?? "",
    placement_group: at?.GroupName ?? "",
    placement_group_id: at?.GroupId ?? "",
    placement_partition_number: at?.PartitionNumber ?? 0,
    tenancy: at?.Tenancy ?? "default",
  };
}

/** Settings that older endpoints and other partitions do not tell of: what is not told is unread, not unset. */
function options(instance: Instance): Mapped {
  const cpu = instance.CpuOptions;
  const metadata = instance.MetadataOptions && metadataOptions(instance.MetadataOptions);
  const told = toldOf({
    capacity_reservation_specification: capacityReservation(instance.CapacityReservationSpecification),
    cpu_core_count: cpu?.CoreCount,
    cpu_options: cpu && [
      {
        amd_sev_snp: cpu.AmdSevSnp ?? "",
        core_count: cpu.CoreCount ?? 0,
        threads_per_core: cpu.ThreadsPerCore ?? 0,
      },
    ],
    cpu_threads_per_core: cpu?.ThreadsPerCore,
    enclave_options: instance.EnclaveOptions && [{ enabled: instance.EnclaveOptions.Enabled ?? false }],
    hibernation: instance.HibernationOptions?.Configured,
    maintenance_options: instance.MaintenanceOptions && [
      { auto_recovery: instance.MaintenanceOptions.AutoRecovery ?? "" },
    ],
    metadata_options: metadata && [metadata.attributes],
    private_dns_name_options: privateDnsNames(instance.PrivateDnsNameOptions),
  });
  return { attributes: told.attributes, unread: [...told.unread, ...(metadata?.unread ?? [])] };
}

function capacityReservation(live: CapacityReservationSpecificationResponse | undefined): Json | undefined {
  const target = live?.CapacityReservationTarget;
  return (
    live && [
      {
        capacity_reservation_preference: live.CapacityReservationPreference ?? "",
        capacity_reservation_target:
          target === undefined
            ? []
            : [
                {
                  capacity_reservation_id: target.CapacityReservationId ?? "",
                  capacity_reservation_resource_group_arn: target.CapacityReservationResourceGroupArn ?? "",
                },
              ],
      },
    ]
  );
}

function privateDnsNames(live: PrivateDnsNameOptionsResponse | undefined): Json | undefined {
  return (
    live && [
      {
        enable_resource_name_dns_a_record: live.EnableResourceNameDnsARecord ?? false,
        enable_resource_name_dns_aaaa_record: live.EnableResourceNameDnsAAAARecord ?? false,
        hostname_type: live.HostnameType ?? "",
      },
    ]
  );
}

function metadataOptions(live: InstanceMetadataOptionsResponse): Mapped {
  return toldOf(
    {
      http_endpoint: live.HttpEndpoint,
      http_protocol_ipv6: live.HttpProtocolIpv6,
      http_put_response_hop_limit: live.HttpPutResponseHopLimit,
      http_tokens: live.HttpTokens,
      instance_metadata_tags: live.InstanceMetadataTags,
    },
    ["metadata_options", 0],
  );
}

function network(instance: Instance, recorded: JsonObject): JsonObject {
  const interfaces = instance.NetworkInterfaces ?? [];
  const primary = interfaces.find((each) => each.Attachment?.DeviceIndex === 0);
  const ipv6 = (primary?.Ipv6Addresses ?? []).map((each) => each.Ipv6Address ?? "");
  const secondary = (primary?.PrivateIpAddresses ?? []).filter((each) => each.Primary !== true);
  const declared = new Set(rows(recorded["network_interface"]).map((row) => Number(row["device_index"])));
  return {
    ipv6_address_count: ipv6.length,
    ipv6_addresses: ipv6,
    network_interface: interfaces
      .filter((each) => declared.has(each.Attachment?.DeviceIndex ?? -1))
      .map(declaredInterface),
    primary_network_interface_id: primary?.NetworkInterfaceId ?? "",
    primary_network_interface:
      primary === undefined || rows(recorded["primary_network_interface"]).length === 0
        ? []
        : [
            {
              delete_on_termination: primary.Attachment?.DeleteOnTermination ?? false,
              network_interface_id: primary.NetworkInterfaceId ?? "",
            },
          ],
    secondary_private_ips: secondary.map((each) => each.PrivateIpAddress ?? ""),
    source_dest_check: instance.SourceDestCheck ?? primary?.SourceDestCheck ?? true,
    subnet_id: primary?.SubnetId ?? instance.SubnetId ?? "",
  };
}

function declaredInterface(live: InstanceNetworkInterface): JsonObject {
  return {
    delete_on_termination: live.Attachment?.DeleteOnTermination ?? false,
    device_index: live.Attachment?.DeviceIndex ?? 0,
    network_card_index: live.Attachment?.NetworkCardIndex ?? 0,
    network_interface_id: live.NetworkInterfaceId ?? "",
  };
}

/**
 * The security groups, by id and (default network only) by name. Where the code brings its own interfaces, these carry
 * the groups: what is added to them is theirs.
 */
function groups(instance: Instance, recorded: JsonObject, attached: Attached): JsonObject {
  const bringsInterfaces =
    rows(recorded["network_interface"]).length > 0 || rows(recorded["primary_network_interface"]).length > 0;
  const known = texts(recorded["vpc_security_group_ids"]);
  const live = instance.SecurityGroups ?? [];
  const isOwn = (id: string) => known.includes(id) || !(bringsInterfaces || attached.securityGroups.has(id));
  const all = live.map((group) => group.GroupId ?? "");
  const ids = all.filter(isOwn);
  const others = all.filter((id) => !isOwn(id));
  const byName = texts(recorded["security_groups"]);
  return {
    vpc_security_group_ids: ids,
    ...(others.length === 0 ? {} : { [OTHER_GROUPS]: others }),
    ...(byName.length === 0
      ? {}
      : {
          security_groups: byName.some((name) => name.startsWith("sg-"))
            ? ids
            : live.map((group) => group.GroupName ?? ""),
        }),
  };
}

/** User data stands under both of its names: code and state need not use the same one. */
function separatelyRead(details: InstanceDetails, recorded: JsonObject): Mapped {
  const { cpuCredits, user_data: live } = details;
  const script = (name: "user_data" | "user_data_base64"): string | undefined =>
    live === undefined ? undefined : observedUserData(live, text(recorded[name]) ?? "");
  return toldOf({
    credit_specification: cpuCredits === null ? [] : cpuCredits && [{ cpu_credits: cpuCredits }],
    disable_api_stop: details.disable_api_stop,
    disable_api_termination: details.disable_api_termination,
    instance_initiated_shutdown_behavior: details.instance_initiated_shutdown_behavior,
    user_data: script("user_data"),
    user_data_base64: script("user_data_base64"),
  });
}

/** The name is what follows the last slash: profiles may have a path. */
function profileName(arn: string | undefined): string {
  return arn?.split("/").at(-1) ?? "";
}
