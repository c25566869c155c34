import type { Effect } from "../drift/model.ts";
import { isMove } from "../drift/move.ts";
import { isArrival, isDeparture } from "./renamed-instances.ts";
import type { Repository } from "./repository.ts";

/** What evaluation shows of an edit, in a sentence. `told`: all effects; `aside`: those that were not asked for. */
export function whyProven(
  { stacks }: Pick<Repository, "stacks">,
  told: readonly Effect[],
  aside: readonly Effect[],
): string {
  const moved = told.filter(isMove);
  const isBlind = moved.some((effect) =>
    stacks.some(({ name, evaluation }) => name === effect.stack && evaluation.inputs.state === null),
  );
  return `evaluation shows that ${shown(aside, moved.length)}${isBlind ? UNSEEN_STATE : ""}`;
}

const UNSEEN_STATE =
  "; without a state nobody sees whether a new address is taken already: look at the plan before you apply";

function shown(aside: readonly Effect[], moves: number): string {
  if (aside.length === 0) {
    if (moves === 0) return "nothing else changes";
    return `nothing else changes but ${moves === 1 ? "the instance's address" : `the addresses of ${moves} instances`}, which moved blocks tell Terraform`;
  }
  const others = aside.length === 1 ? "1 other value changes" : `${aside.length} other values change`;
  return `${others} with it${planned(aside)}`;
}

/** What Terraform does about instances that come and go. */
function planned(aside: readonly Effect[]): string {
  const done = [
    doneTo("destroy", aside.filter(isDeparture)),
    doneTo("create", aside.filter(isArrival)),
  ].filter((text) => text !== null);
  return done.length === 0 ? "" : `: Terraform would ${done.join(" and ")}`;
}

function doneTo(verb: string, effects: readonly Effect[]): string | null {
  const [first] = effects;
  if (first === undefined) return null;
  return `${verb} ${effects.length === 1 ? first.address : `${effects.length} instances`}`;
}
