import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { resizeInstance, retag } from "./aws/changes.ts";
import { modelOfState } from "./aws/from-state.ts";
import { stageFor, summary } from "./stage.ts";
import { type RecordedInstance, stateText } from "./state-text.ts";

const CODE = `resource "aws_instance" "server" {
  for_each = {
    api    = "t3.small"
    worker = "t3.large"
  }

  ami           = "ami-0c4e3f5a2b1d6f7e8"
  instance_type = each.value
  tags          = { Name = each.key, Team = "web" }
}
`;

const RENAMED = `resource "aws_instance" "server" {
  for_each = {
    front  = "t3.small"
    worker = "t3.large"
  }

  ami           = "ami-0c4e3f5a2b1d6f7e8"
  instance_type = each.value
  tags          = { Name = each.key, Team = "web" }
}

moved {
  from = aws_instance.server["api"]
  to   = aws_instance.server["front"]
}
`;

const RULES =
  "version: 1\nrules:\n  - name: servers are ours\n    match: { type: aws_instance }\n    verdict: adopt\n";

const API = "i-00000000000000001";

function server(key: string, id: string, size: string): RecordedInstance {
  const tags = { Name: key, Team: "web" };
  return {
    type: "aws_instance",
    name: "server",
    key,
    attributes: {
      id,
      arn: `arn:aws:ec2:eu-west-1:123456789012:instance/${id}`,
      ami: "ami-0c4e3f5a2b1d6f7e8",
      instance_type: size,
      availability_zone: "eu-west-1a",
      source_dest_check: true,
      tags,
      tags_all: tags,
    },
  };
}

const INSTANCES = [server("api", API, "t3.small"), server("worker", "i-00000000000000002", "t3.large")];

describe("a scan of an instance that is called by its key", () => {
  const stage = stageFor(async (folder) => {
    await writeFile(join(folder, "main.tf"), CODE);
    await writeFile(join(folder, ".driftwright.yml"), RULES);
    await writeFile(join(folder, "terraform.tfstate"), stateText(INSTANCES));
    return modelOfState(INSTANCES);
  });
  const scanArguments = () => ["--dir", stage.folder, "--config", join(stage.folder, ".driftwright.yml")];

  it("renames the key and says that the instance moved; the state still has it where it was, and all agree", async () => {
    retag(stage.model, API, "Name", "front");
    const { code, stderr } = await stage.scan(...scanArguments(), "--write");
    expect(code, stderr).toBe(2);
    expect(await readFile(join(stage.folder, "main.tf"), "utf8")).toBe(RENAMED);
    const again = await stage.scanJson(...scanArguments());
    expect(again.code).toBe(0);
    expect(summary(again.document)).toEqual(['stale-state aws_instance.server["front"]: tags.Name']);
  });

  it("adopts what else changed of the same instance with it", async () => {
    retag(stage.model, API, "Name", "front");
    resizeInstance(stage.model, API, "t3.xlarge");
    await stage.scan(...scanArguments(), "--write");
    expect(await readFile(join(stage.folder, "main.tf"), "utf8")).toBe(
      RENAMED.replace('"t3.small"', '"t3.xlarge"'),
    );
    expect((await stage.scan(...scanArguments())).code).toBe(0);
  });

  it("tells the old and the new address as one effect", async () => {
    retag(stage.model, API, "Name", "front");
    const { document } = await stage.scanJson(...scanArguments());
    const [adoption] = document.stacks.flatMap(({ findings }) => findings.map((each) => each.adoption));
    expect(adoption?.verdict).toBe("exact");
    expect(
      adoption?.effects.map(({ address, path, before, after }) => [address, path, before, after]),
    ).toEqual([
      ['aws_instance.server["api"]', "tags.Name", "api", "front"],
      ['aws_instance.server["api"]', "", 'aws_instance.server["api"]', 'aws_instance.server["front"]'],
    ]);
  });
});
