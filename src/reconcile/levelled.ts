import type { Effect } from "../drift/model.ts";
import { equalJson } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import type { Candidate } from "./candidate.ts";
import type { Goal } from "./goal.ts";
import type { ProvenEdit } from "./proven-edit.ts";

/**
 * An effect of an edit that gives something else the wanted value, though it had another one than what drifted: of values
 * that were told apart one would be left. Only of edits that write a value over what decides, or in place of what is
 * computed: a literal that both are made of is the place for both. Null where there is none.
 */
export function levelledBy(
  { overrides, constant }: Candidate,
  edit: ProvenEdit,
  { stack, address, changes }: Goal,
): Effect | null {
  if (overrides !== true && constant !== true) return null;
  const paths = new Set(changes.map(({ path }) => printPath(path)));
  const own = edit.effects.filter(
    (effect) => effect.stack === stack && effect.address === address && paths.has(effect.path),
  );
  const isLevelled = (other: Effect) =>
    own.some(({ before, after }) => equalJson(after, other.after) && !equalJson(before, other.before));
  return edit.aside.find((other) => other.after !== null && isLevelled(other)) ?? null;
}

/** Maps of what people call things: what they are made of means more than they do. */
const NAMING = /^(?:tags|tags_all|labels|annotations)(?:[.[]|$)|\.(?:tags|labels|annotations)(?:[.[]|$)/;

/** Whether the tag that is to be another is made of what something else is, which would be another too. */
export function isMoreThanTag({ aside }: ProvenEdit, { changes }: Goal): boolean {
  return (
    changes.every(({ path }) => NAMING.test(printPath(path))) && aside.some(({ path }) => !NAMING.test(path))
  );
}
