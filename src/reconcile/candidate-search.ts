import { documentOf, editsOfFile } from "../hcl/editing/document-text.ts";
import type { Edit } from "../hcl/editing/edit.ts";
import { writeEntry, writeValue } from "../hcl/editing/write.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { VariableNode } from "../terraform/evaluation/nodes.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { isOnOtherBranch } from "../terraform/tracing/directive-branches.ts";
import { treeIn } from "../terraform/tracing/document-branches.ts";
import { policySource } from "../terraform/tracing/policy-source.ts";
import { asDeclared } from "./as-declared.ts";
import { assignmentFor } from "./assignment.ts";
import { lastAttribute } from "./blocks.ts";
import { isNeededOfBoth, pairsOf } from "./both-operands.ts";
import { costOfBranch } from "./branch-cost.ts";
import {
  BESIDE_INTERPOLATION,
  type Candidate,
  COPIED_DEFAULT,
  COSTS,
  IDLE_ARGUMENT,
  INSERTED,
  LAID_OVER,
  LAST_OF_ALL,
  LESS_LIKELY,
  LOST_INTERPOLATION,
  MOST_CANDIDATES,
  MOST_HOPS,
  MOVED_ELEMENTS,
  OTHER_OPERAND,
  REWRITTEN_JSON,
  TYPE_DEFAULT,
} from "./candidate.ts";
import { comparisonWays, isOnOtherSide, turnedCondition } from "./comparison.ts";
import { differingParts } from "./differing-parts.ts";
import { insertWithin, removeWithin } from "./entries.ts";
import { eraseIdleArgument, turnedForRemoval } from "./idle-argument.ts";
import { jsonIn } from "./json-texts.ts";
import { entryKeyWays, keyWays } from "./key-ways.ts";
import { otherReference, withReferences } from "./known-references.ts";
import { layOver } from "./laid-over.ts";
import { isOtherType } from "./literal-type.ts";
import { lossesOf } from "./losses.ts";
import { policySteps } from "./policy-steps.ts";
import { isOfElements, rewriteRepeated } from "./repeated-text.ts";
import {
  isBesidePart,
  rewrite,
  rewriteAlias,
  rewriteAsText,
  rewriteWithoutInterpolation,
} from "./rewrite.ts";
import { RewritingWork } from "./rewriting-work.ts";
import { otherKey } from "./table-key.ts";
import { isUsedIn, type Use, useBehind, useOf } from "./value-use.ts";
import type { Wanted } from "./wanted.ts";
import { invert, isDecoded, isInOrder, isPartOf } from "./wanted-further.ts";
import { typeDefaultsFor, writtenPart } from "./written-part.ts";

/** How the search goes on in another block: what could make a path of it what is wanted. `cost`: that of the way to it. */
export type ExploreInstance = (
  search: Search,
  instance: ResourceInstance,
  path: Path,
  wanted: Wanted,
  cost: number,
) => void;

type Facts = Omit<Candidate, "edits" | "cost">;

/** The search from an expression for the places that decide its value, and what could be edited there. */
export class Search {
  readonly found: Candidate[] = [];
  readonly #exploreInstance: ExploreInstance;
  readonly #ownMaps: boolean;
  readonly #renames: boolean;
  readonly #work = new RewritingWork();
  #inDocument = false;
  #besideList = false;

  /** `ownMaps`: as in `Goal`. `renames`: whether the keys of instances are looked for. */
  constructor(exploreInstance: ExploreInstance, ownMaps: boolean, renames = false) {
    this.#exploreInstance = exploreInstance;
    this.#ownMaps = ownMaps;
    this.#renames = renames;
  }

  explore(place: Located, wanted: Wanted, cost: number, hops = 0, use = useOf(place)): void {
    if (hops > MOST_HOPS || this.found.length > MOST_CANDIDATES) return;
    const isJson = wanted !== "absent" && this.#exploreJson(place, wanted.value, cost, hops);
    this.#addHere(place, wanted, isJson ? cost + REWRITTEN_JSON : cost, use.overrides);
    if (wanted !== "absent") this.#explorePolicy(place, wanted.value, cost, hops);
    if (wanted !== "absent") this.#addOtherKey(place, wanted.value, cost);
    if (wanted !== "absent") this.#renameKey(place, wanted.value, cost, hops);
    if (this.#renames && wanted !== "absent") this.#renameInstance(place, wanted.value, cost, hops);
    // Of places that hand the same map on to each other the last one, which is the nearest to the root module.
    if (this.#ownMaps && isUsedIn(place, use)) {
      // A text of JSON says what there is: a part of it would be another one than everywhere else.
      const further = cost + LAID_OVER + (this.#inDocument ? LAST_OF_ALL : 0);
      this.add(layOver(place, wanted), further + 1 / (hops + 1), { overrides: true });
    }
    this.#exploreBoth(place, wanted, cost, hops);
    this.#exploreCondition(place, wanted, cost, hops);
    const isUseless = isOnOtherSide(place, wanted);
    for (const branch of branchesOf(place)) {
      const { variable } = branch;
      const turned = invert(branch, wanted);
      if (turned === null || (isUseless && branch.kind === "branch")) continue;
      const inverted = variable === null ? turned : asDeclared(variable, branch.to.path, turned);
      this.add(eraseIdleArgument(place, branch.to, inverted), cost + IDLE_ARGUMENT);
      if (branch.kind === "default" && variable !== null)
        this.#assign(variable, branch.to, inverted, cost, hops, use);
      const { place: to, wanted: further } =
        variable === null
          ? { place: branch.to, wanted: inverted }
          : writtenPart(variable, branch.to, inverted);
      const costThere = cost + costOfBranch(branch, place, wanted);
      // As maps of their own, for where nothing else is found: the default of a type is nobody's own.
      if (variable !== null && this.#ownMaps)
        for (const [index, each] of typeDefaultsFor(variable, branch.to).entries())
          this.explore(each, inverted, costThere + TYPE_DEFAULT + index * LESS_LIKELY, hops + 1);
      if (this.#inDocument && isPartOf(branch, place)) this.#replaceReference(branch.to, further, costThere);
      if (isDecoded(wanted, inverted)) this.#exploreParts(branch.to, inverted.value, costThere, hops + 1);
      else this.explore(to, further, costThere, hops + 1, useBehind(place, branch, use));
    }
  }

  /** The value of which a text is made: where it differs from what is wanted in one part, that part. */
  #exploreParts(place: Located, wanted: Json, cost: number, hops: number): void {
    const outer = this.#inDocument;
    this.#inDocument = true;
    for (const part of differingParts(place, wanted)) this.explore(part.place, part.wanted, cost, hops);
    this.#inDocument = outer;
  }

  /** A text of JSON is edited in the parts that differ. Whether it is one. */
  #exploreJson(place: Located, wanted: Json, cost: number, hops: number): boolean {
    const { expression, context, path } = place;
    if (expression.kind !== "template" || path.length > 0 || isOnOtherBranch(place, wanted)) return false;
    const json = jsonIn(wanted);
    const tree = json === null ? null : treeIn(expression, context, "json");
    if (json === null || tree === null || (tree.kind !== "object" && tree.kind !== "tuple")) return false;
    const outer = this.#besideList;
    this.#besideList = outer || isOfElements(place, wanted);
    this.#exploreParts({ expression: tree, context, path: [] }, json, cost, hops + 1);
    this.#besideList = outer;
    return true;
  }

  /** A part of a document that refers to something else, as a value of its own: less is lost than with all of it. */
  #replaceReference(place: Located, wanted: Wanted, cost: number): void {
    if (wanted === "absent" || place.path.length > 0) return;
    if (isJsonObject(wanted.value) || isJsonArray(wanted.value)) return;
    this.#addRewritten(place, writeValue(place.expression, wanted.value), cost, wanted.value);
  }

  /** The arguments of the data source that a policy is made of. */
  #explorePolicy(place: Located, wanted: Json, cost: number, hops: number): void {
    const source = typeof wanted === "string" ? policySource(place) : null;
    if (source === null) return;
    for (const [index, step] of policySteps(source, wanted).entries()) {
      const further = cost + COSTS.attribute + index * LESS_LIKELY;
      if (step.kind === "document") this.explore(step.place, { value: step.wanted }, further, hops + 1);
      else this.#exploreInstance(this, source, step.path, step.wanted, further);
    }
  }

  #addOtherKey(place: Located, wanted: Json, cost: number): void {
    const other = otherKey(place, wanted);
    if (other !== null) this.add(other.edits, cost + COSTS.key + (other.isPreset ? 0 : OTHER_OPERAND));
  }

  /** Where both operands lack what they must both be, an edit of each. */
  #exploreBoth({ expression, context, path }: Located, wanted: Wanted, cost: number, hops: number): void {
    if (path.length > 0 || !isNeededOfBoth(expression, context, wanted)) return;
    const [left = [], right = []] = [expression.left, expression.right].map((operand) => {
      const search = new Search(this.#exploreInstance, false);
      search.explore({ expression: operand, context, path: [] }, wanted, 0, hops + 1);
      return search.found;
    });
    for (const { edits, cost: own, alone } of pairsOf(left, right)) this.add(edits, cost + own, { alone });
  }

  /** What a comparison compares, and a condition that has to be another for its other side to give anything. */
  #exploreCondition(place: Located, wanted: Wanted, cost: number, hops: number): void {
    for (const [index, way] of comparisonWays(place, wanted).entries())
      this.explore(way.place, way.wanted, cost + index, hops + 1);
    const turned = turnedForRemoval(place, wanted) ?? turnedCondition(place);
    if (turned !== null) this.explore(turned.place, turned.wanted, cost + COSTS.condition, hops + 1);
  }

  /** What is the key of an entry is another one when the entry has another key. */
  #renameKey(place: Located, wanted: Json, cost: number, hops: number): void {
    if (typeof wanted !== "string") return;
    const further = cost + COSTS.key;
    for (const way of entryKeyWays(place, wanted)) {
      if (way.kind === "edit") this.#addAt({ ...place, expression: way.object }, way.edits, further);
      // With the keys of instances these are looked for as well.
      else if (!this.#renames) this.explore(way.place, { value: wanted }, further, hops + 1);
    }
  }

  /** What is the key of an instance, or made of it, is another one when the key is; and the instance has another address. */
  #renameInstance(place: Located, wanted: Json, cost: number, hops: number): void {
    if (typeof wanted !== "string" && typeof wanted !== "number") return;
    const search = new Search(this.#exploreInstance, false, true);
    for (const way of keyWays(place, String(wanted))) {
      if (way.kind === "place") search.explore(way.place, { value: String(wanted) }, 0, hops + 1);
      else search.#addAt({ ...place, expression: way.object }, way.edits, 0);
    }
    for (const { edits, cost: own, alone, constant } of search.found)
      if (alone !== true && constant !== true) this.add(edits, cost + COSTS.key + own, { renames: true });
  }

  /** A value for a variable that has only its default: a line in the call or the variable file, or for a null there. */
  #assign(
    variable: VariableNode,
    fallback: Located,
    wanted: Wanted,
    cost: number,
    hops: number,
    { overrides }: Use,
  ): void {
    const found = assignmentFor(variable, fallback, wanted);
    if (found === null) return;
    const { value, body, leftOut } = found;
    const further = cost + (found.isCopy ? COPIED_DEFAULT : 0);
    if (leftOut !== null) {
      this.explore(leftOut, { value }, further, hops + 1, { ...useOf(leftOut), overrides });
      return;
    }
    const { name } = variable;
    this.add(writeEntry(body, name, value, lastAttribute(body, name)), further + INSERTED, {
      added: { body, name, value },
      overrides,
    });
  }

  /** `more`: as in `Candidate`. */
  add(edits: readonly Edit[] | null, cost: number, more: Facts = {}): void {
    const besideList = this.#besideList || more.besideList === true;
    if (edits !== null && edits.length > 0) this.found.push({ edits, cost, ...more, besideList });
  }

  /** The edits of the expression itself. */
  #addHere(place: Located, wanted: Wanted, cost: number, overrides: boolean): void {
    if (place.path.length > 0) {
      // What is not there is null to whoever asks for it.
      if (wanted !== "absent" && wanted.value === null)
        this.#addAt(place, removeWithin(place), cost, { overrides });
      const edits = wanted === "absent" ? removeWithin(place) : insertWithin(place, wanted.value);
      this.#addAt(place, edits, cost, { overrides });
    } else if (wanted !== "absent") {
      this.add(otherReference(place, wanted.value), cost + INSERTED);
      const kept = rewrite(place, wanted.value, "kept", this.#work);
      const beside = isBesidePart(place, kept) ? BESIDE_INTERPOLATION : 0;
      const besideList = isOfElements(place, wanted.value);
      this.#addRewritten(place, kept, cost + beside, wanted.value, besideList);
      this.#addAt(place, rewriteRepeated(place, wanted.value), cost + BESIDE_INTERPOLATION, { besideList });
      const moved = isInOrder(wanted.value) ? rewrite(place, wanted.value, "wanted", this.#work) : kept;
      if (JSON.stringify(moved) !== JSON.stringify(kept))
        this.#addRewritten(place, moved, cost + MOVED_ELEMENTS, wanted.value);
      this.#addAt(place, rewriteAlias(place, wanted.value), cost + INSERTED);
      this.#addAt(place, rewriteAsText(place, wanted.value), cost + INSERTED);
      // In a document what is computed is a loss wherever it is.
      const lost = documentOf(place.expression) === null ? LOST_INTERPOLATION : 0;
      const whole = rewriteWithoutInterpolation(place, wanted.value);
      const { ofInstance } = whole === null ? { ofInstance: false } : lossesOf(place, whole);
      this.#addAt(place, whole, cost + lost, { alone: ofInstance, constant: true });
    }
  }

  /** What is no longer computed is a last resort, the less of it the better; and what nobody knows is never replaced. */
  #addRewritten(
    place: Located,
    edits: readonly Edit[] | null,
    cost: number,
    wanted: Json,
    besideList = false,
  ): void {
    if (edits === null) return;
    const { count, unknown, ofInstance } = lossesOf(place, edits);
    const named = withReferences(place, edits);
    if (named !== null && count <= named.count) this.#addAt(place, named.edits, cost);
    if (unknown.length > 0) return;
    const own = named === null ? cost : cost + INSERTED;
    const further = count === 0 ? own : own + LOST_INTERPOLATION + count;
    const alone = ofInstance || isOtherType(place.expression, wanted);
    this.#addAt(place, edits, further, { alone, constant: count > 0, besideList });
  }

  /** Edits of the text that an expression stands in, which may be one that a template gives. */
  #addAt(
    { expression: { file } }: Located,
    edits: readonly Edit[] | null,
    cost: number,
    more: Facts = {},
  ): void {
    const kept = editsOfFile(file, edits, true);
    if (kept !== null) this.add(kept, cost, more);
    else this.add(editsOfFile(file, edits), cost + LOST_INTERPOLATION, more);
  }
}
