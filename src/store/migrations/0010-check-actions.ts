import { type Kysely, sql } from "kysely";

/** What people ask for with the buttons of check runs, and decisions that hold for one pull request. */
export async function checkActions(db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`alter table check_runs
      add column told json not null default '[]',
      add column pull_request integer,
      add column base text`,
    sql`create index check_runs_base on check_runs (repository_id, base)`,

    sql`create table check_actions (
      id bigint generated always as identity primary key,
      repository_id bigint not null references repositories on delete cascade,
      delivery text not null unique,
      check_run_id bigint not null,
      head_sha text not null,
      pull_request integer,
      action text not null check (action in ('rescan', 'adopt', 'acknowledge')),
      author text not null,
      about json,
      received_at timestamptz not null,
      state text not null check (state in ('received', 'waiting', 'done')),
      outcome text
    )`,
    sql`create index check_actions_of_commit on check_actions (repository_id, head_sha, id)`,
    sql`create index check_actions_waiting on check_actions (repository_id, id) where state = 'waiting'`,
    sql`create index check_actions_received_at on check_actions (received_at)`,

    sql`alter table decisions add column pull_request integer`,
    sql`alter table decisions drop constraint decisions_via_check`,
    sql`alter table decisions add constraint decisions_via_check
      check (via in ('command', 'closed-issue', 'closed-pull-request', 'check'))`,
  ];
  for (const statement of statements) await statement.execute(db);
}
