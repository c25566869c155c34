import type { RepositoryName } from "../config/access.ts";
import type { Log } from "../store/log.ts";

/** A log whose every line says which repository it is about. */
export function repositoryLog(log: Log, { id, owner, name }: RepositoryName): Log {
  const about = { repository: id, name: `${owner}/${name}` };
  return {
    debug: (data, message) => log.debug({ ...about, ...data }, message),
    info: (data, message) => log.info({ ...about, ...data }, message),
    warn: (data, message) => log.warn({ ...about, ...data }, message),
    error: (data, message) => log.error({ ...about, ...data }, message),
  };
}
