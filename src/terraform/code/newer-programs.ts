import { decodeText, joinPath, type Snapshot } from "../source/snapshot.ts";
import { attributeOf } from "./body-index.ts";
import type { Module } from "./module.ts";

/** Whether OpenTofu has chosen the providers of a root module: it notes its own registry. */
export function isLockedByOpenTofu(snapshot: Snapshot, root: string): boolean {
  const bytes = snapshot.read(joinPath(root, ".terraform.lock.hcl") ?? "");
  return (bytes === undefined ? null : decodeText(bytes))?.includes("registry.opentofu.org/") ?? false;
}

/** Whether a module has what Terraform 1.11 does not read: files of OpenTofu's own, variables that are constants. */
export function isWrittenForNewer({ files, variables }: Module): boolean {
  if (files.some((file) => /\.tofu(?:\.json)?$/.test(file))) return true;
  return [...variables.values()].some(({ body }) => attributeOf(body, "const") !== null);
}
