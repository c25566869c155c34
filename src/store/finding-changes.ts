import type { FindingKind, JudgedFinding, ResourceIdentity, StackResult, Verdict } from "../drift/model.ts";

/** What is compared of a stored finding with a new scan. */
export interface KnownFinding {
  readonly fingerprint: string;
  readonly stack: string;
  readonly stackPath: string;
  readonly revision: string;
  readonly kind: FindingKind;
  readonly verdict: Verdict;
  readonly resource: string;
  readonly attribute: string | null;
  readonly missingSince: Date | null;
  readonly resolvedAt: Date | null;
}

export interface SeenFinding {
  readonly stack: Pick<StackResult, "name" | "path">;
  readonly finding: JudgedFinding;
}

/** What a scan changes about the stored findings of a repository; lists of fingerprints but for `seen`. */
export interface FindingChanges {
  readonly seen: readonly SeenFinding[];
  readonly opened: readonly string[];
  /** Were resolved, and are there again. */
  readonly reopened: readonly string[];
  /** Other values, another kind, or another verdict. */
  readonly changed: readonly string[];
  /** Not seen once in a stack that could not be read completely: resolved when the next scan does not see them either. */
  readonly missing: readonly string[];
  readonly gone: readonly string[];
}

/**
 * What a scan's results mean for the findings that are stored. Findings come from stacks that are believed alone. One
 * that is not seen is gone where its stack was read completely, or twice in a row where only other parts of it could
 * not be read; never where the stack failed or is suspect, or its own resource or attribute was not read. The findings of
 * a stack that is not in the repository any more are gone.
 */
export function findingChanges(
  known: readonly KnownFinding[],
  results: readonly StackResult[],
): FindingChanges {
  const seen = new Map(results.filter(isBelieved).flatMap(seenIn));
  const byFingerprint = new Map(known.map((finding) => [finding.fingerprint, finding]));
  const opened: string[] = [];
  const reopened: string[] = [];
  const changed: string[] = [];
  for (const [fingerprint, { finding }] of seen) {
    const before = byFingerprint.get(fingerprint);
    if (before === undefined) opened.push(fingerprint);
    else if (before.resolvedAt !== null) reopened.push(fingerprint);
    else if (isChanged(before, finding)) changed.push(fingerprint);
  }
  const fates = new Fates(results);
  const missing: string[] = [];
  const gone: string[] = [];
  for (const finding of known) {
    if (finding.resolvedAt !== null || seen.has(finding.fingerprint)) continue;
    const fate = fates.of(finding);
    if (fate === "gone") gone.push(finding.fingerprint);
    if (fate === "missing") missing.push(finding.fingerprint);
  }
  return { seen: [...seen.values()], opened, reopened, changed, missing, gone };
}

function isBelieved({ status }: StackResult): boolean {
  return status === "complete" || status === "incomplete";
}

function seenIn({ name, path, findings }: StackResult): [string, SeenFinding][] {
  return findings.map((finding) => [finding.fingerprint, { stack: { name, path }, finding }]);
}

function isChanged(before: KnownFinding, { revision, kind, intent }: JudgedFinding): boolean {
  return before.revision !== revision || before.kind !== kind || before.verdict !== intent.verdict;
}

type Fate = "gone" | "missing" | "open";

/** What becomes of findings that a scan did not see. */
class Fates {
  readonly #results: readonly StackResult[];
  readonly #byName: ReadonlyMap<string, StackResult>;
  /** What was not read, as `unreadOf` names it. */
  readonly #unread: ReadonlySet<string>;

  constructor(results: readonly StackResult[]) {
    this.#results = results;
    this.#byName = new Map(results.map((result) => [result.name, result]));
    this.#unread = new Set(results.flatMap(({ name, findings }) => findings.flatMap(unreadOf(name))));
  }

  of(finding: KnownFinding): Fate {
    const stack = this.#byName.get(finding.stack);
    if (stack === undefined) return this.#ofMissingStack(finding);
    if (!isBelieved(stack) || this.#isUnread(finding)) return "open";
    if (stack.status === "complete") return "gone";
    // A locked state, or one that changed all the time: nothing was compared. Unmanaged resources may not have been
    // looked for.
    if (stack.coverage.instancesRead === 0 || finding.kind === "unmanaged") return "open";
    return finding.missingSince === null ? "missing" : "gone";
  }

  /** Gone with its stack, unless there is a doubt about what is in the stack's folder now. */
  #ofMissingStack({ stackPath }: KnownFinding): Fate {
    const others = this.#results.filter(({ path }) => path === stackPath);
    return others.every(({ status }) => status === "complete") ? "gone" : "open";
  }

  #isUnread({ stack, resource, attribute }: KnownFinding): boolean {
    const whole = unreadKey(stack, resource, null);
    return this.#unread.has(whole) || this.#unread.has(unreadKey(stack, resource, attribute));
  }
}

/** What an `unreadable` finding says about: an instance, or some of its attributes; under its id and its address. */
function unreadOf(stack: string): (finding: JudgedFinding) => string[] {
  return (finding) => {
    if (finding.kind !== "unreadable") return [];
    const attributes =
      finding.changes.length === 0 ? [null] : finding.changes.map(({ path }) => String(path[0]));
    const names = [resourceName(finding.resource, finding.address), addressName(finding.address)];
    return names.flatMap((name) => attributes.map((attribute) => unreadKey(stack, name, attribute)));
  };
}

function unreadKey(stack: string, resource: string, attribute: string | null): string {
  return JSON.stringify([stack, resource, attribute]);
}

/** What a finding's resource is recognised by: type and cloud id, or its address where no id is known. */
export function resourceName({ type, id }: ResourceIdentity, address: string): string {
  return id === null ? addressName(address) : JSON.stringify([type, id]);
}

function addressName(address: string): string {
  return JSON.stringify([address]);
}

/** The attribute at the top level that a finding is about; null where it is about a whole instance. */
export function attributeOf({ changes }: JudgedFinding): string | null {
  const step = changes[0]?.path[0];
  return step === undefined ? null : String(step);
}
