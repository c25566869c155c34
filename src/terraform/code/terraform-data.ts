import { didYouMean } from "../../hcl/evaluation/suggestion.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import type { Wrong } from "./wrong.ts";

/**
 * The one resource whose schema is Terraform's own
 * (https://developer.hashicorp.com/terraform/language/resources/terraform-data), and so the same everywhere.
 */
const TYPE = "terraform_data";
const ARGUMENTS = ["input", "triggers_replace"];
const ATTRIBUTES = [...ARGUMENTS, "output", "id"];
const META_ARGUMENTS = ["count", "for_each", "depends_on", "provider"];
const META_BLOCKS = new Set(["lifecycle", "provisioner", "connection", "dynamic", "_"]);

/** The attributes of a resource type as far as its schema is at hand; empty where it is not. */
export function knownAttributes(type: string): readonly string[] {
  return type === TYPE ? ATTRIBUTES : [];
}

/** False only where it is known that there is no such attribute. */
export function isKnownAttribute(type: string, name: string): boolean {
  return type !== TYPE || ATTRIBUTES.includes(name);
}

/** What a `terraform_data` says and cannot. */
export function wrongTerraformData({ type, labels, body }: Block): Wrong[] {
  if (type !== "resource" || labels[0]?.value !== TYPE) return [];
  return body.items.flatMap((item): Wrong[] => {
    if (item.kind === "block") {
      if (META_BLOCKS.has(item.type)) return [];
      return [
        { message: `${TYPE} has no blocks ${JSON.stringify(item.type)}; take it out`, range: item.typeRange },
      ];
    }
    const { name, nameRange } = item;
    if (ARGUMENTS.includes(name) || META_ARGUMENTS.includes(name)) return [];
    if (ATTRIBUTES.includes(name)) {
      return [{ message: `${name} is what ${TYPE} answers, and cannot be set; set input`, range: nameRange }];
    }
    const hint = didYouMean(name, ARGUMENTS) || `; it takes ${ARGUMENTS.join(" and ")}`;
    return [{ message: `${TYPE} has no argument ${JSON.stringify(name)}${hint}`, range: nameRange }];
  });
}
