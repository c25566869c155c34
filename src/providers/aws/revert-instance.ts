import type { Command, ResourceIdentity } from "../../drift/model.ts";
import { decimalOf, isJsonArray, isNumber } from "../../json/json.ts";
import { OTHER_GROUPS } from "./instance.ts";
import { texts } from "./recorded.ts";
import {
  type CliStep,
  ec2,
  flag,
  json,
  type RevertSubject,
  shown,
  type Target,
  targets,
  valueAt,
  word,
} from "./revert-subject.ts";

/** `operation` and its arguments. */
type Call = readonly [operation: string, ...argv: string[]];

interface InstanceRevert {
  /** Sets the value; null where no command can. */
  readonly set: (target: Target, id: string, subject: RevertSubject) => Call | null;
  /** Shows the value, and changes nothing. */
  readonly show: (id: string, subject: RevertSubject) => Call;
  /** Only works while the instance is stopped. */
  readonly stopped?: boolean;
}

/**
 * How each attribute of `aws_instance` is set with the AWS CLI. What is not listed takes Terraform.
 * (AWS CLI Command Reference, ec2: modify-instance-attribute, modify-instance-metadata-options,
 * modify-instance-credit-specification, modify-instance-maintenance-options, monitor-instances, modify-volume.)
 */
const INSTANCE_REVERTS: ReadonlyMap<string, InstanceRevert> = new Map<string, InstanceRevert>([
  ["instance_type", { ...wrapped("--instance-type", "instanceType"), stopped: true }],
  ["ebs_optimized", { ...switched("ebs-optimized", "ebsOptimized"), stopped: true }],
  ["disable_api_termination", switched("disable-api-termination", "disableApiTermination")],
  ["disable_api_stop", switched("disable-api-stop", "disableApiStop")],
  ["source_dest_check", switched("source-dest-check", "sourceDestCheck")],
  [
    "instance_initiated_shutdown_behavior",
    wrapped("--instance-initiated-shutdown-behavior", "instanceInitiatedShutdownBehavior"),
  ],
  ["vpc_security_group_ids", { set: setGroups, show: attribute("groupSet") }],
  ["monitoring", { set: setMonitoring, show: described("Monitoring.State") }],
  ["iam_instance_profile", { set: attachProfile, show: described("IamInstanceProfile.Arn") }],
  ["metadata_options.http_tokens", metadata("--http-tokens", "HttpTokens")],
  ["metadata_options.http_endpoint", metadata("--http-endpoint", "HttpEndpoint")],
  ["metadata_options.http_protocol_ipv6", metadata("--http-protocol-ipv6", "HttpProtocolIpv6")],
  ["metadata_options.instance_metadata_tags", metadata("--instance-metadata-tags", "InstanceMetadataTags")],
  [
    "metadata_options.http_put_response_hop_limit",
    metadata("--http-put-response-hop-limit", "HttpPutResponseHopLimit"),
  ],
  [
    "maintenance_options.auto_recovery",
    { set: setAutoRecovery, show: described("MaintenanceOptions.AutoRecovery") },
  ],
  [
    "credit_specification.cpu_credits",
    {
      set: setCredits,
      show: (id) => ["describe-instance-credit-specifications", "--instance-ids", id],
    },
  ],
  ["root_block_device.volume_type", volume("--volume-type", "VolumeType")],
  ["root_block_device.volume_size", volume("--size", "Size")],
  ["root_block_device.iops", volume("--iops", "Iops")],
  ["root_block_device.throughput", volume("--throughput", "Throughput")],
  [
    "root_block_device.delete_on_termination",
    { set: setDeleteOnTermination, show: attribute("blockDeviceMapping") },
  ],
]);

/** The AWS CLI's way to set values of an instance back, one step a value. */
export function instanceSteps(subject: RevertSubject): readonly CliStep[] {
  const id = word(subject.resource.id);
  if (id === null) return [];
  return targets(subject.changes).flatMap((target) => {
    const revert = INSTANCE_REVERTS.get(target.name);
    const call = revert?.set(target, id, subject);
    if (!revert || !call) return [];
    const set = ec2(subject.resource, ...call);
    return [
      {
        title: `Set ${target.name} back to ${shown(target.value)} (now ${shown(target.now)})${revert.stopped ? STOPPING : ""}`,
        commands: revert.stopped ? whileStopped(subject.resource, id, set) : [set],
        impact: revert.stopped ? "restart" : "in-place",
        verify: ec2(subject.resource, ...revert.show(id, subject)),
      },
    ];
  });
}

/** What a person must know before Terraform or they themselves set a value back. */
export function instanceNotes(subject: RevertSubject): readonly string[] {
  return targets(subject.changes).some(shrinks)
    ? [
        "A volume only grows: an apply cannot make it smaller. Adopt the size, or move the data to a new, smaller volume.",
      ]
    : [];
}

const STOPPING =
  "; stops and starts the instance: data on instance store volumes and a public address that is no Elastic IP are lost";

function whileStopped(resource: ResourceIdentity, id: string, set: Command): readonly Command[] {
  return [
    ec2(resource, "stop-instances", "--instance-ids", id),
    ec2(resource, "wait", "instance-stopped", "--instance-ids", id),
    set,
    ec2(resource, "start-instances", "--instance-ids", id),
    ec2(resource, "wait", "instance-running", "--instance-ids", id),
  ];
}

function attribute(name: string): InstanceRevert["show"] {
  return (id) => ["describe-instance-attribute", "--instance-id", id, "--attribute", name];
}

function described(field: string): InstanceRevert["show"] {
  return (id) => [
    "describe-instances",
    "--instance-ids",
    id,
    "--query",
    `Reservations[].Instances[].${field}`,
    "--output",
    "text",
  ];
}

/** An attribute that is one text. */
function wrapped(option: string, name: string): InstanceRevert {
  return {
    set: ({ value }, id) =>
      typeof value === "string"
        ? ["modify-instance-attribute", "--instance-id", id, option, json({ Value: value })]
        : null,
    show: attribute(name),
  };
}

/** An attribute that is on or off. */
function switched(option: string, name: string): InstanceRevert {
  return {
    set: ({ value }, id) => {
      const on = flag(value);
      return on === null
        ? null
        : ["modify-instance-attribute", "--instance-id", id, `--${on ? "" : "no-"}${option}`];
    },
    show: attribute(name),
  };
}

function metadata(option: string, field: string): InstanceRevert {
  return {
    set: ({ value }, id) => {
      const text = word(value);
      return text === null ? null : ["modify-instance-metadata-options", "--instance-id", id, option, text];
    },
    show: described(`MetadataOptions.${field}`),
  };
}

function volume(option: string, field: string): InstanceRevert {
  return {
    set: (target, _id, subject) => {
      const text = word(target.value);
      const id = rootVolume(subject);
      if (text === null || id === null || shrinks(target)) return null;
      return ["modify-volume", "--volume-id", id, option, text];
    },
    show: (_id, subject) => {
      const id = rootVolume(subject) ?? "";
      return ["describe-volumes", "--volume-ids", id, "--query", `Volumes[].${field}`, "--output", "text"];
    },
  };
}

/**
 * The command takes the complete list, so there is none where the instance has groups that others attached: it would
 * detach them.
 */
function setGroups({ value }: Target, id: string, { observed }: RevertSubject): Call | null {
  if (!isJsonArray(value) || value.length === 0) return null;
  const groups = value.map(word);
  if (!groups.every((group) => group !== null)) return null;
  if (texts(observed?.[OTHER_GROUPS]).some((other) => !groups.includes(other))) return null;
  return ["modify-instance-attribute", "--instance-id", id, "--groups", ...groups];
}

function setMonitoring({ value }: Target, id: string): Call | null {
  const on = flag(value);
  return on === null ? null : [on ? "monitor-instances" : "unmonitor-instances", "--instance-ids", id];
}

/** Only where no profile is attached: to replace one takes the id of the association, which is nobody's attribute. */
function attachProfile({ value, now }: Target, id: string): Call | null {
  if (typeof value !== "string" || value === "" || (now !== null && now !== "")) return null;
  const profile = json({ Name: value });
  return ["associate-iam-instance-profile", "--instance-id", id, "--iam-instance-profile", profile];
}

function setAutoRecovery({ value }: Target, id: string): Call | null {
  const text = word(value);
  return text === null
    ? null
    : ["modify-instance-maintenance-options", "--instance-id", id, "--auto-recovery", text];
}

function setCredits({ value }: Target, id: string): Call | null {
  if (typeof value !== "string") return null;
  const specification = json([{ InstanceId: id, CpuCredits: value }]);
  return ["modify-instance-credit-specification", "--instance-credit-specifications", specification];
}

function setDeleteOnTermination({ value }: Target, id: string, subject: RevertSubject): Call | null {
  const device = valueAt(subject.observed, ["root_block_device", 0, "device_name"]);
  const on = flag(value);
  if (on === null || typeof device !== "string") return null;
  const mapping = json([{ DeviceName: device, Ebs: { DeleteOnTermination: on } }]);
  return ["modify-instance-attribute", "--instance-id", id, "--block-device-mappings", mapping];
}

function rootVolume(subject: RevertSubject): string | null {
  return word(valueAt(subject.observed, ["root_block_device", 0, "volume_id"]));
}

function shrinks({ name, value, now }: Target): boolean {
  return (
    name.endsWith("volume_size") &&
    now !== null &&
    isNumber(value) &&
    isNumber(now) &&
    decimalOf(value).lessThan(decimalOf(now))
  );
}
