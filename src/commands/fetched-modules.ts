import { homedir } from "node:os";
import { join } from "node:path";
import { moduleSettings } from "../config/module-settings.ts";
import { GuardedClient } from "../sources/modules/guarded-client.ts";
import { ModuleHosts } from "../sources/modules/module-hosts.ts";
import { ModuleSession } from "../sources/modules/module-session.ts";
import { ModuleShelf } from "../sources/modules/module-shelf.ts";
import { ModuleSources } from "../sources/modules/module-sources.ts";
import { PackageCache } from "../sources/modules/package-cache.ts";
import { ReachableNetworks } from "../sources/modules/public-address.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import { type StackOptions, UsageError } from "./options.ts";

/** In bytes. */
const MOST_KEPT = 512 * 1024 * 1024;

/**
 * The snapshot with the modules that its code takes from elsewhere, where `--modules` asks for them; null without it, and
 * then no network is used. Nothing is sent that identifies anybody.
 * @throws UsageError where the environment says something wrong about hosts
 */
export function fetchedModules(
  { modules }: Pick<StackOptions, "modules">,
  snapshot: Snapshot,
  environment: NodeJS.ProcessEnv,
): ModuleShelf | null {
  if (!modules) return null;
  const problems: string[] = [];
  const settings = moduleSettings({ get: (name) => environment[name]?.trim() || null }, null, problems);
  const [problem] = problems;
  if (problem !== undefined) throw new UsageError(problem);
  const client = new GuardedClient({
    hosts: new ModuleHosts(settings.hosts),
    networks: new ReachableNetworks(settings.networks),
  });
  const cache = new PackageCache(cacheFolder(environment), MOST_KEPT);
  const sources = new ModuleSources({ client, cache, now: () => new Date() });
  const signal = new AbortController().signal;
  return new ModuleShelf(snapshot, new ModuleSession({ sources, own: null, signal }));
}

/** https://specifications.freedesktop.org/basedir-spec/latest/ */
function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const base = environment["XDG_CACHE_HOME"] || join(environment["HOME"] || homedir(), ".cache");
  return join(base, "driftwright", "modules");
}
