import type { Effect } from "../drift/model.ts";
import { positionAt } from "../hcl/syntax/source.ts";
import { printJson } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import { UNCONFIRMED } from "../reconcile/adoption.ts";
import type { Goal } from "../reconcile/goal.ts";
import type { ProvenEdit } from "../reconcile/proven-edit.ts";
import type { Repository } from "../reconcile/repository.ts";
import type { Wanted } from "../reconcile/wanted.ts";
import { isAbout, isDeletion, type Wish } from "./wish.ts";

/** Which literal is shared, and what others want of it. `isUnwanted`: nobody wants that effect. */
export function whyShared(
  repository: Repository,
  goal: Wish,
  [best]: readonly ProvenEdit[],
  others: readonly Wish[],
  isUnwanted: (effect: Effect) => boolean,
): string {
  const unwanted = best?.aside.filter(isUnwanted) ?? [];
  if (best === undefined || unwanted.length === 0) return UNCONFIRMED;
  const where = placeOf(repository, best);
  if (isDeletion(goal)) {
    return `the edit${where} would change other values too, ${nameOf(unwanted[0], goal)} for one`;
  }
  for (const effect of unwanted) {
    const rival = others.find((other): other is Goal => !isDeletion(other) && isAbout(effect, other));
    const other = rival?.changes.find(({ path }) => printPath(path) === effect.path)?.wanted;
    if (rival === undefined) continue;
    const value = other === undefined ? "another value" : wantedText(other);
    return `the literal${where} is shared, and ${nameOf(effect, goal)} drifted to ${value}: nothing in the code gives one of them a value of its own`;
  }
  return `the literal${where} is shared, and others that read it have not drifted to this value, ${nameOf(unwanted[0], goal)} for one`;
}

/** ` at main.tf:12`, where an edit begins. */
export function placeOf({ files }: Repository, { edits: [edit] }: ProvenEdit): string {
  const text = files.get(edit?.file ?? "")?.file.text;
  if (edit === undefined || text === undefined) return "";
  const start = edit.start + leadingBlank(text.slice(edit.start, edit.end));
  return ` at ${edit.file}:${positionAt(text, start).line}`;
}

/** The stack stands there where it is another one. */
function nameOf(effect: Effect | undefined, goal: Wish): string {
  if (effect === undefined) return "another instance";
  const { stack, address, path } = effect;
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
