import { EC2Client } from "@aws-sdk/client-ec2";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import {
  type CloudIdentity,
  CloudUnreachable,
  type Inventory,
  type InventoryReading,
  type Wanted,
} from "../../drift/inventory.ts";
import type { Observation, ObservedResource } from "../../drift/model.ts";
import { identityOf } from "../../providers/aws/identity.ts";
import { failureOf } from "./failure.ts";
import { readInstances } from "./instances.ts";
import { readSubnets, readVpcs, SUBNET_TYPES, VPC_TYPES } from "./networks.ts";
import { countOf, merge, type Reading, unreadable } from "./reading.ts";
import { type RegionApi, RegionUnreachable } from "./region.ts";
import { type AwsCredentials, type AwsRole, roleCredentials } from "./role.ts";
import { GROUP_TYPES, readSecurityGroups, SHARED_RULE_TYPE, SINGLE_RULE_TYPES } from "./security-groups.ts";
import { unmanagedIn } from "./unmanaged.ts";

/** Credentials, endpoint (`AWS_ENDPOINT_URL`) and region come from the SDK's own chains where not given here. */
export interface AwsInventoryOptions {
  /** Of resources whose state does not say where they are. */
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: AwsCredentials | (() => Promise<AwsCredentials>);
  /** The role that reads; the credentials are those that may assume it. */
  readonly role?: AwsRole;
  /** Tries of one call, the first included. Default 5. */
  readonly maxAttempts?: number;
  /** Milliseconds to wait for a connection, and for an answer. Default 4,000 and 20,000. */
  readonly connectTimeout?: number;
  readonly answerTimeout?: number;
}

const INSTANCE_TYPE = "aws_instance";
/** STS answers in any region; used where none is configured. */
const IDENTITY_REGION = "us-east-1";
/** An identity is one small answer: its time-out is what a person waits for when the cloud does not answer. */
const IDENTITY_ATTEMPTS = 2;
const IDENTITY_TIMEOUT = 7_000;

/** The resources of AWS EC2, read with `Describe…` calls and `sts:GetCallerIdentity` alone, through a role if given. */
export function createAwsInventory(given: AwsInventoryOptions = {}): Inventory {
  const options =
    given.role === undefined ? given : { ...given, credentials: throughRole(given, given.role) };
  const clients = new Map<string, EC2Client>();
  const apiOf = (region: string): RegionApi => {
    const client = clients.get(region) ?? new EC2Client({ ...clientConfig(options), region });
    clients.set(region, client);
    return { region, client };
  };
  return {
    cloud: "aws",
    covers: isCovered,
    identity: () => callerIdentity(options),
    read: async (wanted, progress = () => undefined) =>
      await readAll(wanted, await defaultRegion(options), apiOf, progress),
    unmanaged: async (wanted, known, report = () => undefined) =>
      await findUnmanaged(wanted, known, await defaultRegion(options), apiOf, report),
  };
}

function throughRole(options: AwsInventoryOptions, role: AwsRole): () => Promise<AwsCredentials> {
  return roleCredentials(role, async () => {
    const region = (await defaultRegion(options)) ?? IDENTITY_REGION;
    return new STSClient({ ...identityConfig(options), region });
  });
}

/** Whether resources of a type are read here. */
export function isCovered(type: string): boolean {
  return (
    type === INSTANCE_TYPE ||
    type === SHARED_RULE_TYPE ||
    GROUP_TYPES.has(type) ||
    SINGLE_RULE_TYPES.has(type) ||
    VPC_TYPES.has(type) ||
    SUBNET_TYPES.has(type)
  );
}

/** Adaptive: after a throttled answer the SDK slows itself down, before the account's budget is eaten up. */
function clientConfig(options: AwsInventoryOptions) {
  const answer = options.answerTimeout ?? 20_000;
  return {
    maxAttempts: options.maxAttempts ?? 5,
    retryMode: "adaptive",
    requestHandler: {
      connectionTimeout: options.connectTimeout ?? 4_000,
      requestTimeout: answer,
      socketTimeout: answer,
      throwOnRequestTimeout: true,
    },
    ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
  };
}

function identityConfig(options: AwsInventoryOptions) {
  return clientConfig({
    ...options,
    maxAttempts: Math.min(options.maxAttempts ?? IDENTITY_ATTEMPTS, IDENTITY_ATTEMPTS),
    answerTimeout: Math.min(options.answerTimeout ?? IDENTITY_TIMEOUT, IDENTITY_TIMEOUT),
  });
}

async function callerIdentity(options: AwsInventoryOptions): Promise<CloudIdentity> {
  const region = (await defaultRegion(options)) ?? IDENTITY_REGION;
  const client = new STSClient({ ...identityConfig(options), region });
  try {
    const answer = await client.send(new GetCallerIdentityCommand({}));
    if (answer.Account === undefined)
      throw new CloudUnreachable("AWS did not say whose credentials these are");
    return { account: answer.Account, principal: answer.Arn ?? "" };
  } catch (error) {
    if (error instanceof CloudUnreachable) throw error;
    throw new CloudUnreachable(failureOf(error, "sts:GetCallerIdentity", region).reason, { cause: error });
  } finally {
    client.destroy();
  }
}

/** As the SDK finds it (AWS_REGION, the profile), else AWS_DEFAULT_REGION as the AWS CLI has it; null for none. */
async function defaultRegion(options: AwsInventoryOptions): Promise<string | null> {
  if (options.region !== undefined) return options.region;
  try {
    return await new EC2Client({}).config.region();
  } catch {
    return process.env["AWS_DEFAULT_REGION"] || null;
  }
}

async function readAll(
  wanted: readonly Wanted[],
  fallback: string | null,
  apiOf: (region: string) => RegionApi,
  progress: (message: string) => void,
): Promise<InventoryReading> {
  const covered = wanted.filter((each) => isCovered(each.type));
  const regions = byRegion(covered, fallback);
  const readings: Reading[] = [unsupported(wanted), withoutRegion(regions.get(null) ?? [])];
  const silent: string[] = [];
  for (const [region, here] of regions) {
    if (region === null) continue;
    progress(`AWS ${region}: reading ${countOf(here.length)}`);
    const reading = await readRegion(apiOf(region), here, wanted);
    if (reading instanceof RegionUnreachable) {
      silent.push(reading.message);
      readings.push({
        observations: new Map(here.map((each) => [each.address, unreadable(reading.message)])),
        problems: [`${reading.message} (${countOf(here.length)} not read)`],
      });
    } else readings.push(reading);
  }
  const asked = regions.size - (regions.has(null) ? 1 : 0);
  if (silent.length > 0 && silent.length === asked) throw new CloudUnreachable(silent.join("; "));
  return merge(readings);
}

async function readRegion(
  api: RegionApi,
  here: readonly Wanted[],
  everything: readonly Wanted[],
): Promise<Reading | RegionUnreachable> {
  const of = (types: ReadonlySet<string>): readonly Wanted[] => here.filter((each) => types.has(each.type));
  const instances = of(new Set([INSTANCE_TYPE]));
  const groups = of(new Set([...GROUP_TYPES, ...SINGLE_RULE_TYPES, SHARED_RULE_TYPE]));
  try {
    return merge([
      await readVpcs(api, of(VPC_TYPES)),
      await readSubnets(api, of(SUBNET_TYPES)),
      await readSecurityGroups(api, groups),
      await readInstances(api, instances, everything),
    ]);
  } catch (error) {
    if (error instanceof RegionUnreachable) return error;
    throw error;
  }
}

async function findUnmanaged(
  wanted: readonly Wanted[],
  known: ReadonlySet<string>,
  fallback: string | null,
  apiOf: (region: string) => RegionApi,
  report: (problem: string) => void,
): Promise<readonly ObservedResource[]> {
  const networks = wanted.filter((each) => VPC_TYPES.has(each.type));
  const all = new Set([...known, ...wanted.map((each) => each.id)]);
  const found: ObservedResource[] = [];
  for (const [region, here] of byRegion(networks, fallback)) {
    if (region === null) continue;
    try {
      found.push(...(await unmanagedIn(apiOf(region), new Set(here.map((each) => each.id)), all, report)));
    } catch (error) {
      if (!(error instanceof RegionUnreachable)) throw error;
      report(`${error.message} (unmanaged resources were not looked for)`);
    }
  }
  return found;
}

/**
 * Where each resource is: as its state says, a rule of a group where its group is, else the default region (null for
 * none).
 */
function byRegion(
  wanted: readonly Wanted[],
  fallback: string | null,
): ReadonlyMap<string | null, readonly Wanted[]> {
  const regionOf = (each: Wanted): string | null =>
    each.region ?? identityOf(each.type, each.recorded).region;
  const groups = new Map(
    wanted.filter((each) => GROUP_TYPES.has(each.type)).map((each) => [each.id, regionOf(each)]),
  );
  return Map.groupBy(wanted, (each) => {
    const group = each.recorded["security_group_id"];
    return regionOf(each) ?? (typeof group === "string" ? groups.get(group) : null) ?? fallback;
  });
}

function unsupported(wanted: readonly Wanted[]): Reading {
  const none = wanted.filter((each) => !isCovered(each.type));
  const observation: Observation = { status: "unsupported" };
  return { observations: new Map(none.map((each) => [each.address, observation])), problems: [] };
}

function withoutRegion(wanted: readonly Wanted[]): Reading {
  const reason = "the state does not say in which region this is; set AWS_REGION and scan again";
  return {
    observations: new Map(wanted.map((each) => [each.address, unreadable(reason)])),
    problems: wanted.length === 0 ? [] : [`${reason} (${countOf(wanted.length)} not read)`],
  };
}
