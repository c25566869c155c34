import type { Markdown } from "../reports/markdown.ts";
import type { Hold } from "../scan/admission.ts";
import type { StackHead, Standing } from "../scan/wishes.ts";

/** What came of a scan, as far as commands have waited for it. */
export interface Outcome {
  /** When the scan began. */
  readonly scannedAt: Date;
  readonly stacks: readonly StackHead[];
  readonly standings: readonly Standing[];
  /** Keys of the pull requests that are there, by fingerprint of what they adopt. */
  readonly adoptions: ReadonlyMap<string, string>;
  /** Keys of the issues that are there, by fingerprint of what they tell of. */
  readonly issues: ReadonlyMap<string, string>;
  /** Fingerprints of what limits or a freeze let wait. */
  readonly waiting: ReadonlySet<string>;
  /** What those wait for, as far as it is known; left out where nothing does. */
  readonly held?: ReadonlyMap<string, Hold>;
  /** Why a pull request could not be made, by fingerprint. */
  readonly unwritable: ReadonlyMap<string, string>;
  /** What is answered where no issue and no pull request is written at all. */
  readonly unwritten?: Markdown;
}
