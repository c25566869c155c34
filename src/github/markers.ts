import { type Marker, parseMarker } from "../reports/marker.ts";
import { type AppIdentity, type GitHub, inRepository, isByApp, type RepositoryRef } from "./github.ts";

/** An issue or pull request that the App opened and marked. */
export interface Marked {
  readonly kind: "issue" | "pull-request";
  readonly number: number;
  readonly url: string;
  readonly state: "open" | "closed";
  readonly title: string;
  readonly body: string;
  readonly marker: Marker;
  readonly createdAt: Date;
  readonly closedAt: Date | null;
}

export interface MarkedSearch {
  /** Open ones alone; else both. */
  readonly state?: "open" | "all";
  /** How far back to look, in pages of a hundred; default 20. */
  readonly mostPages?: number;
}

/**
 * What the App opened in a repository and marked as its own, the newest first: enough to know everything again when the
 * database is lost. A marker counts only where the App is the author.
 */
export async function listMarked(
  github: GitHub,
  repository: RepositoryRef,
  app: AppIdentity,
  search: MarkedSearch = {},
): Promise<Marked[]> {
  const { state = "all", mostPages = 20 } = search;
  const found: Marked[] = [];
  const pages = github.paginate.iterator(github.rest.issues.listForRepo, {
    ...inRepository(repository),
    creator: app.login,
    state,
    sort: "created",
    direction: "desc",
    per_page: 100,
  });
  let page = 0;
  for await (const { data } of pages) {
    for (const issue of data) {
      const marker = isByApp(issue.user, app) ? parseMarker(issue.body ?? "") : null;
      if (marker === null) continue;
      found.push({
        kind: issue.pull_request === undefined ? "issue" : "pull-request",
        number: issue.number,
        url: issue.html_url,
        state: issue.state === "open" ? "open" : "closed",
        title: issue.title,
        body: issue.body ?? "",
        marker,
        createdAt: new Date(issue.created_at),
        closedAt: issue.closed_at === null ? null : new Date(issue.closed_at),
      });
    }
    page += 1;
    if (page >= mostPages) break;
  }
  return found;
}

/**
 * Whether two markers are of the same thing: the repository that they tell of, kind, and name, or stack and fingerprints where they have none, whatever
 * the values are now.
 */
export function isSameThing(a: Marker, b: Marker): boolean {
  if (a.of !== b.of) return false;
  if (a.name !== undefined || b.name !== undefined) return a.kind === b.kind && a.name === b.name;
  return (
    a.kind === b.kind &&
    a.stack === b.stack &&
    a.fingerprints.length === b.fingerprints.length &&
    a.fingerprints.every((fingerprint) => b.fingerprints.includes(fingerprint))
  );
}
