import { EnvironmentError } from "../config/environment-error.ts";
import { counted } from "../reports/visible.ts";
import {
  type FolderReview,
  reviewFolder,
  reviewServer,
  type ServerReview,
} from "../store/database-review.ts";
import { type Check, outcomesOf } from "./check.ts";
import { failureOf, partedAt, within } from "./failure.ts";
import type { DoctorPorts } from "./ports.ts";

/** The oldest PostgreSQL that the queues work on. */
const OLDEST = { number: 130_000, name: "13" };

const CORRECT = "Correct DATABASE_URL or DATA_DIR";

/** Whether the database can be used. Nothing is made or changed in it. */
export async function checkDatabase({
  environment,
  limits,
}: Pick<DoctorPorts, "environment" | "limits">): Promise<Check> {
  const { database, dataDir } = environment;
  try {
    if (database.kind === "postgresql") {
      return serverCheck(await within(2 * limits.answer, reviewServer(database.url, limits.answer)));
    }
    return folderCheck(dataDir, await reviewFolder(dataDir, { beatMs: 2_000, watchMs: limits.watching }));
  } catch (error) {
    if (error instanceof EnvironmentError) {
      const { message, next } = partedAt(/^(.*): ([^:]+)$/, error.problems.join("; "), CORRECT);
      return outcomesOf("database").failed(message, next);
    }
    const { message, next } = failureOf(
      error,
      "docs/operations.md, Environment, says which databases can be used",
    );
    return outcomesOf("database").failed(message, next);
  }
}

/** What a server that answers is good for. */
export function serverCheck({ version, versionNumber, schema, mayCreate }: ServerReview): Check {
  const outcome = outcomesOf("database");
  const what = `PostgreSQL ${version}`;
  if (versionNumber < OLDEST.number) {
    return outcome.failed(`${what} is too old`, `Use PostgreSQL ${OLDEST.name} or later`);
  }
  if (schema.unknown.length > 0) {
    return outcome.failed(
      `${what} has tables of a newer release of Driftwright (${schema.unknown.join(", ")})`,
      "Start that release, or give this one an empty database: everything in it can be rebuilt from GitHub and a new scan",
    );
  }
  if (!mayCreate) {
    return outcome.failed(
      `${what} answers, and the role may not create tables and schemas there`,
      "Make the role the owner of the database",
    );
  }
  const { applied, pending } = schema;
  if (applied.length === 0) return outcome.ok(`${what} answers; its tables are made at the first start`);
  if (pending.length === 0) return outcome.ok(`${what} answers, and its tables are those of this release`);
  return outcome.warning(
    `${what} answers, and its tables are of an older release (${counted(pending.length, "migration")} to come: ${pending.join(", ")})`,
    "The next start brings them up to date; stop all other processes before",
  );
}

function folderCheck(dataDir: string, { hasDatabase, user }: FolderReview): Check {
  const outcome = outcomesOf("database");
  if (user !== null) {
    return outcome.warning(
      `the embedded database in ${dataDir} is in use by ${user}`,
      "Where that is the Driftwright that runs, all is well; no second one can use it",
    );
  }
  return outcome.ok(
    hasDatabase
      ? `the folder ${dataDir} of the embedded database can be written, and nobody uses it`
      : `the embedded database is made in ${dataDir} at the first start`,
  );
}
