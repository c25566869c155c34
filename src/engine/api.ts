import type {
  Adoption,
  Coverage,
  Diagnostic,
  Finding,
  Observation,
  ObservedResource,
} from "../drift/model.ts";
import type { RuleBook } from "../drift/rules.ts";
import type { Json, JsonObject } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { Setting } from "../terraform/code/inputs.ts";
import type { Lifecycle } from "../terraform/evaluation/lifecycle.ts";

/**
 * What the engine does for the service: it evaluates a repository's stacks, compares and edits them. All of it is plain
 * JSON; paths of the snapshot have `/`.
 */
export interface EngineApi {
  /**
   * Evaluates the stacks. Later requests name one of them. `unseen` are stacks of the repository that cannot be
   * evaluated: no edit is proven of a file that one of them may read.
   */
  open(
    stacks: readonly StackRequest[],
    unseen?: readonly Pick<StackRequest, "name" | "root" | "settings">[],
  ): Promise<readonly StackOverview[]>;
  /** What the `eval` document (docs/output.md) has, in pages; `from` is the `next` of the page before. */
  evaluated(stack: string, from?: number): Promise<EvaluatedPage>;
  compare(request: CompareRequest): Promise<CompareResult>;
  /**
   * For each finding the best proven edit, whatever others want, or a refused one with the reason. Of findings about
   * deleted instances those that are given together may be adopted by one edit. `others`: what else was found, so that
   * it can be said where one of them wants the same.
   */
  adoptions(
    stack: string,
    findings: readonly Finding[],
    others?: readonly StackFinding[],
  ): Promise<readonly Adoption[]>;
  /**
   * One set of edits, over all stacks, for all the findings that can be adopted together. What is `absent` has no live
   * value that an edit could contradict; everything else that no finding is about is taken to be as the code says.
   */
  adoptAll(findings: readonly StackFinding[], absent?: readonly AbsentInstance[]): Promise<AdoptedSet>;
  /** For each address the instances that depend on it, directly first. */
  dependents(stack: string, addresses: readonly string[]): Promise<readonly (readonly string[])[]>;
  /** The `trace` document (docs/output.md); `to` asks for edits. */
  trace(request: TraceRequest): Promise<TraceResult>;
  /** The lines of the code that take part in deciding values of an instance, or that it is not there. */
  deciding(request: DecidingRequest): Promise<readonly Lines[]>;
}

/** A stack to be opened. The state's text is as it was read; its file names it in messages. */
export interface StackRequest {
  readonly name: string;
  readonly root: string;
  readonly settings: readonly Setting[];
  readonly workspace: string;
  readonly state: { readonly file: string; readonly text: string } | null;
  /** For code that is only proposed: whatever is secret in the state is unknown to it. */
  readonly hideSecrets?: true;
  /** Without the instances in the overview. */
  readonly brief?: true;
}

/** What the service learns of a stack that was opened. */
export interface StackOverview {
  readonly name: string;
  readonly state: { readonly serial: number; readonly lineage: string } | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly instances: readonly InstanceOverview[];
  /** In the state, but not readable there. */
  readonly damaged: readonly string[];
  /** Texts that are secret, in the code or the state: to be kept out of every output. */
  readonly secrets: readonly string[];
  /** Files that do not parse: what they declare is not known. */
  readonly broken: readonly string[];
  /** The folder of its root module, and the files that there are and that its evaluation has read. */
  readonly root: string;
  readonly files: readonly string[];
}

/** A managed instance that the code or the state has. */
export interface InstanceOverview {
  readonly address: string;
  readonly type: string;
  /** What the code says, sensitive values masked; null where it does not declare the instance. */
  readonly desired: JsonObject | null;
  /** Paths of `desired` that are masked. */
  readonly sensitive: readonly Path[];
  /** Paths of `desired` that are not known before an apply; null stands there. */
  readonly unknown: readonly Path[];
  /** What `lifecycle.ignore_changes` names. */
  readonly ignored: "all" | readonly Path[];
  /** What else its `lifecycle` block says; of an instance that only the state has, whether it may be destroyed. */
  readonly lifecycle: Lifecycle;
  /** Blocks of `desired` of which `dynamic` blocks make none: to a provider, as if they were not written. */
  readonly unmade: readonly string[];
  /** What its provider's `default_tags` add, sensitive values masked; none where they are not known. */
  readonly defaultTags: JsonObject;
  /** The attributes as recorded, sensitive ones included; null where the state has no such instance. */
  readonly recorded: JsonObject | null;
  /** The id to import it from, where the code declares it with an `import` block and the state does not have it. */
  readonly importId: string | null;
  /** The code may declare it or not: its module could not be had, or its `for_each` has an error. */
  readonly undecided: boolean;
}

export interface EvaluatedPage {
  /** In the order of their addresses. */
  readonly instances: readonly EvaluatedInstance[];
  /** Where the next page begins; null after the last. */
  readonly next: number | null;
  /** Those of the whole evaluation, on every page. */
  readonly diagnostics: readonly Diagnostic[];
  /** An error for each instance of the page that is too large, and stands there without its values. */
  readonly tooLarge: readonly Diagnostic[];
}

/** A managed instance as the code says it is, sensitive values masked; paths as `printPath` prints them. */
export type EvaluatedInstance = {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly module: string;
  readonly attributes: JsonObject;
  readonly unknown: readonly string[];
  readonly sensitive: readonly string[];
};

export interface RecordedIdentity {
  readonly id: string | null;
  readonly account: string | null;
  readonly region: string | null;
}

export interface CompareRequest {
  readonly stack: string;
  readonly repository: string;
  readonly key: string;
  /** ISO 8601. */
  readonly now: string;
  readonly book: RuleBook;
  readonly observations: readonly (readonly [address: string, observation: Observation])[];
  readonly identities: readonly (readonly [address: string, identity: RecordedIdentity])[];
  readonly unmanaged: readonly ObservedResource[];
}

export interface CompareResult {
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly incomplete: boolean;
}

export interface StackFinding {
  readonly stack: string;
  readonly finding: Finding;
}

/** An instance of the code that the cloud does not have: not yet, or not any more. */
export interface AbsentInstance {
  readonly stack: string;
  readonly address: string;
}

export interface AdoptedSet {
  /** New texts of the files that change. */
  readonly files: readonly { readonly path: string; readonly text: string; readonly diff: string }[];
  /** Fingerprints of the findings that the set adopts. */
  readonly adopted: readonly string[];
  readonly left: readonly { readonly fingerprint: string; readonly why: string }[];
  /** The same edits in parts, each of which proves alone; all of them together are the set. */
  readonly groups: readonly AdoptedGroup[];
}

/** Findings, of any stacks, that one edit adopts: none of them can be adopted without the others. */
export interface AdoptedGroup {
  /** In order. */
  readonly fingerprints: readonly string[];
  /**
   * The edit of the files as they are. `exact`: nothing changes but what these findings want; `shared`: instances that
   * the cloud does not have change too.
   */
  readonly adoption: Adoption;
}

export interface TraceRequest {
  readonly stack: string;
  readonly address: string;
  readonly path: string;
  /** JSON text of the wanted value; null asks for no edits. */
  readonly to: string | null;
}

export interface TraceResult {
  readonly document: Json;
  /** The address or path is not there. */
  readonly unknown: string | null;
  /** Neither code nor state have such an attribute, which may be a slip of the pen. */
  readonly remark: string | null;
}

export interface DecidingRequest {
  readonly stack: string;
  readonly address: string;
  /** As `printPath` prints them. None: the instance as a whole. */
  readonly paths: readonly string[];
}

/** Lines of a file of the snapshot, from 1, the last included; the end may lie beyond that of the file. */
export interface Lines {
  readonly file: string;
  readonly from: number;
  readonly to: number;
}
