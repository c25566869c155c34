import { snapshotState } from "../backends/local.ts";
import { s3State } from "../backends/s3.ts";
import type { S3Place } from "../backends/s3-place.ts";
import type { Clouds } from "./ports.ts";

/** The clouds and states that this process has credentials for; the SDKs are loaded when they are first needed. */
export function operatorClouds(): Clouds {
  return {
    async inventories() {
      const { createAwsInventory } = await import("../inventory/aws/inventory.ts");
      return [createAwsInventory()];
    },
    stateOf({ state, workspace }, snapshot, repositoryId) {
      if (state.kind === "snapshot") return snapshotState(snapshot, state.file);
      if (state.kind !== "s3") return null;
      return s3State(state, workspace, { permits: refusedPlace, externalId: externalIdOf(repositoryId) });
    },
  };
}

/**
 * What every role is told on behalf of a repository, whatever its code says: a role that asks for it in its trust
 * policy can be used for that repository alone.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html
 */
function externalIdOf(repositoryId: number): string {
  return `driftwright-${repositoryId}`;
}

/** Code decides which bucket is read, not whom the operator's credentials are shown to. */
export function refusedPlace({ endpoints, profile }: S3Place): string | null {
  if (Object.values(endpoints).some((endpoint) => endpoint !== null)) {
    return "its code or its configuration names an endpoint of its own, and requests there would be signed with the operator's credentials";
  }
  return profile === null ? null : "its code or its configuration names a profile of the operator's machine";
}
