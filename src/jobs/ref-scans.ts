import type { StackSettings } from "../config/model.ts";
import { commitAt, readFileAt } from "../github/contents.ts";
import { Invalid, NotFound, TooLarge } from "../github/errors.ts";
import type { PlannedStack } from "../scan/plan.ts";
import { asOnDefaultBranch } from "../scan/production-ref.ts";
import { error, failedResult } from "../scan/results.ts";
import type { Tarball } from "../sources/tarball.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { OpenCommits } from "./commit.ts";
import { applyDiff } from "./edited-files.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import type { LoadedConfig } from "./repository-config.ts";
import { refusalOf } from "./scan-refusal.ts";
import { type ScannedCommit, scanCommit } from "./scanned-commit.ts";

/** A stack that runs from elsewhere than the default branch. */
export type StackElsewhere = Pick<PlannedStack, "name" | "path" | "environment" | "service" | "owners"> & {
  readonly ref: string;
};

/** The stacks of a plan, and of the configuration, that run from elsewhere. */
export function stacksElsewhere(
  planned: readonly PlannedStack[],
  configured: readonly StackSettings[],
): readonly StackElsewhere[] {
  const there = planned.flatMap((stack) => (stack.ref === undefined ? [] : [{ ...stack, ref: stack.ref }]));
  const folders = new Set(there.map(({ path }) => path));
  // On the default branch the folder may be gone already, or not be a stack any more.
  const others = configured.flatMap(({ ref, name, path, ...entry }) =>
    ref === undefined || folders.has(path) ? [] : [{ ...entry, name: name ?? path, path, ref }],
  );
  return [...there, ...others];
}

/** What is needed to scan what stacks run from. */
export interface RefScans {
  readonly ports: JobPorts;
  readonly budget: ByteBudget;
  readonly repository: OpenRepository;
  readonly config: LoadedConfig;
  readonly signal: AbortSignal;
}

/** Scans stacks at what they run from, one commit after the other. Where that is not there, they are `failed`. */
export async function scanElsewhere(
  scans: RefScans,
  stacks: readonly StackElsewhere[],
): Promise<readonly ScannedCommit[]> {
  const scanned: ScannedCommit[] = [];
  for (const [ref, own] of Map.groupBy(stacks, (stack) => stack.ref)) {
    try {
      scanned.push(await scanRef(scans, ref));
    } catch (reason) {
      const why = whyNot(reason, ref);
      if (why === null) throw reason;
      scanned.push(failed(own, ref, why));
    }
  }
  return scanned;
}

async function scanRef(scans: RefScans, ref: string): Promise<ScannedCommit> {
  const { ports, budget, repository, config, signal } = scans;
  const { github, facts, head } = repository;
  const commit = await commitAt(github, facts, ref, signal);
  return OpenCommits.within(budget, repository, { count: 1, signal }, async (commits) => {
    const tarball = await commits.open(commit, { ref, signal });
    const found = await scanCommit(ports, repository, { tarball, config, commit, ref, from: ref, signal });
    if (commit === head) return found;
    const stacks = await asOnDefaultBranch(found.stacks, {
      ref,
      defaultBranch: facts.defaultBranch,
      thereAt: async (path) => textIn(tarball, path),
      defaultAt: (path) => defaultAt(repository, path),
      applied: applyDiff,
    });
    return { ...found, stacks };
  });
}

function textIn(tarball: Tarball, path: string): string | null {
  const bytes = tarball.read(path);
  return bytes === undefined ? null : new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** Null also where it is too large to be edited. */
async function defaultAt({ github, facts, head }: OpenRepository, path: string): Promise<string | null> {
  try {
    return await readFileAt(github, facts, head, path);
  } catch (reason) {
    if (reason instanceof TooLarge) return null;
    throw reason;
  }
}

/** What doing it again does not mend; null for everything else. */
function whyNot(reason: unknown, ref: string): string | null {
  if (reason instanceof NotFound || reason instanceof Invalid)
    return `the repository has no branch, tag or commit ${ref}; correct ref under stacks in .github/driftwright.yml`;
  const refusal = refusalOf(reason);
  return refusal === null ? null : `${ref}: ${refusal}`;
}

function failed(stacks: readonly StackElsewhere[], ref: string, why: string): ScannedCommit {
  const diagnostics = [error(why)];
  const results = stacks.map((stack) => failedResult({ stack, diagnostics }, { ref, commit: null }));
  return { stacks: results, notScanned: [], problems: [], secrets: [] };
}
