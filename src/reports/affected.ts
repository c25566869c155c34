import type { FailingDrift } from "../config/model.ts";
import type { ApplyEffect } from "../drift/apply-effect.ts";
import type { ChangedInstance } from "../drift/changed-instance.ts";
import type { JudgedFinding } from "../drift/model.ts";
import type { Markdown } from "./markdown.ts";
import type { StackContext } from "./masked.ts";

/** A drifted instance that a change of the code touches, and what applying the change would do to the drift. */
export interface Affected {
  readonly finding: JudgedFinding;
  readonly stack: StackContext;
  readonly effect: ApplyEffect;
  /** The changed lines that take part, for annotations. */
  readonly places: readonly CodeLines[];
  /** Who said that it is known for this pull request; left out where nobody did. */
  readonly acknowledged?: Acknowledged;
  /** The number of the open pull request of Driftwright's that adopts it; left out where there is none. */
  readonly adoptedBy?: number;
}

export interface Acknowledged {
  /** Their login. */
  readonly by: string;
  readonly at: Date;
}

/** Lines of a file, from 1, the last included. */
export interface CodeLines {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}

/** A stack, or a part of one, of which nothing can be said; `why` without a full stop. */
export interface NotEvaluated {
  readonly stack: string;
  readonly why: string;
}

/** What a change of the code does to the instances of one stack that reads a changed file. */
export interface StackChange {
  readonly stack: string;
  readonly instances: readonly ChangedInstance[];
  /** Instances of which nobody can say whether the code declares them. */
  readonly undecided: number;
  /** Why some of it, or all, is not known, without a full stop; null: it was evaluated in full. */
  readonly why: string | null;
}

/** What a check run tells of besides the drift. */
export interface CheckRunContext {
  readonly notEvaluated: readonly NotEvaluated[];
  /** Suspect stacks that the change touches, so that what it touches may have drifted all the same. */
  readonly unbelieved?: readonly string[];
  /** Fingerprints of what the change was made to adopt, where it is a pull request of Driftwright's own. */
  readonly adopts: readonly string[];
  /** The drift that makes the check fail; null, or left out: none does. */
  readonly fail?: FailingDrift | null;
  /** The stacks that read a changed file; left out where nobody compared them. */
  readonly changes?: readonly StackChange[];
  /** What people asked for with the check's buttons, and what came of it. */
  readonly asked?: readonly Markdown[];
}

export const PLAIN_CHANGE: CheckRunContext = { notEvaluated: [], adopts: [] };
