import { stateChanged } from "../drift/belief.ts";
import { parseState } from "../terraform/state/state.ts";
import { StateError } from "../terraform/state/state-error.ts";
import type { OpenStack, StackWithState } from "./open-stack.ts";
import { withStateOf } from "./states.ts";

/**
 * What the state is after the cloud was read: the `same` as before; `changed`, so that the scan has to be repeated with
 * what it is now; `locked`, so that someone may be changing both at this moment; `lost`, so that it cannot be told.
 */
export type StateCheck =
  | { readonly verdict: "same" }
  | { readonly verdict: "changed"; readonly reason: string; readonly now: StackWithState }
  | { readonly verdict: "locked" | "lost"; readonly reason: string };

/** Reads the state once more and compares it with the one that the scan of the stack used. */
export async function checkState(stack: OpenStack): Promise<StateCheck> {
  const { source, overview, request } = stack;
  if (source === null || overview.state === null) return { verdict: "same" };
  try {
    const now = await withStateOf(stack, source);
    if (now.locked) return { verdict: "locked", reason: lockedReason(stack) };
    const text = now.request.state?.text ?? "";
    if (text === request.state?.text) return { verdict: "same" };
    const reason = stateChanged(overview.state, parseState(text, source.describe));
    return reason === null ? { verdict: "same" } : { verdict: "changed", reason, now };
  } catch (reason) {
    if (reason instanceof StateError) return { verdict: "lost", reason: reason.message };
    throw reason;
  }
}

/** Why a stack is not compared whose state is locked. */
export function lockedReason({ source }: StackWithState): string {
  return (
    `the state (${source?.describe ?? ""}) is locked: Terraform is changing it, so nothing was compared; scan again ` +
    "when it has finished (`terraform force-unlock` removes a lock that was left behind)"
  );
}
