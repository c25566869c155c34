import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { modelOfState } from "../e2e/aws/from-state.ts";
import type { AwsModel } from "../e2e/aws/model.ts";
import type { EmbeddedAws } from "../e2e/aws/server.ts";

/** What a person sees of one run of the command. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both, with white space as single spaces: messages are wrapped to the width. */
  readonly said: string;
}

const BIN = fileURLToPath(new URL("../../bin/driftwright.js", import.meta.url));

/** For root no file is without permission: nobody else's user then. */
const UNPRIVILEGED: { readonly uid?: number; readonly gid?: number } =
  process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Whether the command can be run by a user for whom permissions count: root's own folder may hold the checkout. */
export function hasUnprivileged(): boolean {
  return spawnSync(process.execPath, [BIN, "--version"], { ...UNPRIVILEGED, cwd: tmpdir() }).status === 0;
}

/** A folder with files, and the command run in it with an environment of its own. */
export class Workplace {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), "driftwright-")));

  constructor(files: Readonly<Record<string, string | Uint8Array>> = {}) {
    for (const [path, content] of Object.entries(files)) this.put(path, content);
  }

  put(path: string, content: string | Uint8Array): this {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), content);
    return this;
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  removeFile(path: string): void {
    rmSync(this.path(path));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs it as a user for whom permissions count, who may read the folder. */
  runUnprivileged(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Run> {
    chmodSync(this.folder, 0o755);
    return this.run(args, environment, undefined, UNPRIVILEGED);
  }

  /** Runs `driftwright` in the folder. */
  run(
    args: readonly string[],
    environment: Readonly<Record<string, string>> = {},
    watch: (child: ChildProcess) => void = () => undefined,
    user: typeof UNPRIVILEGED = {},
  ): Promise<Run> {
    const child = spawn(process.execPath, [BIN, ...args], {
      ...user,
      cwd: this.folder,
      env: { PATH: process.env["PATH"] ?? "", HOME: this.folder, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
      });
    }
    watch(child);
    return new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code) => {
        const said = `${output.stderr}\n${output.stdout}`.replace(/\s+/g, " ");
        resolve({ code, ...output, said });
      });
    });
  }
}

/** Environment in which the SDK talks to the embedded AWS. */
export function awsEnvironment({ url }: Pick<EmbeddedAws, "url">): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: SCOPE.region,
    AWS_ACCESS_KEY_ID: "AKIAIOSFODNN7EXAMPLE",
    AWS_SECRET_ACCESS_KEY: "secret",
  };
}

export const SCOPE = { account: "123456789012", region: "eu-west-1" };

/** Code of one network and one instance in it. */
export const CODE = `variable "size" {
  default = "t3.small"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { Name = "shop" }
}

resource "aws_instance" "web" {
  ami           = "ami-12345678"
  instance_type = var.size
  tags          = { Name = "web" }
}
`;

export const INSTANCE_ID = "i-0a1b2c3d";

const arn = (id: string) => `arn:aws:ec2:${SCOPE.region}:${SCOPE.account}:${id}`;
const RECORDED = [
  {
    type: "aws_vpc",
    name: "main",
    attributes: {
      id: "vpc-0a1b2c3d",
      arn: arn("vpc/vpc-0a1b2c3d"),
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
      owner_id: SCOPE.account,
      tags: { Name: "shop" },
      tags_all: { Name: "shop" },
    },
  },
  {
    type: "aws_instance",
    name: "web",
    attributes: {
      id: INSTANCE_ID,
      arn: arn(`instance/${INSTANCE_ID}`),
      ami: "ami-12345678",
      instance_type: "t3.small",
      availability_zone: "eu-west-1a",
      tags: { Name: "web" },
      tags_all: { Name: "web" },
    },
  },
];

/** The state in which that code was applied. */
export function stateOf(serial = 3, extra: Readonly<Record<string, unknown>> = {}): string {
  const resources = RECORDED.map(({ type, name, attributes }) => ({
    mode: "managed",
    type,
    name,
    provider: 'provider["registry.terraform.io/hashicorp/aws"]',
    instances: [{ schema_version: 1, attributes, sensitive_attributes: [] }],
  }));
  const lineage = "0c1f6f5e-1111-2222-3333-444455556666";
  return `${JSON.stringify({ version: 4, terraform_version: "1.11.4", serial, lineage, outputs: {}, resources, ...extra }, null, 2)}\n`;
}

/** An AWS in which everything is as that state recorded it. */
export function modelAsRecorded(): AwsModel {
  return modelOfState(RECORDED);
}

/** A stack in a folder: its code and its state. */
export function stack(folder = ""): Record<string, string> {
  const path = (name: string) => (folder === "" ? name : `${folder}/${name}`);
  return { [path("main.tf")]: CODE, [path("terraform.tfstate")]: stateOf() };
}
