import type { Effect } from "../drift/model.ts";
import { findAdoptions, UNCONFIRMED, unreadRefusal } from "../reconcile/adoption.ts";
import { unifiedDiff } from "../reconcile/diff.ts";
import { type Goal, isIntended, isReached, outcomeOf, stepsOf } from "../reconcile/goal.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/what-if.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource.ts";
import type { AdoptedSet, StackFinding } from "./api.ts";
import { goalOf } from "./goals.ts";

const MOST_ALTERNATIVES = 5;

/**
 * Adopts findings one after the other, each on top of what the ones before changed, so that the whole is consistent. An
 * edit that changes other values too is taken only where each of those is what another of the findings wants.
 */
export function adoptTogether(repository: Repository, findings: readonly StackFinding[]): AdoptedSet {
  const texts = new Map<string, string>();
  const adopted: string[] = [];
  const left: { fingerprint: string; why: string }[] = [];
  const goals = findings.map(({ stack, finding }) => {
    const refusal = unreadRefusal(repository, stack);
    return { finding, goal: refusal === null ? goalOf(stack, finding) : { refusal } };
  });
  const wanted = goals.flatMap(({ goal }) => ("refusal" in goal ? [] : [goal]));
  let current = repository;
  for (const { finding, goal } of goals) {
    const { fingerprint } = finding;
    if ("refusal" in goal) {
      left.push({ fingerprint, why: goal.refusal });
      continue;
    }
    if (current !== repository && isReachedBetween(repository, current, goal)) {
      adopted.push(fingerprint);
      continue;
    }
    const others = wanted.filter((other) => other !== goal);
    const { proven, refusal } = findAdoptions(
      current,
      goal,
      others.some((other) => isAlike(goal, other)) ? MOST_ALTERNATIVES : 1,
    );
    const chosen = bestOf(current, proven, others);
    const confirmed = chosen?.confirmed() ?? null;
    if (chosen === null || confirmed === null) {
      left.push({ fingerprint, why: refusal ?? (chosen === null ? whyShared(proven) : UNCONFIRMED) });
      continue;
    }
    for (const [path, text] of chosen.texts) texts.set(path, text);
    current = confirmed;
    adopted.push(fingerprint);
  }
  const files = [...texts].map(([path, text]) => ({
    path,
    text,
    diff: unifiedDiff(path, repository.files.get(path)?.file.text ?? null, text),
  }));
  return { files, adopted, left };
}

function whyShared([best]: readonly ProvenEdit[]): string {
  const [other] = best?.aside ?? [];
  const example = other === undefined ? "" : `, ${other.address} for one`;
  return `the literal is shared, and others that read it have not drifted to this value${example}`;
}

/**
 * The edit that others of the findings want most: a literal that they share is changed once, not overridden for each of
 * them. Else the first that changes nothing beside. Null where each of them changes what nobody wants changed.
 */
function bestOf(
  repository: Repository,
  proven: readonly ProvenEdit[],
  others: readonly Goal[],
): ProvenEdit | null {
  let best: { edit: ProvenEdit; served: number } | null = null;
  for (const edit of proven) {
    const served = edit.aside.map((effect) => others.find((other) => isWantedBy(repository, effect, other)));
    if (served.includes(undefined)) continue;
    const count = new Set(served).size;
    if (best === null || count > best.served) best = { edit, served: count };
  }
  return best?.edit ?? null;
}

/** Whether two goals may be reached by one edit: the same value is wanted somewhere in both. */
function isAlike(goal: Goal, other: Goal): boolean {
  const values = new Set(goal.changes.map(({ wanted }) => JSON.stringify(wanted)));
  return other.changes.some(({ wanted }) => values.has(JSON.stringify(wanted)));
}

/** Whether an edit for another finding made the code say what is wanted here too. */
function isReachedBetween(before: Repository, after: Repository, goal: Goal): boolean {
  const [was, is] = [instanceOf(before, goal)?.content, instanceOf(after, goal)?.content];
  if (was === undefined || is === undefined) return false;
  const reached = (now: InstanceContent) => goal.changes.every((change) => isReached(was, now, change));
  return reached(is) && !reached(was);
}

function instanceOf({ stacks }: Repository, { stack, address }: Goal): ResourceInstance | null {
  return stacks.find(({ name }) => name === stack)?.evaluation.instances.get(address) ?? null;
}

function isWantedBy(repository: Repository, effect: Effect, goal: Goal): boolean {
  const instance = instanceOf(repository, goal);
  if (instance === null) return false;
  const steps = stepsOf(instance, goal);
  return isIntended(effect, { ...goal, changes: steps }, [outcomeOf(instance.plain().json, steps)]);
}
