import { CONFIG_PATH } from "../config/model.ts";
import {
  isOwnerRepository,
  NO_OWNER_CONFIG,
  OWNER_CONFIG_PATHS,
  OWNER_REPOSITORY,
  type OwnerConfig,
  parseOwnerConfig,
} from "../config/owner-config.ts";
import { commitAt, readFileUnless } from "../github/contents.ts";
import type { GitHub } from "../github/github.ts";
import { type Installation, listRepositories } from "../github/installations.ts";
import { missingPermissions, TOKEN_PERMISSIONS } from "../github/permissions.ts";
import { type RepositoryFacts, readRepositoryState, skipSentence } from "../github/repository-state.ts";
import { openCommit } from "../jobs/commit.ts";
import { textIn } from "../jobs/config-at.ts";
import { configOf, type LoadedConfig } from "../jobs/repository-config.ts";
import { wholeRepository } from "../jobs/scan-ports.ts";
import { type PlannedStack, planScan } from "../scan/plan.ts";
import type { Tarball } from "../sources/tarball.ts";
import { type Check, outcomesOf } from "./check.ts";
import { failureOf, within } from "./failure.ts";
import { isSame } from "./installations.ts";
import type { DoctorPorts, Tell } from "./ports.ts";
import { checkStack } from "./stacks.ts";

type GitHubPort = NonNullable<DoctorPorts["github"]>;

/** A repository that is asked for, as `owner/name`. */
export interface AskedRepository {
  readonly owner: string;
  readonly name: string;
}

/**
 * Reads each repository as a scan would, as far as the states and who reads the clouds; what is found is not compared.
 * @param asked null: every repository of the installations
 */
export async function checkRepositories(
  github: GitHubPort,
  installations: readonly Installation[],
  asked: AskedRepository | null,
  ports: DoctorPorts,
  tell: Tell,
): Promise<void> {
  let found = 0;
  for (const installation of installations) {
    for (const repository of await listed(github, installation, asked, ports, tell)) {
      found += 1;
      await new RepositoryCheck(github, installation, repository, ports, tell).run();
    }
  }
  if (asked === null || found > 0 || installations.length === 0) return;
  const { owner, name } = asked;
  tell(
    outcomesOf("repository", `${owner}/${name}`).failed(
      "the App is not installed in it",
      `An owner of ${owner} adds it under Settings > GitHub Apps > Configure, or correct the name`,
    ),
  );
}

interface Listed {
  readonly facts: RepositoryFacts;
  readonly owner: SaidByOwner;
}

/** What an owner says for all repositories of theirs. */
interface SaidByOwner {
  readonly config: OwnerConfig;
  /** Whether there is a file that says it. */
  readonly isThere: boolean;
}

const SAYS_NOTHING: SaidByOwner = { config: NO_OWNER_CONFIG, isThere: false };

async function listed(
  github: GitHubPort,
  installation: Installation,
  asked: AskedRepository | null,
  ports: DoctorPorts,
  tell: Tell,
): Promise<readonly Listed[]> {
  const { account, id } = installation;
  ports.progress(`listing the repositories of ${account.login}`);
  try {
    const client = github.installation(id, TOKEN_PERMISSIONS.sweep);
    const all = await within(ports.limits.reading, listRepositories(client));
    const owner = await ownerConfig(github, installation, all, ports);
    const wanted = all.filter(({ name }) => asked === null || isSame(name, asked.name));
    return wanted.map((facts) => ({ facts, owner }));
  } catch (error) {
    const { message, next } = failureOf(error, "Try again in a moment");
    tell(outcomesOf("installation", account.login).failed(message, next));
    return [];
  }
}

/** What the owner says for all of theirs. Where it has mistakes, their own repository is told of it. */
async function ownerConfig(
  github: GitHubPort,
  { id, permissions }: Installation,
  repositories: readonly RepositoryFacts[],
  { limits, now }: DoctorPorts,
): Promise<SaidByOwner> {
  const speaker = repositories.find(({ name }) => isSame(name, OWNER_REPOSITORY));
  const lacks = missingPermissions(permissions, TOKEN_PERMISSIONS.scan).length > 0;
  if (speaker === undefined || lacks) return SAYS_NOTHING;
  const client = github.repository(id, speaker.id, TOKEN_PERMISSIONS.scan);
  for (const path of OWNER_CONFIG_PATHS) {
    const answer = await within(limits.answer, readFileUnless(client, speaker, path, null));
    if (answer !== null && answer !== "unchanged") {
      return { config: parseOwnerConfig(answer.text, path, now()).config ?? NO_OWNER_CONFIG, isThere: true };
    }
  }
  return SAYS_NOTHING;
}

/** Without it the App writes nothing, which nothing else here would show. */
function notConfigured(name: string): Check {
  return outcomesOf("configuration", name).warning(
    `nobody has configured the repository (there is no ${CONFIG_PATH}), so nothing but the pull request that proposes a configuration is written there`,
    `Merge that pull request (Set up Driftwright), or add ${CONFIG_PATH}; where it was closed, it stays off until then`,
  );
}

class RepositoryCheck {
  readonly #github: GitHubPort;
  readonly #installation: Installation;
  readonly #facts: RepositoryFacts;
  readonly #owner: SaidByOwner;
  readonly #ports: DoctorPorts;
  readonly #tell: Tell;

  constructor(
    github: GitHubPort,
    installation: Installation,
    { facts, owner }: Listed,
    ports: DoctorPorts,
    tell: Tell,
  ) {
    this.#github = github;
    this.#installation = installation;
    this.#facts = facts;
    this.#owner = owner;
    this.#ports = ports;
    this.#tell = tell;
  }

  get #client(): GitHub {
    return this.#github.repository(this.#installation.id, this.#facts.id, TOKEN_PERMISSIONS.scan);
  }

  get #name(): string {
    return `${this.#facts.owner}/${this.#facts.name}`;
  }

  async run(): Promise<void> {
    const outcome = outcomesOf("repository", this.#name);
    this.#ports.progress(`${this.#name}: reading the code`);
    const lacking = missingPermissions(this.#installation.permissions, TOKEN_PERMISSIONS.scan);
    if (lacking.length > 0) {
      this.#tell(outcome.skipped(`the installation lacks ${lacking.join(", ")}`));
      return;
    }
    try {
      const tarball = await this.#open();
      if (typeof tarball === "string") this.#tell(outcome.skipped(tarball));
      else await this.#checkCode(tarball);
    } catch (error) {
      const { message, next } = failureOf(error, "Try again in a moment");
      this.#tell(outcome.failed(message, next));
    }
  }

  /** The files of the newest commit of the default branch, or why a scan leaves the repository out. */
  async #open(): Promise<Tarball | string> {
    const { limits } = this.#ports;
    const client = this.#client;
    const { facts, head, skip } = await within(limits.answer, readRepositoryState(client, this.#facts));
    if (skip !== null || head === null) return skipSentence(skip ?? "empty");
    const signal = AbortSignal.timeout(limits.reading);
    const opened = openCommit(client, facts, head, { ref: facts.defaultBranch, signal });
    return within(limits.reading, opened);
  }

  async #checkCode(tarball: Tarball): Promise<void> {
    const { name } = this.#facts;
    const written = textIn(tarball, this.#facts);
    const config = configOf(written, this.#ports.now(), { name, owner: this.#owner.config });
    this.#tellConfig(config);
    const { stacks, missing } = planScan(tarball, config.effective, wholeRepository(name));
    const outcome = outcomesOf("repository", this.#name);
    for (const { path, reason } of missing) {
      const next = "Correct its path under stacks in .github/driftwright.yml";
      this.#tell(outcome.failed(`the stack ${path} is not there: ${reason}`, next));
    }
    if (stacks.length === 0) {
      this.#tell(outcome.skipped("there is no Terraform stack in the repository"));
      return;
    }
    if (written.text === null && !this.#owner.isThere && !isOwnerRepository(this.#facts))
      this.#tell(notConfigured(this.#name));
    for (const [ref = null, own] of Map.groupBy(stacks, (stack) => stack.ref)) {
      if (ref === null) await this.#checkStacks(own, tarball);
      else await this.#checkElsewhere(ref, config);
    }
  }

  async #checkStacks(stacks: readonly PlannedStack[], tarball: Tarball): Promise<void> {
    for (const stack of stacks) {
      for (const check of await checkStack(stack, tarball, this.#facts, this.#ports)) this.#tell(check);
    }
  }

  /** Stacks that run from another branch or a tag: as they are there. */
  async #checkElsewhere(ref: string, { effective }: LoadedConfig): Promise<void> {
    try {
      const signal = AbortSignal.timeout(this.#ports.limits.reading);
      const commit = await commitAt(this.#client, this.#facts, ref, signal);
      const tarball = await openCommit(this.#client, this.#facts, commit, { ref: null, signal });
      const asked = { ...wholeRepository(this.#facts.name), ref };
      await this.#checkStacks(planScan(tarball, effective, asked).stacks, tarball);
    } catch (error) {
      const { message } = failureOf(error, "");
      const next = "Correct ref under stacks in .github/driftwright.yml, or see whether GitHub answers";
      this.#tell(outcomesOf("repository", this.#name).failed(`${ref}: ${message}`, next));
    }
  }

  #tellConfig({ diagnostics, broken }: LoadedConfig): void {
    if (!broken) return;
    const outcome = outcomesOf("configuration", this.#name);
    for (const { severity, message, file, line } of diagnostics) {
      if (severity !== "error") continue;
      const place = [file, line].filter((part) => part !== null).join(":");
      const next = "Correct it on the default branch; until then nothing is written in the repository";
      this.#tell(outcome.failed(`${place}: ${message}`, next));
    }
  }
}
