import type { Backend } from "../code/backend-block.ts";
import { joinPath, type Snapshot } from "../source/snapshot.ts";

/** A workspace whose state is a file in the repository. */
export interface LocalWorkspace {
  readonly name: string;
  readonly stateFile: string;
}

/**
 * The states that Terraform's local backend keeps in or for a folder
 * (https://developer.hashicorp.com/terraform/language/backend/local). None for another backend: what lies there then
 * is a leftover from before.
 */
export function localStates(snapshot: Snapshot, folder: string, backend: Backend | null): LocalWorkspace[] {
  if (backend !== null && backend.type !== "local") return [];
  const { path: file = "terraform.tfstate", workspace_dir: workspaces = "terraform.tfstate.d" } =
    backend?.settings ?? {};
  const found: LocalWorkspace[] = [];
  const first = stateAt(snapshot, folder, file);
  if (first !== null) found.push({ name: "default", stateFile: first });
  const place = typeof workspaces === "string" ? joinPath(folder, workspaces) : null;
  for (const name of place === null ? [] : snapshot.list(place)) {
    if (!name.endsWith("/")) continue;
    const stateFile = stateAt(snapshot, `${place}/${name}`, "terraform.tfstate");
    if (stateFile !== null) found.push({ name: name.slice(0, -1), stateFile });
  }
  return found;
}

/**
 * An empty file is none: Terraform leaves one behind when the state moves to another backend. One that is there and may
 * not be read is one.
 */
function stateAt(snapshot: Snapshot, folder: string, file: unknown): string | null {
  const path = typeof file === "string" ? joinPath(folder, file) : null;
  if (path === null) return null;
  const bytes = snapshot.read(path);
  if (bytes === undefined) return (snapshot.whyNot?.(path) ?? null) === null ? null : path;
  return bytes.length === 0 ? null : path;
}
