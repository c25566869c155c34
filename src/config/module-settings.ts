import ipaddr from "ipaddr.js";

/** Where modules may be fetched from. */
export interface ModuleSettings {
  /** `example.com`, `*.example.com`, `example.com:8443`; `http://…` for one without TLS. None: nothing is fetched. */
  readonly hosts: readonly string[];
  /** Networks that are not public and may be connected to all the same, in CIDR notation. */
  readonly networks: readonly string[];
}

/** Registries that everybody uses, and GitHub with the host of its archives. */
const USUAL_HOSTS: readonly string[] = [
  "registry.terraform.io",
  "registry.opentofu.org",
  "github.com",
  "codeload.github.com",
];

const HOST =
  /^(?:https?:\/\/)?(?:\*\.)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$|^(?:https?:\/\/)?\[[0-9a-f:]+\](?::\d{1,5})?$/i;

/**
 * Reads `MODULE_HOSTS` and `MODULE_NETWORKS`; what is wrong with them is added to `problems`.
 * @param own the address of the GitHub that is worked with; its host is one of the usual ones
 */
export function moduleSettings(
  read: { get(name: string): string | null },
  own: string | null,
  problems: string[],
): ModuleSettings {
  const hosts = listOf(read.get("MODULE_HOSTS"));
  if (hosts?.some((host) => host !== "none" && !HOST.test(host)) === true) {
    problems.push(
      "MODULE_HOSTS cannot be used: set names of hosts with commas between them, such as registry.terraform.io,github.com,*.example.com, or none",
    );
  }
  const networks = listOf(read.get("MODULE_NETWORKS")) ?? [];
  if (networks.some((network) => !ipaddr.isValidCIDR(network))) {
    problems.push(
      "MODULE_NETWORKS cannot be used: set networks with commas between them, such as 10.1.0.0/16",
    );
  }
  return { hosts: hosts?.filter((host) => host !== "none") ?? usualHosts(own), networks };
}

function usualHosts(own: string | null): readonly string[] {
  const url = own === null ? null : URL.parse(own);
  if (url === null) return USUAL_HOSTS;
  const host = url.protocol === "https:" ? url.host : url.origin;
  return [...new Set([...USUAL_HOSTS, host])];
}

function listOf(text: string | null): readonly string[] | null {
  return text === null ? null : text.split(",").flatMap((part) => part.trim() || []);
}
