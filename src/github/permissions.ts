/** Permissions of a GitHub App by their names in the API. */
export type Permissions = Readonly<Record<string, "read" | "write" | "admin">>;

/**
 * All that the App asks for, as in app.yml; docs/permissions.md says why. A permission added later needs the consent of
 * every owner, so all are asked for at the start.
 */
export const WANTED_PERMISSIONS = {
  actions: "read",
  checks: "write",
  contents: "write",
  issues: "write",
  members: "read",
  merge_queues: "read",
  metadata: "read",
  pull_requests: "write",
} as const satisfies Permissions;

/** The events that the App subscribes to, as in app.yml. Those of installations reach every App without being asked for. */
export const WANTED_EVENTS = [
  "check_run",
  "issue_comment",
  "issues",
  "merge_group",
  "pull_request",
  "push",
  "repository",
  "workflow_run",
] as const;

/** What a token may do, and nothing else, by what it is taken for. */
export const TOKEN_PERMISSIONS = {
  scan: { contents: "read", metadata: "read" },
  /** To find a repository of modules by its name. */
  find: { metadata: "read" },
  /** To see which check runs a scan makes old. */
  list: { metadata: "read", pull_requests: "read" },
  reconcile: { contents: "write", issues: "write", metadata: "read", pull_requests: "write" },
  /** To tell of a public repository in a private one. */
  elsewhere: { issues: "write", metadata: "read" },
  /** To propose a configuration, where issues are not granted. */
  propose: { contents: "write", metadata: "read", pull_requests: "write" },
  /** To ask teams for a review. */
  teams: { members: "read", metadata: "read", pull_requests: "write" },
  /** To answer commands: to read what is to be decided on, and to comment. */
  command: { contents: "read", issues: "write", metadata: "read", pull_requests: "write" },
  /** To see who is in a team that owns code. */
  owners: { members: "read", metadata: "read" },
  /** To read what a check run is about; the run itself is written with a token of its own. */
  annotate: { contents: "read", metadata: "read", pull_requests: "read" },
  checks: { checks: "write", metadata: "read" },
  /** To commit to the branch of a pull request, or to suggest that, where somebody asks for it. */
  adopt: { contents: "write", metadata: "read", pull_requests: "write" },
  suggest: { metadata: "read", pull_requests: "write" },
  sweep: { metadata: "read" },
  /** To ask for the newest commits of an installation's repositories, all at once. */
  tick: { contents: "read", metadata: "read" },
} as const satisfies Readonly<Record<string, Permissions>>;

const RANKS: ReadonlyMap<string, number> = new Map([
  ["read", 1],
  ["write", 2],
  ["admin", 3],
]);

/** What is wanted and not granted, as `name: level`, in order; empty when all is there. */
export function missingPermissions(
  granted: Readonly<Record<string, string>>,
  wanted: Permissions = WANTED_PERMISSIONS,
): string[] {
  const rank = (level: string | undefined) => RANKS.get(level ?? "") ?? 0;
  const given = new Map(Object.entries(granted));
  return Object.entries(wanted)
    .filter(([name, level]) => rank(given.get(name)) < rank(level))
    .map(([name, level]) => `${name}: ${level}`)
    .toSorted();
}
