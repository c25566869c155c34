import { snapshotState } from "../backends/local.ts";
import { s3State } from "../backends/s3.ts";
import { type Access, type AllowedAccount, allowedTo, type RepositoryName } from "../config/access.ts";
import { CloudUnreachable, type Inventory } from "../drift/inventory.ts";
import { externalIdOf } from "./acting-for.ts";
import { allowedInventory } from "./allowed-inventory.ts";
import { allowedPlace } from "./allowed-states.ts";
import type { Clouds } from "./ports.ts";

/**
 * The clouds and states that this process has credentials for, each repository what the operator lets it use. The SDKs
 * are loaded when they are first needed.
 * @param access null: nothing
 */
export function operatorClouds(access: Access | null): Clouds {
  return {
    async inventories(repository) {
      const { createAwsInventory, isCovered } = await import("../inventory/aws/inventory.ts");
      const open = (account: AllowedAccount) => ofService(createAwsInventory(readerOf(account, repository)));
      const { aws: accounts } = allowedTo(repository, access);
      return [allowedInventory({ repository, accounts, covers: isCovered, open })];
    },
    stateOf({ state, workspace }, snapshot, repository) {
      if (state.kind === "snapshot") return snapshotState(snapshot, state.file);
      if (state.kind !== "s3") return null;
      const { states } = allowedTo(repository, access);
      return s3State(state, workspace, { permit: (place) => allowedPlace(place, states, repository) });
    },
  };
}

/** Who reads of dead credentials in a repository has none to renew. */
function ofService(inventory: Inventory): Inventory {
  return {
    ...inventory,
    async identity() {
      try {
        return await inventory.identity();
      } catch (error) {
        if (!(error instanceof CloudUnreachable) || !CREDENTIALS.test(error.message)) throw error;
        const message = `${error.message}; a service gets them from whoever operates it`;
        throw new CloudUnreachable(message, { cause: error });
      }
    },
  };
}

const CREDENTIALS = /\bno AWS credentials were found|\bAWS credentials have expired/;

/** The role that reads the cloud; it has nothing to do with those that read states. */
function readerOf({ role: arn }: AllowedAccount, repository: RepositoryName) {
  if (arn === null) return {};
  const externalId = externalIdOf(repository);
  return { role: { arn, externalId, sessionName: `driftwright-scan-${repository.id}` } };
}
