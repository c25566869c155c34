import type { RepositoryConfig } from "../config/model.ts";
import { NO_HISTORY, type ValueHistory } from "../drift/history.ts";
import type { Finding } from "../drift/model.ts";
import type { StackOverview } from "../engine/api.ts";
import { committedAt } from "../github/commits.ts";
import { equalJson, type JsonObject, jsonAt } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { ScanPorts } from "../scan/ports.ts";
import { lastAgreement } from "../store/stacks.ts";
import { declaredBy, isUnevaluable } from "./code-change.ts";
import { openCommit } from "./commit.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { type FetchedModules, portsFor } from "./scan-ports.ts";

/**
 * What the App knows of the past of a value, from the scans before and from the commits that they looked at. Whether
 * the code changed since all agreed is found by evaluating it as it was then: dates of commits and of files cannot tell,
 * since a value may also change because a line elsewhere was taken away, and a commit may be older than its merge.
 */
export class CodeHistory {
  readonly #ports: JobPorts;
  readonly #repository: OpenRepository;
  readonly #config: RepositoryConfig;
  /** Of the scan that asks: states are read as they are now. */
  readonly #scan: ScanPorts;
  readonly #signal: AbortSignal;
  readonly #modules: FetchedModules;
  readonly #declared = new Map<string, Promise<StackOverview["instances"] | null>>();
  #failure: { readonly reason: unknown } | null = null;

  constructor(
    ports: JobPorts,
    repository: OpenRepository,
    config: RepositoryConfig,
    scan: ScanPorts,
    { modules, signal }: { readonly modules: FetchedModules; readonly signal: AbortSignal },
  ) {
    this.#ports = ports;
    this.#repository = repository;
    this.#config = config;
    this.#scan = scan;
    this.#signal = signal;
    this.#modules = modules;
  }

  readonly historyOf: ScanPorts["historyOf"] = async ({ name }, finding, stateWrittenAt, desired) => {
    // Two secrets cannot be told apart.
    if (finding.sensitive || this.#failure !== null) return NO_HISTORY;
    try {
      return await this.#history(name, finding, stateWrittenAt, desired);
    } catch (reason) {
      // One stack's failure to a scan; but this one is of the whole job.
      this.#failure = { reason };
      return NO_HISTORY;
    }
  };

  /** @throws what kept a history from being known, and may pass: GitHub's limits, for one */
  assertKnown(): void {
    if (this.#failure !== null) throw this.#failure.reason;
  }

  async #history(
    stack: string,
    { fingerprint, address, changes }: Finding,
    stateWrittenAt: Date | null,
    desired: JsonObject | null,
  ): Promise<ValueHistory> {
    const { kysely: db } = this.#ports.database;
    const agreement = await lastAgreement(db, this.#repository.stored.id, stack, fingerprint);
    if (agreement === null) return this.#withoutAgreement(stateWrittenAt);
    const { at, commit } = agreement;
    const unchanged: ValueHistory = { literalChangedAt: at, stateWrittenAt: null, agreedAt: at };
    if (commit === this.#repository.head) return unchanged;
    const then = await this.#declaredAt(commit, stack);
    if (then === null) return NO_HISTORY;
    const was = then.find((instance) => instance.address === address)?.desired ?? null;
    const paths = changes.map(({ path }) => path);
    return saysTheSame(was, desired, paths)
      ? unchanged
      : { ...unchanged, literalChangedAt: this.#ports.now() };
  }

  /** All of the code is older than the state where its newest commit is; which part is younger, that does not tell. */
  async #withoutAgreement(stateWrittenAt: Date | null): Promise<ValueHistory> {
    if (stateWrittenAt === null) return NO_HISTORY;
    const { github, facts, head } = this.#repository;
    const literalChangedAt = await committedAt(github, facts, head);
    return literalChangedAt > stateWrittenAt
      ? NO_HISTORY
      : { literalChangedAt, stateWrittenAt, agreedAt: null };
  }

  #declaredAt(commit: string, stack: string): Promise<StackOverview["instances"] | null> {
    const key = `${commit} ${stack}`;
    const known = this.#declared.get(key);
    if (known !== undefined) return known;
    const declared = this.#evaluate(commit, stack);
    this.#declared.set(key, declared);
    return declared;
  }

  async #evaluate(commit: string, stack: string): Promise<StackOverview["instances"] | null> {
    const { github, facts } = this.#repository;
    try {
      const tarball = await openCommit(github, facts, commit, { ref: null, signal: this.#signal });
      const ports = {
        ...portsFor(this.#ports, tarball, facts, [], this.#modules),
        stateOf: this.#scan.stateOf,
      };
      return await declaredBy(ports, this.#config, facts.name, stack);
    } catch (reason) {
      // The commit may be gone after a forced push.
      if (isUnevaluable(reason)) return null;
      throw reason;
    }
  }
}

function saysTheSame(was: JsonObject | null, is: JsonObject | null, paths: readonly Path[]): boolean {
  if (was === null || is === null) return false;
  return paths.every((path) => {
    // An element of a set has another number before and after.
    const element = path.findIndex((step) => typeof step === "number");
    const whole = element === -1 ? path : path.slice(0, element);
    const [before, after] = [jsonAt(was, whole), jsonAt(is, whole)];
    return before === undefined || after === undefined ? before === after : equalJson(before, after);
  });
}
