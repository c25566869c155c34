import { join } from "node:path";
import type { Access } from "../config/access.ts";
import type { ModuleSettings } from "../config/module-settings.ts";
import { GuardedClient } from "../sources/modules/guarded-client.ts";
import { ModuleHosts } from "../sources/modules/module-hosts.ts";
import { ModuleSession } from "../sources/modules/module-session.ts";
import { ModuleSources } from "../sources/modules/module-sources.ts";
import { PackageCache } from "../sources/modules/package-cache.ts";
import { ReachableNetworks } from "../sources/modules/public-address.ts";
import type { Log } from "../store/log.ts";
import { ownModules } from "./own-modules.ts";
import type { JobPorts, Modules } from "./ports.ts";

/** In bytes; docs/operations.md tells it. */
const MOST_KEPT = 1024 * 1024 * 1024;

export interface OperatorModuleParts {
  readonly settings: ModuleSettings;
  readonly access: Access | null;
  /** Where GitHub's pages are. */
  readonly web: string;
  readonly github: JobPorts["github"];
  /** Where archives are kept. */
  readonly dataDir: string;
  readonly now: () => Date;
  readonly log: Log;
}

/** Fetches modules from where the operator lets them be fetched from, for the repositories that the App works on. */
export function operatorModules(parts: OperatorModuleParts): Modules {
  const { settings, access, github, now, log } = parts;
  let isTold = false;
  const onFailure = (error: unknown) => {
    if (isTold) return;
    isTold = true;
    const reason = error instanceof Error ? error.message : String(error);
    log.warn({ reason }, "modules cannot be kept on disk, and are downloaded each time");
  };
  const sources = new ModuleSources({
    client: new GuardedClient({
      hosts: new ModuleHosts(settings.hosts),
      networks: new ReachableNetworks(settings.networks),
    }),
    cache: new PackageCache(join(parts.dataDir, "modules"), MOST_KEPT, onFailure),
    now,
  });
  const host = URL.parse(parts.web)?.host ?? "";
  return {
    session({ installationId, ...repository }, signal) {
      const own = ownModules({ github, installationId, repository, access, host });
      return new ModuleSession({ sources, own, signal });
    },
  };
}
