import type { InstanceOverview, StackOverview } from "../engine/api.ts";
import { isJsonObject, type Json, printJson } from "../json/json.ts";

/** So many values have to say whose state it is. */
const FEWEST = 3;

/** For each value that speaks for the stack itself there are at least so many for the other. */
const TIMES = 10;

/** So many values that the state has otherwise than the code are looked for in the other stacks. */
const MOST_LOOKED_FOR = 60;
/** So many stacks that have most of them are looked at as a whole. */
const MOST_LOOKED_AT = 3;

/**
 * Why the state of a stack is that of another one of the repository; null where nothing shows that. Two signs are
 * enough, each with the values in which the code of the two stacks differs, of which the state then has the other's:
 * both have been given one and the same state (its lineage says so), or each has been given the other's. A change of the
 * code that is not applied yet shows neither: it leaves a stack the state that is its own, and all the values that no
 * one has changed.
 */
export function foreignState(stack: StackOverview, all: readonly StackOverview[]): string | null {
  const { state } = stack;
  const odd = state === null ? null : oddValues(stack);
  if (state === null || odd === null) return null;
  const others = all.filter((other) => other.name !== stack.name && other.state !== null);
  for (const other of likeliest(odd, others)) {
    if (!fits(stack, other)) continue;
    if (state.lineage !== "" && state.lineage === other.state?.lineage)
      return `the state is that of the stack ${other.name}, which has been given the same one: ${WHAT_TO_DO}`;
    if (oddValues(other) !== null && fits(other, stack))
      return `the state is that of the stack ${other.name}, which has been given this one's: ${WHAT_TO_DO}`;
  }
  return null;
}

const WHAT_TO_DO =
  "it has that one's values wherever the two differ, so nothing is written from it; correct --state, or state under stacks in .github/driftwright.yml";

/** Values of a state that are not those of the code, as texts: by address, then by path. */
type OddValues = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Null where they are too few to be those of another stack: so it is with nearly all. */
function oddValues({ instances }: StackOverview): OddValues | null {
  const odd = new Map<string, Map<string, string>>();
  let count = 0;
  for (const instance of instances) {
    if (instance.recorded === null || count >= MOST_LOOKED_FOR) continue;
    const recorded = leavesOf(instance.recorded);
    const own = new Map<string, string>();
    for (const [path, value] of valuesOf(instance)) {
      const was = recorded.get(path);
      if (was !== undefined && was !== value) own.set(path, was);
    }
    count += own.size;
    if (own.size > 0) odd.set(instance.address, own);
  }
  return count < FEWEST ? null : odd;
}

/** The stacks whose code has most of some values, each at least as many as have to say whose state it is. */
function likeliest(odd: OddValues, others: readonly StackOverview[]): readonly StackOverview[] {
  return others
    .map((stack) => ({ stack, count: countOf(odd, stack) }))
    .filter(({ count }) => count >= FEWEST)
    .sort((a, b) => b.count - a.count)
    .slice(0, MOST_LOOKED_AT)
    .map(({ stack }) => stack);
}

function countOf(odd: OddValues, { instances }: StackOverview): number {
  let count = 0;
  for (const instance of instances) {
    const wanted = odd.get(instance.address);
    for (const [path, value] of wanted ?? []) if (valueAt(instance, path) === value) count += 1;
  }
  return count;
}

/** Whether the state of a stack has another's values where the code of the two differs. */
function fits(stack: StackOverview, other: StackOverview): boolean {
  const declared = new Map(other.instances.map((instance) => [instance.address, instance]));
  let [own, others] = [0, 0];
  for (const instance of stack.instances) {
    const theirs = valuesOf(declared.get(instance.address));
    const recorded = leavesOf(instance.recorded ?? {});
    for (const [path, value] of valuesOf(instance)) {
      const their = theirs.get(path);
      if (their === undefined || their === value) continue;
      if (recorded.get(path) === value) own += 1;
      if (recorded.get(path) === their) others += 1;
    }
  }
  return others >= FEWEST && others >= own * TIMES;
}

/** What the code is known to say of an instance, as text by path; of what is secret or not known nothing. */
function valuesOf(instance: InstanceOverview | undefined): ReadonlyMap<string, string> {
  if (instance === undefined || instance.desired === null) return new Map();
  const hidden = new Set([...instance.unknown, ...instance.sensitive].map(([name]) => String(name)));
  const shown = Object.entries(instance.desired).filter(([name]) => !hidden.has(name));
  return leavesOf(Object.fromEntries(shown));
}

/** One of the values that `valuesOf` gives. */
function valueAt({ desired, unknown, sensitive }: InstanceOverview, path: string): string | null {
  const [name = "", ...key] = path.split("\n");
  const isHidden = [...unknown, ...sensitive].some(([first]) => String(first) === name);
  if (isHidden || desired === null || !Object.hasOwn(desired, name)) return null;
  return leavesOf({ [name]: desired[name] ?? null }).get([name, ...key].join("\n")) ?? null;
}

/** Attributes, and the entries of those that are maps. Numbers and bools are texts, as providers may have them. */
function leavesOf(attributes: { readonly [name: string]: Json }): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  for (const [name, value] of Object.entries(attributes)) {
    if (!isJsonObject(value)) leaves.set(name, textOf(value));
    else for (const [key, entry] of Object.entries(value)) leaves.set(`${name}\n${key}`, textOf(entry));
  }
  return leaves;
}

function textOf(value: Json): string {
  return typeof value === "string" ? value : printJson(value);
}
