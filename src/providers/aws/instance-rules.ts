import type { AttributeRule, TypeRules } from "../../drift/rules.ts";
import {
  COMPUTED,
  EVERYWHERE,
  FLAG,
  kept,
  NUMBER,
  PROVIDER_ONLY,
  replacing,
  restarting,
  TAGS,
  TEXT,
} from "./attribute-rules.ts";

/**
 * A volume only grows: a size that differs is larger than the code says, and only a new, smaller volume brings it back.
 * (EC2 User Guide, "Request modifications to your EBS volumes".)
 */
const VOLUME_SIZE: AttributeRule = { kind: "number", impact: "data-loss" };

const ROOT_BLOCK_DEVICE: Readonly<Record<string, AttributeRule>> = {
  delete_on_termination: { kind: "bool", defaults: [true] },
  device_name: COMPUTED,
  encrypted: replacing(FLAG),
  iops: NUMBER,
  throughput: NUMBER,
  volume_id: COMPUTED,
  volume_size: VOLUME_SIZE,
  volume_type: TEXT,
  tags_all: { kind: "tags", never: "computed" },
};

/** The provider changes nothing of a declared extra volume in place. */
const EBS_BLOCK_DEVICE: Readonly<Record<string, AttributeRule>> = {
  delete_on_termination: replacing({ kind: "bool", defaults: [true] }),
  device_name: replacing(TEXT),
  encrypted: replacing(FLAG),
  iops: replacing(NUMBER),
  snapshot_id: replacing(TEXT),
  throughput: replacing(NUMBER),
  volume_id: COMPUTED,
  volume_size: VOLUME_SIZE,
  volume_type: replacing(TEXT),
  tags_all: { kind: "tags", never: "computed" },
};

/** IMDS settings: `http_tokens = "optional"` lets a forged request read the instance's credentials. */
const METADATA_OPTIONS: Readonly<Record<string, AttributeRule>> = {
  http_endpoint: { kind: "string", watch: "always" },
  http_protocol_ipv6: TEXT,
  http_put_response_hop_limit: kept({ kind: "number", watch: "always" }),
  http_tokens: kept({ kind: "string", watch: "always", weakens: ["optional"] }),
  instance_metadata_tags: TEXT,
};

const CAPACITY_RESERVATION: Readonly<Record<string, AttributeRule>> = {
  capacity_reservation_preference: restarting(TEXT),
  capacity_reservation_target: {
    kind: "block",
    attributes: {
      capacity_reservation_id: restarting(TEXT),
      capacity_reservation_resource_group_arn: restarting(TEXT),
    },
  },
};

const NETWORK_INTERFACE: Readonly<Record<string, AttributeRule>> = {
  delete_on_termination: replacing({ kind: "bool", defaults: [false] }),
  device_index: replacing(NUMBER),
  network_card_index: replacing({ kind: "number", defaults: [0] }),
  network_interface_id: replacing(TEXT),
};

/**
 * `aws_instance` (facts: the provider's documentation and schema, versions 5 and 6).
 *
 * Not listed, so not compared: `launch_template` (a version may be `$Latest`), volume tags and keys (set by other
 * resources too), `instance_market_options`.
 */
export const instanceRules: TypeRules = {
  type: "aws_instance",
  category: "configuration",
  attributes: {
    ...EVERYWHERE,
    ...TAGS,
    ami: replacing(TEXT),
    // Decides at launch only: an address associated later, or given up while stopped, says nothing about it.
    associate_public_ip_address: { kind: "bool", never: "provider-only" },
    availability_zone: replacing(TEXT),
    capacity_reservation_specification: { kind: "block", attributes: CAPACITY_RESERVATION },
    cpu_core_count: replacing(NUMBER),
    cpu_options: {
      kind: "block",
      attributes: {
        amd_sev_snp: replacing({ kind: "string", defaults: ["disabled"] }),
        core_count: replacing(NUMBER),
        threads_per_core: replacing(NUMBER),
      },
    },
    cpu_threads_per_core: replacing(NUMBER),
    credit_specification: { kind: "block", attributes: { cpu_credits: TEXT } },
    disable_api_stop: { kind: "bool", defaults: [false], weakens: [false] },
    disable_api_termination: { kind: "bool", defaults: [false], weakens: [false] },
    ebs_block_device: { kind: "block-set", attributes: EBS_BLOCK_DEVICE, identity: ["device_name"] },
    // AWS changes it while stopped; Terraform replaces the instance.
    ebs_optimized: kept(replacing(FLAG)),
    enclave_options: { kind: "block", attributes: { enabled: replacing(FLAG) } },
    ephemeral_block_device: PROVIDER_ONLY,
    force_destroy: PROVIDER_ONLY,
    get_password_data: PROVIDER_ONLY,
    hibernation: replacing({ kind: "bool", defaults: [false] }),
    host_id: replacing(TEXT),
    host_resource_group_arn: replacing(TEXT),
    iam_instance_profile: kept({
      kind: "string",
      category: "policy",
      watch: "always",
      exposes: "additions",
    }),
    instance_initiated_shutdown_behavior: { kind: "string", defaults: ["stop"] },
    instance_lifecycle: COMPUTED,
    instance_state: COMPUTED,
    instance_type: kept(restarting(TEXT)),
    ipv6_address_count: replacing(NUMBER),
    ipv6_addresses: replacing({ kind: "set", element: { kind: "string", sameAs: "cidr" } }),
    key_name: kept(replacing(TEXT)),
    maintenance_options: { kind: "block", attributes: { auto_recovery: TEXT } },
    metadata_options: kept({ kind: "block", attributes: METADATA_OPTIONS, watch: "always" }),
    monitoring: kept(FLAG),
    network_interface: {
      kind: "block-set",
      attributes: NETWORK_INTERFACE,
      identity: ["device_index"],
    },
    outpost_arn: COMPUTED,
    password_data: { kind: "string", never: "computed", sensitive: true },
    placement_group: replacing(TEXT),
    placement_group_id: replacing(TEXT),
    placement_partition_number: replacing(NUMBER),
    primary_network_interface: {
      kind: "block",
      attributes: { delete_on_termination: COMPUTED, network_interface_id: replacing(TEXT) },
    },
    primary_network_interface_id: COMPUTED,
    private_dns: COMPUTED,
    private_dns_name_options: {
      kind: "block",
      attributes: {
        enable_resource_name_dns_a_record: replacing(FLAG),
        enable_resource_name_dns_aaaa_record: replacing(FLAG),
        hostname_type: replacing(TEXT),
      },
    },
    private_ip: replacing(TEXT),
    public_dns: COMPUTED,
    public_ip: COMPUTED,
    root_block_device: { kind: "block", attributes: ROOT_BLOCK_DEVICE },
    secondary_private_ips: { kind: "set" },
    // In a network of one's own the provider records `[]`, and the groups as `vpc_security_group_ids` alone.
    security_groups: replacing({
      kind: "set",
      category: "policy",
      exposes: "additions",
      onlyRecorded: true,
    }),
    // Off lets the instance forward traffic that is not its own.
    source_dest_check: {
      kind: "bool",
      defaults: [true],
      unset: "default",
      watch: "always",
      weakens: [false],
    },
    spot_instance_request_id: COMPUTED,
    subnet_id: replacing(TEXT),
    tenancy: replacing({ kind: "string", defaults: ["default"] }),
    // Scripts carry credentials; version 5 of the provider records the SHA-1, version 6 the text.
    user_data: restarting({ kind: "string", sameAs: "sha1", sensitive: true }),
    user_data_base64: restarting({ kind: "string", sameAs: "sha1", sensitive: true }),
    user_data_replace_on_change: PROVIDER_ONLY,
    vpc_security_group_ids: kept({
      kind: "set",
      category: "policy",
      watch: "additions",
      exposes: "additions",
    }),
  },
};
