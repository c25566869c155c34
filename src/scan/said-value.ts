import { atomsOf, blockOfAtoms, sameBlock } from "../drift/block-atoms.ts";
import { blocksOf, withSelf } from "../drift/block-sets.ts";
import type { Reading } from "../drift/model.ts";
import { elementRule, sameValue } from "../drift/normal-form.ts";
import type { AttributeRule } from "../drift/rules.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { isEmpty } from "../reconcile/meaning-key.ts";
import { means } from "../reconcile/wanted.ts";

/** Whether a value of the code says what a reading does. */
export function says(value: Json | undefined, reading: Reading, rule: AttributeRule | null): boolean {
  if (reading === "absent") return value === undefined || isEmpty(value);
  if (typeof reading !== "object" || !("known" in reading) || value === undefined) return false;
  return (
    means(value, reading.known) || (rule !== null && value !== null && sameValue(value, reading.known, rule))
  );
}

/**
 * Whether a list of the code has an element that says what a reading does, wherever it stands. The code may group what
 * the blocks of a set expand to in its own way.
 * @param ownId the id of the resource: a firewall rule may name its own group
 */
export function has(
  list: Json | undefined,
  reading: Reading,
  rule: AttributeRule | null,
  ownId: string | null,
): boolean {
  if (typeof reading !== "object" || !("known" in reading)) return false;
  const items = isJsonArray(list) ? list : [];
  if (rule?.kind === "block-set" && isJsonObject(reading.known)) {
    const [own, wanted] = [items, [reading.known]].map((blocks) => partsOf(blocks, rule, ownId));
    return (wanted ?? []).every((part) =>
      (own ?? []).some((other) => sameBlock(other, part, rule, undefined, () => true)),
    );
  }
  const element =
    rule === null || rule.kind === "block" || rule.kind === "block-set" ? null : elementRule(rule);
  return items.some((item) => says(item, reading, element));
}

function partsOf(blocks: readonly Json[], rule: AttributeRule, ownId: string | null): JsonObject[] {
  const given = { desired: blocks, recorded: undefined, observed: undefined };
  const { desired } = ownId === null ? given : withSelf(given, rule, ownId);
  return blocksOf(desired).flatMap((block) => atomsOf(block, rule).map((atom) => blockOfAtoms([atom], rule)));
}
