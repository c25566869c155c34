import type { StackSettings } from "../config/model.ts";
import type { FoundStack } from "../terraform/discovery/discovery.ts";
import type { EnvironmentFiles } from "../terraform/discovery/environment-files.ts";

/** What the configuration would say of a stack that was found; its name may still be another one's too. */
export interface FoundSettings extends Omit<StackSettings, "place" | "schedule" | "name"> {
  readonly name: string;
  /** What its files or its workspace are called after; null where nothing tells it apart. */
  readonly calledAfter: string | null;
}

const NOTHING = {
  varFiles: [],
  vars: {},
  envVars: {},
  environment: null,
  workspace: null,
  state: null,
  backendConfig: {},
  calledAfter: null,
} as const;

/**
 * The stacks of a folder of which the configuration says nothing: one for each workspace that has a state in it, else
 * one for each environment whose files say where its state is, else one.
 */
export function foundSettings(stack: FoundStack): readonly FoundSettings[] {
  const { path, workspaces } = stack;
  if (workspaces.length > 0) return workspaces.map(({ name }) => ofWorkspace(stack, name));
  const environments = withOwnState(stack);
  if (environments.length > 0) {
    return environments.map(({ name, varFile, backendConfig }) => ({
      ...NOTHING,
      name: `${stack.name}-${name}`,
      path,
      varFiles: filesOf(varFile),
      backendConfig: backendConfig ?? {},
      calledAfter: name,
    }));
  }
  return [{ ...NOTHING, name: stack.name, path }];
}

/** A variable file that is called as the workspace is meant for it. */
function ofWorkspace({ path, name, environments }: FoundStack, workspace: string): FoundSettings {
  const files = environments.find((one) => one.name === workspace);
  return {
    ...NOTHING,
    name: workspace === "default" ? name : `${name}-${workspace}`,
    path,
    varFiles: filesOf(files?.varFile ?? null),
    workspace,
    calledAfter: workspace === "default" ? null : workspace,
  };
}

/** Environments whose backend files complete a remote backend: each has a state of its own. */
function withOwnState({ backend, environments }: FoundStack): readonly EnvironmentFiles[] {
  if (backend === null || ["local", "cloud"].includes(backend.type)) return [];
  return environments.filter(({ backendConfig }) => backendConfig !== null);
}

/** Variable files of a folder's environments that are not read, since nothing says which state is whose. */
export function unreadFiles(stack: FoundStack): readonly string[] {
  if (stack.workspaces.some(({ name }) => name !== "default") || withOwnState(stack).length > 0) return [];
  return stack.environments.flatMap(({ varFile }) => varFile ?? []);
}

/** A name that no other stack has, which is taken from then on. */
export function freeName(taken: Set<string>, wanted: string): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted}-${number}`;
  taken.add(name);
  return name;
}

function filesOf(varFile: string | null): readonly string[] {
  return varFile === null ? [] : [varFile];
}
