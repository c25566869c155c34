import type { RepositoryConfig } from "../config/model.ts";
import { GitHubError, RateLimited, Unavailable } from "../github/errors.ts";
import type { AppIdentity, GitHub } from "../github/github.ts";
import type { RepositoryFacts } from "../github/repository-state.ts";
import type { Log } from "../store/log.ts";
import { fillObject, type ObjectContents, type ObjectPlace, type StoredObject } from "../store/objects.ts";
import type { Db } from "../store/tables.ts";
import type { CodeOwnersFile } from "./code-owners-file.ts";
import type { EditBase } from "./edited-files.ts";
import type { Lineage } from "./lineage.ts";

/** One repository with all that is needed to write into it. */
export interface Writing extends EditBase {
  readonly db: Db;
  readonly github: GitHub;
  readonly app: AppIdentity;
  readonly repository: RepositoryFacts;
  /** The repository whose findings are told in this one, where that is another one, and a client for it. */
  readonly about?: { readonly repository: RepositoryFacts; readonly github: GitHub };
  readonly config: Pick<RepositoryConfig, "labels" | "assignees" | "reviewers" | "draft" | "rebase">;
  /** A client that may name teams; not every installation lets the App. */
  readonly asTeamMember: () => GitHub;
  /** Of `base`. */
  readonly lineage: Lineage;
  /** Of `base`. */
  readonly codeOwners: CodeOwnersFile;
  /** Names the repository in every line. */
  readonly log: Log;
  readonly now: () => Date;
}

/** Where its issues and pull requests are written down. */
export function placeOf({ repository, about }: InPlace): ObjectPlace {
  return { repositoryId: repository.id, of: about?.repository.id };
}

/** The id of the repository whose findings are told. */
export function toldId({ repository, about }: InPlace): number {
  return about?.repository.id ?? repository.id;
}

export interface InPlace {
  readonly repository: { readonly id: number };
  readonly about?: { readonly repository: { readonly id: number } };
}

/** Two processes made the same thing, since one was thought to be gone. */
class ClaimLost extends Error {
  override readonly name = "ClaimLost";
}

/**
 * Writes down what is there of an object now.
 * @throws ClaimLost where another process has taken it over: done again, the sync finds what was made twice
 */
export async function fill(
  { db, now }: Pick<Writing, "db" | "now">,
  object: StoredObject,
  contents: ObjectContents,
): Promise<void> {
  if (await fillObject(db, object, contents, now())) return;
  throw new ClaimLost(
    `another process wrote ${object.key} at the same time; what is there twice is closed again`,
  );
}

/** Does something about one object so that what GitHub refuses there keeps nothing else from being done. */
export async function tolerant(log: Log, key: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (reason) {
    if (!isRefused(reason)) throw reason;
    log.warn({ key, reason: reason.message }, "could not be looked after");
  }
}

/** Whether GitHub refused one thing, which says nothing about the others. */
export function isRefused(reason: unknown): reason is GitHubError {
  return reason instanceof GitHubError && !(reason instanceof RateLimited || reason instanceof Unavailable);
}
