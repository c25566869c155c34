import { saveInstallation } from "../../src/store/installations.ts";
import { type RepositoryFacts, saveRepositoryFacts } from "../../src/store/repositories.ts";
import type { Db } from "../../src/store/tables.ts";

/** A time to count from: `at(5)` is five minutes into it. */
export function at(minutes: number): Date {
  return new Date(Date.UTC(2026, 9, 1, 8, minutes));
}

export const INSTALLATION = {
  id: 70,
  accountId: 7,
  accountLogin: "shop",
  accountType: "Organization",
  suspended: false,
  deleted: false,
  permissions: { contents: "write", issues: "write" },
};

export function repository(id: number, facts: Partial<RepositoryFacts> = {}): RepositoryFacts {
  return {
    id,
    installationId: INSTALLATION.id,
    owner: "shop",
    name: `infra-${id}`,
    private: true,
    defaultBranch: "main",
    archived: false,
    disabled: false,
    fork: false,
    ...facts,
  };
}

/** Repositories that are known and due. */
export async function known(db: Db, ...ids: readonly number[]): Promise<void> {
  await saveInstallation(db, INSTALLATION, at(0));
  await saveRepositoryFacts(
    db,
    ids.map((id) => repository(id)),
    at(0),
  );
}
