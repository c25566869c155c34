import { checkScope } from "../drift/belief.ts";
import { CloudUnreachable, type Inventory, type Wanted } from "../drift/inventory.ts";
import type { Observation, ObservedResource } from "../drift/model.ts";
import type { InstanceOverview, RecordedIdentity } from "../engine/api.ts";
import { identityOf } from "../providers/aws/identity.ts";
import { isReadWithOthers } from "../providers/index.ts";

/** What the clouds said of a stack's instances. */
export interface Observed {
  readonly observations: ReadonlyMap<string, Observation>;
  /** Sentences about what could not be read. */
  readonly problems: readonly string[];
  /** Why nothing that was read may be believed; null where it may. */
  readonly refusal: string | null;
}

/** Id, account and region of every recorded instance. */
export function identitiesOf(instances: readonly InstanceOverview[]): ReadonlyMap<string, RecordedIdentity> {
  return new Map(
    instances.flatMap(({ address, type, recorded }) =>
      recorded === null ? [] : [[address, identityOf(type, recorded)] as const],
    ),
  );
}

/** The instances to be looked for: those that are recorded with an id. */
export function wantedOf(
  instances: readonly InstanceOverview[],
  identities: ReadonlyMap<string, RecordedIdentity>,
): Wanted[] {
  return instances.flatMap(({ address, type, recorded, desired }) => {
    const identity = identities.get(address);
    if (recorded === null || identity === undefined || identity.id === null) return [];
    const { id, account, region } = identity;
    const declared = desired === null ? {} : { declared: Object.keys(desired) };
    return [{ address, type, id, account, region, recorded, ...declared }];
  });
}

/**
 * Reads the wanted instances from one cloud, once the credentials have been checked against the state's own ids. A
 * cloud that does not answer is a refusal, never an error.
 */
export async function observe(
  inventory: Inventory,
  wanted: readonly Wanted[],
  progress: (message: string) => void,
): Promise<Observed> {
  const covered = wanted.filter(({ type }) => inventory.covers(type));
  if (covered.length === 0) return { observations: new Map(), problems: [], refusal: null };
  try {
    const { account } = await inventory.identity();
    const scope = checkScope(covered, { account, regions: null });
    if (scope.verdict === "foreign") return refused(scope.reason);
    const foreign = new Set(scope.verdict === "partial" ? scope.foreign : []);
    const reading = await inventory.read(
      wanted.filter(({ address }) => !foreign.has(address)),
      progress,
    );
    const observations = new Map<string, Observation>(
      [...foreign].map((address) => [address, { status: "unreadable", reason: "it is in another account" }]),
    );
    for (const { address, type } of covered) {
      const observation = reading.observations.get(address);
      if (inventory.covers(type) && observation !== undefined) observations.set(address, observation);
    }
    const problems = scope.verdict === "partial" ? [scope.reason, ...reading.problems] : reading.problems;
    return { observations, problems, refusal: null };
  } catch (error) {
    if (error instanceof CloudUnreachable) return refused(error.message);
    throw error;
  }
}

function refused(refusal: string): Observed {
  return { observations: new Map(), problems: [], refusal };
}

/** Reads some instances a second time, to confirm what the first read said. */
export async function observeAgain(
  inventories: readonly Inventory[],
  wanted: readonly Wanted[],
  addresses: ReadonlySet<string>,
  first: ReadonlyMap<string, Observation>,
  progress: (message: string) => void,
): Promise<{ observations: ReadonlyMap<string, Observation>; problems: readonly string[] }> {
  const observations = new Map(first);
  const problems: string[] = [];
  for (const inventory of inventories) {
    const again = wanted.filter(({ address, type }) => addresses.has(address) && inventory.covers(type));
    if (again.length === 0) continue;
    // The others of the stack tell which rules of a security group are theirs.
    const reading = await inventory.read(relatedTo(again, wanted), progress);
    for (const { address } of again) {
      const observation = reading.observations.get(address);
      if (observation !== undefined) observations.set(address, observation);
    }
    problems.push(...reading.problems);
  }
  return { observations, problems };
}

function relatedTo(again: readonly Wanted[], wanted: readonly Wanted[]): Wanted[] {
  const addresses = new Set(again.map(({ address }) => address));
  const others = wanted.filter(({ address, type }) => !addresses.has(address) && isReadWithOthers(type));
  return [...again, ...others];
}

/** Resources in the stack's networks that no state knows. */
export async function unmanagedResources(
  inventories: readonly Inventory[],
  wanted: readonly Wanted[],
  known: ReadonlySet<string>,
): Promise<{ resources: readonly ObservedResource[]; problems: readonly string[] }> {
  const resources: ObservedResource[] = [];
  const problems: string[] = [];
  for (const inventory of inventories) {
    resources.push(...(await inventory.unmanaged(wanted, known, (problem) => problems.push(problem))));
  }
  return { resources, problems };
}
