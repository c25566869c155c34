import type { Located } from "../hcl/evaluation/context.ts";
import type { Branch } from "../terraform/tracing/branch.ts";
import { isMerge } from "./laid-over.ts";

/** Where a value is used that the search is for. */
export interface Use {
  /** The length of the path there: what lies deeper in another place belongs to others as well. */
  readonly depth: number;
  /** The place is an argument of `merge`. */
  readonly isMerged: boolean;
  /** What stands there would win over what decides now. */
  readonly overrides: boolean;
}

/** Where the search begins. */
export function useOf({ path }: Located): Use {
  return { depth: path.length, isMerged: false, overrides: false };
}

/** The same where a branch leads to. */
export function useBehind({ expression }: Located, { to, kind }: Branch, { depth, overrides }: Use): Use {
  const isMerged = isMerge(expression) && expression.arguments.includes(to.expression);
  return { depth, isMerged, overrides: overrides || kind === "override" };
}

/** Whether a place gives what is used as it is, and no call of `merge` around it does. */
export function isUsedIn({ path }: Located, { depth, isMerged }: Use): boolean {
  return path.length <= depth && !isMerged;
}
