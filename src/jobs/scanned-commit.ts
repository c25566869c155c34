import type { Diagnostic, StackResult } from "../drift/model.ts";
import { type ScanResult, scan } from "../scan/scan.ts";
import type { Tarball } from "../sources/tarball.ts";
import { latestDecisions } from "../store/decisions.ts";
import { expectedIn } from "../store/suspicions.ts";
import { CodeHistory } from "./code-history.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import type { LoadedConfig } from "./repository-config.ts";
import { portsFor, wholeRepository } from "./scan-ports.ts";
import { concerns, problemsOf, withProblems } from "./scan-problems.ts";
import { takenOver } from "./taken-over.ts";

/** What a scan of the files of one commit gave. */
export interface ScannedCommit {
  /** With all that is known against them. */
  readonly stacks: readonly StackResult[];
  readonly notScanned: ScanResult["notScanned"];
  /** Known against the repository as a whole, or a part of it. */
  readonly problems: readonly Diagnostic[];
  /** Texts that no output may hold. */
  readonly secrets: readonly string[];
}

/** Which commit, and which stacks of it. */
export interface CommitToScan {
  readonly tarball: Tarball;
  readonly config: LoadedConfig;
  readonly commit: string;
  /** The name of `commit`, for results. */
  readonly ref: string;
  /** What the stacks run from that are looked at: null for the default branch. */
  readonly from: string | null;
  readonly signal: AbortSignal;
}

/** Scans the stacks that run from one commit; the others are looked at, so that no edit changes them unseen. */
export async function scanCommit(
  ports: JobPorts,
  repository: OpenRepository,
  { tarball, config, commit, ref, from, signal }: CommitToScan,
): Promise<ScannedCommit> {
  const { facts, stored } = repository;
  const { kysely: db } = ports.database;
  const inventories = await ports.clouds.inventories(facts);
  const session = ports.modules?.session(stored, signal) ?? null;
  const modules = { session, isTrusted: true };
  const parts = portsFor(ports, tarball, facts, inventories, modules);
  const at = { ...repository, head: commit };
  const history = new CodeHistory(ports, at, config.effective, parts, { modules, signal });
  const decisions = await latestDecisions(db, facts.id);
  const result = await scan(
    { ...wholeRepository(facts.name), ref: from },
    {
      repository: String(facts.id),
      ref,
      commit,
      config: config.effective,
      decisions,
      expected: await expectedIn(db, facts.id),
      takenOver: await takenOver(db, facts.id, decisions),
      key: ports.key,
    },
    { ...parts, historyOf: history.historyOf },
  );
  history.assertKnown();
  session?.assertSound();
  const { notScanned, secrets } = result;
  const problems = problemsOf(result, tarball, config);
  const stacks = result.stacks.map((stack) =>
    withProblems(
      stack,
      problems.filter((problem) => concerns(problem, stack)),
    ),
  );
  return { stacks, notScanned, problems, secrets };
}
