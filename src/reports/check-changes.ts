import { type ChangedInstance, INSTANCE_CHANGES } from "../drift/changed-instance.ts";
import type { NotEvaluated, StackChange } from "./affected.ts";
import type { Allowance } from "./budget.ts";
import { code, type Markdown, md, number, text } from "./markdown.ts";
import { counted } from "./visible.ts";

export type ChangesView = {
  /** One line a stack. */
  readonly stacks: readonly Markdown[];
  readonly instances: readonly InstanceRow[];
  readonly more: Markdown | null;
  /** Some of them are listed without their keys. */
  readonly keysLeftOut: boolean;
};

type InstanceRow = {
  readonly stack: Markdown;
  readonly address: Markdown;
  readonly what: Markdown;
};

const MOST_STACKS = 50;
const MOST_INSTANCES = 100;

/** Which instances a change of the code adds, changes, moves and removes; null where no stack reads what it changes. */
export function changesView(
  changes: readonly StackChange[],
  notEvaluated: readonly NotEvaluated[],
  allowance: Allowance,
): ChangesView | null {
  if (changes.length === 0) return null;
  const told = new Set(notEvaluated.map(({ stack }) => stack));
  const lines = changes.slice(0, MOST_STACKS).map((one) => stackLine(one, told.has(one.stack)));
  const left = changes.length - lines.length;
  const all = changes.flatMap(({ stack, instances }) => instances.map((instance) => ({ stack, instance })));
  const { shown } = allowance.take(all.slice(0, MOST_INSTANCES));
  const unseen = all.length - shown.length;
  return {
    stacks: [
      ...lines,
      ...(left === 0 ? [] : [md`${number(left)} more ${text(left === 1 ? "stack" : "stacks")}`]),
    ],
    instances: shown.map(({ stack, instance }) => ({
      stack: code(stack, 80),
      address: md`${code(instance.address)}${times(instance)}`,
      what: text(instance.what),
    })),
    keysLeftOut: shown.some(({ instance }) => instance.address.includes("[…]")),
    more:
      unseen === 0 ? null : md`*${number(unseen)} more ${text(unseen === 1 ? "is" : "are")} left out here.*`,
  };
}

/** @param isTold whether it is said elsewhere why the stack is not evaluated in full */
function stackLine({ stack, instances, undecided, why }: StackChange, isTold: boolean): Markdown {
  const reason = isTold ? md`` : md`: ${text(why ?? "")}`;
  if (why !== null && instances.length === 0) return md`${code(stack, 80)}: not compared in full${reason}`;
  const rest = why === null ? md`` : md`; not compared in full${reason}`;
  return md`${code(stack, 80)}: ${text(numbers(instances, undecided))}${rest}`;
}

function times({ count }: ChangedInstance): Markdown {
  return count === 1 ? md`` : md` (${number(count)} times)`;
}

/** `2 added, 1 changed`, in the order in which changes are told. */
function numbers(instances: readonly ChangedInstance[], undecided: number): string {
  const parts = INSTANCE_CHANGES.flatMap((what) => {
    const sum = total(instances.filter((one) => one.what === what));
    return sum === 0 ? [] : [`${sum} ${what}`];
  });
  const known = parts.length === 0 ? "no instance" : parts.join(", ");
  const left = undecided === 1 ? "1 that may be there is" : `${undecided} that may be there are`;
  return undecided === 0 ? known : `${known}; ${left} not known`;
}

function total(instances: readonly ChangedInstance[]): number {
  return instances.reduce((sum, { count }) => sum + count, 0);
}

/** The same in numbers alone, as a sentence that names no stack and no instance; null where there is nothing to say. */
export function changesInNumbers(changes: readonly StackChange[]): string | null {
  if (changes.length === 0) return null;
  const instances = changes.flatMap((one) => one.instances);
  const undecided = changes.reduce((sum, one) => sum + one.undecided, 0);
  const partly = changes.filter(({ why }) => why !== null).length;
  const rest = partly === 0 ? "" : ` (${counted(partly, "stack")} not compared in full)`;
  return `What this change does to instances in the code of ${counted(changes.length, "stack")}: ${numbers(instances, undecided)}${rest}.`;
}
