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

type Rule = (block: Block) => readonly Wrong[];

/** What there is to look at, by type of block. */
const RULES: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([
  ["resource", [wrongNames, wrongConditions, wrongLifecycle, wrongRepetition, wrongTerraformData]],
  ["data", [wrongNames, wrongConditions, wrongLifecycle, wrongRepetition]],
  ["module", [wrongNames, wrongConditions, wrongCall, wrongRepetition]],
  ["variable", [wrongNames, wrongWithin, wrongFlags, wrongConditions]],
  ["output", [wrongNames, wrongWithin, wrongFlags, wrongConditions]],
  ["check", [wrongNames, wrongWithin, wrongConditions, noAssertion]],
  ["terraform", [wrongWithin, wrongConditions, wrongSettings]],
  ["provider", [wrongConditions, wrongProvider]],
  ["moved", [wrongWithin, wrongConditions, wrongAddresses]],
  ["removed", [wrongWithin, wrongConditions, wrongAddresses]],
  ["import", [wrongWithin, wrongConditions, wrongAddresses]],
]);

/** A block never changes, so what is wrong in it is looked for once, however often a module with it is evaluated. */
const found = new WeakMap<Block, readonly Wrong[]>();

/** What Terraform refuses of a block, whatever else the module says. */
export function wrongInBlock(block: Block): readonly Wrong[] {
  const known = found.get(block);
  if (known !== undefined) return known;
  const wrong: Wrong[] = [];
  for (const rule of RULES.get(block.type) ?? []) for (const one of rule(block)) wrong.push(one);
  const all = wrong.length === 0 ? NOTHING : wrong;
  found.set(block, all);
  return all;
}

const NOTHING: readonly Wrong[] = [];

function wrongWithin(block: Block): Wrong[] {
  const known = BLOCK_RULES.get(block.type);
  return known === undefined ? [] : wrongContent(block, known);
}

function noAssertion({ typeRange, body }: Block): Wrong[] {
  const isThere = body.items.some((item) => item.kind === "block" && item.type === "assert");
  return isThere
    ? []
    : [{ message: "this check has no assert block, and so checks nothing", range: typeRange }];
}
