import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { snapshotState } from "../../src/backends/local.ts";
import { GitHubApp } from "../../src/github/client.ts";
import { WANTED_PERMISSIONS } from "../../src/github/permissions.ts";
import { createAwsInventory } from "../../src/inventory/aws/inventory.ts";
import { annotateJob } from "../../src/jobs/annotate-job.ts";
import { commandJob } from "../../src/jobs/command-job.ts";
import type { JobPorts } from "../../src/jobs/ports.ts";
import type { JobData, QueueName } from "../../src/jobs/queue-settings.ts";
import type { JobHandler } from "../../src/jobs/queues.ts";
import { reconcileJob } from "../../src/jobs/reconcile-job.ts";
import { scanJob } from "../../src/jobs/scan-job.ts";
import { sweepJob } from "../../src/jobs/sweep-job.ts";
import { tickJob } from "../../src/jobs/tick-job.ts";
import { onIssueComment } from "../../src/jobs/webhooks/talk.ts";
import type { Database } from "../../src/store/database.ts";
import { saveInstallation } from "../../src/store/installations.ts";
import { saveRepositoryNames } from "../../src/store/repositories.ts";
import type { AwsModel } from "../e2e/aws/model.ts";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import { ApiDescription } from "../e2e/github/description.ts";
import { isWrite } from "../e2e/github/layer.ts";
import { type EmulatedGitHub, type Seed, type SeedRepository, startGitHub } from "../e2e/github/server.ts";
import { SHOP_SCOPE, shopFiles, shopModel } from "../e2e/shop.ts";
import { engineHere } from "../scan/networks.ts";
import { emptyTables, openTestDatabase } from "../store/test-database.ts";

/** What is enqueued, in order; a job that waits already is not enqueued again. */
interface Enqueued {
  readonly name: QueueName;
  readonly data: JobData[QueueName];
}

const HANDLERS: { readonly [Name in QueueName]: (ports: JobPorts) => JobHandler<JobData[Name]> } = {
  tick: tickJob,
  scan: scanJob,
  reconcile: reconcileJob,
  annotate: annotateJob,
  command: commandJob,
  sweep: sweepJob,
};

const REPOSITORY = "shop";
export const FULL_NAME = `acme/${REPOSITORY}`;

type StageSeed = Pick<Seed, "installations" | "base">;

/** Everything that a test of the jobs has: the example shop on an emulated GitHub, its cloud, and a database. */
export class Stage {
  readonly github: EmulatedGitHub;
  readonly aws: EmbeddedAws;
  readonly database: Database;
  readonly waiting: Enqueued[] = [];
  readonly logged: unknown[] = [];
  /** The code of commits that is kept; null: none. */
  archives: JobPorts["archives"] = null;
  /** Is added to the time as it is. */
  ahead = 0;

  private constructor(parts: { github: EmulatedGitHub; aws: EmbeddedAws; database: Database }) {
    this.github = parts.github;
    this.aws = parts.aws;
    this.database = parts.database;
  }

  /**
   * @param others repositories of the same owner
   * @param database with nothing in its tables; the caller closes it
   */
  static async open(
    repository: Partial<SeedRepository>,
    others: readonly SeedRepository[],
    { database, description, seed }: { database: Database; description: ApiDescription; seed: StageSeed },
  ): Promise<Stage> {
    const repositories = [{ name: REPOSITORY, files: await shopFiles(), ...repository }, ...others];
    const [github, aws] = await Promise.all([
      startGitHub({ ...seed, repositories, description }),
      startAws({ ...SHOP_SCOPE, model: await shopModel() }),
    ]);
    return new Stage({ github, aws, database });
  }

  get model(): AwsModel {
    return this.aws.model;
  }

  get repositoryId(): number {
    return this.github.repository(REPOSITORY).id;
  }

  get job() {
    return { repositoryId: this.repositoryId, installationId: this.github.installationId };
  }

  now = (): Date => new Date(Date.now() + this.ahead);

  get ports(): JobPorts {
    const { github, aws } = this;
    const record = (data: object, message: string) => void this.logged.push({ message, ...data });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    return {
      database: this.database,
      queues: {
        enqueue: async (_db, name, data) => {
          const job = { name, data };
          const isThere = this.waiting.some((other) => JSON.stringify(other) === JSON.stringify(job));
          if (!isThere) this.waiting.push(job);
          return !isThere;
        },
      },
      github: new GitHubApp({
        appId: github.app.id,
        privateKey: github.app.privateKey,
        baseUrl: github.url,
        clock: { now: this.now, wait: async () => {} },
      }),
      clouds: {
        inventories: async () => [
          createAwsInventory({
            region: SHOP_SCOPE.region,
            endpoint: aws.url,
            credentials,
            // The cloud is in this process, which may be busy.
            connectTimeout: 30_000,
          }),
        ],
        stateOf: ({ state }, snapshot) =>
          state.kind === "snapshot" ? snapshotState(snapshot, state.file) : null,
      },
      // A process for each scan would take longer than the scan. The engine's process has tests of its own, and the
      // service that `npm start` runs is tested with it.
      startEngine: engineHere,
      modules: null,
      archives: this.archives,
      log: { debug: () => {}, info: record, warn: record, error: record },
      now: this.now,
      key: "of the tests, which everybody may know",
      intervals: { usual: 24 * 60 * 60 * 1000, shortest: 15 * 60 * 1000 },
    };
  }

  /** As the `installation` webhook does it. */
  async install(permissions: Readonly<Record<string, string>> = WANTED_PERMISSIONS): Promise<void> {
    const { kysely: db } = this.database;
    const account = { accountId: 1, accountLogin: "acme", accountType: "Organization" };
    const { installationId: id } = this.github;
    await saveInstallation(db, { id, ...account, suspended: false, deleted: false, permissions }, this.now());
    const { owner, name } = this.github.repository(REPOSITORY);
    const repository = { id: this.repositoryId, installationId: id, owner, name, private: true };
    await saveRepositoryNames(db, [repository], this.now());
  }

  /** As the webhook does it of other repositories of the owner. */
  async addRepositories(...names: readonly string[]): Promise<void> {
    const { installationId } = this.github;
    const rows = names.map((called) => {
      const { id, owner, name } = this.github.repository(called);
      return { id, installationId, owner, name, private: true };
    });
    await saveRepositoryNames(this.database.kysely, rows, this.now());
  }

  /** One attempt at a job. */
  async run<Name extends QueueName>(
    name: Name,
    data: JobData[Name],
    { ports = this.ports, isLastAttempt = false }: { ports?: JobPorts; isLastAttempt?: boolean } = {},
  ): Promise<void> {
    const signal = new AbortController().signal;
    await HANDLERS[name](ports)({ id: "1", data, signal, attempt: 1, isLastAttempt });
  }

  /** Works off all jobs that wait. */
  async drain(): Promise<void> {
    for (let job = this.waiting.shift(); job !== undefined; job = this.waiting.shift()) {
      await this.run(job.name, job.data as never);
    }
  }

  /** A scan of the shop, and all that follows from it. */
  async scan(): Promise<void> {
    await this.run("scan", { ...this.job, trigger: "person" });
    await this.drain();
  }

  /** Requests of the App that change something. */
  get writes(): string[] {
    return this.github.requests
      .filter(isWrite)
      .map(({ method, path }) => `${method} ${path.replace(`/repos/${FULL_NAME}`, "")}`);
  }

  /** What the repository has of issues or pull requests, the oldest first: state and title. */
  async issues(): Promise<{ number: number; state: string; title: string; body: string; isPull: boolean }[]> {
    const { body } = await this.github
      .person("alice")
      .try("GET", `/repos/${FULL_NAME}/issues?state=all&per_page=100`);
    const all = body as unknown as {
      number: number;
      state: string;
      title: string;
      body: string;
      pull_request?: object;
    }[];
    return all
      .map(({ number, state, title, body: text, pull_request: pull }) => ({
        number,
        state,
        title,
        body: text,
        isPull: pull !== undefined && pull !== null,
      }))
      .toSorted((a, b) => a.number - b.number);
  }

  async comments(number: number): Promise<string[]> {
    const { body } = await this.github
      .person("alice")
      .try("GET", `/repos/${FULL_NAME}/issues/${number}/comments`);
    return (body as unknown as { body: string }[]).map(({ body: text }) => text);
  }

  /**
   * Somebody comments, and the webhook of it arrives; the job is not begun. Gives the id of the comment.
   * @param edits the comment that is edited instead
   */
  async comment(
    number: number,
    body: string,
    {
      login = "alice",
      type = "User",
      edits = null,
    }: { login?: string; type?: "User" | "Bot"; edits?: number | null } = {},
  ): Promise<number> {
    const id = edits ?? (await this.github.person("alice").comment(FULL_NAME, number, body));
    const sender = { login, type };
    const comment = { id, body, created_at: this.now().toISOString(), user: sender };
    const { installationId } = this.github;
    await onIssueComment(this.ports, {
      id: crypto.randomUUID(),
      name: "issue_comment",
      payload: {
        action: edits === null ? "created" : "edited",
        issue: { number },
        comment,
        sender,
        repository: { id: this.repositoryId },
        installation: { id: installationId },
      },
    });
    return id;
  }

  async close(): Promise<void> {
    await Promise.all([this.github.close(), this.aws.close()]);
  }
}

/** A stage for each test; whatever a test does, GitHub must be asked for nothing that it does not describe. */
export function stagePerTest(
  repository: Partial<SeedRepository> = {},
  { others = [], seed = {} }: { others?: readonly SeedRepository[]; seed?: StageSeed } = {},
): { readonly stage: Stage } {
  const set: { stage: Stage | null; database: Database | null } = { stage: null, database: null };
  const description = ApiDescription.read();
  // Opening a database takes longer than most tests, so they follow each other in one.
  beforeAll(async () => {
    set.database = await openTestDatabase();
  }, 60_000);
  afterAll(() => set.database?.close());
  beforeEach(async () => {
    if (set.database === null) throw new Error("the database did not open");
    await emptyTables(set.database);
    set.stage = await Stage.open(repository, others, { database: set.database, description, seed });
    await set.stage.install();
  }, 60_000);
  afterEach(async () => {
    const { unexpected } = set.stage?.github ?? { unexpected: [] };
    await set.stage?.close();
    set.stage = null;
    expect(unexpected).toEqual([]);
  }, 60_000);
  return {
    get stage() {
      if (set.stage === null) throw new Error("a stage can be used inside of tests only");
      return set.stage;
    },
  };
}
