import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, describe, expect, test } from "vitest";
import { resizeInstance } from "../e2e/aws/changes.ts";
import { type EmbeddedAws, startAws } from "../e2e/aws/server.ts";
import {
  awsEnvironment,
  CODE,
  INSTANCE_ID,
  modelAsRecorded,
  SCOPE,
  stack,
  stateOf,
  Workplace,
} from "./command.ts";

const places: Workplace[] = [];
const servers: { close(): unknown }[] = [];

function workplace(files: Readonly<Record<string, string | Uint8Array>> = {}): Workplace {
  const place = new Workplace(files);
  places.push(place);
  return place;
}

async function aws(): Promise<EmbeddedAws> {
  const server = await startAws({ ...SCOPE, model: modelAsRecorded() });
  servers.push(server);
  return server;
}

afterAll(async () => {
  for (const place of places) place.remove();
  for (const server of servers) await server.close();
});

const isRoot = process.getuid?.() === 0;

interface Case {
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly args?: readonly string[];
  readonly prepare?: (place: Workplace) => void;
  /** Each has to be said. */
  readonly says: readonly RegExp[];
}

function table(cases: Readonly<Record<string, Case>>): void {
  test.each(Object.entries(cases))(
    "%s",
    async (_what, { files = stack(), args = ["--dir", "."], prepare, says }) => {
      const place = workplace(files);
      prepare?.(place);
      const { code, said, stderr } = await place.run(["scan", ...args]);
      for (const message of says) expect(said).toMatch(message);
      expect(code).toBe(1);
      expect(stderr).not.toMatch(/^\s+at .*:\d+:\d+/m);
    },
  );
}

describe.concurrent("the command line", () => {
  table({
    "an unknown option": { args: ["--frobnicate"], says: [/unknown option '--frobnicate'/, /--help shows/] },
    "an option with a typing error": { args: ["--dri", "."], says: [/unknown option '--dri'/, /--dir/] },
    "a variable without a value": { args: ["--var", "size"], says: [/--var.*'size' is invalid.*name=value/] },
    "a cloud that is not read yet": {
      args: ["--cloud", "aws,google"],
      says: [/google cannot be read yet; aws can/],
    },
    "a cloud that does not exist": { args: ["--cloud", "moon"], says: [/The clouds are: aws/] },
    "no such folder": { args: ["--dir", "nowhere"], says: [/--dir nowhere: there is no such folder/] },
    "an empty path": {
      args: ["--dir", ""],
      says: [/error: --dir is empty; give a path, or leave --dir out/],
    },
    "a file for a folder": {
      args: ["--dir", "main.tf"],
      says: [/--dir main\.tf is a file; give the folder it stands in/],
    },
    "a folder outside of the root": {
      files: { "a/main.tf": CODE, "b/main.tf": CODE },
      args: ["--dir", "a", "--root", "b"],
      says: [/--dir a is not inside of --root b/],
    },
    "a variable file outside of the root": {
      files: { ...stack("infra"), "prod.tfvars": "" },
      args: ["--dir", "infra", "--var-file", "prod.tfvars"],
      says: [/--var-file prod\.tfvars is outside of the root; give a --root that holds both/],
    },
    "no such variable file": {
      args: ["--var-file", "prod.tfvars"],
      says: [/--var-file prod\.tfvars: there is no such file/],
    },
    "a configuration that is not there": {
      args: ["--config", "x.yml"],
      says: [/--config x\.yml cannot be read: there is no such file; check the path/],
    },
    "reports into a file": { args: ["--out", "main.tf"], says: [/--out main\.tf is a file; give a folder/] },
  });

  test("an unknown command", async () => {
    const { code, said } = await workplace().run(["scna"]);
    expect(said).toMatch(/unknown command 'scna'.*scan/);
    expect(code).toBe(1);
  });
});

describe.concurrent("the code", () => {
  table({
    "a folder without Terraform": {
      files: { "readme.md": "" },
      says: [/there is no Terraform stack in \.:.*give --dir the folder of a root module/],
    },
    "a file that does not parse": {
      files: { ...stack(), "net.tf": 'resource "aws_vpc" "x" {\n  cidr_block = \n}\n' },
      says: [/failed: not scanned error: net\.tf:2:16: expected a value/, /2 \| cidr_block = \| \^/],
    },
    "a variable file that does not parse": {
      files: { ...stack(), "terraform.tfvars": "size = [\n" },
      says: [/failed: not scanned error: terraform\.tfvars:/],
    },
    "binary garbage": {
      files: { ...stack(), "x.tf": new Uint8Array([0xff, 0xfe, 0, 1, 2, 0xc3, 0x28]) },
      says: [/failed: not scanned.*x\.tf.*UTF-8/],
    },
    "a link that leaves the root": {
      prepare: (place) => symlinkSync("/etc/hostname", place.path("extra.tf")),
      says: [
        /error: extra\.tf cannot be read: the link leads out of the root; give a --root that holds what it leads to/,
        /failed: not scanned/,
      ],
    },
    "a module outside of the root": {
      files: {
        ...stack("infra"),
        "infra/module.tf": 'module "x" {\n  source = "../x"\n}\n',
        "x/main.tf": "",
      },
      args: ["--dir", "infra"],
      says: [/module\.tf:2:\d+: module "x": \.\.\/x is outside of the root; give a --root that holds it/],
    },
    "a module that is not there": {
      files: { ...stack(), "module.tf": 'module "x" {\n  source = "./x"\n}\n' },
      says: [/module\.tf:2:\d+: module "x": there are no Terraform files in x/],
    },
    "a file read from outside of the root": {
      files: { ...stack(), "x.tf": 'resource "aws_vpc" "x" {\n  cidr_block = file("../secret")\n}\n' },
      says: [/\.\.\/secret.*--root/],
    },
    "a huge file": {
      files: { ...stack(), "x.tf": `# ${"x".repeat(64 * 1024 * 1024)}\n` },
      says: [/failed: not scanned.*x\.tf.*has \d+ bytes, more than the \d+ that are read/],
    },
  });

  test.skipIf(isRoot)("a file without permission", async () => {
    const place = workplace({ ...stack(), "x.tf": "" });
    chmodSync(place.path("x.tf"), 0);
    const { code, said } = await place.run(["scan", "--dir", "."]);
    expect(said).toMatch(/x\.tf: there is no permission to read it/);
    expect(code).toBe(1);
  });

  test("one broken stack of two: the other one is scanned", async () => {
    const server = await aws();
    resizeInstance(server.model, INSTANCE_ID, "t3.large");
    const place = workplace({ ...stack("a"), ...stack("b"), "b/broken.tf": "x = 1 +\n" });
    const { code, stdout } = await place.run(
      ["scan", "--dir", ".", "--cloud", "aws", "--json"],
      awsEnvironment(server),
    );
    const { stacks } = JSON.parse(stdout);
    expect(stacks).toMatchObject([
      { name: "a", status: "complete", findings: [{ kind: "drift" }] },
      {
        name: "b",
        status: "failed",
        findings: [],
        diagnostics: [{ severity: "error", file: "b/broken.tf", line: 1 }],
      },
    ]);
    expect(code).toBe(1);
  });

  test("what nobody reads does not stand against a scan", async () => {
    const server = await aws();
    const place = workplace(stack());
    symlinkSync("/etc/hostname", place.path("notes.md"));
    symlinkSync("nowhere", place.path("latest"));
    const { code, said } = await place.run(["scan", "--dir", ".", "--cloud", "aws"], awsEnvironment(server));
    expect(said).toMatch(/warning: notes\.md: the link leads out of the root/);
    expect(code).toBe(0);
  });
});

describe.concurrent("the configuration", () => {
  const rule = "version: 1\nrules:\n  - name: sizes\n    mach: { type: aws_instance }\n    verdict: adopt\n";

  test("an error in it: line, what was meant, and nothing is written", async () => {
    const server = await aws();
    resizeInstance(server.model, INSTANCE_ID, "t3.large");
    const place = workplace({ ...stack(), ".github/driftwright.yml": rule });
    const args = ["scan", "--dir", ".", "--cloud", "aws", "--write", "--out", "reports"];
    const { code, said } = await place.run(args, awsEnvironment(server));
    expect(said).toMatch(/error: \.github\/driftwright\.yml:4:5: .*mach.*match/);
    expect(said).toMatch(/4 \| mach:/);
    expect(said).toMatch(/nothing is written while the configuration has errors/);
    expect(readFileSync(place.path("main.tf"), "utf8")).toBe(CODE);
    expect(existsSync(place.path("reports"))).toBe(false);
    expect(code).toBe(1);
  });

  table({
    "said in the document, too": {
      files: { ...stack(), ".github/driftwright.yml": rule },
      args: ["--dir", ".", "--json"],
      says: [/"severity": "error", "message": "unknown key \\"mach\\"/],
    },
    "a name that is not read": {
      files: { ...stack(), ".github/driftwright.yaml": "version: 1\n" },
      says: [/driftwright\.yaml: the configuration is read from \.github\/driftwright\.yml; rename the file/],
    },
    "a folder in its place": {
      prepare: (place) => mkdirSync(place.path(".github/driftwright.yml"), { recursive: true }),
      args: ["--dir", ".", "--write"],
      says: [
        /\.github\/driftwright\.yml: this is a folder, and the configuration is a file/,
        /nothing is written/,
      ],
    },
    "what only its owner may say": {
      files: { ...stack(), ".github/driftwright.yml": "version: 1\nenforced: { dry_run: true }\n" },
      says: [
        /unknown key "enforced"; only the file of an owner has it: driftwright\.yml in their repository/,
      ],
    },
    "a link that leaves the root": {
      prepare: (place) => {
        mkdirSync(place.path(".github"));
        symlinkSync("/etc/hostname", place.path(".github/driftwright.yml"));
      },
      args: ["--dir", ".", "--write"],
      says: [/\.github\/driftwright\.yml: the link leads out of the root/, /nothing is written/],
    },
    "a stack that is not there": {
      files: { ...stack("a"), ".github/driftwright.yml": "version: 1\nstacks:\n  - path: b\n" },
      says: [/b \(b\) failed: not scanned error: b is no folder of the repository/],
    },
    "a variable file that is not there": {
      files: {
        ...stack("a"),
        ".github/driftwright.yml": "version: 1\nstacks:\n  - path: a\n    var_files: [prod.tfvars]\n",
      },
      says: [/failed: not scanned error: its variable file a\/prod\.tfvars cannot be read/],
    },
  });
});

describe.concurrent("the state", () => {
  const given = (name: string, content: string | Uint8Array, ...says: readonly RegExp[]): Case => ({
    files: { "main.tf": CODE, [name]: content },
    args: ["--dir", ".", "--state", name],
    says,
  });
  table({
    missing: {
      files: { "main.tf": CODE },
      args: ["--dir", ".", "--state", "x.tfstate"],
      says: [/x\.tfstate: there is no such file.*terraform state pull/],
    },
    "nowhere to be found": {
      files: { "main.tf": CODE },
      says: [/no state was found.*--state/, /incomplete/],
    },
    truncated: given("x.tfstate", stateOf().slice(0, 900), /x\.tfstate:.*(?:cut off|truncated|ends)/),
    empty: given("x.tfstate", "", /x\.tfstate: the state is empty/),
    "of an old version": given("x.tfstate", '{"version": 3, "serial": 1}', /old format version 3.*refresh/),
    "encrypted by OpenTofu": given(
      "x.tfstate",
      '{"encrypted_data": "x", "encryption_version": "v0"}',
      /encrypted by OpenTofu.*tofu state pull/,
    ),
    "a pointer of Git LFS": given(
      "x.tfstate",
      "version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
      /Git LFS pointer.*git lfs pull/,
    ),
    "not text": given("x.tfstate", new Uint8Array([1, 2, 0xff, 0xc0]), /x\.tfstate: the file is not text/),
    "a directory": {
      files: { "main.tf": CODE, "x/y": "" },
      args: ["--dir", ".", "--state", "x"],
      says: [/x: this is a directory, not a state file.*x\/terraform\.tfstate/],
    },
    "damaged where discovery finds it": {
      files: { "main.tf": CODE, "terraform.tfstate": '{"version": 4, "serial"' },
      says: [/failed: not scanned error: terraform\.tfstate:/],
    },
    "a link that leaves the root": {
      files: { "main.tf": 'terraform {\n  backend "local" {}\n}\n' },
      prepare: (place) => symlinkSync("/etc/hostname", place.path("terraform.tfstate")),
      says: [/terraform\.tfstate: the link leads out of the root/],
    },
    "in a backend that is not read yet": {
      files: { "main.tf": `terraform {\n  backend "gcs" {}\n}\n${CODE}` },
      says: [/its state is kept in gcs, which is not read yet.*terraform state pull.*--state/],
    },
  });

  test("locked: an apply may be running, so the cloud is not asked", async () => {
    const server = await aws();
    const place = workplace({ ...stack(), ".terraform.tfstate.lock.info": "{}" });
    const { code, said } = await place.run(["scan", "--dir", ".", "--cloud", "aws"], awsEnvironment(server));
    expect(said).toMatch(/terraform\.tfstate\) is locked: Terraform is changing it.*scan again/);
    expect(server.requests).toEqual([]);
    expect(code).toBe(1);
  });

  test.each(["terraform.tfstate", "given.tfstate"])(
    "%s changes while the cloud is read: the scan is repeated",
    async (name) => {
      const server = await aws();
      const place = workplace({ "main.tf": CODE, [name]: stateOf(3) });
      const args = ["--dir", ".", "--cloud", "aws", ...(name.startsWith("given") ? ["--state", name] : [])];
      const { code, said } = await place.run(["scan", ...args, "--json"], awsEnvironment(server), () => {
        const timer = setInterval(() => {
          if (server.requests.length === 0) return;
          place.put(name, stateOf(4));
          clearInterval(timer);
        }, 1);
      });
      expect(said).toMatch(/the state changed from serial 3 to 4/);
      expect(said).toMatch(/"serial": 4/);
      expect(code).toBe(0);
    },
  );
});

describe.concurrent("the cloud", () => {
  async function cloud() {
    const server = await aws();
    const place = workplace(stack());
    const scan = (environment: Readonly<Record<string, string>> = {}, ...args: readonly string[]) =>
      place.run(["scan", "--dir", ".", "--cloud", "aws", ...args], {
        ...awsEnvironment(server),
        ...environment,
      });
    return { server, place, scan };
  }

  test("credentials of another account: nothing is believed", async () => {
    const { server, scan } = await cloud();
    server.becomeAccount("999999999999");
    const { code, said } = await scan();
    expect(said).toMatch(
      /failed: not scanned.*error: the state's resources are in 123456789012.*account 999999999999.*use credentials/,
    );
    expect(said).not.toMatch(/deleted/);
    expect(code).toBe(1);
  });

  test("no credentials, and an instance metadata service that never answers: said within seconds", async () => {
    const { server, place } = await cloud();
    const silent = createServer(() => undefined);
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    servers.push({
      close: () => {
        silent.closeAllConnections();
        silent.close();
      },
    });
    const { port } = silent.address() as AddressInfo;
    const { code, said } = await place.run(["scan", "--dir", ".", "--cloud", "aws"], {
      AWS_ENDPOINT_URL: server.url,
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${port}`,
    });
    expect(said).toMatch(/no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID/);
    expect(code).toBe(1);
  });

  test("a profile that does not exist is named", async () => {
    const { server, place } = await cloud();
    const environment = {
      AWS_ENDPOINT_URL: server.url,
      AWS_PROFILE: "nix",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    const { code, said } = await place.run(["scan", "--dir", ".", "--cloud", "aws"], environment);
    expect(said).toMatch(
      /no AWS credentials were found for the profile "nix", which AWS_PROFILE names; see whether `aws configure list-profiles` knows it/,
    );
    expect(said).not.toMatch(/set AWS_PROFILE|whoever operates/);
    expect(code).toBe(1);
    const s3 =
      'terraform {\n  backend "s3" {\n    bucket = "b"\n    key    = "k"\n    region = "eu-west-1"\n  }\n}\n';
    place.put("main.tf", `${s3}${CODE}`);
    const again = await place.run(["scan"], environment);
    expect(again.said).toMatch(
      /no AWS credentials were found to read it with, for the profile "nix" that AWS_PROFILE names/,
    );
    expect(again.code).toBe(1);
  });

  test("credentials that have expired", async () => {
    const { server, scan } = await cloud();
    server.misbehave("GetCallerIdentity", { error: "ExpiredToken", status: 403 });
    const { code, said } = await scan();
    expect(said).toMatch(/the AWS credentials have expired.*aws sso login/);
    expect(code).toBe(1);
  });

  test("one call is refused: its resources are unreadable, the rest goes on", async () => {
    const { server, scan } = await cloud();
    resizeInstance(server.model, INSTANCE_ID, "t3.large");
    server.misbehave("DescribeVpcs", "refused");
    const { code, said } = await scan();
    expect(said).toMatch(/incomplete/);
    expect(said).toMatch(/AWS refused ec2:DescribeVpcs.*allow the action ec2:DescribeVpcs/);
    expect(said).toMatch(/"t3\.small" → "t3\.large"/);
    expect(code).toBe(1);
  });

  test("throttled for a while: waits and goes on", async () => {
    const { server, scan } = await cloud();
    server.misbehave("DescribeInstances", { throttled: 2 });
    expect(await scan()).toMatchObject({ code: 0 });
  });

  test("an empty answer for everything: said with a doubt, and nothing is written", async () => {
    const { server, place } = await cloud();
    server.misbehave("DescribeInstances", "empty");
    server.misbehave("DescribeVpcs", "empty");
    const { code, said } = await place.run(
      ["scan", "--dir", ".", "--cloud", "aws", "--write"],
      awsEnvironment(server),
    );
    expect(said).toMatch(/none of its 2 instances was found.*check the credentials/);
    expect(said).toMatch(/nothing to write/);
    expect(readFileSync(place.path("main.tf"), "utf8")).toBe(CODE);
    expect(code).toBe(2);
  });

  test("nobody listens", async () => {
    const { scan } = await cloud();
    const { code, said } = await scan({ AWS_ENDPOINT_URL: "http://127.0.0.1:9" });
    expect(said).toMatch(/failed: not scanned.*AWS did not answer.*check the network.*AWS_ENDPOINT_URL/);
    expect(code).toBe(1);
  });

  test("somebody listens and never answers", async () => {
    const { server, scan } = await cloud();
    server.misbehave("*", "hanging");
    const { code, said } = await scan();
    expect(said).toMatch(/AWS did not answer sts:GetCallerIdentity/);
    expect(code).toBe(1);
  }, 60_000);
});

describe.concurrent("--write", () => {
  const config =
    "version: 1\nrules:\n  - name: sizes\n    match: { type: aws_instance, attribute: instance_type }\n    verdict: adopt\n";
  async function resized() {
    const server = await aws();
    resizeInstance(server.model, INSTANCE_ID, "t3.large");
    const place = workplace({ ...stack(), ".github/driftwright.yml": config });
    const write = (watch?: Parameters<Workplace["run"]>[2]) =>
      place.run(["scan", "--dir", ".", "--cloud", "aws", "--write"], awsEnvironment(server), watch);
    const code = () => readFileSync(place.path("main.tf"), "utf8");
    return { server, place, write, code };
  }

  test("writes the edit; the second time there is nothing to write", async () => {
    const { write, code } = await resized();
    const first = await write();
    expect(first.said).toMatch(/wrote main\.tf/);
    expect(code()).toBe(CODE.replace("t3.small", "t3.large"));
    const second = await write();
    expect(second.said).toMatch(/nothing to write/);
    expect(code()).toBe(CODE.replace("t3.small", "t3.large"));
  });

  test("a file that changed meanwhile is left alone, and the findings are printed all the same", async () => {
    const { server, place, write, code } = await resized();
    const mine = `${CODE}# mine\n`;
    const run = await write(() => {
      const timer = setInterval(() => {
        if (server.requests.length === 0) return;
        place.put("main.tf", mine);
        clearInterval(timer);
      }, 1);
    });
    expect(run.said).toMatch(/error: main\.tf changed while the scan ran; nothing was written/);
    expect(run.stdout).toMatch(/aws_instance\.web/);
    expect(code()).toBe(mine);
    expect(run.code).toBe(1);
  });

  test("a file that is read-only is left alone", async () => {
    const { place, write, code } = await resized();
    chmodSync(place.path("main.tf"), 0o444);
    const run = await write();
    expect(run.said).toMatch(/error: main\.tf is read-only; nothing was written/);
    expect(code()).toBe(CODE);
    expect(run.code).toBe(1);
  });

  test("a reader that goes away keeps nothing from being written", async () => {
    const { write, code } = await resized();
    const run = await write((child) => child.stdout?.destroy());
    expect(code()).toBe(CODE.replace("t3.small", "t3.large"));
    expect(run.stderr).not.toMatch(/EPIPE/);
    expect(run.code).toBe(2);
  });
});

describe.concurrent("the output", () => {
  test("--json prints one document on stdout alone, whatever went wrong", async () => {
    const place = workplace({ "a/main.tf": "x {\n", "a/terraform.tfstate": stateOf(), "k8s/pod.yaml": POD });
    const { code, stdout, stderr } = await place.run(["scan", "--dir", ".", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, stacks: [{ name: "a", status: "failed" }] });
    expect(stderr).toMatch(/found, not scanned yet: k8s.* \(Kubernetes\)/);
    expect(code).toBe(1);
    const empty = await workplace().run(["scan", "--json"]);
    expect(JSON.parse(empty.stdout)).toEqual({ schema: 1, stacks: [] });
    expect(empty.code).toBe(1);
  });

  test("has colour only where it is wanted", async () => {
    const place = workplace(stack());
    const start = "\u001b[";
    expect((await place.run(["scan"])).stdout).not.toContain(start);
    expect((await place.run(["scan"], { FORCE_COLOR: "1" })).stdout).toContain(start);
    expect((await place.run(["scan"], { FORCE_COLOR: "1", NO_COLOR: "1" })).stdout).not.toContain(start);
  });

  test("of help and version is no error", async () => {
    const place = workplace();
    expect(await place.run(["--version"])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    const help = await place.run(["scan", "--help"]);
    expect(help.stdout).toMatch(/--cloud/);
    expect(help.code).toBe(0);
  });

  test("into head is no error", () => {
    const place = workplace(stack());
    const command = `"${process.execPath}" "${new URL("../../bin/driftwright.js", import.meta.url).pathname}" scan --json 2>&1 | head -1`;
    expect(execFileSync("/bin/sh", ["-c", command], { cwd: place.folder, encoding: "utf8" })).toMatch(
      /looking for stacks\n$/,
    );
  });
});

const POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec: {}\n";

test("a folder that went away meanwhile is said, not thrown", async () => {
  const place = workplace({ "gone/main.tf": CODE });
  rmSync(place.path("gone"), { recursive: true });
  const { code, said } = await place.run(["scan", "--dir", "gone"]);
  expect(said).toMatch(/--dir gone: there is no such folder/);
  expect(code).toBe(1);
});
