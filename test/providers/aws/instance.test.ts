import type { Instance } from "@aws-sdk/client-ec2";
import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../src/json/json.ts";
import {
  type InstanceDetails,
  instanceAttributes,
  OTHER_GROUPS,
} from "../../../src/providers/aws/instance.ts";

const NOTHING_READ: InstanceDetails = { volumes: new Map() };
const NOTHING_ATTACHED = { securityGroups: new Set<string>() };

function attributesOf(
  instance: Instance,
  recorded: JsonObject = {},
  details: InstanceDetails = NOTHING_READ,
): JsonObject {
  return instanceAttributes(instance, details, recorded, NOTHING_ATTACHED).attributes;
}

describe("an instance in Terraform's names", () => {
  test.each<[string, Instance, JsonObject]>([
    [
      "type and image",
      { InstanceType: "t3.micro", ImageId: "ami-1" },
      { instance_type: "t3.micro", ami: "ami-1" },
    ],
    [
      "the profile's name is the end of its ARN, whatever its path",
      { IamInstanceProfile: { Arn: "arn:aws:iam::1:instance-profile/team/app" } },
      { iam_instance_profile: "app" },
    ],
    ["no profile", {}, { iam_instance_profile: "" }],
    ["monitoring that is being enabled is on", { Monitoring: { State: "pending" } }, { monitoring: true }],
    [
      "monitoring that is being disabled is off",
      { Monitoring: { State: "disabling" } },
      { monitoring: false },
    ],
    [
      "AWS's own tags are dropped",
      {
        Tags: [
          { Key: "Name", Value: "web" },
          { Key: "aws:cloudformation:stack-name", Value: "x" },
          { Key: "__proto__", Value: "p" },
        ],
      },
      { tags: JSON.parse('{"Name":"web","__proto__":"p"}') },
    ],
    [
      "processor options",
      { CpuOptions: { CoreCount: 2, ThreadsPerCore: 1, AmdSevSnp: "enabled" } },
      { cpu_options: [{ core_count: 2, threads_per_core: 1, amd_sev_snp: "enabled" }], cpu_core_count: 2 },
    ],
    [
      "metadata options: what an old API did not tell is left out",
      { MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 1, HttpEndpoint: "enabled" } },
      {
        metadata_options: [
          { http_endpoint: "enabled", http_put_response_hop_limit: 1, http_tokens: "required" },
        ],
      },
    ],
    [
      "capacity reservation",
      {
        CapacityReservationSpecification: {
          CapacityReservationTarget: { CapacityReservationId: "cr-1" },
        },
      },
      {
        capacity_reservation_specification: [
          {
            capacity_reservation_preference: "",
            capacity_reservation_target: [
              { capacity_reservation_id: "cr-1", capacity_reservation_resource_group_arn: "" },
            ],
          },
        ],
      },
    ],
    [
      "placement",
      { Placement: { AvailabilityZone: "eu-west-1a", GroupName: "pg", Tenancy: "host", PartitionNumber: 3 } },
      {
        availability_zone: "eu-west-1a",
        placement_group: "pg",
        tenancy: "host",
        placement_partition_number: 3,
      },
    ],
  ])("%s", (_, instance, expected) => {
    expect(attributesOf(instance)).toMatchObject(expected);
  });
});

test("settings that AWS does not tell of are unread, not unset", () => {
  const { attributes, unread } = instanceAttributes(
    { EnclaveOptions: { Enabled: false } },
    NOTHING_READ,
    {},
    NOTHING_ATTACHED,
  );
  expect(attributes["enclave_options"]).toEqual([{ enabled: false }]);
  for (const name of [
    "metadata_options",
    "cpu_options",
    "cpu_core_count",
    "hibernation",
    "maintenance_options",
  ]) {
    expect(attributes).not.toHaveProperty(name);
    expect(unread).toContainEqual([name]);
  }
  expect(unread).not.toContainEqual(["enclave_options"]);
});

test("a metadata option that an old endpoint does not know is unread", () => {
  const live: Instance = { MetadataOptions: { HttpTokens: "optional" } };
  const { attributes, unread } = instanceAttributes(live, NOTHING_READ, {}, NOTHING_ATTACHED);
  expect(attributes["metadata_options"]).toEqual([{ http_tokens: "optional" }]);
  expect(unread).toContainEqual(["metadata_options", 0, "http_protocol_ipv6"]);
});

describe("what others attach to an instance is not the instance's", () => {
  const interfaces: Instance = {
    SecurityGroups: [{ GroupId: "sg-1" }, { GroupId: "sg-2" }],
    NetworkInterfaces: [
      {
        NetworkInterfaceId: "eni-0",
        SubnetId: "subnet-0",
        SourceDestCheck: false,
        Attachment: { DeviceIndex: 0, DeleteOnTermination: true },
        PrivateIpAddresses: [
          { Primary: true, PrivateIpAddress: "10.0.0.1" },
          { Primary: false, PrivateIpAddress: "10.0.0.2" },
        ],
        Ipv6Addresses: [{ Ipv6Address: "fd00::1" }],
      },
      { NetworkInterfaceId: "eni-1", Attachment: { DeviceIndex: 1, DeleteOnTermination: false } },
    ],
  };

  test("of the interfaces only those that the state holds", () => {
    expect(attributesOf(interfaces)).toMatchObject({
      network_interface: [],
      primary_network_interface: [],
      primary_network_interface_id: "eni-0",
      subnet_id: "subnet-0",
      secondary_private_ips: ["10.0.0.2"],
      ipv6_address_count: 1,
      ipv6_addresses: ["fd00::1"],
    });
    expect(
      attributesOf(interfaces, { network_interface: [{ device_index: 1 }] })["network_interface"],
    ).toEqual([
      { device_index: 1, network_interface_id: "eni-1", delete_on_termination: false, network_card_index: 0 },
    ]);
  });

  test("the groups of interfaces that the code brings along are the interfaces'", () => {
    expect(attributesOf(interfaces)["vpc_security_group_ids"]).toEqual(["sg-1", "sg-2"]);
    expect(attributesOf(interfaces)).not.toHaveProperty(OTHER_GROUPS);
    const recorded = {
      primary_network_interface: [{ network_interface_id: "eni-0" }],
      vpc_security_group_ids: ["sg-2"],
    };
    expect(attributesOf(interfaces, recorded)).toMatchObject({
      vpc_security_group_ids: ["sg-2"],
      [OTHER_GROUPS]: ["sg-1"],
    });
  });

  test("a group that an attachment resource adds is left out, unless the instance holds it too", () => {
    const attached = { securityGroups: new Set(["sg-1", "sg-2"]) };
    const recorded = { vpc_security_group_ids: ["sg-1"] };
    const { attributes } = instanceAttributes(interfaces, NOTHING_READ, recorded, attached);
    expect(attributes["vpc_security_group_ids"]).toEqual(["sg-1"]);
    expect(attributes[OTHER_GROUPS]).toEqual(["sg-2"]);
  });

  test("groups by name only where the state has names", () => {
    const instance: Instance = { SecurityGroups: [{ GroupId: "sg-1", GroupName: "web" }] };
    expect(attributesOf(instance)).not.toHaveProperty("security_groups");
    expect(attributesOf(instance, { security_groups: ["old"] })["security_groups"]).toEqual(["web"]);
    expect(attributesOf(instance, { security_groups: ["sg-9"] })["security_groups"]).toEqual(["sg-1"]);
  });
});

describe("volumes", () => {
  const instance: Instance = {
    RootDeviceName: "/dev/xvda",
    BlockDeviceMappings: [
      { DeviceName: "/dev/xvda", Ebs: { VolumeId: "vol-root", DeleteOnTermination: true } },
      { DeviceName: "/dev/sdf", Ebs: { VolumeId: "vol-extra", DeleteOnTermination: false } },
      { DeviceName: "/dev/sdg", Ebs: { VolumeId: "vol-foreign" } },
    ],
  };
  const recorded: JsonObject = { ebs_block_device: [{ device_name: "/dev/sdf" }] };

  test("the root volume, and of the others those that the state holds", () => {
    const volumes = new Map([
      ["vol-root", { Size: 20, VolumeType: "gp3" as const, Iops: 3000, Throughput: 125, Encrypted: true }],
      ["vol-extra", { Size: 100, VolumeType: "st1" as const, SnapshotId: "snap-1" }],
    ]);
    const mapped = instanceAttributes(instance, { volumes }, recorded, NOTHING_ATTACHED);
    expect(mapped.attributes["root_block_device"]).toEqual([
      {
        delete_on_termination: true,
        device_name: "/dev/xvda",
        encrypted: true,
        iops: 3000,
        throughput: 125,
        volume_id: "vol-root",
        volume_size: 20,
        volume_type: "gp3",
      },
    ]);
    expect(mapped.attributes["ebs_block_device"]).toMatchObject([
      { device_name: "/dev/sdf", volume_size: 100, snapshot_id: "snap-1", iops: 0 },
    ]);
    expect(mapped.unread.filter(([name]) => String(name).endsWith("block_device"))).toEqual([]);
  });

  test("a volume that was not read leaves its attributes unread, not empty", () => {
    const mapped = instanceAttributes(instance, NOTHING_READ, recorded, NOTHING_ATTACHED);
    expect(mapped.attributes["root_block_device"]).toEqual([
      { delete_on_termination: true, device_name: "/dev/xvda", volume_id: "vol-root" },
    ]);
    expect(mapped.unread).toContainEqual(["root_block_device", 0, "encrypted"]);
    expect(mapped.unread).toContainEqual(["ebs_block_device", 0, "snapshot_id"]);
  });
});

describe("what costs a request of its own", () => {
  test("is unread until it was asked for", () => {
    const { unread } = instanceAttributes({}, NOTHING_READ, {}, NOTHING_ATTACHED);
    expect(unread.slice(-6)).toEqual([
      ["credit_specification"],
      ["disable_api_stop"],
      ["disable_api_termination"],
      ["instance_initiated_shutdown_behavior"],
      ["user_data"],
      ["user_data_base64"],
    ]);
  });

  test("user data stands under both names, and never as text that the state does not have", () => {
    const live = Buffer.from("password=hunter2").toString("base64");
    const details = { volumes: new Map(), user_data: live };
    expect(attributesOf({}, { user_data_base64: live }, details)["user_data_base64"]).toBe(live);
    const changed = attributesOf({}, { user_data: "#!/bin/sh" }, details);
    expect(changed["user_data"]).toMatch(/^[0-9a-f]{40}$/);
    expect(JSON.stringify(changed)).not.toContain("hunter2");
  });

  test("an instance type without CPU credits has none", () => {
    const details = { volumes: new Map(), cpuCredits: null };
    expect(attributesOf({}, {}, details)["credit_specification"]).toEqual([]);
  });
});
