import { matchesGlobs } from "./globs.ts";

/** A repository as GitHub calls it now. */
export interface RepositoryName {
  readonly id: number;
  readonly owner: string;
  readonly name: string;
}

/** What the operator lets repositories use: the content of the file that `ACCESS_FILE` names. */
export interface Access {
  readonly grants: readonly Grant[];
}

interface Grant extends Allowed {
  /** `owner/name`, the name with `*` for any characters; or a repository's id. */
  readonly repositories: readonly (string | number)[];
  /** Repositories of modules that they may have read with the App's rights, as `owner/name`, the name with `*`. */
  readonly modules?: readonly string[];
}

/** What one repository may use. */
export interface Allowed {
  readonly aws: readonly AllowedAccount[];
  readonly states: readonly AllowedStates[];
}

/** An AWS account that may be compared with. */
export interface AllowedAccount {
  /** Twelve digits. */
  readonly account: string;
  /** The ARN of the role that reads it; null: the credentials of the process do. */
  readonly role: string | null;
}

/** States in S3 that may be read. */
export interface AllowedStates {
  readonly bucket: string;
  /** Globs of the keys; null: all of the bucket. */
  readonly keys: readonly string[] | null;
  /**
   * The ARNs of the roles that a stack may name. The first reads for a stack that names none; where the list is empty,
   * the credentials of the process do.
   */
  readonly roles: readonly string[];
  /** The DynamoDB table that may be asked for locks and digests. */
  readonly lockTable: string | null;
}

/** All that the grants give that are about a repository, in the order of the file. Without a file: nothing. */
export function allowedTo(repository: RepositoryName, access: Access | null): Allowed {
  const grants = grantsFor(repository, access);
  return { aws: grants.flatMap(({ aws }) => aws), states: grants.flatMap(({ states }) => states) };
}

/**
 * Whether a repository may have the modules in another read with the App's rights. They have the same owner: an
 * installation has rights in the repositories of one.
 */
export function mayReadModules(
  repository: RepositoryName,
  of: Omit<RepositoryName, "id">,
  access: Access | null,
): boolean {
  if (repository.owner.toLowerCase() !== of.owner.toLowerCase()) return false;
  const patterns = grantsFor(repository, access).flatMap(({ modules = [] }) => modules);
  return patterns.some((pattern) => isMeant({ ...of, id: Number.NaN }, pattern));
}

function grantsFor(repository: RepositoryName, access: Access | null): readonly Grant[] {
  return (access?.grants ?? []).filter(({ repositories }) =>
    repositories.some((pattern) => isMeant(repository, pattern)),
  );
}

/** GitHub's names have no case. The owner has no pattern: anybody can take a name that fits one. */
function isMeant({ id, owner, name }: RepositoryName, pattern: string | number): boolean {
  if (typeof pattern === "number") return pattern === id;
  const [whose = "", which = ""] = pattern.toLowerCase().split("/");
  return whose === owner.toLowerCase() && matchesGlobs(name.toLowerCase(), [which]);
}
