import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../src/json/json.ts";
import type { Answer, Upstream } from "./exchange.ts";

/** Who sends a request. */
export type Actor =
  | { readonly kind: "person"; readonly login: string }
  | {
      readonly kind: "installation";
      readonly login: string;
      readonly installationId: number;
      /** Null: all. */
      readonly repositoryIds: readonly number[] | null;
    }
  /** Signed by the App itself; the emulator checks the signature. */
  | { readonly kind: "app" }
  | { readonly kind: "nobody" };

/** What can be said of a repository beyond what the emulator behind keeps. */
export interface RepositoryFlags {
  archived?: boolean;
  disabled?: boolean;
  fork?: boolean;
  private?: boolean;
  /** False: issues are switched off. */
  issues?: boolean;
  empty?: boolean;
  /** Where it is another one than at the start. */
  defaultBranch?: string;
}

/** A pull request as far as the emulator behind has it wrong: its head does not follow the branch. */
export interface PullState {
  readonly number: number;
  readonly branch: string;
  base: string;
  headSha: string;
  open: boolean;
  mergedAt: string | null;
  closedBy: string | null;
}

export interface CheckState {
  readonly annotations: Json[];
  readonly byApp: boolean;
}

export interface AppFacts {
  readonly id: number;
  readonly slug: string;
  readonly login: string;
  readonly installationId: number;
}

/** The App in an account. */
interface Installation {
  readonly account: string;
  state: "active" | "suspended" | "deleted";
  /** What it is said to have; left out: what the App asks for. */
  granted?: Readonly<Record<string, string>>;
}

/** Everything the layer knows. */
export class World {
  readonly upstream: Upstream;
  readonly app: AppFacts;
  readonly url: string;
  /** A person who may do everything in every repository. */
  readonly owner: string;
  readonly actors = new Map<string, Actor>();
  /** By full name. */
  readonly flags = new Map<string, RepositoryFlags>();
  readonly pulls = new Map<string, Map<number, PullState>>();
  readonly checks = new Map<number, CheckState>();
  readonly archives = new Map<string, Uint8Array>();
  /** What files hold, by the ids of their Git objects. */
  readonly blobs = new Map<string, Buffer>();
  /** What people may do in every repository, by login; others may do everything. */
  readonly permissions = new Map<string, "admin" | "write" | "read" | "none">();
  /** Logins by team (`acme/platform`). */
  readonly teams = new Map<string, Set<string>>();
  /** Paths of issues that were closed as duplicates. */
  readonly duplicates = new Set<string>();
  /** When issues and pull requests were opened again last, and by whom; by path, that of an issue for both. */
  readonly reopenings = new Map<string, { readonly at: Date; readonly login: string }>();
  /** Reactions to comments: the comment's id, the login, what it is. */
  readonly reactions = new Set<string>();
  /** Full names of before, and what they are now. */
  readonly formerNames = new Map<string, string>();
  /** By the id of the installation. */
  readonly installations = new Map<number, Installation>();
  /** Full names of repositories that no installation was given. */
  readonly withheld = new Set<string>();
  /** Ids by full name, in order. */
  readonly repositories = new Map<string, number>();

  constructor(options: {
    readonly upstream: Upstream;
    readonly app: AppFacts;
    readonly url: string;
    readonly owner: string;
  }) {
    this.upstream = options.upstream;
    this.app = options.app;
    this.url = options.url;
    this.owner = options.owner;
  }

  /** The state of an installation; one that there never was is deleted. */
  stateOf(installationId: number): Installation["state"] {
    return this.installations.get(installationId)?.state ?? "deleted";
  }

  /** Whether a repository belongs to the account of an installation, which was given it. */
  isIn(fullName: string, installationId: number): boolean {
    return (
      !this.withheld.has(fullName) &&
      fullName.startsWith(`${this.installations.get(installationId)?.account}/`)
    );
  }

  /** A repository has another name, or another owner: what is asked of it by the former one is answered there. */
  moved(before: string, now: string): void {
    if (before === now) return;
    for (const map of [this.repositories, this.flags, this.pulls] as Map<string, unknown>[]) {
      if (map.has(before)) map.set(now, map.get(before));
      map.delete(before);
    }
    this.formerNames.set(before, now);
    this.formerNames.delete(now);
  }

  actorOf(authorization: string | undefined): Actor {
    const token = authorization?.replace(/^(bearer|token)\s+/i, "") ?? "";
    if (token.startsWith("eyJ")) return { kind: "app" };
    return this.actors.get(token) ?? { kind: "nobody" };
  }

  flagsOf(fullName: string): RepositoryFlags {
    const known = this.flags.get(fullName);
    if (known !== undefined) return known;
    const flags: RepositoryFlags = {};
    this.flags.set(fullName, flags);
    return flags;
  }

  pullsOf(fullName: string): Map<number, PullState> {
    const known = this.pulls.get(fullName);
    if (known !== undefined) return known;
    const pulls = new Map<number, PullState>();
    this.pulls.set(fullName, pulls);
    return pulls;
  }

  /** Asks the emulator behind with all rights. */
  ask(method: string, path: string, body: Json = null): Promise<Answer> {
    return this.upstream.send({ method, path, body, authorization: `token ${tokenOf(this.owner)}` });
  }

  /** Every item of a list of the emulator behind. */
  async all(path: string): Promise<JsonObject[]> {
    const items: JsonObject[] = [];
    for (let number = 1; ; number += 1) {
      const separator = path.includes("?") ? "&" : "?";
      const { body } = await this.ask("GET", `${path}${separator}per_page=100&page=${number}`);
      const found = isJsonArray(body as Json) ? (body as readonly Json[]).filter(isJsonObject) : [];
      items.push(...found);
      if (found.length < 100) return items;
    }
  }

  /** The commit of a branch; null where there is none. */
  async headOf(fullName: string, branch: string): Promise<string | null> {
    const { status, body } = await this.ask(
      "GET",
      `/repos/${fullName}/git/ref/heads/${branch.split("/").map(encodeURIComponent).join("/")}`,
    );
    const object = status === 200 && isJsonObject(body as Json) ? (body as JsonObject)["object"] : null;
    return isJsonObject(object) && typeof object["sha"] === "string" ? object["sha"] : null;
  }

  /** A repository's JSON with what the layer knows better. */
  corrected(repository: JsonObject): JsonObject {
    const flags = this.flagsOf(String(repository["full_name"]));
    const { archived, disabled, fork, issues } = flags;
    return {
      ...repository,
      ...(archived === undefined ? {} : { archived }),
      ...(flags.private === undefined ? {} : { private: flags.private }),
      ...(disabled === undefined ? {} : { disabled }),
      ...(fork === undefined ? {} : { fork }),
      ...(issues === undefined ? {} : { has_issues: issues }),
      ...(flags.defaultBranch === undefined ? {} : { default_branch: flags.defaultBranch }),
    };
  }

  /** A pull request's JSON with what the layer knows better. */
  correctedPull(fullName: string, pull: JsonObject): JsonObject {
    const state = this.pullsOf(fullName).get(Number(pull["number"]));
    const { head, base } = pull;
    if (state === undefined || !isJsonObject(head) || !isJsonObject(base)) return pull;
    const { headSha, mergedAt } = state;
    return {
      ...pull,
      head: { ...head, sha: headSha },
      ...(mergedAt === null ? {} : { merged: true, merged_at: mergedAt }),
    };
  }
}

/** The token that a person has here. */
export function tokenOf(login: string): string {
  return `token-of-${login}`;
}
