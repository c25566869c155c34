import { type Address, type InstanceKey, moduleAddress, printAddress } from "../address.ts";
import type { StateInstance } from "./state-instance.ts";

/** The instances of a state, by address and by resource. */
export class RecordedInstances {
  readonly #byAddress = new Map<string, StateInstance>();
  readonly #keys = new Map<string, InstanceKey[]>();

  constructor(instances: readonly StateInstance[]) {
    for (const instance of instances) {
      this.#byAddress.set(instance.address, instance);
      const resource = printAddress({ ...instance.parts, key: null });
      const keys = this.#keys.get(resource);
      if (keys === undefined) this.#keys.set(resource, [instance.parts.key]);
      else keys.push(instance.parts.key);
    }
  }

  get(address: string): StateInstance | null {
    return this.#byAddress.get(address) ?? null;
  }

  /** The keys of a resource's instances, in the state's order. */
  keys(resource: Omit<Address, "key">): readonly InstanceKey[] {
    return this.#keys.get(printAddress({ ...resource, key: null })) ?? [];
  }

  /** The keys of the instances of a module call (its address, without a key) of which any resource is recorded. */
  moduleKeys(call: string): readonly InstanceKey[] {
    const keys = new Set<InstanceKey>();
    for (const { parts } of this.#byAddress.values()) {
      for (const [index, step] of parts.module.entries()) {
        const outer = parts.module.slice(0, index);
        if (moduleAddress([...outer, { name: step.name, key: null }]) === call) keys.add(step.key);
      }
    }
    return [...keys];
  }

  all(): IterableIterator<StateInstance> {
    return this.#byAddress.values();
  }
}
