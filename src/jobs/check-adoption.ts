import type { RepositoryConfig } from "../config/model.ts";
import type { AbsentInstance, AdoptedSet, StackFinding } from "../engine/api.ts";
import { EngineFailure, EngineStopped } from "../engine/engine.ts";
import { OpenRepository as OpenStacks } from "../scan/open-repository.ts";
import type { StackWithState } from "../scan/open-stack.ts";
import { type PlannedStack, planScan } from "../scan/plan.ts";
import { missingVariables, readStates, withoutState } from "../scan/states.ts";
import type { StoredFinding } from "../store/findings.ts";
import { isCode } from "../terraform/source/file-names.ts";
import { decodeText } from "../terraform/source/snapshot.ts";
import type { ByteBudget } from "./byte-budget.ts";
import { openSide } from "./check-evaluation.ts";
import type { Side } from "./code-change.ts";
import { OpenCommits } from "./commit.ts";
import type { JobPorts } from "./ports.ts";
import type { OpenRepository } from "./repository-access.ts";
import { wholeRepository } from "./scan-ports.ts";

/** An edit of the code of a commit, shown by evaluation to adopt what it should and to change nothing else. */
export interface ProvenEdit {
  readonly files: readonly EditedFile[];
  readonly adopted: readonly StoredFinding[];
  /** Why the others are not adopted, as sentences without their full stops. */
  readonly whys: readonly string[];
}

export interface EditedFile {
  readonly path: string;
  /** Null where it is new. */
  readonly before: string | null;
  readonly after: string;
  /** Cleaned of secrets. */
  readonly diff: string;
}

/** What an edit is looked for. */
export interface WantedEdit {
  readonly headSha: string;
  /** Nobody who may push is known to have written the commit. */
  readonly foreign: boolean;
  readonly config: RepositoryConfig;
  readonly findings: readonly StoredFinding[];
  /** All that is open in the repository, whatever becomes of it. */
  readonly open: readonly StoredFinding[];
  readonly signal: AbortSignal;
}

/**
 * Looks for the edit that adopts drift in the code of a commit. As in a check, the default branch says what the stacks
 * are and where their states are read, and what is secret there is unknown to the code.
 */
export async function adoptionAt(
  ports: JobPorts,
  budget: ByteBudget,
  repository: OpenRepository,
  wanted: WantedEdit,
): Promise<ProvenEdit> {
  const { facts, head: trunkSha, stored } = repository;
  const { headSha, foreign, signal } = wanted;
  const session = ports.modules?.session(stored, signal) ?? null;
  const count = headSha === trunkSha ? 1 : 2;
  return OpenCommits.within(budget, repository, { count, signal }, async (commits) => {
    const open = (commit: string, isTrusted: boolean) =>
      openSide(ports, repository, commits, commit, { session, isTrusted }, signal);
    const head = await open(headSha, !foreign);
    // Everyone can propose code to a public repository: its states decide nothing then.
    const hasTrunk = facts.private || !foreign;
    const trunk = hasTrunk ? (headSha === trunkSha ? head : await open(trunkSha, true)) : null;
    const edit = await search(head, await stacksAt(head, trunk, wanted.config, facts.name), wanted);
    session?.assertSound();
    return edit;
  });
}

/** All stacks that the code of a commit has, to be evaluated together. */
async function stacksAt(
  head: Side,
  trunk: Side | null,
  config: RepositoryConfig,
  repository: string,
): Promise<readonly StackWithState[]> {
  const plansOf = ({ ports }: Side): readonly PlannedStack[] =>
    planScan(ports.snapshot, config, wholeRepository(repository)).stacks;
  const agreed = trunk === null ? [] : plansOf(trunk);
  const states = trunk === null ? null : await readStates(agreed, trunk.ports);
  const proposed = plansOf(head).filter(({ name }) => !agreed.some((one) => one.name === name));
  return [...agreed, ...proposed]
    .filter(({ path }) => head.tarball.list(path).some(isCode))
    .map((plan) => {
      const bare = withoutState(plan);
      const known = states?.read.find((one) => one.plan.name === plan.name)?.request.state ?? null;
      const state = missingVariables(plan, head.tarball) === null ? known : null;
      return { ...bare, request: { ...bare.request, state, hideSecrets: true as const } };
    });
}

async function search(
  { ports, tarball }: Side,
  stacks: readonly StackWithState[],
  { findings, open }: WantedEdit,
): Promise<ProvenEdit> {
  const withState = new Set(
    stacks.flatMap(({ plan, request }) => (request.state === null ? [] : [plan.name])),
  );
  const able = findings.filter(({ stack }) => withState.has(stack));
  const blind = able.length < findings.length ? [NO_STATE] : [];
  if (able.length === 0) return { files: [], adopted: [], whys: blind };
  const absent = open
    .filter(({ stack, finding: { kind } }) => withState.has(stack) && ABSENT.has(kind))
    .map(({ stack, finding: { address } }): AbsentInstance => ({ stack, address }));
  const { repository } = await OpenStacks.open(stacks, [], ports);
  try {
    const wanted = able.map(({ stack, finding }): StackFinding => ({ stack, finding }));
    const { files, adopted, left } = await adoptAll(repository, wanted, absent);
    return {
      files: files.map(({ path, text, diff }) => ({
        path,
        before: textAt(tarball, path),
        after: text,
        diff,
      })),
      adopted: able.filter(({ finding }) => adopted.includes(finding.fingerprint)),
      whys: [...new Set([...blind, ...left.map(({ why }) => why)])],
    };
  } finally {
    repository.close();
  }
}

const ABSENT: ReadonlySet<string> = new Set(["deleted", "pending-create"]);
const NO_STATE = "the state of the stack could not be used, so nothing could be proven there";

async function adoptAll(
  repository: OpenStacks,
  wanted: readonly StackFinding[],
  absent: readonly AbsentInstance[],
): Promise<Pick<AdoptedSet, "files" | "adopted" | "left">> {
  try {
    return await repository.engine.adoptAll(wanted, absent);
  } catch (reason) {
    if (!(reason instanceof EngineFailure || reason instanceof EngineStopped)) throw reason;
    const why = `no edit could be looked for: ${reason.message}`;
    return {
      files: [],
      adopted: [],
      left: wanted.map(({ finding: { fingerprint } }) => ({ fingerprint, why })),
    };
  }
}

function textAt(tarball: Side["tarball"], path: string): string | null {
  const bytes = tarball.read(path);
  return bytes === undefined ? null : decodeText(bytes);
}
