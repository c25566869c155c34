import { checkScope } from "../drift/belief.ts";
import { CloudUnreachable, type Inventory, type Wanted } from "../drift/inventory.ts";
import type { Finding, Observation, ObservedResource } from "../drift/model.ts";
import type { InstanceOverview, RecordedIdentity, StackOverview } from "../engine/api.ts";
import { identityOf, importedIdentityOf } from "../providers/aws/identity.ts";
import { isReadWithOthers } from "../providers/index.ts";
import type { PlannedStack } from "./plan.ts";

/** What the clouds said. */
export interface Observed {
  readonly observations: ReadonlyMap<string, Observation>;
  /** Resources in the stack's networks that no state knows. */
  readonly unmanaged: readonly ObservedResource[];
  /** Sentences about what could not be read. */
  readonly problems: readonly string[];
}

/** Nothing that was read may be believed. The message says why, and what to do. */
export class NotBelieved extends Error {
  override readonly name = "NotBelieved";
}

/** Id, account and region of every instance that is recorded, or that the code wants to import. */
export function identitiesOf(instances: readonly InstanceOverview[]): ReadonlyMap<string, RecordedIdentity> {
  return new Map(
    instances.flatMap(({ address, type, recorded, importId, desired }) => {
      if (recorded !== null) return [[address, identityOf(type, recorded)] as const];
      return importId === null ? [] : [[address, importedIdentityOf(type, importId, desired ?? {})] as const];
    }),
  );
}

/** The instances to be looked for: those that are recorded with an id, or that an `import` block names one for. */
export function wantedOf(
  instances: readonly InstanceOverview[],
  identities: ReadonlyMap<string, RecordedIdentity>,
): Wanted[] {
  return instances.flatMap(({ address, type, recorded, desired, undecided }) => {
    const identity = identities.get(address);
    if (undecided || identity === undefined || identity.id === null) return [];
    const { id, account, region } = identity;
    const declared = desired === null ? {} : { declared: Object.keys(desired) };
    return [{ address, type, id, account, region, recorded: recorded ?? {}, ...declared }];
  });
}

/** The inventories of the clouds that a stack is compared with. */
export function inventoriesFor(
  { clouds }: Pick<PlannedStack, "clouds">,
  inventories: readonly Inventory[],
): readonly Inventory[] {
  return clouds === undefined ? inventories : inventories.filter(({ cloud }) => clouds.includes(cloud));
}

/** The inventories that read a stack: for each cloud the one for the accounts where the stack is. */
export function inventoriesOf(
  inventories: readonly Inventory[],
  wanted: readonly Wanted[],
): readonly Inventory[] {
  return inventories.map((inventory) => {
    const covered = wanted.filter(({ type }) => inventory.covers(type));
    const counts = Map.groupBy(covered, ({ account }) => account);
    counts.delete(null);
    const accounts = [...counts].toSorted(([, a], [, b]) => b.length - a.length);
    return inventory.within?.(accounts.flatMap(([account]) => account ?? [])) ?? inventory;
  });
}

/** What is looked for in the clouds. */
export interface Sought {
  readonly wanted: readonly Wanted[];
  /** What other stacks hold of it (`relatedOf`). */
  readonly related: readonly Wanted[];
}

/**
 * Rules and attachments that other stacks hold on the security groups and instances of a stack: the cloud tells them as
 * part of these, and nobody else can say that they are not drift. Their addresses are not to be found in the stack.
 */
export function relatedOf(
  own: string,
  wanted: readonly Wanted[],
  overviews: readonly StackOverview[],
): Wanted[] {
  const ids = new Set(wanted.map(({ id }) => id));
  // Which instance an interface belongs to is known to the cloud alone.
  const concerns = ({ type, recorded }: Wanted) =>
    isReadWithOthers(type) &&
    (ids.has(String(recorded["security_group_id"])) || Object.hasOwn(recorded, "network_interface_id"));
  return overviews
    .filter(({ name }) => name !== own)
    .flatMap(({ name, instances }) =>
      wantedOf(instances, identitiesOf(instances))
        .filter(concerns)
        .map((each) => ({ ...each, address: `${name}\0${each.address}` })),
    );
}

/** Which resources are looked for that no code declares. */
export interface UnmanagedSearch {
  /** Ids that some state of the repository knows. */
  readonly known: ReadonlySet<string>;
}

/**
 * Reads the wanted instances from every cloud, once the credentials have been checked against the state's own ids.
 * @throws NotBelieved where a cloud does not answer, or the credentials are those of another account.
 */
export async function observe(
  inventories: readonly Inventory[],
  sought: Sought,
  search: UnmanagedSearch | null,
  progress: (message: string) => void,
): Promise<Observed> {
  const readings: Observed[] = [];
  for (const inventory of inventories) {
    const covered = sought.wanted.filter(({ type }) => inventory.covers(type));
    if (covered.length === 0) continue;
    progress(`reading ${countOf(covered)} from ${inventory.cloud}`);
    readings.push(await reachable(() => observeOne(inventory, sought, search, progress)));
  }
  return merged(readings);
}

async function observeOne(
  inventory: Inventory,
  { wanted, related }: Sought,
  search: UnmanagedSearch | null,
  progress: (message: string) => void,
): Promise<Observed> {
  const { account } = await inventory.identity();
  const covered = wanted.filter(({ type }) => inventory.covers(type));
  const scope = checkScope(covered, { account, regions: null });
  if (scope.verdict === "foreign") throw new NotBelieved(scope.reason);
  const foreign = new Set(scope.verdict === "partial" ? scope.foreign : []);
  // Types that are not covered go along: an attachment tells which group of an instance is its own.
  const here = wanted.filter(({ address }) => !foreign.has(address));
  const reading = await inventory.read([...here, ...related], progress);
  const unmanaged = search === null ? NO_SEARCH : await findUnmanaged(inventory, here, search);
  return {
    observations: new Map<string, Observation>([
      ...[...foreign].map((address) => [address, ELSEWHERE] as const),
      ...answersFor(
        covered.filter(({ address }) => !foreign.has(address)),
        reading.observations,
      ),
    ]),
    unmanaged: unmanaged.resources,
    problems: [
      ...(scope.verdict === "partial" ? [scope.reason] : []),
      ...reading.problems,
      ...unmanaged.problems,
    ],
  };
}

const ELSEWHERE: Observation = { status: "unreadable", reason: "it is in another account" };
const NO_SEARCH = { resources: [], problems: [] };

/** What an inventory has nothing to say about was not read, and so is not believed to be gone or the same. */
function answersFor(
  wanted: readonly Wanted[],
  observations: ReadonlyMap<string, Observation>,
): (readonly [string, Observation])[] {
  return wanted.map(({ address }) => [address, observations.get(address) ?? NO_ANSWER]);
}

const NO_ANSWER: Observation = { status: "unreadable", reason: "the cloud's answer does not mention it" };

async function findUnmanaged(
  inventory: Inventory,
  wanted: readonly Wanted[],
  { known }: UnmanagedSearch,
): Promise<{ resources: readonly ObservedResource[]; problems: readonly string[] }> {
  const problems: string[] = [];
  const resources = await inventory.unmanaged(wanted, known, (problem) => problems.push(problem));
  return { resources, problems };
}

/**
 * Reads what `doubtful` is about a second time. The answers replace the first ones; of the resources that no code
 * declares those are left that are still there.
 * @throws NotBelieved where a cloud no longer answers.
 */
export async function observeAgain(
  inventories: readonly Inventory[],
  { wanted, related }: Sought,
  doubtful: readonly Finding[],
  first: Observed,
  search: UnmanagedSearch | null,
  progress: (message: string) => void,
): Promise<Observed> {
  const addresses = new Set(doubtful.map(({ address }) => address));
  const isUnmanaged = doubtful.some(({ kind }) => kind === "unmanaged");
  const observations = new Map(first.observations);
  const unmanaged: ObservedResource[] = [];
  const problems = new Set(first.problems);
  for (const inventory of inventories) {
    const here = wanted.filter(({ address }) => first.observations.get(address) !== ELSEWHERE);
    const again = here.filter(({ address, type }) => addresses.has(address) && inventory.covers(type));
    if (again.length > 0) {
      // The others of the stack tell which rules of a security group are theirs.
      const reading = await reachable(() =>
        inventory.read(withRelated(again, [...here, ...related]), progress),
      );
      for (const [address, observation] of answersFor(again, reading.observations)) {
        observations.set(address, observation);
      }
      for (const problem of reading.problems) problems.add(problem);
    }
    if (isUnmanaged && search !== null) {
      const found = await reachable(() => findUnmanaged(inventory, here, search));
      unmanaged.push(...found.resources);
      for (const problem of found.problems) problems.add(problem);
    }
  }
  const still = new Set(unmanaged.map(({ id }) => id));
  return {
    observations,
    unmanaged: first.unmanaged.filter(({ id }) => still.has(id)),
    problems: [...problems],
  };
}

function withRelated(again: readonly Wanted[], all: readonly Wanted[]): Wanted[] {
  const addresses = new Set(again.map(({ address }) => address));
  return [...again, ...all.filter(({ address, type }) => !addresses.has(address) && isReadWithOthers(type))];
}

async function reachable<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof CloudUnreachable) throw new NotBelieved(error.message, { cause: error });
    throw error;
  }
}

function merged(readings: readonly Observed[]): Observed {
  return {
    observations: new Map(readings.flatMap(({ observations }) => [...observations])),
    unmanaged: readings.flatMap(({ unmanaged }) => unmanaged),
    problems: [...new Set(readings.flatMap(({ problems }) => problems))],
  };
}

function countOf(wanted: readonly Wanted[]): string {
  return wanted.length === 1 ? "1 resource" : `${wanted.length} resources`;
}

/** The same inventory, which asks for its identity once: a cloud that does not answer is not asked for each stack. */
export function identifiedOnce(inventory: Inventory): Inventory {
  let identity: ReturnType<Inventory["identity"]> | null = null;
  const once: Inventory = {
    cloud: inventory.cloud,
    covers: (type) => inventory.covers(type),
    within: (accounts) => inventory.within?.(accounts) ?? once,
    identity: () => {
      identity ??= inventory.identity();
      return identity;
    },
    read: (wanted, progress) => inventory.read(wanted, progress),
    unmanaged: (wanted, known, report) => inventory.unmanaged(wanted, known, report),
  };
  return once;
}
