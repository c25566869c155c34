import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { driftwright } from "../e2e/cli.ts";
import { temporaryFolder } from "../e2e/shop.ts";
import { type Host, hosts } from "../sources/modules/loopback.ts";
import { gitHost, registry } from "../sources/modules/places.ts";

const start = hosts();
const COMMIT = "a".repeat(40);
const VARIABLES = 'variable "size" {\n  default = "small"\n}\n';

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, "code", name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  }
}

/** A registry whose module calls another one, which is in git, and a folder of its own. */
async function world(): Promise<{
  readonly source: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly places: readonly Host[];
}> {
  const git = await start("127.0.0.1", (asked) =>
    gitHost({
      "acme/vpc": {
        refs: { "refs/heads/main": COMMIT },
        commits: {
          [COMMIT]: {
            "main.tf": `${VARIABLES}resource "terraform_data" "vpc" {\n  input = "\${var.size} vpc"\n}\nmodule "subnet" {\n  source = "./subnet"\n  size   = var.size\n}\nmodule "peer" {\n  source = "git::http://${git.host}/acme/peer//deep?ref=main"\n}\n`,
            "subnet/main.tf": `${VARIABLES}resource "terraform_data" "subnet" {\n  input = templatefile("\${path.module}/name.tftpl", { size = var.size })\n}\n`,
            "subnet/name.tftpl": "${size} subnet",
          },
        },
      },
      "acme/peer": {
        refs: { "refs/heads/main": COMMIT },
        commits: {
          [COMMIT]: { "deep/main.tf": 'resource "terraform_data" "peer" {\n  input = "peer"\n}\n' },
        },
      },
    })(asked),
  );
  const found = await start(
    "127.0.0.1",
    registry({ "acme/vpc/test": ["1.0.0", "1.1.0"] }, () => `git::${git.origin}/acme/vpc?ref=main`),
  );
  const environment = {
    MODULE_HOSTS: `${git.origin},${found.origin}`,
    MODULE_NETWORKS: "127.0.0.0/8",
    XDG_CACHE_HOME: join(folder, "cache"),
  };
  return { source: `${found.host}/acme/vpc/test`, environment, places: [git, found] };
}

const call = (source: string, version = "~> 1.0") =>
  `module "net" {\n  source  = "${source}"\n  version = "${version}"\n  size    = "large"\n}\n`;

async function evaluated(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const { code, stdout, stderr } = await driftwright(
    ["eval", "--dir", join(folder, "code"), "--json", ...args],
    environment,
  );
  const { instances = [], diagnostics = [] } = JSON.parse(stdout || "{}");
  return {
    code,
    stderr,
    inputs: Object.fromEntries(
      instances.map((one: { address: string; attributes: { input: string } }) => [
        one.address,
        one.attributes.input,
      ]),
    ),
    messages: diagnostics.map(({ message }: { message: string }) => message),
  };
}

describe("--modules", () => {
  it("fetches what the code calls, and what that calls, and keeps it", async () => {
    const { source, environment, places } = await world();
    await write({ "main.tf": call(source) });
    const inputs = {
      "module.net.module.peer.terraform_data.peer": "peer",
      "module.net.module.subnet.terraform_data.subnet": "large subnet",
      "module.net.terraform_data.vpc": "large vpc",
    };
    expect(await evaluated(["--modules"], environment)).toEqual({
      code: 0,
      stderr: "",
      inputs,
      messages: [],
    });
    const archives = () =>
      places.flatMap(({ asked }) => asked).filter(({ path }) => path.endsWith(".tar.gz")).length;
    expect(archives()).toBe(2);
    expect((await evaluated(["--modules"], environment)).inputs).toEqual(inputs);
    expect(archives()).toBe(2);
  });

  it("is needed: without it no network is used", async () => {
    const { source, environment, places } = await world();
    await write({ "main.tf": call(source) });
    const { code, messages, inputs } = await evaluated([], environment);
    expect([code, inputs]).toEqual([0, {}]);
    expect(messages).toEqual([
      'module "net": its source is not in the checkout (terraform init brings it, and --modules fetches it); its resources are left to the state',
    ]);
    expect(places.flatMap(({ asked }) => asked)).toEqual([]);
  });

  it("fetches nothing that terraform init brought", async () => {
    const { source, environment, places } = await world();
    const entry = { Key: "net", Source: source, Version: "1.0.0", Dir: ".terraform/modules/net" };
    await write({
      "main.tf": call(source),
      ".terraform/modules/modules.json": JSON.stringify({
        Modules: [{ Key: "", Source: "", Dir: "." }, entry],
      }),
      ".terraform/modules/net/main.tf": `${VARIABLES}resource "terraform_data" "here" {\n  input = var.size\n}\n`,
    });
    expect((await evaluated(["--modules"], environment)).inputs).toEqual({
      "module.net.terraform_data.here": "large",
    });
    expect(places.flatMap(({ asked }) => asked)).toEqual([]);
  });

  it.each([
    ["a version that is not there", "~> 7.0", {}, "the registry has no version of it that is ~> 7.0"],
    [
      "a host that is not allowed",
      "~> 1.0",
      { MODULE_HOSTS: "example.com" },
      "is none of the hosts that modules are fetched from",
    ],
    ["a network that is not public", "~> 1.0", { MODULE_NETWORKS: "" }, "is not on the public internet"],
    ["no hosts at all", "~> 1.0", { MODULE_HOSTS: "none" }, "MODULE_HOSTS names no host"],
  ])("says why it does not: %s", async (_, version, changed, why) => {
    const { source, environment } = await world();
    await write({ "main.tf": `${call(source, version)}resource "terraform_data" "own" {\n  input = 1\n}\n` });
    const { code, messages, inputs } = await evaluated(["--modules"], { ...environment, ...changed });
    expect([code, inputs]).toEqual([0, { "terraform_data.own": 1 }]);
    expect(messages).toEqual([expect.stringContaining(why)]);
    expect(messages[0]).toMatch(
      /^module "net": its source could not be fetched: .*; its resources are left to the state$/,
    );
  });

  it("leaves a version that is not written as text to the state", async () => {
    const { source, environment, places } = await world();
    await write({
      "main.tf": `variable "v" {\n  default = "1.0.0"\n}\nmodule "net" {\n  source  = "${source}"\n  version = var.v\n}\n`,
    });
    const { messages } = await evaluated(["--modules"], environment);
    expect(messages.join("\n")).toContain("its version is not written as plain text");
    expect(places.flatMap(({ asked }) => asked)).toEqual([]);
  });

  it("refuses settings that cannot be meant", async () => {
    await write({ "main.tf": "" });
    const { code, stderr } = await driftwright(["eval", "--dir", join(folder, "code"), "--modules"], {
      MODULE_HOSTS: "https://a/b c",
    });
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining("MODULE_HOSTS cannot be used: set names of hosts"),
    ]);
  });

  it("traces into a module, and edits the call instead of it", async () => {
    const { source, environment } = await world();
    await write({ "main.tf": call(source) });
    const args = [
      "trace",
      "--dir",
      join(folder, "code"),
      "--modules",
      "--json",
      "module.net.module.subnet.terraform_data.subnet",
      "input",
    ];
    const { code, stdout } = await driftwright([...args, "--to", '"tiny subnet"'], environment);
    expect(code).toBe(0);
    const { chain, edits } = JSON.parse(stdout);
    expect(chain.map(({ file }: { file: string }) => file)).toContainEqual(
      expect.stringMatching(
        /^\.terraform\/modules\/127\.0\.0\.1_\d+\/acme\/vpc\/test\/1\.1\.0\/subnet\/main\.tf$/,
      ),
    );
    expect(edits.map(({ file, after }: { file: string; after: string }) => [file, after])).toEqual([
      ["main.tf", '"tiny"'],
    ]);
  });

  it("serves every stack of a scan, and those that an edit is proven against", async () => {
    const { source, environment, places } = await world();
    const backend = 'terraform {\n  backend "local" {}\n}\n';
    const root = `${backend}module "shared" {\n  source = "../../shared"\n}\n`;
    const state = JSON.stringify({
      version: 4,
      terraform_version: "1.11.4",
      serial: 1,
      lineage: "l",
      outputs: {},
      resources: [],
    });
    await write({
      "stacks/a/main.tf": root,
      "stacks/a/terraform.tfstate": state,
      "stacks/b/main.tf": root,
      "stacks/b/terraform.tfstate": state,
      "shared/main.tf": call(source),
    });
    const code = join(folder, "code");
    const scanned = await driftwright(["scan", "--dir", code, "--modules", "--json"], environment);
    const { stacks } = JSON.parse(scanned.stdout);
    expect(stacks.map(({ path }: { path: string }) => path)).toEqual(["stacks/a", "stacks/b"]);
    expect(JSON.stringify(stacks)).not.toContain("left to the state");
    expect(places.flatMap(({ asked }) => asked).filter(({ path }) => path.endsWith(".tar.gz"))).toHaveLength(
      2,
    );
    const people = await driftwright(["scan", "--dir", code, "--modules"], environment);
    const [, shared = ""] = people.stdout.split(
      "Read by several stacks: an edit there changes all of them\n",
    );
    // Nobody here edits what comes from elsewhere.
    expect(shared.split("\n\n")[0]?.trim().split(/\s+/)[0]).toBe("shared");
    expect(shared.split("\n\n")[0]).not.toContain(".terraform");
    const address = "module.shared.module.net.terraform_data.vpc";
    const traced = await driftwright(
      [
        "trace",
        "--dir",
        join(code, "stacks/a"),
        "--root",
        code,
        "--modules",
        "--json",
        address,
        "input",
        "--to",
        '"tiny vpc"',
      ],
      environment,
    );
    const { edits } = JSON.parse(traced.stdout);
    expect(edits[0]).toMatchObject({ file: "shared/main.tf", after: '"tiny"', verdict: "shared" });
    expect(edits[0].effects).toContainEqual(
      expect.objectContaining({ stack: expect.stringContaining("b"), address }),
    );
  });
});
