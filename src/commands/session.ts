import { resolve } from "node:path";
import { localState, snapshotState } from "../backends/local.ts";
import type { Diagnostic } from "../drift/model.ts";
import type { StackOverview, StackRequest } from "../engine/api.ts";
import { type Engine, startEngine } from "../engine/engine.ts";
import { type Checkout, openCheckout } from "../sources/checkout.ts";
import { joinPath } from "../terraform/source/snapshot.ts";
import type { StateSource } from "../terraform/state/state-source.ts";
import { type Folders, type StackOptions, settingsOf } from "./options.ts";

/** One stack of a checkout, evaluated. */
export interface Session {
  readonly engine: Engine;
  readonly checkout: Checkout;
  readonly overview: StackOverview;
  /** What was opened. */
  readonly request: StackRequest;
}

/**
 * Evaluates the stack in a folder; `more` is what else is to be said of it.
 * @throws UsageError, StateError, CheckoutError, EngineFailure or EngineStopped; each says what to do.
 */
export async function openSession(
  options: StackOptions,
  given: Parameters<typeof settingsOf>[0],
  folders: Folders,
  more: Pick<StackRequest, "brief"> = {},
): Promise<Session> {
  const checkout = openCheckout(folders.root);
  const source = stateSource(options, folders, checkout);
  const state = source === null ? null : { file: source.describe, text: (await source.read()).text };
  const engine = startEngine(checkout);
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
    return { engine, checkout, overview, request };
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

/** A line of a file of the checkout, from 1. */
export function excerptFrom(checkout: Checkout): (file: string, line: number) => string | null {
  return (file, line) => {
    const bytes = checkout.read(file);
    const text = bytes === undefined ? null : new TextDecoder().decode(bytes);
    return text?.split(/\r?\n/)[line - 1] ?? null;
  };
}
