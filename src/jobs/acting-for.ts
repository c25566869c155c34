import type { RepositoryName } from "../config/access.ts";

/**
 * What every role is told on behalf of a repository, whatever its code says: a role that asks for it in its trust
 * policy can be used for that repository alone. Ids are never given out twice, names are.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
export function externalIdOf({ id }: RepositoryName): string {
  return `driftwright-${id}`;
}

/** How a repository is called in messages. */
export function nameOf({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`;
}

/** Who can lift a refusal, and with which setting of the access file. */
export function whoAllows(setting: string): string {
  return `Whoever runs Driftwright can allow it: ${setting} in the file that ACCESS_FILE names`;
}
