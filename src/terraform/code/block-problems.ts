import type { Block } from "../../hcl/syntax/syntax.ts";
import { wrongAddresses } from "./address-rules.ts";
import { BLOCK_RULES, wrongContent } from "./block-rules.ts";
import { wrongCall, wrongRepetition } from "./call-rules.ts";
import { wrongConditions } from "./condition-rules.ts";
import { wrongFlags } from "./flag-rules.ts";
import { wrongLifecycle } from "./lifecycle-rules.ts";
import { wrongNames } from "./name-rules.ts";
import { wrongTerraformData } from "./terraform-data.ts";
import { wrongProvider, wrongSettings } from "./terraform-rules.ts";
import type { Wrong } from "./wrong.ts";

const RULES: readonly ((block: Block) => readonly Wrong[])[] = [
  wrongNames,
  wrongWithin,
  wrongFlags,
  wrongConditions,
  (block) => (block.type === "resource" || block.type === "data" ? wrongLifecycle(block) : []),
  wrongAddresses,
  wrongSettings,
  wrongProvider,
  wrongCall,
  wrongRepetition,
  wrongTerraformData,
  noAssertion,
];

/** What Terraform refuses of a block, whatever else the module says. */
export function wrongInBlock(block: Block): Wrong[] {
  return RULES.flatMap((rule) => rule(block));
}

function wrongWithin(block: Block): Wrong[] {
  const known = BLOCK_RULES.get(block.type);
  return known === undefined ? [] : wrongContent(block, known);
}

function noAssertion({ type, typeRange, body }: Block): Wrong[] {
  if (type !== "check") return [];
  const isThere = body.items.some((item) => item.kind === "block" && item.type === "assert");
  return isThere
    ? []
    : [{ message: "this check has no assert block, and so checks nothing", range: typeRange }];
}
