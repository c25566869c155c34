import { newAddresses } from "../terraform/evaluation/new-addresses.ts";
import type { Repository } from "./repository.ts";

/** A goal of a repository as one of an edited one: the instance that it is about may have another address there. */
export function goalIn<Aim extends { readonly stack: string; readonly address: string }>(
  before: Repository,
  after: Repository,
  goal: Aim,
): Aim {
  const [was, is] = [before, after].map(
    ({ stacks }) => stacks.find(({ name }) => name === goal.stack)?.evaluation,
  );
  if (was === undefined || is === undefined || is.instances.has(goal.address)) return goal;
  const address = newAddresses(was, is).get(goal.address);
  return address === undefined ? goal : { ...goal, address };
}
