import type { Inventory, Wanted } from "../../../src/drift/inventory.ts";
import type { ObservedResource } from "../../../src/drift/model.ts";
import { createAwsInventory } from "../../../src/inventory/aws/inventory.ts";
import type { JsonObject } from "../../../src/json/json.ts";
import type { EmbeddedAws } from "../../e2e/aws/server.ts";

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";

/**
 * An inventory that talks to the embedded AWS through the real SDK.
 * @param patience milliseconds that it waits for an answer
 */
export function inventoryOf(
  aws: Pick<EmbeddedAws, "url">,
  maxAttempts = 1,
  { patience = 30_000 }: { readonly patience?: number } = {},
): Inventory {
  return createAwsInventory({
    region: REGION,
    endpoint: aws.url,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts,
    // It is in this process, which may be busy.
    connectTimeout: 30_000,
    answerTimeout: patience,
  });
}

export function wanted(
  type: string,
  id: string,
  recorded: JsonObject = {},
  declared?: readonly string[],
): Wanted {
  return {
    address: `${type}.${id}`,
    type,
    id,
    account: ACCOUNT,
    region: REGION,
    recorded,
    ...(declared === undefined ? {} : { declared }),
  };
}

/** Reads one resource that must be found. */
export async function readOne(inventory: Inventory, one: Wanted): Promise<ObservedResource> {
  const { observations } = await inventory.read([one]);
  const observation = observations.get(one.address);
  if (observation?.status !== "found") throw new Error(`${one.address}: ${JSON.stringify(observation)}`);
  return observation.resource;
}
