import { domainToASCII } from "node:url";
import { isOutside, splitSubfolder } from "./subfolder.ts";

/** A module of a registry, whatever its version. */
export interface RegistryModule {
  readonly kind: "registry";
  /** As it is asked for, with a port where one is written. */
  readonly host: string;
  readonly namespace: string;
  readonly name: string;
  /** What used to be called its provider. */
  readonly system: string;
  readonly subfolder: string;
}

const DEFAULT_HOST = "registry.terraform.io";
const NAME = /^[0-9A-Za-z](?:[0-9A-Za-z_-]{0,62}[0-9A-Za-z])?$/;
const SYSTEM = /^[0-9a-z]{1,64}$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** Their addresses name repositories. */
const NO_REGISTRIES = new Set(["github.com", "bitbucket.org"]);

/** Reads `[HOST/]NAMESPACE/NAME/SYSTEM[//SUBFOLDER]`; null for whatever Terraform does not take for that. */
export function registryModule(text: string): RegistryModule | null {
  const [address, subfolder] = splitSubfolder(text);
  if (isOutside(subfolder)) return null;
  const parts = address.split("/");
  if (parts.length !== 3 && parts.length !== 4) return null;
  const host = parts.length === 4 ? hostOf(parts.shift() ?? "") : DEFAULT_HOST;
  const [namespace = "", name = "", system = ""] = parts;
  if (host === null || NO_REGISTRIES.has(host)) return null;
  if (!NAME.test(namespace) || !NAME.test(name) || !SYSTEM.test(system)) return null;
  return { kind: "registry", host, namespace, name, system, subfolder };
}

/** Names in other scripts are written as they are, never in their ASCII form. */
function hostOf(written: string): string | null {
  const [, name = "", port] = /^([^:]+)(?::(\d{1,5}))?$/.exec(written) ?? [];
  if (/(?:^|\.)xn--/i.test(name) || /[\s@?#%\\]/.test(name)) return null;
  const ascii = domainToASCII(name).toLowerCase();
  if (!ascii.includes(".") || ascii.length > 253) return null;
  if (
    !ascii
      .replace(/\.$/, "")
      .split(".")
      .every((label) => LABEL.test(label))
  )
    return null;
  return port === undefined || Number(port) === 443 ? ascii : `${ascii}:${Number(port)}`;
}
