import type { JsonObject } from "../json/json.ts";
import type { Observation, ObservedResource } from "./model.ts";

/** The clouds that there are inventories for, now or later. */
export const CLOUDS = ["aws", "google", "azure"] as const;
export type Cloud = (typeof CLOUDS)[number];

/** An instance that a scan wants to see: what the state recorded about it says where it is. */
export interface Wanted {
  readonly address: string;
  readonly type: string;
  /** The cloud's id as recorded. */
  readonly id: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly recorded: JsonObject;
  /**
   * Names of the attributes the code sets. Attributes that cost a request of their own for each instance are read only
   * where they stand here; where the names are not known, only where the state records something else than the default.
   */
  readonly declared?: readonly string[];
}

/** Whom the credentials speak for. */
export interface CloudIdentity {
  readonly account: string;
  readonly principal: string;
}

export interface InventoryReading {
  /** One observation for each wanted address. */
  readonly observations: ReadonlyMap<string, Observation>;
  /** Sentences about what could not be read, each with what to do. */
  readonly problems: readonly string[];
}

/** The port to one cloud: read-only, bulk, paged, retried. */
export interface Inventory {
  readonly cloud: Cloud;
  /** Has a mapping for the type. */
  covers(type: string): boolean;
  /**
   * What reads a stack that is in these accounts, the one with most of its resources first; none where its state names
   * none. Left out: the inventory itself, whatever the accounts. The answer refuses by what it throws when it is asked.
   */
  within?(accounts: readonly string[]): Inventory;
  /** @throws CloudUnreachable where the credentials or the endpoint do not work. */
  identity(): Promise<CloudIdentity>;
  /** Reads all that is wanted. A refused call makes its resources `unreadable`; it does not throw for that. */
  read(wanted: readonly Wanted[], progress?: (message: string) => void): Promise<InventoryReading>;
  /**
   * Resources of the covered types that belong to what is wanted (inside its networks) and are not in `known` ids.
   * What could not be listed is told to `report`, one sentence each.
   */
  unmanaged(
    wanted: readonly Wanted[],
    known: ReadonlySet<string>,
    report?: (problem: string) => void,
  ): Promise<readonly ObservedResource[]>;
}

/** The cloud did not answer, or refused the credentials. The message says which, and what to do. */
export class CloudUnreachable extends Error {
  override readonly name = "CloudUnreachable";
}
