import { InvalidArgumentError } from "commander";
import type { Inventory } from "../drift/inventory.ts";

/** A cloud that can be read. */
export type Cloud = "aws";

/** `--cloud aws`: a list with commas. */
export function readClouds(text: string): readonly Cloud[] {
  const names = text.split(",").map((name) => name.trim());
  for (const name of names) {
    if (name === "google" || name === "azure") {
      throw new InvalidArgumentError(`${name} cannot be read yet; aws can.`);
    }
    if (name !== "aws") throw new InvalidArgumentError("The clouds are: aws.");
  }
  return names.length > 0 ? ["aws"] : [];
}

/** The SDKs are loaded only where a cloud is asked for: they take half a second. */
export async function inventoriesFor(clouds: readonly Cloud[]): Promise<Inventory[]> {
  if (clouds.length === 0) return [];
  const { createAwsInventory } = await import("../inventory/aws/inventory.ts");
  return [createAwsInventory()];
}
