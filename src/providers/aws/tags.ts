import type { Tag } from "@aws-sdk/client-ec2";
import type { JsonObject } from "../../json/json.ts";

/** Live tags as Terraform records them: without those that AWS itself sets (`aws:…`), which no one else can write. */
export function tagsOf(tags: readonly Tag[] | undefined): JsonObject {
  const entries = (tags ?? [])
    .filter((tag) => tag.Key !== undefined && !tag.Key.startsWith("aws:"))
    .map((tag) => [tag.Key ?? "", tag.Value ?? ""] as const);
  return Object.fromEntries(entries);
}
