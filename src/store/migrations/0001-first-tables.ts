import { type Kysely, sql } from "kysely";

/** The tables as they were first released. A migration never changes afterwards; the next one does. */
export async function firstTables(db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`create table deliveries (
      id text primary key,
      event text not null,
      received_at timestamptz not null
    )`,
    sql`create index deliveries_received_at on deliveries (received_at)`,

    // What this installation of Driftwright made up once and keeps.
    sql`create table settings (
      name text primary key,
      value text not null
    )`,

    sql`create table installations (
      id bigint primary key,
      account_id bigint not null,
      account_login text not null,
      account_type text not null,
      suspended boolean not null,
      deleted boolean not null,
      permissions json not null,
      updated_at timestamptz not null
    )`,

    // No foreign key to installations: webhooks about the two arrive in any order.
    sql`create table repositories (
      id bigint primary key,
      installation_id bigint not null,
      owner text not null,
      name text not null,
      default_branch text,
      private boolean not null,
      archived boolean not null,
      disabled boolean not null,
      fork boolean not null,
      removed boolean not null,
      skip_reason text,
      first_scan_done boolean not null,
      last_scan_at timestamptz,
      last_commit text,
      next_scan_at timestamptz not null,
      updated_at timestamptz not null
    )`,
    sql`create index repositories_next_scan_at on repositories (next_scan_at) where not removed`,
    sql`create index repositories_installation_id on repositories (installation_id, id)`,

    sql`create table scans (
      id bigint generated always as identity primary key,
      repository_id bigint not null references repositories on delete cascade,
      commit text,
      started_at timestamptz not null,
      finished_at timestamptz,
      outcome text check (outcome in ('complete', 'incomplete', 'failed', 'skipped', 'interrupted')),
      reason text,
      stacks json not null
    )`,
    sql`create index scans_repository_id on scans (repository_id, id)`,

    sql`create table findings (
      repository_id bigint not null references repositories on delete cascade,
      fingerprint text not null collate "C",
      stack text not null,
      stack_path text not null,
      revision text not null,
      kind text not null,
      category text not null,
      severity text not null,
      verdict text not null,
      resource text not null,
      attribute text,
      data json not null,
      baseline boolean not null,
      first_seen_at timestamptz not null,
      last_seen_at timestamptz not null,
      missing_since timestamptz,
      resolved_at timestamptz,
      primary key (repository_id, fingerprint)
    )`,
    sql`create index findings_resolved_at on findings (resolved_at) where resolved_at is not null`,

    sql`create table objects (
      repository_id bigint not null references repositories on delete cascade,
      key text not null collate "C",
      kind text not null check (kind in ('pull-request', 'issue')),
      number integer,
      branch text,
      head_sha text,
      content_hash text,
      state text not null check (state in ('creating', 'open', 'closed')),
      closed_by text,
      claimed_at timestamptz not null,
      updated_at timestamptz not null,
      primary key (repository_id, key)
    )`,
    // Issues and pull requests of a repository share one series of numbers.
    sql`create unique index objects_number on objects (repository_id, number)`,

    sql`create table check_runs (
      repository_id bigint not null references repositories on delete cascade,
      head_sha text not null,
      name text not null,
      check_run_id bigint not null,
      conclusion text,
      content_hash text,
      updated_at timestamptz not null,
      primary key (repository_id, head_sha, name)
    )`,
    sql`create index check_runs_updated_at on check_runs (updated_at)`,
  ];
  for (const statement of statements) await statement.execute(db);
}
