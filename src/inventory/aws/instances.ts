import {
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  type Instance,
  paginateDescribeInstances,
  paginateDescribeVolumes,
  type Volume,
} from "@aws-sdk/client-ec2";
import type { Wanted } from "../../drift/inventory.ts";
import { isJsonArray } from "../../json/json.ts";
import {
  GROUP_ATTACHMENT_TYPE,
  type InstanceDetails,
  instanceAttributes,
} from "../../providers/aws/instance.ts";
import { recordedDevices } from "../../providers/aws/instance-volumes.ts";
import { allUnreadable, countOf, found, NOT_FOUND, type Reading } from "./reading.ts";
import { attempt, batches, describeAll, eachPolitely, type Outcome, type RegionApi } from "./region.ts";

/** An instance and the account that it runs in. */
export interface LiveInstance {
  readonly instance: Instance;
  readonly owner: string | null;
}

/** Instances with one of `values` under `filter`, without those that are terminated: these linger for an hour. */
export async function describeInstances(
  api: RegionApi,
  filter: "instance-id" | "vpc-id",
  values: Iterable<string>,
): Promise<Outcome<readonly LiveInstance[]>> {
  return await describeAll(api, "ec2:DescribeInstances", filter, values, paginateDescribeInstances, (page) =>
    page.Reservations?.flatMap((reservation) =>
      (reservation.Instances ?? [])
        .filter((instance) => !["shutting-down", "terminated"].includes(instance.State?.Name ?? ""))
        .map((instance) => ({ instance, owner: reservation.OwnerId ?? null })),
    ),
  );
}

/** Reads `aws_instance` resources. `everything` is all that the state holds: some of it is attached to instances. */
export async function readInstances(
  api: RegionApi,
  wanted: readonly Wanted[],
  everything: readonly Wanted[],
): Promise<Reading> {
  const described = await describeInstances(
    api,
    "instance-id",
    wanted.map((each) => each.id),
  );
  if (!described.ok) return allUnreadable(wanted, described.failure);
  const live = new Map(described.value.map((each) => [each.instance.InstanceId ?? "", each]));
  const here = wanted.flatMap((each) => {
    const instance = live.get(each.id)?.instance;
    return instance === undefined ? [] : [{ wanted: each, instance }];
  });
  const problems = new Set<string>();
  const volumes = await readVolumes(api, here, problems);
  const credits = await readCredits(api, here, problems);
  const settings = new Map(
    await eachPolitely(
      here,
      async (each) => [each.wanted.id, await readSettings(api, each, problems)] as const,
    ),
  );
  const observations = wanted.map((each) => {
    const match = live.get(each.id);
    if (match === undefined) return [each.address, NOT_FOUND] as const;
    const details = { volumes, cpuCredits: credits.get(each.id), ...settings.get(each.id) };
    const attached = { securityGroups: attachedGroups(match.instance, everything) };
    const mapped = instanceAttributes(match.instance, details, each.recorded, attached);
    return [each.address, found(each, each.id, match.owner, api.region, mapped)] as const;
  });
  return { observations: new Map(observations), problems: [...problems] };
}

interface Here {
  readonly wanted: Wanted;
  readonly instance: Instance;
}

/** The volumes that Terraform recorded with the instances, and each root volume; none where the call is refused. */
async function readVolumes(
  api: RegionApi,
  here: readonly Here[],
  problems: Set<string>,
): Promise<ReadonlyMap<string, Volume>> {
  const ids = here.flatMap(({ wanted, instance }) => {
    const recorded = recordedDevices(wanted.recorded);
    return (instance.BlockDeviceMappings ?? [])
      .filter((each) => each.DeviceName === instance.RootDeviceName || recorded.has(each.DeviceName ?? ""))
      .flatMap((each) => each.Ebs?.VolumeId ?? []);
  });
  const described = await describeAll(
    api,
    "ec2:DescribeVolumes",
    "volume-id",
    ids,
    paginateDescribeVolumes,
    (page) => page.Volumes,
  );
  if (described.ok) return new Map(described.value.map((volume) => [volume.VolumeId ?? "", volume]));
  problems.add(`${described.failure.reason} (volumes of ${countOf(here.length)} not compared)`);
  return new Map();
}

/** CPU credits by instance id: null for types without credits, missing where not asked for or not told. */
async function readCredits(
  api: RegionApi,
  here: readonly Here[],
  problems: Set<string>,
): Promise<ReadonlyMap<string, string | null>> {
  const credits = new Map<string, string | null>();
  const asked: string[] = [];
  for (const { wanted, instance } of here) {
    if (!/^t\d/.test(instance.InstanceType ?? "")) credits.set(wanted.id, null);
    else if (isAskedFor(wanted, "credit_specification", [])) asked.push(wanted.id);
  }
  for (const batch of batches(asked, 100)) {
    const answer = await attempt(api, "ec2:DescribeInstanceCreditSpecifications", () =>
      api.client.send(new DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [...batch] })),
    );
    if (!answer.ok)
      problems.add(`${answer.failure.reason} (CPU credits of ${countOf(batch.length)} not compared)`);
    else {
      for (const each of answer.value.InstanceCreditSpecifications ?? []) {
        if (each.InstanceId !== undefined) credits.set(each.InstanceId, each.CpuCredits ?? null);
      }
    }
  }
  return credits;
}

type Settings = Omit<InstanceDetails, "volumes" | "cpuCredits">;

/** What EC2 tells one attribute of one instance at a time: asked only where the code or the state cares. */
async function readSettings(api: RegionApi, here: Here, problems: Set<string>): Promise<Settings> {
  const { wanted } = here;
  const ask = async (
    attribute: "disableApiStop" | "disableApiTermination" | "instanceInitiatedShutdownBehavior" | "userData",
  ) => {
    const answer = await attempt(api, "ec2:DescribeInstanceAttribute", () =>
      api.client.send(new DescribeInstanceAttributeCommand({ InstanceId: wanted.id, Attribute: attribute })),
    );
    if (answer.ok) return answer.value;
    problems.add(answer.failure.reason);
    return undefined;
  };
  const settings: { -readonly [Name in keyof Settings]: Settings[Name] } = {};
  if (isAskedFor(wanted, "disable_api_stop", [false])) {
    settings.disable_api_stop = (await ask("disableApiStop"))?.DisableApiStop?.Value;
  }
  if (isAskedFor(wanted, "disable_api_termination", [false])) {
    settings.disable_api_termination = (await ask("disableApiTermination"))?.DisableApiTermination?.Value;
  }
  if (isAskedFor(wanted, "instance_initiated_shutdown_behavior", ["stop", ""])) {
    const answer = await ask("instanceInitiatedShutdownBehavior");
    settings.instance_initiated_shutdown_behavior = answer?.InstanceInitiatedShutdownBehavior?.Value;
  }
  if (isAskedFor(wanted, "user_data", [""]) || isAskedFor(wanted, "user_data_base64", [""])) {
    const answer = await ask("userData");
    settings.user_data = answer === undefined ? undefined : (answer.UserData?.Value ?? null);
  }
  return settings;
}

/** The code sets the attribute; where that is not known: the state holds something else than AWS's own default. */
export function isAskedFor(wanted: Wanted, name: string, defaults: readonly unknown[]): boolean {
  if (wanted.declared !== undefined) return wanted.declared.includes(name);
  const recorded = wanted.recorded[name];
  if (recorded === undefined || recorded === null) return false;
  return isJsonArray(recorded) ? recorded.length > 0 : !defaults.includes(recorded);
}

/** Groups that `aws_network_interface_sg_attachment` puts on the instance's own interfaces. */
function attachedGroups(instance: Instance, everything: readonly Wanted[]): ReadonlySet<string> {
  const interfaces = new Set(instance.NetworkInterfaces?.map((each) => each.NetworkInterfaceId));
  return new Set(
    everything
      .filter((each) => each.type === GROUP_ATTACHMENT_TYPE)
      .filter((each) => interfaces.has(String(each.recorded["network_interface_id"])))
      .map((each) => String(each.recorded["security_group_id"])),
  );
}
