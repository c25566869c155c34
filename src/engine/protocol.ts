import type { FetchedModule } from "../terraform/code/installed-modules.ts";
import type { EngineApi } from "./api.ts";

/** What the service asks of the engine process. Arguments and results cross as JSON text with exact numbers. */
export type ToEngine =
  | { readonly kind: "request"; readonly id: number; readonly method: keyof EngineApi; readonly json: string }
  | {
      readonly kind: "supply";
      readonly id: number;
      readonly supply: Supply;
      /** In the order in which they were wanted. */
      readonly modules: readonly FetchedModule[];
    };

export type FromEngine =
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly id: number; readonly json: string }
  | { readonly kind: "failure"; readonly id: number; readonly name: string; readonly message: string }
  | {
      readonly kind: "demand";
      readonly id: number;
      readonly demand: Demand;
      readonly modules: readonly WantedModule[];
    };

/** A module that is no folder of the snapshot. */
export interface WantedModule {
  readonly source: string;
  readonly version: string | null;
}

/** Files and folders of the snapshot that the engine has not seen yet. */
export interface Demand {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Folders that are wanted with all that is below them. */
  readonly trees: readonly string[];
}

/** What the snapshot has at those places; null where there is no such file. What is missing may be asked for again. */
export interface Supply {
  readonly files: readonly (readonly [path: string, content: Uint8Array | null])[];
  readonly folders: readonly (readonly [path: string, names: readonly string[]])[];
  /** Why what is at a place is not to be had, for those of which that is known. */
  readonly refused: readonly (readonly [path: string, why: string])[];
}
