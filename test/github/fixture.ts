import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { GitHubApp } from "../../src/github/client.ts";
import type { AppIdentity, GitHub, RepositoryRef } from "../../src/github/github.ts";
import type { Clock } from "../../src/github/pacing.ts";
import type { Files, Person } from "../e2e/github/people.ts";
import { type EmulatedGitHub, type Seed, type SeedRepository, startGitHub } from "../e2e/github/server.ts";

/** Time that passes only where someone waits. */
export class TestClock implements Clock {
  readonly waits: number[] = [];
  #now: number;

  constructor(now = Date.now()) {
    this.#now = now;
  }

  now(): Date {
    return new Date(this.#now);
  }

  async wait(milliseconds: number): Promise<void> {
    this.waits.push(milliseconds);
    this.#now += milliseconds;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

export const MAIN_FILES: Files = {
  "main.tf": 'resource "aws_instance" "web" {\n  instance_type = "t3.micro"\n}\n',
  "bin/apply.sh": "#!/bin/sh\nterraform apply\n",
  "modules/web/main.tf": "variable x {}\n",
};

/** What every test of this folder works on: one GitHub for a file, a repository of its own for each test. */
export interface Stage {
  readonly hub: EmulatedGitHub;
  readonly app: GitHubApp;
  readonly identity: AppIdentity;
  readonly clock: TestClock;
  readonly repository: RepositoryRef;
  /** Acts as the installation. */
  readonly github: GitHub;
  readonly alice: Person;
  readonly fullName: string;
  head(branch?: string): Promise<string>;
}

/** Sets the stage for each test of the file. Each test fails when it sent what GitHub does not describe. */
export function withGitHub(seed: Partial<Seed> = {}, spare = 24): Stage {
  const names = Array.from({ length: spare }, (_, index) => `spare-${index + 1}`);
  const modes = { "bin/apply.sh": "100755" } as const;
  const spares: SeedRepository[] = names.map((name) => ({ name, files: MAIN_FILES, modes }));
  let hub: EmulatedGitHub | null = null;
  let current: Omit<Stage, "hub" | "head"> | null = null;

  beforeAll(async () => {
    hub = await startGitHub({ ...seed, repositories: [...(seed.repositories ?? []), ...spares] });
  });

  beforeEach(async () => {
    if (hub === null) throw new Error("GitHub is not running");
    const name = names.shift();
    if (name === undefined) throw new Error("more tests than repositories: raise `spare`");
    const repository = hub.repository(name);
    const clock = new TestClock();
    const { id: appId, privateKey } = hub.app;
    const app = new GitHubApp({ appId, privateKey, baseUrl: hub.url, clock });
    const github = app.installation(hub.installationId);
    const identity = await app.identity();
    const fullName = `${hub.owner}/${name}`;
    current = { app, identity, clock, repository, github, alice: hub.person("alice"), fullName };
  });

  afterEach(() => {
    hub?.behave();
    hub?.changeInstallation("active");
    hub?.deliverTo(null);
    expect(hub?.unexpected).toEqual([]);
  });

  afterAll(async () => {
    await hub?.close();
  });

  return new Proxy({} as Stage, {
    get(_target, property) {
      if (hub === null || current === null) throw new Error("the stage is set in tests only");
      const { alice, fullName } = current;
      const head = (branch = "main") => headOf(alice, fullName, branch);
      return Reflect.get({ ...current, hub, head }, property);
    },
  });
}

async function headOf(person: Person, fullName: string, branch: string): Promise<string> {
  const ref = await person.send("GET", `/repos/${fullName}/git/ref/heads%2F${encodeURIComponent(branch)}`);
  return String((ref["object"] as { sha?: unknown }).sha);
}

/** Requests of the App for a path, by method. */
export function sent(stage: Stage, method: string, path: RegExp): number {
  return stage.hub.requests.filter(
    (each) =>
      each.by.kind === "installation" &&
      each.method === method &&
      each.path.includes(`/${stage.repository.name}/`) &&
      path.test(each.path),
  ).length;
}
