import { type Json, jsonAt } from "../json/json.ts";
import type { InstanceContent } from "../terraform/evaluation/instance-content.ts";
import { adoptOne, isOfDocument } from "./adopt-one.ts";
import { type Adopted, fromConfirmed, refuse, UNCONFIRMED } from "./adopted.ts";
import { spliceBetween } from "./compose.ts";
import { partsBetween } from "./document-parts.ts";
import { instanceOf, judged, outcomeOfChanges } from "./edit-proof.ts";
import { orderAt } from "./element-order.ts";
import { areReached, type Goal, isReached, type WantedChange } from "./goal.ts";
import { goalIn } from "./moved-goal.ts";
import { type Judgement, ProvenEdit } from "./proven-edit.ts";
import type { Repository } from "./repository.ts";
import { means } from "./wanted.ts";
import { outcomesBetween } from "./what-if.ts";

/**
 * Makes one change after the other, each in the best place, on top of those before it. `inParts`: those of documents not
 * at once, even where that could be.
 */
export function adoptSteps(repository: Repository, goal: Goal, inParts = false): Adopted {
  const original = instanceOf(repository, goal)?.content ?? null;
  let made: Made = { repository, cost: 0, texts: new Map() };
  for (const change of goal.changes) {
    const own = goalIn(repository, made.repository, goal);
    const before = instanceOf(made.repository, own)?.content ?? null;
    if (original === null || before === null) return refuse("an edit of another change removes the instance");
    if (typeof change.path.at(-1) !== "number" && isReached(original, before, change)) continue;
    const next = makeChange(made, own, change, inParts);
    if (typeof next === "string") return refuse(next);
    made = next;
  }
  const result = proofOfSteps(repository, made.repository, goal);
  if (result === null) return refuse("the edits of its values undo one another; edit them by hand");
  const edits = [...made.texts].flatMap(([path, text]) => {
    const file = repository.files.get(path)?.file;
    return file === undefined ? [] : spliceBetween(file, text);
  });
  const judged = { ...result, cost: made.cost };
  return { proven: [new ProvenEdit(repository, edits, judged, made.repository)], refusal: null };
}

/** Changes that are made already, one on top of the other. */
interface Made {
  readonly repository: Repository;
  readonly cost: number;
  /** The edited files. */
  readonly texts: ReadonlyMap<string, string>;
}

/** A change made at once or, where that cannot be and it is one of a document, in parts; or why it cannot be made. */
function makeChange(made: Made, goal: Goal, change: WantedChange, inParts: boolean): Made | string {
  const next = inParts ? UNCONFIRMED : makeBest(made, goal, change);
  const instance = instanceOf(made.repository, goal);
  if (typeof next !== "string" || instance === null || !isOfDocument(instance, change)) return next;
  return makeInParts(made, goal, { ...change, partly: true });
}

const MOST_PARTS = 100;

/** With each part the document is read again, and what it is made of evaluated: so many characters at most. */
const MOST_READ = 200_000;

function makeInParts(made: Made, goal: Goal, change: WantedChange): Made | string {
  let current = made;
  const document = instanceOf(made.repository, goal)?.at(change.path);
  const wanted = change.wanted === "absent" ? null : change.wanted.value;
  const length = Math.max(String(document).length, String(wanted).length, 1);
  const most = Math.min(MOST_PARTS, Math.max(1, Math.floor(MOST_READ / length)));
  const tooMany = `the document differs in more than ${most} places; edit it by hand`;
  if (partsBetween(document, wanted) > most) return tooMany;
  for (let parts = 0; parts <= most; parts += 1) {
    const instance = instanceOf(current.repository, goal);
    if (instance === null || !isOfDocument(instance, change)) return current;
    const next = makeBest(current, goal, change);
    if (typeof next === "string") return next;
    current = next;
  }
  return tooMany;
}

function makeBest({ repository, cost, texts }: Made, goal: Goal, change: WantedChange): Made | string {
  const { proven, refusal } = adoptOne(repository, goal, change, 1);
  const [best] = fromConfirmed(proven);
  const confirmed = best?.confirmed() ?? null;
  if (best === undefined || confirmed === null) return refusal ?? UNCONFIRMED;
  return { repository: confirmed, cost: cost + best.cost, texts: new Map([...texts, ...best.texts]) };
}

/** What several edits do, made one after the other. Null where there are new errors, or the goal is not reached. */
function proofOfSteps(before: Repository, after: Repository, goal: Goal): Judgement | null {
  const was = instanceOf(before, goal)?.content;
  const is = instanceOf(after, goalIn(before, after, goal))?.content;
  if (was === undefined || is === undefined) return null;
  const outcome = outcomeOfChanges(was, goal.changes);
  if (!goal.changes.every((each) => areReached(was, is, [each]) || isListAs(is, each, outcome))) return null;
  const outcomes = outcomesBetween(before, after);
  if (outcomes.some(({ errors }) => errors.length > 0)) return null;
  const effects = outcomes.flatMap((each) => each.effects);
  return judged(effects, goal, was, is, [outcome]);
}

/** Elements that go move those behind them, so that a list is looked at as a whole. */
function isListAs(instance: InstanceContent, { path }: WantedChange, outcome: Json): boolean {
  const list = path.slice(
    0,
    path.findIndex((step) => typeof step === "number"),
  );
  const wanted = jsonAt(outcome, list) ?? null;
  return list.length > 0 && means(instance.at(list), wanted, orderAt(instance, list));
}
