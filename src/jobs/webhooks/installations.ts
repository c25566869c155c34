import { makeDue } from "../../store/appointments.ts";
import { findInstallation, saveInstallation } from "../../store/installations.ts";
import { type RepositoryName, removeRepositories, saveRepositoryNames } from "../../store/repositories.ts";
import { forgetSeenHead } from "../../store/seen-heads.ts";
import { stir } from "../../store/settled.ts";
import type { Db } from "../../store/tables.ts";
import {
  type Delivery,
  type InRepository,
  inKnownRepository,
  once,
  type WebhookPorts,
} from "./deliveries.ts";
import { lookAfterOthers } from "./follow-ups.ts";

interface Account {
  readonly id: number;
  readonly login?: string;
  readonly slug?: string;
  readonly type?: string;
}

interface InstallationData {
  readonly id: number;
  readonly account?: Account | null;
  readonly permissions?: object;
  readonly suspended_at?: string | null;
}

interface RepositoryData {
  readonly id: number;
  readonly full_name: string;
  readonly private: boolean;
}

export interface InstallationPayload {
  readonly action: string;
  readonly installation: InstallationData;
  readonly repositories?: readonly RepositoryData[];
}

export interface InstallationRepositoriesPayload {
  readonly installation: InstallationData;
  readonly repositories_added: readonly RepositoryData[];
  readonly repositories_removed: readonly { readonly id?: number }[];
}

/** An installation came, went, or was given other permissions. */
export function onInstallation(ports: WebhookPorts, delivery: Delivery<InstallationPayload>): Promise<void> {
  return once(ports, delivery, async (db) => {
    const { action, installation, repositories = [] } = delivery.payload;
    await note(db, ports, installation, action);
    if (action === "deleted") return;
    await saveRepositoryNames(db, repositories.flatMap(named(installation.id)), ports.now());
    if (MAY_DO_MORE.has(action)) await makeDue(db, installation.id, ports.now());
    await ports.queues.enqueue(db, "tick", {});
  });
}

/** After these, what was left out can be done, and what happened meanwhile was not told. */
const MAY_DO_MORE: ReadonlySet<string> = new Set(["unsuspend", "new_permissions_accepted"]);

/** An installation got or gave up repositories. */
export function onInstallationRepositories(
  ports: WebhookPorts,
  delivery: Delivery<InstallationRepositoriesPayload>,
): Promise<void> {
  return once(ports, delivery, async (db) => {
    const { installation, repositories_added: added, repositories_removed: removed } = delivery.payload;
    await note(db, ports, installation, "changed");
    await saveRepositoryNames(db, added.flatMap(named(installation.id)), ports.now());
    const gone = removed.flatMap(({ id }) => id ?? []);
    await removeRepositories(db, installation.id, gone, ports.now());
    await ports.queues.enqueue(db, "tick", {});
  });
}

export interface RepositoryPayload extends InRepository {
  readonly action: string;
}

/**
 * A repository was renamed, archived, made public and so on: the next scan asks what it is now. What everyone can read
 * from now on does not wait for one.
 */
export function onRepository(ports: WebhookPorts, delivery: Delivery<RepositoryPayload>): Promise<void> {
  return inKnownRepository(ports, delivery, async (db, repository) => {
    const { id: repositoryId, installationId } = repository;
    await forgetSeenHead(db, repositoryId, ports.now());
    await ports.queues.enqueue(db, "scan", { repositoryId, installationId, trigger: "push" });
    if (delivery.payload.action === "publicized") {
      await stir(db, [repositoryId]);
      await ports.queues.enqueue(db, "reconcile", { repositoryId, installationId });
    }
    await lookAfterOthers(ports, db, repository);
  });
}

async function note(
  db: Db,
  { now }: WebhookPorts,
  { id, account, permissions, suspended_at: suspendedAt }: InstallationData,
  action: string,
): Promise<void> {
  const known = await findInstallation(db, id);
  const isSuspended = suspendedAt !== null && suspendedAt !== undefined;
  await saveInstallation(
    db,
    {
      id,
      accountId: account?.id ?? known?.accountId ?? 0,
      accountLogin: account?.login ?? account?.slug ?? known?.accountLogin ?? "",
      accountType: account?.type ?? known?.accountType ?? "unknown",
      suspended: action === "suspend" || (action !== "unsuspend" && isSuspended),
      deleted: action === "deleted",
      permissions: permissions === undefined ? (known?.permissions ?? {}) : levelsOf(permissions),
    },
    now(),
  );
}

/** Permissions with their levels; what else GitHub may say there one day is no level. */
function levelsOf(permissions: object): Record<string, string> {
  return Object.fromEntries(Object.entries(permissions).filter(([, level]) => typeof level === "string"));
}

function named(installationId: number): (repository: RepositoryData) => RepositoryName[] {
  return ({ id, full_name: fullName, private: isPrivate }) => {
    const [owner, name] = fullName.split("/");
    return owner === undefined || name === undefined
      ? []
      : [{ id, installationId, owner, name, private: isPrivate }];
  };
}
