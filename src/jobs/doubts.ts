import type { JudgedFinding } from "../drift/model.ts";
import { type CommandTarget, type Targeted, targeted } from "../intent/command-target.ts";
import { explanation, foundValues } from "../reports/explanation.ts";
import { code, joined, type Markdown, md } from "../reports/markdown.ts";
import { lastKnownScan } from "../store/scans.ts";
import { unbelievedOf } from "../store/suspicions.ts";
import type { Db } from "../store/tables.ts";

// What is answered to commands about stacks of which the last scan is not believed.

interface Doubted extends Targeted {
  readonly finding: JudgedFinding;
}

/** What of a repository is not believed. */
export interface Doubts {
  /**
   * What is said of findings that are known, with that this is as an earlier scan found them, where it is, and with the
   * values that the last one found.
   * @param isForAll everyone can read it: then values are not told
   */
  explained(some: readonly Targeted[], said: Markdown, isForAll: boolean): Markdown;
  /**
   * What a command asks about that was found in suspect stacks alone: what it names and nothing known is called so, or all
   * where nothing is known.
   */
  unbelieved(known: readonly Targeted[], target: CommandTarget | null): readonly Doubted[];
}

/** What of a repository is not believed as of its last scan. */
export async function doubtsOf(db: Db, repositoryId: number): Promise<Doubts> {
  const scan = await lastKnownScan(db, repositoryId);
  const suspect = (scan?.stacks ?? []).filter(({ status }) => status === "suspect").map(({ name }) => name);
  const found = await unbelievedOf(db, repositoryId);
  const all = suspect.flatMap((stack) => (found.get(stack) ?? []).map((finding) => ({ stack, finding })));
  return {
    explained(some, said, isForAll) {
      const stacks = stacksIn(some).filter((stack) => suspect.includes(stack));
      if (stacks.length === 0) return said;
      const named = new Set(some.map(({ finding }) => finding.fingerprint));
      const now = all.filter(({ finding }) => named.has(finding.fingerprint));
      return joined([asBefore(stacks), md``, said, ...valuesOf(now, isForAll)], "\n");
    },
    unbelieved(known, target) {
      if (target === null) return known.length === 0 ? all : [];
      if (targeted(target, known).length > 0) return [];
      return targeted(target, all);
    },
  };
}

/** Of findings that are known from an earlier scan. */
function asBefore(stacks: readonly string[]): Markdown {
  return md`the last scan of ${names(stacks)} is not believed, so this is as an earlier one found it.`;
}

/**
 * What was found and is not believed, explained all the same.
 * @param isForAll everyone can read it: then values are not told
 */
export function unbelievedExplained(some: readonly Doubted[], isForAll: boolean): Markdown {
  const head = md`the last scan of ${names(stacksIn(some))} is not believed, since so much is different there. What it found is no more than this, and ${CONFIRM}`;
  const said = explanation(some.map(({ finding }) => finding));
  return joined([head, md``, said, ...valuesOf(some, isForAll)], "\n");
}

/** What `/drift confirm` has believed, each difference with its values. */
function valuesOf(some: readonly Doubted[], isForAll: boolean): readonly Markdown[] {
  const changed = some.map(({ finding }) => finding).filter(({ changes }) => changes.length > 0);
  return isForAll || changed.length === 0 ? [] : [VALUES, md``, foundValues(changed)];
}

const VALUES = md`The values that the last scan found:`;

/** Nothing is decided about what is not believed. */
export function undecidable(some: readonly Targeted[]): Markdown {
  return md`not done: the last scan of ${names(stacksIn(some))} is not believed, so nothing is decided about what it found; ${CONFIRM}`;
}

const CONFIRM = md`\`/drift confirm\` has it believed, where it is so.`;

function stacksIn(some: readonly Targeted[]): readonly string[] {
  return [...new Set(some.map(({ stack }) => stack))];
}

function names(stacks: readonly string[]): Markdown {
  return joined(
    stacks.slice(0, MOST_NAMES).map((stack) => code(stack, 80)),
    ", ",
  );
}

const MOST_NAMES = 20;
