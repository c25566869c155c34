import { DRIFT_KINDS, type JudgedFinding, type StackResult } from "../drift/model.ts";

/** What stacks run from, where that is not the default branch. */
export interface ProductionRef {
  /** A branch, a tag or a commit. */
  readonly ref: string;
  readonly defaultBranch: string;
  /** The text of a file there, and on the default branch; null where there is none. */
  readonly thereAt: (path: string) => Promise<string | null>;
  readonly defaultAt: (path: string) => Promise<string | null>;
  /** A text with a diff applied; null where it does not fit. */
  readonly applied: (text: string, diff: string) => string | null;
}

/**
 * Findings of stacks that run from elsewhere, as they count for the default branch, where edits are made: an edit stands
 * where the files that it changes are the same on both. Where the default branch has it already, what was found is
 * merged and not applied yet. Else nothing is edited, and the finding says why.
 */
export async function asOnDefaultBranch(
  stacks: readonly StackResult[],
  at: ProductionRef,
): Promise<readonly StackResult[]> {
  const defaults = new Map<string, Promise<string | null>>();
  // Each file is asked for once, however many findings would edit it.
  const defaultAt = (path: string) => {
    const known = defaults.get(path) ?? at.defaultAt(path);
    defaults.set(path, known);
    return known;
  };
  const sameness = new Map<string, Promise<Sameness>>();
  const sameAt = (path: string, diff: string) => {
    const key = JSON.stringify([path, diff]);
    const known = sameness.get(key) ?? compared(path, diff, { ...at, defaultAt });
    sameness.set(key, known);
    return known;
  };
  const results: StackResult[] = [];
  for (const stack of stacks) {
    const findings: JudgedFinding[] = [];
    for (const finding of stack.findings) findings.push(await settled(finding, at, sameAt));
    results.push({ ...stack, findings });
  }
  return results;
}

/** `edited`: the default branch has what the edit makes of it. */
type Sameness = "same" | "edited" | "other";

async function compared(path: string, diff: string, at: ProductionRef): Promise<Sameness> {
  const [there, here] = await Promise.all([at.thereAt(path), at.defaultAt(path)]);
  if (there === here) return "same";
  return here !== null && at.applied(there ?? "", diff) === here ? "edited" : "other";
}

async function settled(
  finding: JudgedFinding,
  { ref, defaultBranch }: ProductionRef,
  sameAt: (path: string, diff: string) => Promise<Sameness>,
): Promise<JudgedFinding> {
  const note = `Its stack runs from ${ref}, so it is compared with the code there.`;
  const noted = { ...finding, notes: [...finding.notes, note] };
  const { adoption } = finding;
  if (adoption === null || adoption.files.length === 0) return noted;
  const files = await Promise.all(
    adoption.files.map(async ({ path, diff }) => ({ path, same: await sameAt(path, diff) })),
  );
  if (files.every(({ same }) => same === "same")) return noted;
  if (files.every(({ same }) => same === "edited") && DRIFT_KINDS.has(finding.kind))
    return merged(noted, `${defaultBranch} has the edit that adopts it; ${ref} does not have it yet.`);
  const others = files.flatMap(({ path, same }) => (same === "same" ? [] : [path]));
  const why = `Production runs from ${ref}, where ${others.join(", ")} ${others.length === 1 ? "is" : "are"} not as on ${defaultBranch}, so an edit of ${defaultBranch} would prove nothing.`;
  return { ...noted, adoption: { files: [], effects: [], verdict: "refused", why } };
}

/** It is settled by what is merged, and waits for its apply. */
function merged(finding: JudgedFinding, because: string): JudgedFinding {
  const intent = { verdict: "undecided", decidedBy: "default", because: [because] } as const;
  return { ...finding, kind: "unapplied", intent, adoption: null, revert: null };
}
