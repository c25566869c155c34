import { type ChangedInstance, INSTANCE_CHANGES } from "../drift/changed-instance.ts";
import type { RuleBook } from "../drift/rules.ts";
import { type Address, type InstanceKey, parseAddress } from "../terraform/address.ts";
import { codeOf, type DeclaredInstance } from "./declared-code.ts";
import { touchedPaths } from "./touched-paths.ts";
import { Triggers } from "./triggers.ts";

/** What a change of the code does to the instances of one stack. */
interface InstanceChanges {
  /** By what is done to them, then by address. */
  readonly instances: readonly ChangedInstance[];
  /** Instances of which nobody can say whether the code declares them, before or after. */
  readonly undecided: number;
}

/**
 * The instances that a change of the code adds, changes, moves or removes, told from what the code says on both sides.
 * The keys of an instance that a state does not have may be made of what that state holds, which not everybody who
 * proposes code may read, so they are left out.
 */
export function changedInstances(
  base: readonly DeclaredInstance[],
  head: readonly DeclaredInstance[],
  book: RuleBook,
  { hasState }: { readonly hasState: boolean },
): InstanceChanges {
  const [before, after] = [byAddress(base), byAddress(head)];
  const triggers = new Triggers(before, after, book);
  const origins = movedFrom(before, after);
  const left = new Set([...origins.values()].map(({ address }) => address));
  const found = new Map<string, ChangedInstance>();
  let undecided = 0;
  const add = (what: ChangedInstance["what"], { address, recorded }: DeclaredInstance) => {
    const label = hasState && recorded === null ? withoutKeys(address) : address;
    const key = JSON.stringify([what, label]);
    found.set(key, { what, address: label, count: (found.get(key)?.count ?? 0) + 1 });
  };
  for (const address of new Set([...before.keys(), ...after.keys()])) {
    const is = after.get(address) ?? null;
    const was = before.get(address) ?? (is === null ? null : (origins.get(address) ?? null));
    if (was?.undecided === true || is?.undecided === true) {
      undecided += 1;
      continue;
    }
    const [old, now] = [was, is].map((one) => (one === null ? null : codeOf(one, book)));
    if (is !== null && now) {
      if (!old) add("added", is);
      else if (touchedPaths(old, now).length > 0 || triggers.replace(address)) add("changed", is);
      else if (was?.address !== address) add("moved", is);
    } else if (was !== null && old && !left.has(address)) add("removed", was);
  }
  return { instances: [...found.values()].sort(inOrder), undecided };
}

function byAddress(instances: readonly DeclaredInstance[]): ReadonlyMap<string, DeclaredInstance> {
  return new Map(instances.map((instance) => [instance.address, instance]));
}

/** For instances that `moved` blocks give another address, what they were: the same resource of the state. */
function movedFrom(
  before: ReadonlyMap<string, DeclaredInstance>,
  after: ReadonlyMap<string, DeclaredInstance>,
): ReadonlyMap<string, DeclaredInstance> {
  const gone = new Map<string, DeclaredInstance>();
  for (const instance of before.values()) {
    const identity = after.has(instance.address) ? null : identityOf(instance);
    if (identity !== null) gone.set(identity, instance);
  }
  const origins = new Map<string, DeclaredInstance>();
  for (const instance of after.values()) {
    const identity = before.has(instance.address) ? null : identityOf(instance);
    const origin = identity === null ? undefined : gone.get(identity);
    if (origin !== undefined) origins.set(instance.address, origin);
  }
  return origins;
}

function identityOf({ type, recorded }: DeclaredInstance): string | null {
  const id = recorded?.["id"];
  return typeof id === "string" ? JSON.stringify([type, id]) : null;
}

function withoutKeys(text: string): string {
  const { module, type, name, key }: Address = parseAddress(text);
  const steps = module.map((step) => `module.${step.name}${hidden(step.key)}.`);
  return `${steps.join("")}${type}.${name}${hidden(key)}`;
}

function hidden(key: InstanceKey): string {
  return key === null ? "" : "[…]";
}

function inOrder(a: ChangedInstance, b: ChangedInstance): number {
  const [first, second] = [a, b].map(({ what }) => INSTANCE_CHANGES.indexOf(what));
  if (first !== second) return (first ?? 0) - (second ?? 0);
  return a.address === b.address ? 0 : a.address < b.address ? -1 : 1;
}
