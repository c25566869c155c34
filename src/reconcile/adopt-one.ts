import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { type Adopted, refuse } from "./adopted.ts";
import { blindRefusal } from "./blind-stacks.ts";
import type { Candidate } from "./candidate.ts";
import { candidatesFor } from "./candidates.ts";
import { isOtherDocument, nextDocument, toldPart } from "./document-parts.ts";
import { instanceOf, prove } from "./edit-proof.ts";
import type { Goal, WantedChange } from "./goal.ts";
import { inFormOfText } from "./policy-text.ts";
import { provenAmong } from "./proof-search.ts";
import type { ProvenEdit } from "./proven-edit.ts";
import { explainRefusal, type RefusedEdit } from "./refusal.ts";
import type { Repository } from "./repository.ts";
import { sharedModules } from "./shared-modules.ts";
import type { Wanted } from "./wanted.ts";

/** The edits that make one change of an instance, the best first, each proven; or the reason why there is none. */
export function adoptOne(repository: Repository, goal: Goal, change: WantedChange, enough: number): Adopted {
  const instance = instanceOf(repository, goal);
  if (instance === null) return refuse("an edit before this one removed the instance");
  const candidates = candidatesFor(instance, change.path, soughtFor(instance, change), goal.ownMaps);
  let blind: string | null = null;
  const refused: RefusedEdit[] = [];
  const proven = provenAmong(withCosts(repository, candidates), enough, (candidate, alone) => {
    const why = blindRefusal(repository, goal.stack, new Set(candidate.edits.map(({ file }) => file)));
    blind ??= why;
    return why === null ? prove(repository, goal, change, candidate, alone, refused) : null;
  });
  if (proven.length === 0) return refuse(blind ?? whyNone(instance, change, candidates.length, refused[0]));
  return { proven: distinct(rank(proven)), refusal: null };
}

/** What the edits look for: of a document, the wanted one in the form that it has now, or the next step towards it. */
function soughtFor(instance: ResourceInstance, { path, wanted, partly }: WantedChange): Wanted {
  if (wanted === "absent") return wanted;
  const now = instance.at(path);
  const next = partly === true ? nextDocument(now, wanted.value) : null;
  return { value: next ?? inFormOfText(now, wanted.value) };
}

function whyNone(
  instance: ResourceInstance,
  change: WantedChange,
  tried: number,
  refused: RefusedEdit | undefined,
): string {
  const why = explainRefusal(instance, change, tried, refused);
  const { path, wanted, partly } = change;
  const part = partly !== true || wanted === "absent" ? null : toldPart(instance.at(path), wanted.value);
  return part === null ? why : `${part}: ${why}`;
}

/** Whether a document is not yet the one that is wanted. */
export function isOfDocument(instance: ResourceInstance, { path, wanted }: WantedChange): boolean {
  return wanted !== "absent" && isOtherDocument(instance.at(path), wanted.value);
}

/** What is inside of a module that has several callers is theirs; it is changed for one of them last of all. */
export const IN_SHARED_MODULE = 100;

/** With what a place in a shared module costs more, the cheapest ones first. */
function withCosts(repository: Repository, candidates: readonly Candidate[]): readonly Candidate[] {
  const isShared = sharedModules(repository);
  return candidates
    .map(({ edits, cost }) => {
      const inShared = edits.some(({ file }) => isShared(file));
      return { edits, cost: inShared ? cost + IN_SHARED_MODULE : cost };
    })
    .sort((a, b) => a.cost - b.cost);
}

/** Without those that write what one before them does. */
export function distinct(proven: readonly ProvenEdit[]): readonly ProvenEdit[] {
  if (proven.length < 2) return proven;
  const seen = new Set<string>();
  return proven.filter(({ texts }) => {
    const key = JSON.stringify([...texts].sort());
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

function rank(proven: readonly ProvenEdit[]): ProvenEdit[] {
  return proven.toSorted(
    (a, b) =>
      Number(a.verdict === "shared") - Number(b.verdict === "shared") ||
      a.cost - b.cost ||
      a.effects.length - b.effects.length,
  );
}
