import type { Effect } from "./model.ts";

/**
 * Whether an effect is that an instance gets another address and stays what it is: `before` and `after` are the two
 * addresses. Of an instance that comes or goes one of them is null, and the other one an object.
 */
export function isMove({ path, before, after }: Effect): boolean {
  return path === "" && typeof before === "string" && typeof after === "string";
}
