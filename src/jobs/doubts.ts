import type { JudgedFinding } from "../drift/model.ts";
import { type CommandTarget, type Targeted, targeted } from "../intent/command-target.ts";
import { explanation } from "../reports/explanation.ts";
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
  /** What is said of findings that are known, with that this is as an earlier scan found them, where it is. */
  explained(some: readonly Targeted[], said: Markdown): Markdown;
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
    explained(some, said) {
      const stacks = stacksIn(some).filter((stack) => suspect.includes(stack));
      return stacks.length === 0 ? said : joined([asBefore(stacks), md``, said], "\n");
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

/** What was found and is not believed, explained all the same. */
export function unbelievedExplained(some: readonly Doubted[]): Markdown {
  const head = md`the last scan of ${names(stacksIn(some))} is not believed, since so much is different there. What it found is no more than this, and ${CONFIRM}`;
  return joined([head, md``, explanation(some.map(({ finding }) => finding))], "\n");
}

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
