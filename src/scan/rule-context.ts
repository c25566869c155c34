import type { JudgeContext } from "../intent/match.ts";
import type { PlannedStack } from "./plan.ts";

/** What rules and tolerances may know of a stack. */
export function contextOf({
  name,
  environment,
  service,
}: Pick<PlannedStack, "name" | "environment" | "service">): Omit<JudgeContext, "now"> {
  return { stack: name, environment, ...(service === undefined ? {} : { service }) };
}
