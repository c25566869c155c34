import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createEmulator, type Emulator } from "emulate";
import type { RepositoryRef } from "../../../src/github/github.ts";
import { WANTED_PERMISSIONS } from "../../../src/github/permissions.ts";
import { isJsonObject, type JsonObject } from "../../../src/json/json.ts";
import type { Call } from "./call.ts";
import { ApiDescription } from "./description.ts";
import { readRequest, Upstream, writeAnswer } from "./exchange.ts";
import { type FaultPlan, Faults } from "./faults.ts";
import { correctedEvent, Layer, type SentRequest } from "./layer.ts";
import { OwnEvents } from "./own-events.ts";
import { type Files, Person, type PersonCommit } from "./people.ts";
import { routes } from "./routes/table.ts";
import { type Delivery, Webhooks } from "./webhooks.ts";
import { type RepositoryFlags, tokenOf, World } from "./world.ts";

export interface SeedRepository {
  readonly name: string;
  readonly private?: boolean;
  /** None: the repository is empty. */
  readonly files?: Files;
  readonly modes?: NonNullable<PersonCommit["modes"]>;
  readonly flags?: RepositoryFlags;
}

export interface Seed {
  readonly repositories: readonly SeedRepository[];
  /** The organization that everything belongs to. */
  readonly owner?: string;
  readonly people?: readonly [string, ...string[]];
  /** What was granted to the installation. */
  readonly permissions?: Readonly<Record<string, string>>;
  /** What the App subscribes to. */
  readonly events?: readonly string[];
  /** Installations that there may be: their ids and accounts, organizations. Nobody has made them yet. */
  readonly installations?: readonly { readonly id: number; readonly account: string }[];
  /** What comes before every path, as `/api/v3` on GitHub Enterprise Server; default: nothing. */
  readonly base?: "" | "/api/v3";
  /** Names of the repositories that the App is installed in; default: all. */
  readonly selected?: readonly string[];
  readonly now?: () => Date;
  /** Where many are started, reading it once saves time. */
  readonly description?: ApiDescription;
}

export interface EmulatedGitHub {
  /** The API's address. */
  readonly url: string;
  readonly app: {
    readonly id: number;
    readonly slug: string;
    readonly privateKey: string;
    readonly webhookSecret: string;
  };
  readonly installationId: number;
  readonly owner: string;
  /** Every request, in order, those of people too. */
  readonly requests: readonly SentRequest[];
  /** Requests that GitHub does not describe so: there must never be one. */
  readonly unexpected: readonly string[];
  readonly deliveries: readonly Delivery[];
  repository(name: string): RepositoryRef;
  person(login: string): Person;
  misbehave(plan: FaultPlan): void;
  behave(): void;
  /** Changes what a repository is. */
  change(name: string, flags: RepositoryFlags): void;
  /** What a person may do from now on, in all repositories or in one. */
  permit(login: string, permission: "admin" | "write" | "read" | "none", repository?: string): void;
  /** Puts a person into a team of the organization. */
  joinTeam(team: string, login: string): void;
  /** Reactions to a comment: `driftwright[bot] eyes`. */
  reactions(commentId: number): readonly string[];
  /** Answers under another name too, as if the repository had had it before. */
  formerName(before: string, name: string): void;
  /** Gives a repository to the installation, or takes it from there; all are its own at the beginning. */
  give(name: string, isGiven: boolean): void;
  /** @param id default: the first one */
  changeInstallation(to: "active" | "suspended" | "deleted", id?: number): void;
  /** Says from now on that the installation has these permissions; tokens are given out as before. */
  grant(permissions: Readonly<Record<string, string>>): void;
  /** The App's settings of its webhooks, beside the address. */
  readonly webhooks: { contentType: string; insecureSsl: string; hasSecret: boolean };
  /** Where webhooks are delivered; null: nobody answers. */
  deliverTo(url: string | null | Promise<string>): void;
  /** As if no webhook had been sent yet. */
  forgetDeliveries(): void;
  /** Delivers any event, such as `installation` or `merge_group`, and waits for the answer. */
  send(event: string, payload: JsonObject, guid?: string): Promise<Delivery>;
  /** Waits until no webhook is on its way. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const APP = { id: 4711, slug: "driftwright", installationId: 1001, secret: "a secret of the webhooks" };
/** Where the emulator sends what happened. */
const EVENTS_PATH = "/_events";
const EVENTS = [
  "push",
  "pull_request",
  "merge_group",
  "check_run",
  "workflow_run",
  "issues",
  "issue_comment",
  "repository",
  "create",
];

/**
 * GitHub on loopback: the `emulate` package keeps accounts, repositories, Git objects, issues and tokens; a layer in
 * front checks every request against GitHub's own description and does what the emulator lacks or does otherwise.
 */
export async function startGitHub(seed: Seed): Promise<EmulatedGitHub> {
  const { owner = "acme", people = ["alice", "bob"], now = () => new Date() } = seed;
  const description = seed.description ?? ApiDescription.read();
  const front = createServer();
  const { base = "", installations = [] } = seed;
  const url = `http://127.0.0.1:${await listen(front)}${base}`;
  const emulator = await startEmulator(seed, { owner, people, url });
  const app = { id: APP.id, slug: APP.slug, login: `${APP.slug}[bot]`, installationId: APP.installationId };
  const upstream = new Upstream(emulator.origin);
  const world = new World({ upstream, app, url, owner: people[0] });
  world.installations.set(APP.installationId, { account: owner, state: "active" });
  for (const { id, account } of installations) world.installations.set(id, { account, state: "deleted" });
  for (const login of people) world.actors.set(tokenOf(login), { kind: "person", login });
  const events = new OwnEvents(url, EVENTS_PATH);
  const webhooks = new Webhooks(APP.secret, now, events);
  const faults = new Faults();
  const table = routes(description.graphql, webhooks, (call, event, payload) =>
    webhooks.track(tell(call, event, payload, webhooks)),
  );
  const layer = new Layer({ world, description, faults, routes: table });
  front.on("request", (incoming, response) => {
    readRequest(incoming)
      .then(async (asked) => {
        const request = { ...asked, path: pathBelow(base, asked.path) };
        if (request.path === EVENTS_PATH) {
          response.writeHead(204).end();
          const event = String(request.headers["x-github-event"]);
          if (isJsonObject(request.body)) webhooks.tell(event, correctedEvent(world, request.body));
          return;
        }
        const given = await layer.handle(request);
        if (given === null) response.destroy();
        else writeAnswer(response, given);
      })
      .catch((error: unknown) => {
        layer.unexpected.push(String(error));
        response.destroy();
      });
  });
  const person = (login: string) => new Person(login, new Upstream(url), world);
  await seedRepositories(seed, owner, person(people[0]), world);
  layer.requests.splice(0);
  await webhooks.settled();
  webhooks.deliveries.splice(0);
  return {
    url,
    app: { id: APP.id, slug: APP.slug, privateKey: emulator.privateKey, webhookSecret: APP.secret },
    installationId: APP.installationId,
    owner,
    requests: layer.requests,
    unexpected: layer.unexpected,
    deliveries: webhooks.deliveries,
    repository: (name) => ({ id: world.repositories.get(`${owner}/${name}`) ?? 0, owner, name }),
    person,
    misbehave: (plan) => faults.add(plan),
    behave: () => faults.clear(),
    change: (name, flags) => void Object.assign(world.flagsOf(`${owner}/${name}`), flags),
    permit: (login, permission, repository) =>
      void world.permissions.set(repository === undefined ? login : `${repository}/${login}`, permission),
    joinTeam: (team, login) => {
      const name = `${owner}/${team}`;
      world.teams.set(name, new Set([...(world.teams.get(name) ?? []), login]));
    },
    reactions: (commentId) =>
      [...world.reactions].flatMap((one) => {
        const [id, ...rest] = one.split(" ");
        return id === String(commentId) ? [rest.join(" ")] : [];
      }),
    formerName: (before, name) => void world.formerNames.set(before, `${owner}/${name}`),
    give: (name, isGiven) => {
      if (isGiven) world.withheld.delete(`${owner}/${name}`);
      else world.withheld.add(`${owner}/${name}`);
    },
    changeInstallation: (to, id = APP.installationId) => {
      const installation = world.installations.get(id);
      if (installation === undefined) throw new Error(`there is no installation ${id}`);
      installation.state = to;
    },
    grant: (permissions) => {
      const installation = world.installations.get(APP.installationId);
      if (installation !== undefined) installation.granted = permissions;
    },
    webhooks: webhooks.settings,
    deliverTo: (target) => webhooks.deliverTo(target),
    forgetDeliveries: () => void webhooks.deliveries.splice(0),
    send: (event, payload, guid) => webhooks.send(event, payload, guid),
    settled: () => webhooks.settled(),
    close: async () => {
      events.close();
      await close(front);
      await emulator.close();
    },
  };
}

async function startEmulator(
  seed: Seed,
  {
    owner,
    people,
    url,
  }: { readonly owner: string; readonly people: readonly string[]; readonly url: string },
): Promise<{ origin: string; privateKey: string; close: Emulator["close"] }> {
  const port = await freePort();
  const permissions = seed.permissions ?? WANTED_PERMISSIONS;
  const accounts = new Set([owner, ...(seed.installations ?? []).map(({ account }) => account)]);
  const selection =
    seed.selected === undefined
      ? { repository_selection: "all" }
      : { repository_selection: "selected", repositories: seed.selected };
  const emulator = await createEmulator({
    service: "github",
    port,
    baseUrl: url,
    seed: {
      tokens: Object.fromEntries(people.map((login) => [tokenOf(login), { login }])),
      github: {
        users: people.map((login) => ({ login, email: `${login}@example.test` })),
        orgs: [...accounts].map((login) => ({
          login,
          members: people.map((member) => ({ login: member, role: "admin" })),
        })),
        repos: seed.repositories.map(({ name, private: isPrivate = true }) => ({
          owner,
          name,
          private: isPrivate,
          auto_init: false,
        })),
        apps: [
          {
            app_id: APP.id,
            slug: APP.slug,
            name: "Driftwright",
            permissions,
            events: seed.events ?? EVENTS,
            webhook_url: `${url}${EVENTS_PATH}`,
            installations: [
              { installation_id: APP.installationId, account: owner, ...selection },
              ...(seed.installations ?? []).map(({ id, account }) => ({
                installation_id: id,
                account,
                repository_selection: "all",
              })),
            ],
          },
        ],
      },
    },
  });
  const secret = emulator.generatedSecrets.find(({ kind }) => kind === "github.app_private_key");
  return {
    origin: `http://127.0.0.1:${port}`,
    privateKey: secret?.value ?? "",
    close: () => emulator.close(),
  };
}

async function seedRepositories(seed: Seed, owner: string, person: Person, world: World): Promise<void> {
  for (const { name, files = {}, modes = {}, flags = {} } of seed.repositories) {
    const fullName = `${owner}/${name}`;
    const { id } = await person.send("GET", `/repos/${fullName}`);
    const isEmpty = Object.keys(files).length === 0;
    if (!isEmpty) await person.commit(fullName, { branch: "main", files, modes, message: "Start" });
    if (seed.selected?.includes(name) ?? true) world.repositories.set(fullName, Number(id));
    world.flags.set(fullName, { ...flags, ...(isEmpty ? { empty: true } : {}) });
  }
}

/** Tells the App of something that the layer saw. */
async function tell(call: Call, event: string, payload: JsonObject, webhooks: Webhooks): Promise<void> {
  const { world, fullName, login } = call;
  const { body } = await world.ask("GET", `/repos/${fullName}`);
  if (body instanceof Uint8Array || !isJsonObject(body)) return;
  webhooks.tell(event, {
    ...payload,
    repository: world.corrected(body),
    sender: { login, type: login.endsWith("[bot]") ? "Bot" : "User" },
    installation: { id: world.app.installationId },
  });
}

/** What is asked for, without what comes before it; only queries go elsewhere. */
function pathBelow(base: string, path: string): string {
  if (path.startsWith(`${base}/`)) return path.slice(base.length);
  return path === "/api/graphql" ? path : `/outside-of-the-api${path}`;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** The emulator says nothing of the port that it took, so it is given one. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await close(server);
  return port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
