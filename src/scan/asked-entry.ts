import type { StackSettings } from "../config/model.ts";
import type { Setting } from "../terraform/code/inputs.ts";
import type { FoundStack } from "../terraform/discovery/discovery.ts";

/** What the command line says of a stack. */
export interface AskedStack {
  readonly settings: readonly Setting[];
  readonly workspace: string | null;
  /** A state file anywhere on disk, and its path in the root where it is inside. */
  readonly state: { readonly file: string; readonly inRoot: string | null } | null;
}

/** Whether an entry of the configuration may be the stack that the command line means, and how much speaks for it. */
interface Fit {
  readonly entry: StackSettings;
  /** How many things that were asked for are the entry's own. */
  readonly agreed: number;
}

/**
 * Of the entries for a folder those that the command line may mean: by workspace, variable files and state. More than
 * one where what it says fits them alike. An entry for another workspace, with other variable files or with another
 * state is another stack, even where it is the only one: its environment decides which rules hold.
 */
export function entriesMeant(
  entries: readonly StackSettings[],
  stack: FoundStack,
  only: AskedStack,
): readonly StackSettings[] {
  const fits = entries.flatMap((entry) => fitOf(entry, stack, only) ?? []);
  const most = Math.max(...fits.map(({ agreed }) => agreed));
  return fits.filter(({ agreed }) => agreed === most).map(({ entry }) => entry);
}

function fitOf(entry: StackSettings, stack: FoundStack, only: AskedStack): Fit | null {
  const workspace = entry.workspace ?? "default";
  if (only.workspace !== null && only.workspace !== workspace) return null;
  const given = only.settings.flatMap((setting) => (setting.kind === "file" ? [setting.path] : []));
  const shared = given.filter((path) => entry.varFiles.includes(path)).length;
  if (shared === 0 && given.length > 0 && entry.varFiles.length > 0) return null;
  const agreed = shared + Number(only.workspace !== null);
  const own = entry.state ?? stack.workspaces.find(({ name }) => name === workspace)?.stateFile ?? null;
  const asked = only.state?.inRoot ?? null;
  if (own === null || asked === null) return { entry, agreed };
  // A copy of the state, of what the rest names already.
  if (own !== asked) return agreed > 0 ? { entry, agreed } : null;
  return { entry, agreed: agreed + 1 };
}
