import type { Effect } from "../drift/model.ts";
import { parsePath } from "../json/path.ts";
import { findAdoptions, type Goal, type ProvenEdit } from "../reconcile/adoption.ts";
import { unifiedDiff } from "../reconcile/diff.ts";
import { means } from "../reconcile/wanted.ts";
import { type Repository, whatIf } from "../reconcile/what-if.ts";
import { ParsedFiles } from "../terraform/parsed-files.ts";
import { withFiles } from "../terraform/snapshot.ts";
import type { AdoptedSet, StackFinding } from "./api.ts";
import { goalOf } from "./goals.ts";

/**
 * Adopts findings one after the other, each on top of what the ones before changed, so that the whole is consistent. An
 * edit that changes other values too is taken only where each of those is what another of the findings wants.
 */
export function adoptTogether(repository: Repository, findings: readonly StackFinding[]): AdoptedSet {
  const texts = new Map<string, string>();
  const adopted: string[] = [];
  const left: { fingerprint: string; why: string }[] = [];
  const goals = findings.map(({ stack, finding }) => ({ finding, goal: goalOf(stack, finding) }));
  const wanted = goals.flatMap(({ goal }) => ("refusal" in goal ? [] : [goal]));
  let current = repository;
  for (const { finding, goal } of goals) {
    const { fingerprint } = finding;
    if ("refusal" in goal) {
      left.push({ fingerprint, why: goal.refusal });
      continue;
    }
    if (isReachedAlready(current, goal)) {
      adopted.push(fingerprint);
      continue;
    }
    const { proven, refusal } = findAdoptions(current, goal);
    const chosen = proven.find((edit) => isWhollyWanted(edit, goal, wanted));
    if (chosen === undefined) {
      left.push({
        fingerprint,
        why: refusal ?? "the literal is shared, and others that read it have not drifted to this value",
      });
      continue;
    }
    for (const [path, text] of chosen.texts) texts.set(path, text);
    current = edited(current, chosen);
    adopted.push(fingerprint);
  }
  const files = [...texts].map(([path, text]) => ({
    path,
    text,
    diff: unifiedDiff(path, repository.files.get(path)?.file.text ?? null, text),
  }));
  return { files, adopted, left };
}

/** The repository with an edit made, and the stacks that see it evaluated in full. */
function edited(repository: Repository, { edits, texts }: ProvenEdit): Repository {
  const { stacks } = whatIf(repository, edits);
  const files = new ParsedFiles(withFiles(repository.files.snapshot, texts), repository.files, texts.keys());
  return {
    ...repository,
    files,
    stacks: repository.stacks.map(({ name, evaluation }) => ({
      name,
      evaluation: stacks.get(name) ?? evaluation,
    })),
  };
}

/** An edit before this one may have changed a literal that both share. */
function isReachedAlready({ stacks }: Repository, goal: Goal): boolean {
  const instance = stacks.find(({ name }) => name === goal.stack)?.evaluation.instances.get(goal.address);
  if (instance === undefined) return false;
  return goal.changes.every(({ path, wanted }) => {
    const now = instance.at(path);
    return wanted === "absent" ? now === undefined : now !== undefined && means(now, wanted.value);
  });
}

function isWhollyWanted(edit: ProvenEdit, goal: Goal, goals: readonly Goal[]): boolean {
  if (edit.adoption.verdict === "exact") return true;
  return edit.adoption.effects.every(
    (effect) => isOf(effect, goal) || goals.some((other) => isWantedBy(effect, other)),
  );
}

function isOf(effect: Effect, goal: Goal): boolean {
  return effect.stack === goal.stack && effect.address === goal.address;
}

function isWantedBy(effect: Effect, goal: Goal): boolean {
  if (!isOf(effect, goal) || effect.path === "") return false;
  const changed = JSON.stringify(parsePath(effect.path));
  return goal.changes.some(
    ({ path, wanted }) =>
      JSON.stringify(path) === changed &&
      (wanted === "absent" ? effect.after === null : means(effect.after, wanted.value)),
  );
}
