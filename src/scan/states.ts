import type { Snapshot } from "../terraform/source/snapshot.ts";
import { StateError } from "../terraform/state/state-error.ts";
import type { StateSource } from "../terraform/state/state-source.ts";
import type { StackWithState } from "./open-stack.ts";
import type { PlannedStack } from "./plan.ts";
import type { ScanPorts } from "./ports.ts";
import { error, type StackFailure } from "./results.ts";

export interface ReadStates {
  readonly read: readonly StackWithState[];
  readonly failed: readonly StackFailure[];
  /** Stacks whose code can be evaluated, but without a state: it is elsewhere or cannot be read. */
  readonly stateless: readonly StackWithState[];
}

/** Reads the state of every stack. Where that fails the stack is left without one, and the reason is said. */
export async function readStates(stacks: readonly PlannedStack[], ports: ScanPorts): Promise<ReadStates> {
  const read: StackWithState[] = [];
  const failed: StackFailure[] = [];
  const stateless: StackWithState[] = [];
  for (const stack of stacks) {
    const outcome = await readStack(stack, ports);
    if (typeof outcome !== "string") {
      read.push(outcome);
      continue;
    }
    failed.push({ stack, diagnostics: [error(outcome)] });
    stateless.push(withoutState(stack));
  }
  return { read, failed, stateless };
}

/** Why the code of a stack cannot be evaluated as it is meant; null where it can. */
export function missingVariables({ varFiles }: PlannedStack, snapshot: Snapshot): string | null {
  const absent = varFiles.find((path) => snapshot.read(path) === undefined);
  if (absent === undefined) return null;
  const why = snapshot.whyNot?.(absent) ?? null;
  return `its variable file ${absent} cannot be read${why === null ? "" : ` (${why})`}, so the values in it are not known; check the path and the file`;
}

async function readStack(stack: PlannedStack, ports: ScanPorts): Promise<StackWithState | string> {
  const missing = missingVariables(stack, ports.snapshot);
  if (missing !== null) return missing;
  if (stack.state.kind === "elsewhere") {
    return (
      `its state is kept in ${stack.state.backend}, which is not read yet; write it to a file with ` +
      "`terraform state pull > FILE` and give that with --state"
    );
  }
  const source = ports.stateOf(stack);
  if (source === null) return withoutState(stack);
  try {
    return await withStateOf(withoutState(stack), source);
  } catch (reason) {
    if (reason instanceof StateError) return reason.message;
    throw reason;
  }
}

/** The stack as its code alone gives it. */
export function withoutState(plan: PlannedStack): StackWithState {
  const { name, path: root, settings, workspace } = plan;
  return {
    plan,
    source: null,
    request: { name, root, settings, workspace, state: null },
    stateWrittenAt: null,
    locked: false,
  };
}

/**
 * The stack with what its state is now.
 * @throws StateError
 */
export async function withStateOf(stack: StackWithState, source: StateSource): Promise<StackWithState> {
  const { text, writtenAt, locked } = await source.read();
  return {
    ...stack,
    source,
    request: { ...stack.request, state: { file: source.describe, text } },
    stateWrittenAt: writtenAt === null ? null : new Date(writtenAt),
    locked,
  };
}
