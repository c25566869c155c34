import type { Effect } from "../drift/model.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { adoptByRenaming } from "./adopt-by-renaming.ts";
import { type Adopted, refuse } from "./adopted.ts";
import { blindRefusal } from "./blind-stacks.ts";
import {
  type Candidate,
  IN_OTHER_STACKS,
  IN_SHARED_MODULE,
  MORE_THAN_TAG,
  OVERRIDE_IN_MODULE,
} from "./candidate.ts";
import { candidatesFor } from "./candidates.ts";
import { isOtherDocument, nextDocument, toldPart } from "./document-parts.ts";
import { instanceOf, prove, refusedEdit } from "./edit-proof.ts";
import type { Goal, WantedChange } from "./goal.ts";
import { isMoreThanTag, levelledBy } from "./levelled.ts";
import { MovesBeside } from "./moves-beside.ts";
import { inFormOfText } from "./policy-text.ts";
import { isLastOfAll, type Prove, provenAmong } from "./proof-search.ts";
import type { ProvenEdit } from "./proven-edit.ts";
import { explainRefusal, type RefusedEdit } from "./refusal.ts";
import type { Repository } from "./repository.ts";
import { calledModules } from "./shared-modules.ts";
import type { Wanted } from "./wanted.ts";
import type { MayChange } from "./what-if.ts";

/**
 * The edits that make one change of an instance, the best first, each proven; or the reason why there is none.
 * `besides`: as in `provenAmong`.
 */
export function adoptOne(
  repository: Repository,
  goal: Goal,
  change: WantedChange,
  enough: number,
  besides: MayChange = "any",
): Adopted {
  const instance = instanceOf(repository, goal);
  if (instance === null) return refuse("an edit before this one removed the instance");
  const candidates = candidatesFor(instance, change.path, soughtFor(instance, change), goal.ownMaps);
  const offered = candidates.filter(({ alone }) => alone !== true);
  let blind: string | null = null;
  const refused: RefusedEdit[] = [];
  const leading: Candidate[] = [];
  const moves = new MovesBeside(repository, goal, change, refused);
  const proveOne: Prove = (candidate, mayChange) => {
    const why = blindRefusal(repository, goal.stack, new Set(candidate.edits.map(({ file }) => file)));
    blind ??= why;
    if (why !== null) return null;
    const found = prove(repository, goal, change, candidate, mayChange, refused);
    if (found === null || found === "gone") {
      if (found === "gone" || isInKeyedModule(instance)) leading.push(candidate);
      return null;
    }
    if (found === "shared") return found;
    const whole = moves.proven(found, candidate, mayChange);
    if (whole === null) return null;
    const levelled = levelledBy(candidate, whole, goal);
    if (levelled === null) return withReach(whole, goal);
    refused.push(...refusedEdit(repository, candidate.edits, levelledText(levelled, goal)));
    return null;
  };
  const [besideLists, others] = parted(withCosts(repository, candidates));
  const firm = rank(provenAmong(others, enough, proveOne, besides));
  const late = firm.length < enough ? rank(provenAmong(besideLists, enough, proveOne, besides)) : [];
  const proven = [...firm, ...late];
  if (proven.length > 0) return { proven: distinct(proven), refusal: null };
  const why = () => blind ?? whyNone(instance, change, offered.length, refused[0]);
  if (blind !== null || goal.keepsKeys === true) return refuse(why());
  const sought = soughtFor(instance, change);
  const renamed = adoptByRenaming(repository, goal, change, sought, leading, refused);
  return renamed.proven.length > 0
    ? { proven: rank(renamed.proven), refusal: null }
    : refuse(renamed.why ?? why());
}

/** Whether an instance may go with the module around it, which a trial does not tell. */
function isInKeyedModule({ address }: ResourceInstance): boolean {
  return address.module.some(({ key }) => key !== null);
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

/** With what a place in a module costs more, the cheapest ones first. */
function withCosts(repository: Repository, candidates: readonly Candidate[]): readonly Candidate[] {
  const moduleOf = calledModules(repository);
  return candidates
    .map((candidate) => {
      const modules = new Set(candidate.edits.map(({ file }) => moduleOf(file)));
      const isInModule = modules.has("called") || modules.has("shared");
      const shared = modules.has("shared") ? IN_SHARED_MODULE : 0;
      const override = isInModule && candidate.overrides === true ? OVERRIDE_IN_MODULE : 0;
      return { ...candidate, cost: candidate.cost + shared + override };
    })
    .sort((a, b) => a.cost - b.cost);
}

/** The candidates that write beside a list what belongs into it, and the others. */
function parted(candidates: readonly Candidate[]): readonly [readonly Candidate[], readonly Candidate[]] {
  const isBeside = ({ besideList }: Candidate) => besideList === true;
  return [candidates.filter(isBeside), candidates.filter((each) => !isBeside(each))];
}

function levelledText({ stack, address, path }: Effect, goal: Goal): { message: string; range: null } {
  const whose = stack === goal.stack ? address : `${address} of the stack ${stack}`;
  const what = path === "" ? whose : `${path} of ${whose}`;
  return { message: `${what}, which has another value now, would be the same; edit it by hand`, range: null };
}

/** With what it costs more that values of other stacks change, or what a tag is made of. */
function withReach(found: ProvenEdit, goal: Goal): ProvenEdit {
  const isFar = found.aside.some(({ stack }) => stack !== goal.stack);
  const distance = (isFar ? IN_OTHER_STACKS : 0) + (isMoreThanTag(found, goal) ? MORE_THAN_TAG : 0);
  return distance === 0 ? found : found.at(distance);
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
      Number(isLastOfAll(a)) - Number(isLastOfAll(b)) ||
      Number(a.verdict === "shared") - Number(b.verdict === "shared") ||
      a.cost - b.cost ||
      a.effects.length - b.effects.length,
  );
}
