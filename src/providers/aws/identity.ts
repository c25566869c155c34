import type { JsonObject } from "../../json/json.ts";
import { text } from "./recorded.ts";

/** Which cloud resource a recorded instance is, as far as its attributes say. */
export interface RecordedIdentity {
  readonly id: string | null;
  readonly account: string | null;
  readonly region: string | null;
}

const UNKNOWN: RecordedIdentity = { id: null, account: null, region: null };

/** `us-west-2` out of `us-west-2b`, and out of local zones (`us-west-2-lax-1a`). */
const REGION_OF_ZONE = /^[a-z]{2}(?:-[a-z]{1,12}){1,3}?-\d{1,2}/;

/**
 * Id, account and region of an AWS resource from the attributes that Terraform recorded. The id is the attribute `id`
 * (the rules of security groups name it `security_group_rule_id`); account and region come from the ARN, else from
 * `owner_id`, `region` (an attribute since provider version 6) and `availability_zone`.
 */
export function identityOf(type: string, attributes: JsonObject): RecordedIdentity {
  if (!type.startsWith("aws_")) return UNKNOWN;
  const arn = partsOfArn(text(attributes["arn"]));
  return {
    id: cloudId(type, attributes),
    account: arn.account ?? text(attributes["owner_id"]),
    region: arn.region ?? text(attributes["region"]) ?? regionOfZone(text(attributes["availability_zone"])),
  };
}

/**
 * Which cloud resource an `import` block means. `desired` are the attributes in the code; they may say where it is, and so
 * may the id itself since provider version 6 (`i-0abc@eu-west-1`). The rules of `aws_security_group_rule` are imported
 * by a text that describes them, which is no id that the cloud knows: null.
 */
export function importedIdentityOf(type: string, importId: string, desired: JsonObject): RecordedIdentity {
  if (!type.startsWith("aws_") || type === "aws_security_group_rule") return UNKNOWN;
  const [, id = importId, region = null] = /^([^@]+)@([a-z0-9-]+)$/.exec(importId) ?? [];
  return { id, account: null, region: region ?? identityOf(type, desired).region };
}

function cloudId(type: string, attributes: JsonObject): string | null {
  const ruleId = /^aws_vpc_security_group_(?:in|e)gress_rule$/.test(type)
    ? text(attributes["security_group_rule_id"])
    : null;
  return ruleId ?? text(attributes["id"]);
}

/** `arn:partition:service:region:account:resource`; region and account are empty for global resources. */
function partsOfArn(arn: string | null): { account: string | null; region: string | null } {
  const parts = arn?.split(":") ?? [];
  if (parts.length < 6 || parts[0] !== "arn") return { account: null, region: null };
  return { account: parts[4] || null, region: parts[3] || null };
}

function regionOfZone(zone: string | null): string | null {
  return zone === null ? null : (REGION_OF_ZONE.exec(zone)?.[0] ?? null);
}
