import type { Instance, InstanceBlockDeviceMapping, Volume } from "@aws-sdk/client-ec2";
import type { JsonObject } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import type { Mapped } from "./mapped.ts";
import { rows } from "./recorded.ts";

/** What only `DescribeVolumes` tells about an attached volume. */
const TOLD_BY_VOLUME = ["encrypted", "iops", "throughput", "volume_size", "volume_type"] as const;

/**
 * The root volume, and those extra volumes that Terraform recorded with the instance: others were attached by
 * `aws_volume_attachment` or by a service, and are theirs.
 */
export function blockDevices(
  instance: Instance,
  volumes: ReadonlyMap<string, Volume>,
  recorded: JsonObject,
): Mapped {
  const mappings = (instance.BlockDeviceMappings ?? []).filter((each) => each.Ebs?.VolumeId !== undefined);
  const root = mappings.filter((each) => each.DeviceName === instance.RootDeviceName);
  const names = recordedDevices(recorded);
  const extra = mappings.filter(
    (each) => each.DeviceName !== instance.RootDeviceName && names.has(each.DeviceName ?? ""),
  );
  return {
    attributes: {
      root_block_device: root.map((each) => rootDevice(each, volumes)),
      ebs_block_device: extra.map((each) => extraDevice(each, volumes)),
    },
    unread: [
      ...unreadOf("root_block_device", root, volumes),
      ...unreadOf("ebs_block_device", extra, volumes),
    ],
  };
}

/** Device names of the extra volumes that Terraform recorded with an instance. */
export function recordedDevices(recorded: JsonObject): ReadonlySet<string> {
  return new Set(rows(recorded["ebs_block_device"]).map((row) => String(row["device_name"])));
}

function rootDevice(mapping: InstanceBlockDeviceMapping, volumes: ReadonlyMap<string, Volume>): JsonObject {
  return {
    delete_on_termination: mapping.Ebs?.DeleteOnTermination ?? false,
    device_name: mapping.DeviceName ?? "",
    volume_id: mapping.Ebs?.VolumeId ?? "",
    ...volumeAttributes(volumes.get(mapping.Ebs?.VolumeId ?? "")),
  };
}

function extraDevice(mapping: InstanceBlockDeviceMapping, volumes: ReadonlyMap<string, Volume>): JsonObject {
  const volume = volumes.get(mapping.Ebs?.VolumeId ?? "");
  return {
    ...rootDevice(mapping, volumes),
    ...(volume === undefined ? {} : { snapshot_id: volume.SnapshotId ?? "" }),
  };
}

function volumeAttributes(volume: Volume | undefined): JsonObject {
  if (volume === undefined) return {};
  return {
    encrypted: volume.Encrypted ?? false,
    iops: volume.Iops ?? 0,
    throughput: volume.Throughput ?? 0,
    volume_size: volume.Size ?? 0,
    volume_type: volume.VolumeType ?? "",
  };
}

function unreadOf(
  block: "root_block_device" | "ebs_block_device",
  mappings: readonly InstanceBlockDeviceMapping[],
  volumes: ReadonlyMap<string, Volume>,
): readonly Path[] {
  const names = block === "ebs_block_device" ? [...TOLD_BY_VOLUME, "snapshot_id"] : TOLD_BY_VOLUME;
  return mappings.flatMap((mapping, index) =>
    volumes.has(mapping.Ebs?.VolumeId ?? "") ? [] : names.map((name) => [block, index, name]),
  );
}
