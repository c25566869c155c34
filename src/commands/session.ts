import { resolve } from "node:path";
import { localState, snapshotState } from "../backends/local.ts";
import type { Diagnostic } from "../drift/model.ts";
import type { StackOverview, StackRequest } from "../engine/api.ts";
import { type Engine, startEngine } from "../engine/engine.ts";
import { type Checkout, openCheckout } from "../sources/checkout.ts";
import type { ModuleShelf } from "../sources/modules/module-shelf.ts";
import { joinPath, type Snapshot } from "../terraform/source/snapshot.ts";
import type { StateSource } from "../terraform/state/state-source.ts";
import { fetchedModules } from "./fetched-modules.ts";
import { type Folders, type StackOptions, settingsOf } from "./options.ts";

/** One stack of a checkout, evaluated. */
export interface Session {
  readonly engine: Engine;
  readonly checkout: Checkout;
  /** With fetched modules; null where none are fetched. */
  readonly shelf: ModuleShelf | null;
  readonly overview: StackOverview;
  /** What was opened. */
  readonly request: StackRequest;
}

/**
 * Evaluates the stack in a folder.
 * @throws UsageError, StateError, CheckoutError, EngineFailure or EngineStopped; each says what to do.
 */
export async function openSession(
  options: StackOptions,
  given: Parameters<typeof settingsOf>[0],
  folders: Folders,
  { environment, ...more }: Pick<StackRequest, "brief"> & { readonly environment: NodeJS.ProcessEnv },
): Promise<Session> {
  const checkout = openCheckout(folders.root);
  const source = stateSource(options, folders, checkout);
  const state = source === null ? null : { file: source.describe, text: (await source.read()).text };
  const shelf = fetchedModules(options, checkout, environment);
  const engine = shelf === null ? startEngine(checkout) : startEngine(shelf, undefined, shelf);
  const request = {
    name: "stack",
    root: folders.folder,
    settings: settingsOf(given, folders),
    workspace: options.workspace ?? "default",
    state,
    ...more,
  };
  try {
    const [overview] = await engine.open([request]);
    if (overview === undefined) throw new Error("the engine opened no stack");
    return { engine, checkout, shelf, overview, request };
  } catch (error) {
    engine.close();
    throw error;
  }
}

function stateSource(options: StackOptions, { folder }: Folders, checkout: Checkout): StateSource | null {
  if (options.state !== undefined) return localState(resolve(options.state));
  const path = joinPath(folder, "terraform.tfstate");
  return path !== null && checkout.read(path) !== undefined ? snapshotState(checkout, path) : null;
}

/** What the checkout refused to read: an error where something was asked of it, since the code may need it. */
export function refusals(checkout: Checkout): Diagnostic[] {
  return checkout.refused.map(({ path, reason, passedOver }) => {
    const advice = /out of the root$/.test(reason) ? "; give a --root that holds what it leads to" : "";
    const isInside = joinPath(".", path) !== null;
    return {
      severity: passedOver ? "warning" : "error",
      message: `${isInside ? "" : `${path}: `}${reason}${advice}`,
      file: isInside ? path : null,
      line: null,
      column: null,
    };
  });
}

/** Whoever needed what was refused said so, and why. */
export function isSaid({ file, message }: Diagnostic, said: readonly Diagnostic[]): boolean {
  return said.some(
    (other) =>
      other.severity === "error" &&
      file !== null &&
      (other.file === file || other.message.includes(file)) &&
      other.message.includes(message),
  );
}

/** With what the checkout refused to read, as far as nothing says so already. */
export function withRefusals(said: readonly Diagnostic[], checkout: Checkout): readonly Diagnostic[] {
  return [...said, ...refusals(checkout).filter((refused) => !isSaid(refused, said))];
}

/** A line of a file, from 1. */
export function excerptFrom(snapshot: Snapshot): (file: string, line: number) => string | null {
  return (file, line) => {
    const bytes = snapshot.read(file);
    const text = bytes === undefined ? null : new TextDecoder().decode(bytes);
    return text?.split(/\r?\n/)[line - 1] ?? null;
  };
}
