import { type Candidate, LAST_OF_ALL } from "./candidate.ts";
import type { ProvenEdit } from "./proven-edit.ts";
import type { MayChange } from "./what-if.ts";

/**
 * Proves a candidate: null where it is wrong or does not give what is wanted. It is `shared` as soon as it is clear that
 * others change too that may not, and what they are is not found out.
 */
export type Prove = (candidate: Candidate, mayChange: MayChange) => ProvenEdit | "shared" | null;

/**
 * The proven ones among candidates in the order of their costs. Those that change nothing beside are looked for first,
 * since of an edit that changes others too that is soon clear; all that it changes is found out only where the edit may
 * be offered. Those that are the last of all come behind these, whatever they change.
 * @param besides what may change beside, where there is an edit that changes nothing beside
 */
export function provenAmong(
  candidates: readonly Candidate[],
  enough: number,
  prove: Prove,
  besides: MayChange,
): readonly ProvenEdit[] {
  const exact = new CheapestOnes(enough);
  const shared = new CheapestOnes(enough);
  const add = (edit: ProvenEdit) => (edit.verdict === "exact" ? exact : shared).add(edit);
  const left: Candidate[] = [];
  const usual = candidates.filter((candidate) => !isLastOfAll(candidate));
  for (const candidate of usual) {
    if (exact.isDearer(candidate)) break;
    const found = prove(candidate, () => false);
    if (found === "shared") {
      if (candidate.alone !== true) left.push(candidate);
    } else if (found !== null && (candidate.alone !== true || found.verdict === "exact")) add(found);
  }
  if (enough === 1 && exact.edits.length > 0) return exact.edits;
  const mayChange = exact.edits.length > 0 ? besides : "any";
  for (const candidate of left) {
    if (shared.isDearer(candidate)) break;
    const found = prove(candidate, mayChange);
    if (found !== null && found !== "shared") add(found);
  }
  const last = new CheapestOnes(enough);
  for (const candidate of candidates.filter(isLastOfAll)) {
    if (last.isDearer(candidate)) break;
    const found = prove(candidate, mayChange);
    if (found !== null && found !== "shared") last.add(found);
  }
  return [...exact.edits, ...shared.edits, ...last.edits];
}

/** Whether an edit is for where no other one does. */
export function isLastOfAll({ cost }: Pick<Candidate, "cost">): boolean {
  return cost >= LAST_OF_ALL;
}

/** As many edits as are enough, and those that cost no more than the last of them. */
class CheapestOnes {
  readonly edits: ProvenEdit[] = [];
  readonly #enough: number;

  constructor(enough: number) {
    this.#enough = enough;
  }

  /** What is proven may cost more than its candidate did. */
  add(edit: ProvenEdit): void {
    this.edits.push(edit);
    this.edits.sort((a, b) => a.cost - b.cost);
  }

  /** Whether a candidate could not be better than any of them. */
  isDearer({ cost }: Candidate): boolean {
    const last = this.edits[this.#enough - 1];
    return last !== undefined && cost > last.cost;
  }
}
