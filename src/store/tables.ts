import type { ColumnType, Kysely } from "kysely";
import type { Proposal } from "../config/proposed-file.ts";
import type { Rhythm } from "../config/rhythm.ts";
import type { Category, FindingKind, JudgedFinding, Severity, StackResult, Verdict } from "../drift/model.ts";
import type { DecidedVia, Decision } from "../intent/decision.ts";
import type { SlashCommand } from "../intent/slash-command.ts";
import type { Confirmed, Suspected } from "./suspected.ts";

/**
 * JSON as it was written: a `json` column, not `jsonb`, keeps every digit, the order of keys and escaped characters that
 * PostgreSQL's text cannot hold. Written as printed text, read as values with exact numbers.
 */
type JsonColumn<T> = ColumnType<T, string, string>;
type JsonList = ColumnType<readonly string[] | null, string | null | undefined, string | null>;
type Instant = ColumnType<Date, Date, Date>;
type OptionalInstant = ColumnType<Date | null, Date | null | undefined, Date | null>;
/** Numbered by the database. */
type Numbered = ColumnType<number, never, never>;

/** Webhook deliveries that were taken on, by the id that GitHub repeats when it delivers again. */
export interface DeliveriesTable {
  id: string;
  event: string;
  received_at: Instant;
}

/** What this installation of Driftwright made up once and keeps; secrets among it. */
export interface SettingsTable {
  name: string;
  value: string;
}

export interface InstallationsTable {
  id: number;
  account_id: number;
  account_login: string;
  account_type: string;
  suspended: boolean;
  deleted: boolean;
  permissions: JsonColumn<Permissions>;
  updated_at: Instant;
}

/** What an installation was granted: `contents` to `write`. */
export type Permissions = Readonly<Record<string, string>>;

export interface RepositoriesTable {
  id: number;
  installation_id: number;
  owner: string;
  name: string;
  /** Null until GitHub was asked: some webhooks leave it out. */
  default_branch: string | null;
  private: boolean;
  archived: boolean;
  disabled: boolean;
  fork: boolean;
  /** No longer among the installation's repositories. */
  removed: boolean;
  skip_reason: string | null;
  first_scan_done: boolean;
  last_scan_at: OptionalInstant;
  last_commit: string | null;
  next_scan_at: Instant;
  /** The check runs of open pull requests tell of older drift. */
  checks_due: boolean;
  /** When what waits to be written can be. */
  reconcile_at: OptionalInstant;
  /** When its stacks are scanned, as of the last scan that found some. */
  rhythms: ColumnType<readonly Rhythm[] | null, string | null | undefined, string | null>;
  /** The newest commit of the default branch, and when GitHub said so; null where a scan has to ask. */
  seen_head: ColumnType<string | null, string | null | undefined, string | null>;
  seen_at: OptionalInstant;
  /** A digest of what its issues and pull requests were brought up to; null where something may be left to do. */
  settled: ColumnType<string | null, string | null | undefined, string | null>;
  /** How often something happened that `settled` is not about. */
  stirs: ColumnType<number, number | undefined, number>;
  /** Single drifts may stand in its issues, pull requests and comments. */
  told_details: ColumnType<boolean, boolean | undefined, boolean>;
  updated_at: Instant;
}

/** `interrupted`: the process ended in the middle. */
export type ScanOutcome = "complete" | "incomplete" | "failed" | "skipped" | "interrupted";

/** A stack's result without its findings, which have rows of their own. */
export type StackSummary = Omit<StackResult, "findings">;

export interface ScansTable {
  id: Numbered;
  repository_id: number;
  commit: string | null;
  started_at: Instant;
  finished_at: OptionalInstant;
  outcome: ScanOutcome | null;
  /** For people: why it failed or was skipped. */
  reason: string | null;
  stacks: JsonColumn<readonly StackSummary[]>;
  /** What was found, where nobody had configured the repository. */
  proposal: ColumnType<Proposal | null, string | null | undefined, string | null>;
}

/** Stacks of a repository, by the name that scans give them. */
export interface StacksTable {
  repository_id: number;
  name: string;
  /** Was there when the repository was scanned for the first time. */
  from_start: boolean;
  /** When it was first compared with the cloud. */
  compared_at: OptionalInstant;
  /** The last scan that compared all of it, and the commit that it looked at. */
  whole_at: OptionalInstant;
  whole_commit: string | null;
  seen_at: Instant;
  /** What the last scan found and is not believed; null where it is. */
  suspected: ColumnType<Suspected | null, string | null | undefined, string | null>;
  /** What a person said is so, as far as it is still there. */
  confirmed: ColumnType<Confirmed | null, string | null | undefined, string | null>;
}

export interface FindingsTable {
  repository_id: number;
  fingerprint: string;
  stack: string;
  stack_path: string;
  revision: string;
  kind: FindingKind;
  category: Category;
  severity: Severity;
  verdict: Verdict;
  /** Type and cloud id, or address where no id is known: what an unreadable resource is recognised by. */
  resource: string;
  /** The attribute it is about, at the top level; null where it is about a whole instance. */
  attribute: string | null;
  data: JsonColumn<JudgedFinding>;
  /** Was there when its stack was compared for the first time, and the stack when the repository was. */
  baseline: boolean;
  first_seen_at: Instant;
  last_seen_at: Instant;
  /** When a scan that could not read everything did not see it for the first time. */
  missing_since: OptionalInstant;
  resolved_at: OptionalInstant;
  /** The last scan before this one was found in which all agreed, and the commit that it looked at. */
  agreed_at: OptionalInstant;
  agreed_commit: string | null;
}

/** `creating`: about to be made on GitHub, and perhaps made already. */
export type ObjectState = "creating" | "open" | "closed";
export type ObjectKind = "pull-request" | "issue";

/** Pull requests and issues of ours, by what they are about. */
export interface ObjectsTable {
  repository_id: number;
  key: string;
  kind: ObjectKind;
  number: number | null;
  branch: string | null;
  head_sha: string | null;
  content_hash: string | null;
  base_branch: string | null;
  base_sha: string | null;
  /** Fingerprints of what an issue about several tells of; null: what its key or its marker names. */
  told: JsonList;
  /** Of what it told of before while it was open. */
  told_before: JsonList;
  state: ObjectState;
  closed_by: string | null;
  claimed_at: Instant;
  updated_at: Instant;
}

/** What people decided, the last one about a finding that has not ended being in force. */
export interface DecisionsTable {
  id: Numbered;
  repository_id: number;
  fingerprint: string;
  /** The revision that it is bound to; null: whatever the values are. */
  revision: string | null;
  verdict: Decision["verdict"];
  author: string;
  made_at: Instant;
  /** When it was said; it may have been written down later. */
  said_at: Instant;
  /** `YYYY-MM-DD` */
  until: string | null;
  because: string | null;
  via: DecidedVia | "check";
  /** What it was said by, so that it is written down once: `comment:12:…`, `closed:3:…`, `check:…`. */
  source: string;
  /** When it was taken back, or the drift went away. */
  ended_at: OptionalInstant;
  /** The one pull request that it holds for, where it says of a drift that it is known there; null: everywhere. */
  pull_request: ColumnType<number | null, number | null | undefined, number | null>;
}

/** `received`: nobody looked at it yet. `decided`: it waits for what follows from it. */
export type CommandState = "received" | "decided" | "done";

/** Commands in comments on issues and pull requests of ours. */
export interface CommandsTable {
  id: Numbered;
  repository_id: number;
  comment_id: number;
  /** Of its text: the same command in a comment is one, however often the comment is edited. */
  key: string;
  /** Of the issue or pull request. */
  number: number;
  author: string;
  command: JsonColumn<SlashCommand>;
  received_at: Instant;
  state: CommandState;
  decided_at: OptionalInstant;
  /** What came of it, as Markdown of ours. */
  outcome: string | null;
}

export interface CheckRunsTable {
  repository_id: number;
  head_sha: string;
  name: string;
  check_run_id: number;
  /** Null while it is in progress. */
  conclusion: string | null;
  content_hash: string | null;
  updated_at: Instant;
  /** The drift that it tells of and that applying the change would or may undo. */
  told: JsonColumn<readonly ToldDrift[]>;
  /** What it was made for; null for a merge group. */
  pull_request: number | null;
  /** The branch that the commit is to be merged into. */
  base: string | null;
}

/** A drift as a check told of it. */
export interface ToldDrift {
  readonly fingerprint: string;
  readonly revision: string;
}

/** The buttons of a check run, as GitHub gives their names back. */
export const CHECK_ACTIONS = ["rescan", "adopt", "acknowledge"] as const;
export type CheckActionName = (typeof CHECK_ACTIONS)[number];

/** `received`: nobody looked at it yet. `waiting`: a scan has to look first. */
export type CheckActionState = "received" | "waiting" | "done";

/** What people asked for with the buttons of check runs. */
export interface CheckActionsTable {
  id: Numbered;
  repository_id: number;
  /** GitHub's id of the webhook. */
  delivery: string;
  check_run_id: number;
  head_sha: string;
  pull_request: number | null;
  action: CheckActionName;
  author: string;
  /** What the check told of; null where that is not known any more. */
  about: ColumnType<readonly ToldDrift[] | null, string | null, string | null>;
  received_at: Instant;
  state: CheckActionState;
  /** What came of it, as Markdown of ours. */
  outcome: string | null;
}

/** What owners say for all of their repositories, by the repository that says it. */
export interface OwnerConfigsTable {
  repository_id: number;
  path: string | null;
  text: string | null;
  etag: string | null;
  is_known: boolean;
  problem: string | null;
  checked_at: Instant;
}

export interface Tables {
  deliveries: DeliveriesTable;
  settings: SettingsTable;
  installations: InstallationsTable;
  repositories: RepositoriesTable;
  scans: ScansTable;
  stacks: StacksTable;
  findings: FindingsTable;
  objects: ObjectsTable;
  decisions: DecisionsTable;
  commands: CommandsTable;
  check_runs: CheckRunsTable;
  check_actions: CheckActionsTable;
  owner_configs: OwnerConfigsTable;
}

/** A database or a transaction in it. */
export type Db = Kysely<Tables>;
