import { sql } from "kysely";
import { type Migration, Migrator } from "kysely/migration";
import { EnvironmentError } from "../../config/environment-error.ts";
import type { Db } from "../tables.ts";
import { firstTables } from "./0001-first-tables.ts";
import { stacks } from "./0002-stacks.ts";
import { checksDue } from "./0003-checks-due.ts";
import { objectBases } from "./0004-object-bases.ts";
import { appointments } from "./0005-appointments.ts";
import { decisions } from "./0006-decisions.ts";
import { ownerConfigs } from "./0007-owner-configs.ts";
import { proposals } from "./0008-proposals.ts";
import { seenHeads } from "./0009-seen-heads.ts";
import { checkActions } from "./0010-check-actions.ts";
import { issueGroups } from "./0011-issue-groups.ts";
import { settled } from "./0012-settled.ts";
import { toldElsewhere } from "./0013-told-elsewhere.ts";
import { toldDetails } from "./0014-told-details.ts";
import { suspicions } from "./0015-suspicions.ts";
import { saidAt } from "./0016-said-at.ts";

/** Every change of the tables there ever was, in order. Forward only: an older release does not read newer tables. */
const MIGRATIONS: ReadonlyMap<string, Migration> = new Map([
  ["0001-first-tables", { up: firstTables }],
  ["0002-stacks", { up: stacks }],
  ["0003-checks-due", { up: checksDue }],
  ["0004-object-bases", { up: objectBases }],
  ["0005-appointments", { up: appointments }],
  ["0006-decisions", { up: decisions }],
  ["0007-owner-configs", { up: ownerConfigs }],
  ["0008-proposals", { up: proposals }],
  ["0009-seen-heads", { up: seenHeads }],
  ["0010-check-actions", { up: checkActions }],
  ["0011-issue-groups", { up: issueGroups }],
  ["0012-settled", { up: settled }],
  ["0013-told-elsewhere", { up: toldElsewhere }],
  ["0014-told-details", { up: toldDetails }],
  ["0015-suspicions", { up: suspicions }],
  ["0016-said-at", { up: saidAt }],
]);

const TABLE = "schema_migrations";

/** The tables were made by a newer release. */
export class SchemaTooNew extends EnvironmentError {
  override readonly name = "SchemaTooNew";
}

/**
 * Brings the tables up to this release. Several processes may do it at once: an advisory lock of PostgreSQL lets them
 * in one after the other.
 * @throws SchemaTooNew where a newer release was here before; nothing is changed then.
 */
export async function migrate(db: Db): Promise<void> {
  await refuseNewer(db);
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => Object.fromEntries(MIGRATIONS) },
    migrationTableName: TABLE,
    migrationLockTableName: `${TABLE}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** How the tables of a database stand to this release. */
export interface SchemaState {
  readonly applied: readonly string[];
  /** What the next start does. */
  readonly pending: readonly string[];
  /** Of a newer release. */
  readonly unknown: readonly string[];
}

/** Reads how the tables stand, and changes nothing. */
export async function schemaState(db: Db): Promise<SchemaState> {
  const { rows: tables } = await sql<{
    there: boolean;
  }>`select to_regclass(${TABLE}) is not null as there`.execute(db);
  const { rows } =
    tables[0]?.there === true
      ? await sql<{ name: string }>`select name from ${sql.table(TABLE)} order by name`.execute(db)
      : { rows: [] };
  const applied = rows.map(({ name }) => name);
  return {
    applied: applied.filter((name) => MIGRATIONS.has(name)),
    pending: [...MIGRATIONS.keys()].filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !MIGRATIONS.has(name)),
  };
}

async function refuseNewer(db: Db): Promise<void> {
  const { unknown } = await schemaState(db);
  if (unknown.length === 0) return;
  throw new SchemaTooNew([
    `the database was last used by a newer release of Driftwright (it has ${unknown.join(", ")}); start that release, ` +
      "or give this one an empty database: everything in it can be rebuilt from GitHub and a new scan",
  ]);
}
