import { type Kysely, sql } from "kysely";

/** What people decide about findings, and the commands that they give in comments. */
export async function decisions(db: Kysely<unknown>): Promise<void> {
  const statements = [
    sql`create table decisions (
      id bigint generated always as identity primary key,
      repository_id bigint not null references repositories on delete cascade,
      fingerprint text not null collate "C",
      revision text,
      verdict text not null check (verdict in ('adopt', 'revert', 'ignore')),
      author text not null,
      made_at timestamptz not null,
      until text,
      because text,
      via text not null check (via in ('command', 'closed-issue', 'closed-pull-request')),
      source text not null,
      ended_at timestamptz,
      unique (repository_id, fingerprint, source)
    )`,
    sql`create index decisions_in_force on decisions (repository_id, fingerprint, id) where ended_at is null`,

    sql`create table commands (
      id bigint generated always as identity primary key,
      repository_id bigint not null references repositories on delete cascade,
      comment_id bigint not null,
      key text not null,
      number integer not null,
      author text not null,
      command json not null,
      received_at timestamptz not null,
      state text not null check (state in ('received', 'decided', 'done')),
      decided_at timestamptz,
      outcome text,
      unique (repository_id, comment_id, key)
    )`,
    sql`create index commands_unfinished on commands (repository_id, id) where state <> 'done'`,
    sql`create index commands_received_at on commands (received_at)`,

    // The findings of pull requests that people closed were written down as closed objects.
    sql`insert into decisions (repository_id, fingerprint, verdict, author, made_at, via, source)
      select repository_id, substr(key, 10), 'revert', substr(closed_by, 2), updated_at, 'closed-pull-request', 'closed:before'
      from objects where state = 'closed' and closed_by like '@%' and key like 'adoption:%'`,
    sql`delete from objects where state = 'closed' and closed_by like '@%' and number is null`,
  ];
  for (const statement of statements) await statement.execute(db);
}
