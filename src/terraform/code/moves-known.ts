import { attributeOf } from "./body-index.ts";
import { literalText } from "./literal.ts";
import type { Module } from "./module.ts";

/** `moved` blocks are read from this version on (https://developer.hashicorp.com/terraform/language/moved). */
const FIRST = [1, 1, 0];

/** Whether a module takes a Terraform that reads `moved` blocks: no bound of its `required_version` is below the first. */
export function areMovesKnown({ settings }: Pick<Module, "settings">): boolean {
  return settings.every(({ block }) => {
    const required = attributeOf(block.body, "required_version")?.value;
    const text = required?.kind === "template" ? literalText(required) : undefined;
    return text === undefined || text.split(",").every(letsIn);
  });
}

const CONDITION = /^\s*(=|~>|<=|<)?\s*v?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?/;

/** Whether a condition lets in any version that is new enough. */
function letsIn(condition: string): boolean {
  const [, operator = "=", ...written] = CONDITION.exec(condition) ?? [];
  const given = written.filter((part) => part !== undefined).map(Number);
  // `~> 1.0` lets in all of 1, `~> 1.0.4` all of 1.0.
  const bound = operator === "~>" ? given.slice(0, Math.max(1, given.length - 1)) : given;
  const difference = compared(bound, operator === "~>" ? FIRST.slice(0, bound.length) : FIRST);
  return given.length === 0 || difference > 0 || (difference === 0 && operator !== "<");
}

function compared(version: readonly number[], other: readonly number[]): number {
  const at = other.findIndex((part, index) => part !== (version[index] ?? 0));
  return at === -1 ? 0 : (version[at] ?? 0) - (other[at] ?? 0);
}
