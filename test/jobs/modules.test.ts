import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Access } from "../../src/config/access.ts";
import { startEngine } from "../../src/engine/engine.ts";
import { operatorModules } from "../../src/jobs/operator-modules.ts";
import type { JobPorts } from "../../src/jobs/ports.ts";
import { openFindings } from "../../src/store/findings.ts";
import { latestScan } from "../../src/store/scans.ts";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { instanceIdOf, SHOP_FOLDER, shopFiles } from "../e2e/shop.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

// The shop's module is in a repository of its own, which only the App can read: in real engine processes, since those ask
// for modules.

const PARTS = ["main.tf", "outputs.tf", "variables.tf", "user_data.sh.tftpl"];
const module = Object.fromEntries(
  await Promise.all(
    PARTS.map(
      async (name) => [name, await readFile(join(SHOP_FOLDER, "modules/service", name), "utf8")] as const,
    ),
  ),
);
const others = ["terraform-service", "secrets"].map((name) => ({ name, private: true, files: module }));
const set = stagePerTest({}, { others });

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "data-"));
  await set.stage.github
    .person("alice")
    .commit(FULL_NAME, { branch: "main", files: await calling("terraform-service") });
  resizeInstance(set.stage.model, instanceIdOf(set.stage.model, "shop-prod-api"), "m6i.large");
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

/** The shop whose services come from another repository. */
async function calling(name: string): Promise<Record<string, string>> {
  const { "main.tf": text = "" } = await shopFiles();
  const source = `git::${set.stage.github.url}/acme/${name}.git?ref=main`;
  return { "main.tf": text.replace('"./modules/service"', JSON.stringify(source)) };
}

const ALLOWED: Access = {
  grants: [{ repositories: ["acme/shop"], aws: [], states: [], modules: ["acme/*"] }],
};

function portsOf(stage: Stage, access: Access | null): JobPorts {
  const { ports } = stage;
  const { url: web } = stage.github;
  const settings = { hosts: [web], networks: ["127.0.0.0/8"] };
  const { github, now, log } = ports;
  return {
    ...ports,
    startEngine,
    modules: operatorModules({ settings, access, web, github, dataDir, now, log }),
  };
}

async function scanned(stage: Stage, ports: JobPorts) {
  await stage.run("scan", { ...stage.job, trigger: "person" }, { ports });
  const scan = await latestScan(stage.database.kysely, stage.repositoryId);
  const prod = scan?.stacks.find(({ name }) => name.includes("prod"));
  if (prod === undefined) throw new Error("there is no such stack");
  return prod;
}

const read = (stage: Stage, name: string) =>
  stage.github.requests.filter(({ path }) => path.startsWith(`/repos/acme/${name}`)).map(({ path }) => path);

describe("modules in another repository of the owner", () => {
  it("are read with the installation's rights where the operator allows it", async () => {
    const { stage } = set;
    const { diagnostics } = await scanned(stage, portsOf(stage, ALLOWED));
    expect(diagnostics.filter(({ message }) => message.includes("module"))).toEqual([]);
    const items = await openFindings(stage.database.kysely, stage.repositoryId, { after: null, limit: 10 });
    expect(
      items.map(({ finding: { address, kind, adoption } }) => [
        address,
        kind,
        adoption?.files.map(({ path }) => path),
      ]),
    ).toEqual([['module.service["api"].aws_instance.this', "drift", ["environments/prod.tfvars"]]]);
    expect(read(stage, "terraform-service").map((path) => path.replace(/[0-9a-f]{40}/, "COMMIT"))).toEqual([
      "/repos/acme/terraform-service",
      "/repos/acme/terraform-service/commits/main",
      "/repos/acme/terraform-service/tarball/COMMIT",
    ]);
  });

  it("are asked for by their commit alone the next time, by another process", async () => {
    const { stage } = set;
    await scanned(stage, portsOf(stage, ALLOWED));
    const before = read(stage, "terraform-service").length;
    await scanned(stage, portsOf(stage, ALLOWED));
    expect(read(stage, "terraform-service").slice(before)).toEqual([
      "/repos/acme/terraform-service",
      "/repos/acme/terraform-service/commits/main",
    ]);
  });

  it.each<[string, Access | null]>([
    ["no file", null],
    ["none for them", { grants: [{ repositories: ["acme/*"], aws: [], states: [] }] }],
    [
      "others alone",
      { grants: [{ repositories: ["acme/*"], aws: [], states: [], modules: ["acme/terraform-x*"] }] },
    ],
    [
      "them for another",
      { grants: [{ repositories: ["acme/web"], aws: [], states: [], modules: ["acme/*"] }] },
    ],
  ])("are left to the state where the access file allows %s", async (_, access) => {
    const { stage } = set;
    const { diagnostics } = await scanned(stage, portsOf(stage, access));
    expect(diagnostics).toContainEqual(
      expect.objectContaining({
        severity: "warning",
        file: "main.tf",
        message: expect.stringMatching(
          /module "service": its source could not be fetched: .* is private, or not there.*; its resources are left to the state/,
        ),
      }),
    );
    expect(read(stage, "terraform-service")).toEqual([]);
  });

  it("that the App is not installed in are said, with what to do", async () => {
    const { stage } = set;
    await stage.github.person("alice").commit(FULL_NAME, { branch: "main", files: await calling("gone") });
    const { diagnostics } = await scanned(stage, portsOf(stage, ALLOWED));
    expect(diagnostics.map(({ message }) => message)).toContainEqual(
      expect.stringContaining(
        "the App cannot read acme/gone, or it does not have the branch, tag or commit that is named; install the App there",
      ),
    );
  });

  it("are not read for a stranger's pull request, unless the repository has them already", async () => {
    const { stage } = set;
    const ports = portsOf(stage, ALLOWED);
    await scanned(stage, ports);
    const bob = stage.github.person("bob");
    for (const [branch, fork] of [
      ["own", false],
      ["strange", true],
    ] as const) {
      const files = { ...(await calling("secrets")), [`${branch}.tf`]: "# new\n" };
      const headSha = await bob.commit(FULL_NAME, { branch, files });
      const pullRequest = await bob.openPullRequest(FULL_NAME, branch);
      if (fork) await fromFork(stage);
      const before = read(stage, "secrets").length;
      await stage.run("annotate", { ...stage.job, headSha, pullRequest }, { ports });
      stage.github.behave();
      expect(read(stage, "secrets").length > before).toBe(!fork);
    }
  });
});

/** GitHub lists the open pull requests as if their branches were somebody else's. */
async function fromFork({ github }: Stage): Promise<void> {
  const { body } = await github.person("bob").try("GET", `/repos/${FULL_NAME}/pulls`);
  const pulls = (body as unknown as { head: { repo: object } }[]).map((pull) => ({
    ...pull,
    head: { ...pull.head, repo: { ...pull.head.repo, id: 4242 } },
  }));
  const answer = { status: 200, headers: {}, body: pulls as never };
  const fault = { when: "before", answer, first: async () => {} } as const;
  github.misbehave({ method: "GET", path: "/pulls", times: 9, fault });
}
