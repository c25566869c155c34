import type { Effect } from "../drift/model.ts";
import { positionAt } from "../hcl/syntax/source.ts";
import { printJson } from "../json/json.ts";
import { type Path, parsePath, printPath } from "../json/path.ts";
import { UNCONFIRMED } from "../reconcile/adoption.ts";
import type { Goal } from "../reconcile/goal.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import type { Wanted } from "../reconcile/wanted.ts";
import { isDeletion, type Wish } from "./wish.ts";

/** Which literal is shared, and what others want of it. */
export function whyShared(
  repository: Repository,
  goal: Wish,
  [best]: readonly ProvenEdit[],
  others: readonly Wish[],
): string {
  if (best === undefined) return UNCONFIRMED;
  const [edit] = best.edits;
  const text = repository.files.get(edit?.file ?? "")?.file.text;
  const where =
    edit === undefined || text === undefined
      ? ""
      : ` at ${edit.file}:${positionAt(text, edit.start + leadingBlank(text.slice(edit.start, edit.end))).line}`;
  if (isDeletion(goal)) {
    return `the edit${where} would change other values too, ${nameOf(best.aside[0])} for one`;
  }
  for (const effect of best.aside) {
    const rival = others.find((other): other is Goal => !isDeletion(other) && isAbout(effect, other));
    const other = rival?.changes.find(({ path }) => printPath(path) === effect.path)?.wanted;
    if (rival === undefined) continue;
    const value = other === undefined ? "another value" : wantedText(other);
    return `the literal${where} is shared, and ${nameOf(effect)} drifted to ${value}: nothing in the code gives one of them a value of its own`;
  }
  return `the literal${where} is shared, and others that read it have not drifted to this value, ${nameOf(best.aside[0])} for one`;
}

function nameOf(effect: Effect | undefined): string {
  if (effect === undefined) return "another instance";
  return effect.path === "" ? effect.address : `${effect.path} of ${effect.address}`;
}

const LONGEST_VALUE = 60;

function wantedText(wanted: Wanted): string {
  if (wanted === "absent") return "none";
  const text = printJson(wanted.value);
  return text.length > LONGEST_VALUE ? "another value" : text;
}

function leadingBlank(text: string): number {
  return text.length - text.trimStart().length;
}

/** Whether an effect changes what a goal is about. */
function isAbout({ stack, address, path }: Effect, goal: Goal): boolean {
  if (address !== goal.address || stack !== goal.stack || path === "") return false;
  const changed = parsePath(path);
  return goal.changes.some((change) => startsWith(change.path, changed) || startsWith(changed, change.path));
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.length <= path.length && prefix.every((step, index) => step === path[index]);
}
