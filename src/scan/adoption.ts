import type { Adoption, Diagnostic, Intent, JudgedFinding, StackResult } from "../drift/model.ts";
import type { AbsentInstance, AdoptedSet, StackFinding } from "../engine/api.ts";
import { EngineFailure, EngineStopped } from "../engine/engine.ts";
import { refusedAdoption } from "../reconcile/adoption.ts";
import type { OpenRepository } from "./open-repository.ts";
import { previewsOf } from "./reconciliation.ts";
import { error } from "./results.ts";
import type { ReconciledStack } from "./stack.ts";
import { toldByMember } from "./told-effects.ts";

/** What all stacks adopt, and each finding with the edit of its group. */
export interface Adopted {
  readonly results: readonly StackResult[];
  readonly adopted: AdoptedSet;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds the one set of edits that adopts what was judged to be on purpose, over all stacks, and gives each finding the
 * part of it that it shares with those it depends on. What cannot be adopted takes a person after all. Nothing comes from
 * a stack that is not believed.
 */
export async function adoptTogether(
  stacks: readonly ReconciledStack[],
  repository: OpenRepository,
): Promise<Adopted> {
  const believed = stacks.filter(
    ({ result: { status } }) => status === "complete" || status === "incomplete",
  );
  const absent = believed.flatMap(absentIn);
  const search = new Search(repository, absent);
  const set = await search.result(believed.map(candidatesOf).filter((findings) => findings.length > 0));
  const refused = believed.flatMap(({ result, candidates }) => unwritable(result.findings, candidates));
  const adopted = { ...set, left: [...refused, ...set.left] };
  const previews = await previewsOfLeft(believed, set.left, repository, search.failure);
  const whys = search.failure === null ? [] : [NOT_TOGETHER + search.failure];
  const edits = editsOf(stacks, adopted);
  return {
    results: stacks.map(({ result }) => withAdoptions(result, adopted, new Map([...previews, ...edits]))),
    adopted,
    diagnostics: whys.map(error),
  };
}

const NOT_TOGETHER = "not all edits could be brought together, and what is left out is not adopted: ";

function candidatesOf({ result, candidates }: ReconciledStack): readonly StackFinding[] {
  return result.findings
    .filter(({ fingerprint }) => candidates.has(fingerprint))
    .map((finding) => ({ stack: result.name, finding }));
}

/** What was judged to be on purpose and no edit of the code is looked for. */
function unwritable(findings: readonly JudgedFinding[], candidates: ReadonlySet<string>): AdoptedSet["left"] {
  return findings.flatMap(({ fingerprint, intent, adoption }) =>
    intent.verdict === "adopt" && adoption?.verdict === "refused" && !candidates.has(fingerprint)
      ? [{ fingerprint, why: adoption.why }]
      : [],
  );
}

/**
 * Instances of the code that are not in the cloud. Without a state everything looks as if it were still to be created,
 * and may be there all the same.
 */
function absentIn({ result: { name, state, findings } }: ReconciledStack): readonly AbsentInstance[] {
  if (state === null) return [];
  return findings
    .filter(({ kind }) => kind === "deleted" || kind === "pending-create")
    .map(({ address }) => ({ stack: name, address }));
}

/** How many searches may fail: each may take all the time that the engine has for one request. */
const MOST_FAILURES = 6;

/**
 * Looks for the set. Code that ends the engine process while its edits are looked for must not take those of the other
 * stacks with it, so they are looked for again without it.
 */
class Search {
  readonly #repository: OpenRepository;
  readonly #absent: readonly AbsentInstance[];
  #failures = 0;
  /** Why not all is in the set. */
  failure: string | null = null;

  constructor(repository: OpenRepository, absent: readonly AbsentInstance[]) {
    this.#repository = repository;
    this.#absent = absent;
  }

  /** @param stacks the findings of each */
  async result(stacks: readonly (readonly StackFinding[])[]): Promise<AdoptedSet> {
    if (stacks.length === 0) return NOTHING_ADOPTED;
    const first = await this.#attempt(stacks);
    if (first !== null) return first;
    const sound = stacks.length === 1 ? [] : await this.#soundIn(stacks);
    const set = sound.length === 0 ? NOTHING_ADOPTED : ((await this.#attempt(sound)) ?? NOTHING_ADOPTED);
    const known = new Set([...set.adopted, ...set.left.map(({ fingerprint }) => fingerprint)]);
    const unknown = stacks.flat().filter(({ finding }) => !known.has(finding.fingerprint));
    const why = this.failure ?? "";
    const left = unknown.map(({ finding: { fingerprint } }) => ({ fingerprint, why }));
    return { ...set, left: [...set.left, ...left] };
  }

  /** Those of some stacks, which failed together, that do not fail. */
  async #soundIn(stacks: readonly (readonly StackFinding[])[]): Promise<(readonly StackFinding[])[]> {
    const sound: (readonly StackFinding[])[] = [];
    const half = Math.ceil(stacks.length / 2);
    for (const part of [stacks.slice(0, half), stacks.slice(half)]) {
      if (this.#failures >= MOST_FAILURES) break;
      if ((await this.#attempt(part)) !== null) sound.push(...part);
      else if (part.length > 1) sound.push(...(await this.#soundIn(part)));
    }
    return sound;
  }

  /** Null where the engine fails or ends. */
  async #attempt(stacks: readonly (readonly StackFinding[])[]): Promise<AdoptedSet | null> {
    try {
      return await this.#repository.engine.adoptAll(stacks.flat(), this.#absent);
    } catch (reason) {
      if (!(reason instanceof EngineFailure || reason instanceof EngineStopped)) throw reason;
      this.#failures += 1;
      this.failure ??= reason.message;
      if (reason instanceof EngineStopped) await this.#repository.restart();
      return null;
    }
  }
}

const NOTHING_ADOPTED: AdoptedSet = { files: [], adopted: [], left: [], groups: [] };

/** The edit of each finding's group, as it is told with it. */
function editsOf(stacks: readonly ReconciledStack[], { groups }: AdoptedSet): ReadonlyMap<string, Adoption> {
  const members = new Map(
    stacks.flatMap(({ result: { name: stack, findings } }) =>
      findings.map(({ fingerprint, address }) => [fingerprint, { stack, address }] as const),
    ),
  );
  return new Map(
    groups.flatMap(({ fingerprints, adoption }) => {
      const own = fingerprints.flatMap((one) => members.get(one) ?? []);
      const toldWith = toldByMember(adoption, own);
      return fingerprints.flatMap((one) => {
        const member = members.get(one);
        return member === undefined ? [] : [[one, toldWith(member)] as const];
      });
    }),
  );
}

/**
 * What would adopt each of those that were left out if nothing else counted, by fingerprint: people look at it before they
 * write something by hand. Not of those that the engine failed at.
 */
async function previewsOfLeft(
  stacks: readonly ReconciledStack[],
  left: AdoptedSet["left"],
  repository: OpenRepository,
  failure: string | null,
): Promise<ReadonlyMap<string, Adoption>> {
  const shown = new Set(left.flatMap(({ fingerprint, why }) => (why === failure ? [] : [fingerprint])));
  const all = stacks.flatMap(({ result: { name: stack, findings } }) =>
    findings.map((finding): StackFinding => ({ stack, finding })),
  );
  const previews = new Map<string, Adoption>();
  for (const { result } of stacks) {
    const findings = result.findings.filter(({ fingerprint }) => shown.has(fingerprint));
    const found = await previewsOf(repository, result.name, findings, all);
    for (const [index, { fingerprint }] of findings.entries()) {
      const preview = found[index] ?? null;
      if (preview !== null && preview.verdict !== "refused") previews.set(fingerprint, preview);
    }
  }
  return previews;
}

/** Each finding with its group's edit; what was judged to be on purpose and has none takes a person. */
function withAdoptions(
  result: StackResult,
  { left }: AdoptedSet,
  edits: ReadonlyMap<string, Adoption>,
): StackResult {
  const reasons = new Map(left.map(({ fingerprint, why }) => [fingerprint, why]));
  const findings = result.findings.map((finding): JudgedFinding => {
    const why = reasons.get(finding.fingerprint);
    if (why === undefined || finding.intent.verdict !== "adopt")
      return { ...finding, adoption: edits.get(finding.fingerprint) ?? finding.adoption };
    const { verdict, decidedBy, because } = finding.intent;
    const intent: Intent = {
      verdict: "undecided",
      decidedBy: "safety",
      because: [...because, `No edit is made for it: ${why}.`],
      refused: { verdict, decidedBy },
    };
    return { ...finding, intent, adoption: edits.get(finding.fingerprint) ?? refusedAdoption(why) };
  });
  return { ...result, findings };
}
