import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RepositoryRef } from "../../../src/github/github.ts";
import { WANTED_PERMISSIONS } from "../../../src/github/permissions.ts";
import type { DatabaseSettings } from "../../../src/store/database.ts";
import type { AwsModel } from "../aws/model.ts";
import { type EmbeddedAws, startAws } from "../aws/server.ts";
import { pointedAt } from "../cli.ts";
import { isWrite } from "../github/layer.ts";
import { type EmulatedGitHub, type SeedRepository, startGitHub } from "../github/server.ts";
import { SHOP_SCOPE, shopFiles, shopModel } from "../shop.ts";
import { type LogLine, type ServiceProcess, startProcess } from "./process.ts";
import { SeenRepository } from "./seen.ts";

const REPOSITORY = "shop";
export const FULL_NAME = `acme/${REPOSITORY}`;
/** An organization that has not installed the App. */
export const ELSEWHERE = { id: 2002, account: "globex" };
const READER = `arn:aws:iam::${SHOP_SCOPE.account}:role/driftwright-read`;
const ACCESS_FILE = "access.yml";
/** What the operator lets the repositories use. */
const ACCESS = `version: 1
allow:
  - repositories: [acme/*]
    aws:
      - account: "${SHOP_SCOPE.account}"
        role: ${READER}
`;

type DatabasePlace = Pick<DatabaseSettings, "url" | "dataDir">;

/** The example shop on an emulated GitHub, its cloud, and the App as a service between the two. */
export class ServiceStage {
  readonly github: EmulatedGitHub;
  readonly aws: EmbeddedAws;
  /** Where the service runs, one process after the other. */
  readonly folder: string;
  readonly #database: DatabasePlace;
  /** What people see of the repository. */
  readonly seen: SeenRepository;
  onLog: (line: LogLine) => void = () => {};
  #service: ServiceProcess | null = null;
  /** Of the processes that are gone. */
  readonly #output: string[] = [];

  private constructor(parts: {
    github: EmulatedGitHub;
    aws: EmbeddedAws;
    folder: string;
    database: DatabasePlace;
  }) {
    this.github = parts.github;
    this.aws = parts.aws;
    this.folder = parts.folder;
    this.#database = parts.database;
    this.seen = new SeenRepository(parts.github, FULL_NAME);
  }

  /**
   * @param folder where the service is started; the caller removes it
   * @param files of the repository, in place of those of the example
   * @param database where the service keeps its data; the caller removes it
   * @param others more repositories of the same owner, which nobody has given to the App yet
   */
  static async open(
    folder: string,
    files?: Readonly<Record<string, string>>,
    database: DatabasePlace = { url: null, dataDir: join(folder, "data") },
    others: readonly SeedRepository[] = [],
  ): Promise<ServiceStage> {
    const [github, aws] = await Promise.all([
      startGitHub({
        repositories: [{ name: REPOSITORY, files: files ?? (await shopFiles()) }, ...others],
        installations: [ELSEWHERE],
      }),
      startAws({ ...SHOP_SCOPE, model: await shopModel() }),
    ]);
    // Nobody has installed the App yet.
    github.changeInstallation("deleted");
    for (const { name } of others) github.give(name, false);
    aws.roles.set(READER, `driftwright-${github.repository(REPOSITORY).id}`);
    await writeFile(join(folder, ACCESS_FILE), ACCESS);
    return new ServiceStage({ github, aws, folder, database });
  }

  get model(): AwsModel {
    return this.aws.model;
  }

  get repository(): RepositoryRef {
    return this.github.repository(REPOSITORY);
  }

  get service(): ServiceProcess {
    if (this.#service === null) throw new Error("the service does not run");
    return this.#service;
  }

  /** Everything that was logged, by all the processes that there were. */
  get output(): readonly string[] {
    return [...this.#output, ...(this.#service?.output ?? [])];
  }

  /** Starts the service on the data that are there. */
  async start(): Promise<void> {
    const { app, url } = this.github;
    const { url: server, dataDir } = this.#database;
    const starting = startProcess({
      folder: this.folder,
      environment: {
        APP_ID: String(app.id),
        PRIVATE_KEY: app.privateKey,
        WEBHOOK_SECRET: app.webhookSecret,
        GITHUB_API_URL: url,
        DATA_DIR: dataDir,
        ...(server === null ? {} : { DATABASE_URL: server }),
        ACCESS_FILE: join(this.folder, ACCESS_FILE),
        ...pointedAt(this.aws.url, SHOP_SCOPE.region),
      },
      onLog: (line) => this.onLog(line),
    });
    // It listens before it works: what it does first may be told of before it has said that it runs.
    this.github.deliverTo(starting.then(({ url: own }) => `${own}/api/github/webhooks`));
    this.#service = await starting;
  }

  /** Ends the process. What GitHub sends until the next one runs, nobody receives. */
  async end(how: "stop" | "kill"): Promise<number | null> {
    const { service } = this;
    this.github.deliverTo(null);
    if (how === "kill") await service.kill();
    const code = await (how === "stop" ? service.stop() : service.ended);
    this.#output.push(...service.output);
    this.#service = null;
    return code;
  }

  /** An owner installs the App in the repository. */
  async install(): Promise<void> {
    this.github.changeInstallation("active");
    const { id, owner, name } = this.github.repository(REPOSITORY);
    await this.github.send("installation", {
      action: "created",
      installation: {
        id: this.github.installationId,
        account: { id: 1, login: owner, type: "Organization" },
        permissions: WANTED_PERMISSIONS,
        suspended_at: null,
      },
      repositories: [{ id, name, full_name: `${owner}/${name}`, private: true }],
      sender: { login: "alice", type: "User" },
    });
  }

  /** An owner gives the App another repository. */
  async give(repository: string): Promise<void> {
    const { id, owner, name } = this.github.repository(repository);
    this.github.give(name, true);
    await this.github.send("installation_repositories", {
      action: "added",
      installation: {
        id: this.github.installationId,
        account: { id: 1, login: owner, type: "Organization" },
      },
      repositories_added: [{ id, name, full_name: `${owner}/${name}`, private: true }],
      repositories_removed: [],
      sender: { login: "alice", type: "User" },
    });
  }

  /** Waits until no webhook is on its way and nothing is left to do. */
  async quiet(): Promise<void> {
    for (let deliveries = -1; deliveries !== this.github.deliveries.length; ) {
      await this.github.settled();
      deliveries = this.github.deliveries.length;
      await this.service.idle();
    }
  }

  /** The daily scan, and all that follows from it. */
  async dailyScan(): Promise<void> {
    await this.service.makeDue();
    await this.quiet();
  }

  /** Requests of the App that change something, as `POST /issues`. */
  get writes(): string[] {
    return this.github.requests
      .filter(isWrite)
      .map(({ method, path }) => `${method} ${path.replace(`/repos/${FULL_NAME}`, "")}`);
  }

  async close(): Promise<void> {
    if (this.#service !== null) await this.end("stop");
    await Promise.all([this.github.close(), this.aws.close()]);
  }
}
