import type { Effect } from "../drift/model.ts";
import { positionAt } from "../hcl/syntax/source.ts";
import { printJson } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import { UNCONFIRMED } from "../reconcile/adoption.ts";
import type { Goal } from "../reconcile/goal.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import type { Wanted } from "../reconcile/wanted.ts";
import { isDeletion, type Wish } from "./wish.ts";
import type { Wishes } from "./wishes.ts";

/** Which literal is shared, and what others want of it. `isUnwanted`: nobody wants that effect. */
export function whyShared(
  repository: Repository,
  goal: Wish,
  [best]: readonly ProvenEdit[],
  wishes: Wishes,
  isUnwanted: (effect: Effect) => boolean,
): string {
  let first: Effect | null = null;
  for (const effect of best?.aside ?? []) {
    if (!isUnwanted(effect)) continue;
    first ??= effect;
    if (isDeletion(goal)) break;
    const rival = wishes.about(effect, goal).find((other): other is Goal => !isDeletion(other));
    if (rival === undefined) continue;
    const other = rival.changes.find(({ path }) => printPath(path) === effect.path)?.wanted;
    const value = other === undefined ? "another value" : wantedText(other);
    return `${sharedPlace(repository, best)}, and ${nameOf(effect, goal)} drifted to ${value}: nothing in the code gives one of them a value of its own`;
  }
  if (best === undefined || first === null) return UNCONFIRMED;
  const where = placeOf(repository, best);
  return isDeletion(goal)
    ? `the edit${where} would change other values too, ${nameOf(first, goal)} for one`
    : `${sharedPlace(repository, best)}, and others that read it have not drifted to this value, ${nameOf(first, goal)} for one`;
}

/** What is shared: a literal that is there, or what would be added. */
function sharedPlace(repository: Repository, best: ProvenEdit | undefined): string {
  const where = placeOf(repository, best);
  const adds = best?.edits.every(({ start, end }) => start === end) ?? false;
  return adds ? `what would be added${where} would be shared` : `the literal${where} is shared`;
}

/** ` at main.tf:12`, where an edit begins. */
export function placeOf({ files }: Repository, proven: ProvenEdit | undefined): string {
  const [edit] = proven?.edits ?? [];
  const text = files.get(edit?.file ?? "")?.file.text;
  if (edit === undefined || text === undefined) return "";
  const start = edit.start + leadingBlank(text.slice(edit.start, edit.end));
  return ` at ${edit.file}:${positionAt(text, start).line}`;
}

/** The stack stands there where it is another one. */
function nameOf({ stack, address, path }: Effect, goal: Wish): string {
  const where = stack === undefined || stack === goal.stack ? "" : ` in the stack ${stack}`;
  return path === "" ? `${address}${where}` : `${path} of ${address}${where}`;
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
