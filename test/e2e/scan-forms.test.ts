import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { groupOf, resizeInstance, retag, revoke, terminateInstance } from "./aws/changes.ts";
import { modelOfState } from "./aws/from-state.ts";
import { findingsOf, readScanDocument } from "./contract.ts";
import {
  HTTPS_RULE,
  INSTANCE_IDS,
  PLATFORM_CODE,
  PLATFORM_INSTANCES,
  PLATFORM_STATE,
  WEB_GROUP,
} from "./platform.ts";
import { stageFor, summary } from "./stage.ts";

describe("a scan of code with count, for_each, moved blocks, default tags and separate rules", () => {
  const stage = stageFor(async (folder) => {
    await writeFile(join(folder, "main.tf"), PLATFORM_CODE);
    await writeFile(join(folder, "terraform.tfstate"), PLATFORM_STATE);
    return modelOfState(PLATFORM_INSTANCES);
  });

  it("finds nothing where nothing differs", async () => {
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect({ code, found: summary(document) }).toEqual({ code: 0, found: [] });
    expect(document.stacks).toMatchObject([
      { status: "complete", coverage: { instances: 10, instancesRead: 10 } },
    ]);
  });

  test.each<readonly [string, keyof typeof INSTANCE_IDS, string | null]>([
    ["an instance of a count", "aws_instance.web[1]", '-  instance_type          = "t3.small"'],
    ["an instance of a for_each", 'aws_instance.job["nightly"]', '-    nightly = "t3.nano"'],
    ["an instance that the code has moved", "aws_instance.api", '-  instance_type = "t3.medium"'],
  ])("%s", async (_what, address, line) => {
    resizeInstance(stage.model, INSTANCE_IDS[address], "t3.large");
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect(code).toBe(2);
    expect(summary(document)).toEqual([`drift ${address}: instance_type`]);
    const diff = findingsOf(document)[0]?.adoption?.files[0]?.diff ?? "";
    expect(diff.split("\n").filter((each) => /^-[^-]/.test(each))).toEqual([line]);
    const verdict = address === "aws_instance.web[1]" ? "shared" : "exact";
    expect(findingsOf(document)[0]?.adoption?.verdict).toBe(verdict);
  });

  it("adopts what happened to all the instances of a count with one edit", async () => {
    for (const address of ["aws_instance.web[0]", "aws_instance.web[1]"] as const) {
      resizeInstance(stage.model, INSTANCE_IDS[address], "t3.large");
    }
    await mkdir(join(stage.folder, ".github"));
    await writeFile(
      join(stage.folder, ".github/driftwright.yml"),
      "version: 1\nrules:\n  - name: sizes\n    match: { attribute: instance_type }\n    verdict: adopt\n",
    );
    const { stderr } = await stage.scan("--dir", stage.folder, "--write");
    expect(stderr).toContain("wrote main.tf");
    const expected = PLATFORM_CODE.replace(
      'instance_type          = "t3.small"',
      'instance_type          = "t3.large"',
    );
    expect(await readFile(join(stage.folder, "main.tf"), "utf8")).toBe(expected);
    expect((await stage.scan("--dir", stage.folder)).code).toBe(0);
  });

  it("adopts deletions: the block with what leads to it, the entry of a map, the last of a count", async () => {
    for (const address of [
      "aws_instance.web[1]",
      'aws_instance.job["nightly"]',
      "aws_instance.api",
    ] as const) {
      terminateInstance(stage.model, INSTANCE_IDS[address]);
    }
    await mkdir(join(stage.folder, ".github"));
    await writeFile(
      join(stage.folder, ".github/driftwright.yml"),
      "version: 1\nrules:\n  - name: fewer servers\n    match: { type: aws_instance, category: resource }\n    verdict: adopt\n",
    );
    const { stderr, stdout } = await stage.scan("--dir", stage.folder, "--write", "--json");
    const found = findingsOf(readScanDocument(stdout));
    expect(found.map(({ kind, address, adoption }) => [kind, address, adoption?.verdict])).toEqual([
      ["deleted", "aws_instance.api", "exact"],
      ["deleted", 'aws_instance.job["nightly"]', "exact"],
      ["deleted", "aws_instance.web[1]", "exact"],
    ]);
    expect(stderr).toContain("wrote main.tf");
    const blocks = PLATFORM_CODE.slice(0, PLATFORM_CODE.indexOf("\nmoved {"));
    const expected = blocks
      .replace("count = 2", "count = 1")
      .replace('    hourly  = "t3.micro"\n    nightly = "t3.nano"\n', '    hourly = "t3.micro"\n');
    expect(await readFile(join(stage.folder, "main.tf"), "utf8")).toBe(expected);
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect(code).toBe(0);
    expect(summary(document).toSorted()).toEqual([
      "stale-state aws_instance.app",
      'stale-state aws_instance.job["nightly"]',
      "stale-state aws_instance.web[1]",
    ]);
  });

  it("a changed rule that is a resource of its own", async () => {
    revoke(stage.model, WEB_GROUP, ({ from }) => from === 443);
    groupOf(stage.model, WEB_GROUP).rules.push({
      id: HTTPS_RULE,
      direction: "ingress",
      protocol: "tcp",
      from: 443,
      to: 443,
      source: { cidr: "0.0.0.0/0" },
      description: undefined,
      tags: new Map([["Team", "platform"]]),
    });
    const { document } = await stage.scanJson("--dir", stage.folder);
    expect(summary(document)).toEqual(["drift aws_vpc_security_group_ingress_rule.https: cidr_ipv4"]);
    expect(findingsOf(document)[0]).toMatchObject({ category: "policy", intent: { verdict: "undecided" } });
  });

  it("a rule that is gone", async () => {
    revoke(stage.model, WEB_GROUP, ({ direction }) => direction === "egress");
    const { document } = await stage.scanJson("--dir", stage.folder);
    expect(summary(document)).toEqual(["deleted aws_security_group_rule.out"]);
  });

  it("a default tag of the provider, reported under the tags of each resource that lost it", async () => {
    retag(stage.model, INSTANCE_IDS["aws_instance.web[0]"], "Team", "other");
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect(code).toBe(2);
    expect(summary(document)).toEqual(["drift aws_instance.web[0]: tags.Team"]);
  });

  it("reads a state that is given, under its own name", async () => {
    const elsewhere = join(stage.folder, "elsewhere");
    await mkdir(elsewhere);
    await writeFile(join(elsewhere, "main.tf"), PLATFORM_CODE);
    resizeInstance(stage.model, INSTANCE_IDS["aws_instance.api"], "t3.large");
    const { code, document } = await stage.scanJson(
      "--dir",
      elsewhere,
      "--state",
      join(stage.folder, "terraform.tfstate"),
    );
    expect(code).toBe(2);
    expect(summary(document)).toEqual(["drift aws_instance.api: instance_type"]);
  });
});
