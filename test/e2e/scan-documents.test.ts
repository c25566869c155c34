import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/json/json.ts";
import { resizeInstance, retag, terminateInstance } from "./aws/changes.ts";
import { modelOfState } from "./aws/from-state.ts";
import { readScanDocument } from "./contract.ts";
import { contentsOf, stageFor, summary } from "./stage.ts";
import { type RecordedInstance, stateText } from "./state-text.ts";

/** A repository whose values stand in files of data, none of them laid out as Driftwright would. */
const FILES = {
  "main.tf": `locals {
  folder  = "\${path.module}/servers"
  servers = { for file in fileset(local.folder, "*.yaml") : trimsuffix(file, ".yaml") => yamldecode(file("\${local.folder}/\${file}")) }
  sizes   = jsondecode(file("\${path.module}/sizes.json"))
}

variable "jobs" {
  type = map(object({ size = string, tags = optional(map(string), {}) }))
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_instance" "server" {
  for_each = local.servers

  ami           = "ami-0c4e3f5a2b1d6f7e8"
  instance_type = each.value.size
  subnet_id     = aws_subnet.main.id
  tags          = each.value.tags
}

resource "aws_instance" "batch" {
  ami           = "ami-0c4e3f5a2b1d6f7e8"
  instance_type = local.sizes["batch"]
  subnet_id     = aws_subnet.main.id
}

resource "aws_instance" "job" {
  for_each = var.jobs

  ami           = "ami-0c4e3f5a2b1d6f7e8"
  instance_type = each.value.size
  subnet_id     = aws_subnet.main.id
  tags          = each.value.tags
}
`,
  "servers/api.yaml":
    "# The front door.\r\nsize:   t3.small   # enough for now\r\ntags:\r\n    Name: 'api'\r\n    # who pays\r\n    Team: web\r\n",
  "servers/worker.yaml": "{ size: t3.large, tags: { Name: worker } }",
  "sizes.json": '{"batch" :"t3.medium",\n\n   "other":"t3.nano"}\n',
  "jobs.auto.tfvars.json": `{
    "jobs": {
        "hourly": { "size": "t3.micro" },
        "nightly": {
            "size": "t3.nano"
        },
        "weekly": { "size": "t3.micro", "tags": {"Name": "weekly"} }
    }
}
`,
  ".github/driftwright.yml":
    "version: 1\nrules:\n  - name: servers are ours\n    match: { type: aws_instance }\n    verdict: adopt\n",
};

const IDS = {
  api: "i-00000000000000001",
  worker: "i-00000000000000002",
  batch: "i-00000000000000003",
  hourly: "i-00000000000000004",
  nightly: "i-00000000000000005",
  weekly: "i-00000000000000006",
};
const [VPC, SUBNET] = ["vpc-00000000000000001", "subnet-00000000000000001"];

function arn(kind: string, id: string): string {
  return `arn:aws:ec2:eu-west-1:123456789012:${kind}/${id}`;
}

function server(name: string, key: keyof typeof IDS, size: string, tags: JsonObject = {}): RecordedInstance {
  return {
    type: "aws_instance",
    name,
    ...(name === key ? {} : { key }),
    attributes: {
      id: IDS[key],
      arn: arn("instance", IDS[key]),
      ami: "ami-0c4e3f5a2b1d6f7e8",
      instance_type: size,
      subnet_id: SUBNET,
      availability_zone: "eu-west-1a",
      private_ip: "10.0.1.10",
      source_dest_check: true,
      tags,
      tags_all: tags,
    },
  };
}

const INSTANCES: readonly RecordedInstance[] = [
  {
    type: "aws_vpc",
    name: "main",
    attributes: {
      id: VPC,
      arn: arn("vpc", VPC),
      owner_id: "123456789012",
      cidr_block: "10.0.0.0/16",
      enable_dns_support: true,
    },
  },
  {
    type: "aws_subnet",
    name: "main",
    attributes: {
      id: SUBNET,
      arn: arn("subnet", SUBNET),
      owner_id: "123456789012",
      vpc_id: VPC,
      cidr_block: "10.0.1.0/24",
      availability_zone: "eu-west-1a",
    },
  },
  server("server", "api", "t3.small", { Name: "api", Team: "web" }),
  server("server", "worker", "t3.large", { Name: "worker" }),
  server("batch", "batch", "t3.medium"),
  server("job", "hourly", "t3.micro"),
  server("job", "nightly", "t3.nano"),
  server("job", "weekly", "t3.micro", { Name: "weekly" }),
];

describe("a scan of code whose values stand in YAML, JSON and variable files", () => {
  const stage = stageFor(async (folder) => {
    for (const [path, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await writeFile(join(folder, "terraform.tfstate"), stateText(INSTANCES));
    return modelOfState(INSTANCES);
  });

  /** The files that are not as they were, with their text. */
  async function written(): Promise<Record<string, string>> {
    const before = new Map<string, string>([
      ...Object.entries(FILES),
      ["terraform.tfstate", stateText(INSTANCES)],
    ]);
    const now = [...(await contentsOf(stage.folder))].map(
      ([path, text]) => [relative(stage.folder, path), text] as const,
    );
    expect(now.map(([path]) => path).toSorted()).toEqual([...before.keys()].toSorted());
    return Object.fromEntries(now.filter(([path, text]) => before.get(path) !== text));
  }

  it("finds nothing where nothing differs", async () => {
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect({ code, found: summary(document) }).toEqual({ code: 0, found: [] });
  });

  it("writes each value where it stands, and nothing else; then all agree", async () => {
    resizeInstance(stage.model, IDS.api, "t3.xlarge");
    retag(stage.model, IDS.api, "Team", "it's: core");
    retag(stage.model, IDS.worker, "Team", "core");
    resizeInstance(stage.model, IDS.batch, "m6i.large");
    resizeInstance(stage.model, IDS.hourly, "t3.small");
    retag(stage.model, IDS.weekly, "Team", "core");
    const { code, stderr } = await stage.scan("--dir", stage.folder, "--write");
    expect(code, stderr).toBe(2);
    expect(await written()).toEqual({
      "servers/api.yaml": FILES["servers/api.yaml"]
        .replace("t3.small", "t3.xlarge")
        .replace("Team: web", "Team: 'it''s: core'"),
      "servers/worker.yaml": "{ size: t3.large, tags: { Name: worker, Team: core } }",
      "sizes.json": FILES["sizes.json"].replace("t3.medium", "m6i.large"),
      "jobs.auto.tfvars.json": FILES["jobs.auto.tfvars.json"]
        .replace('"hourly": { "size": "t3.micro" }', '"hourly": { "size": "t3.small" }')
        .replace('{"Name": "weekly"}', '{"Name": "weekly", "Team": "core"}'),
    });
    expect((await stage.scan("--dir", stage.folder)).code).toBe(0);
  });

  it("takes a deleted instance's entry out of a variable file; its state is stale then", async () => {
    terminateInstance(stage.model, IDS.nightly);
    resizeInstance(stage.model, IDS.batch, "m6i.large");
    await stage.scan("--dir", stage.folder, "--write");
    expect(await written()).toEqual({
      "sizes.json": FILES["sizes.json"].replace("t3.medium", "m6i.large"),
      "jobs.auto.tfvars.json": FILES["jobs.auto.tfvars.json"].replace(
        '        "nightly": {\n            "size": "t3.nano"\n        },\n',
        "",
      ),
    });
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect({ code, found: summary(document).toSorted() }).toEqual({
      code: 0,
      found: ["stale-state aws_instance.batch: instance_type", 'stale-state aws_instance.job["nightly"]'],
    });
  });

  it("leaves an instance to people whose file as a whole would have to go, and writes the rest", async () => {
    terminateInstance(stage.model, IDS.worker);
    resizeInstance(stage.model, IDS.hourly, "t3.small");
    const { stdout, stderr } = await stage.scan("--dir", stage.folder, "--write", "--json");
    expect(summary(readScanDocument(stdout)).toSorted()).toEqual([
      'deleted aws_instance.server["worker"]',
      'drift aws_instance.job["hourly"]: instance_type',
    ]);
    expect(stderr).toContain('not adopted: aws_instance.server["worker"]');
    expect(Object.keys(await written())).toEqual(["jobs.auto.tfvars.json"]);
  });
});
