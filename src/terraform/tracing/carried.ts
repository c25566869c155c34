import type { Located } from "../../hcl/evaluation/context.ts";
import type { Branch } from "./branch.ts";

/** No value is handed on this often, but by code that leads in a circle. */
const MOST_HOPS = 200;

/** What gives the ways on from a place; handed in, since some of these ways are found with what is here. */
export type Branching = (located: Located) => readonly Branch[];

/** The branches that hand a value on, one after the other, from a place towards the one that decides it. */
export function* carriersFrom(
  start: Located,
  branching: Branching,
  isOn: (branch: Branch) => boolean = () => true,
): Generator<Branch> {
  let place = start;
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    const next = branching(place).find((branch) => branch.carries && isOn(branch));
    if (next === undefined) return;
    yield next;
    place = next.to;
  }
}

/** The places through which a value is handed: where it is asked for, and at last the one that decides it. */
export function* placesFrom(...way: Parameters<typeof carriersFrom>): Generator<Located> {
  const [start] = way;
  yield start;
  for (const { to } of carriersFrom(...way)) yield to;
}

/** The place that decides a value, as far as it is handed on. */
export function lastFrom(...way: Parameters<typeof carriersFrom>): Located {
  let [last] = way;
  for (const { to } of carriersFrom(...way)) last = to;
  return last;
}
