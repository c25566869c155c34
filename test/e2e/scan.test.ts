import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { authorize, groupOf, instanceOf, resizeInstance, retag, terminateInstance } from "./aws/changes.ts";
import { addGroup, addInstance } from "./aws/model.ts";
import { findingsOf, readScanDocument } from "./contract.ts";
import { copyShop, groupIdOf, instanceIdOf, SHOP_FOLDER, SHOP_SCOPE, shopModel } from "./shop.ts";
import { contentsOf, stageFor, summary } from "./stage.ts";

const PROD = "environments/prod.tfvars";
const SSH = { protocol: "tcp", from: 22, source: { cidr: "0.0.0.0/0" } } as const;

describe("a scan of the example", () => {
  const stage = stageFor(async (folder) => {
    await copyShop(folder);
    return shopModel();
  });
  const api = () => instanceIdOf(stage.model, "shop-prod-api");
  const worker = () => instanceIdOf(stage.model, "shop-prod-worker");
  const apiGroup = () => groupIdOf(stage.model, "shop-prod-api");

  it("finds nothing where nothing differs, and exits with 0", async () => {
    const before = await contentsOf(SHOP_FOLDER);
    const run = await stage.scan("--dir", "examples/shop");
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining("No drift in 2 stacks.") });
    expect(run.stderr).not.toContain("error");
    const { code, document } = await stage.scanJson("--dir", "examples/shop");
    expect(code).toBe(0);
    expect(document.stacks).toMatchObject([
      { name: "shop-prod", path: ".", environment: "production", status: "complete", findings: [] },
      { name: "shop-staging", path: ".", environment: "staging", status: "complete", findings: [] },
    ]);
    expect(document.stacks[0]?.state).toEqual({
      serial: 41,
      lineage: "6f1d8a52-3c0b-8e4f-9a77-2b1c5d9e0f34",
    });
    expect(document.stacks.flatMap(({ diagnostics }) => diagnostics)).toEqual([]);
    expect(await contentsOf(SHOP_FOLDER)).toEqual(before);
  });

  it("exits with 2 and prints the contract's document, and nothing else, where something differs", async () => {
    resizeInstance(stage.model, api(), "m6i.large");
    authorize(stage.model, apiGroup(), SSH);
    retag(stage.model, worker(), "LastPatched", "2026-05-04");
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect(code).toBe(2);
    expect(summary(document)).toEqual([
      'drift module.service["api"].aws_instance.this: instance_type',
      'drift module.service["api"].aws_security_group.this: ingress[1]',
      'drift module.service["worker"].aws_instance.this: tags.LastPatched',
    ]);
    const [size, ssh, patched] = findingsOf(document);
    expect(size).toMatchObject({
      resource: { type: "aws_instance", id: api(), ...SHOP_SCOPE },
      category: "configuration",
      severity: "medium",
      changes: [{ desired: "t3.medium", recorded: "t3.medium", observed: "m6i.large", sensitive: false }],
      actor: null,
      intent: { verdict: "adopt", decidedBy: '"sizes are on purpose"' },
      adoption: { verdict: "exact", files: [{ path: PROD }] },
    });
    expect(size?.adoption?.effects).toEqual([
      {
        stack: "shop-prod",
        address: 'module.service["api"].aws_instance.this',
        path: "instance_type",
        before: "t3.medium",
        after: "m6i.large",
      },
    ]);
    expect(ssh).toMatchObject({ category: "policy", severity: "critical", intent: { verdict: "undecided" } });
    expect(ssh?.revert?.steps.flatMap(({ commands }) => commands)).toContainEqual({
      tool: "aws",
      argv: expect.arrayContaining(["ec2", "revoke-security-group-ingress", "--group-id", apiGroup()]),
    });
    expect(patched?.intent).toMatchObject({
      verdict: "ignore",
      decidedBy: '"the patching tool sets this tag"',
    });
  });

  it("shows people where each value is decided, and the edit as a diff", async () => {
    retag(stage.model, worker(), "Schedule", "always");
    const { code, stdout } = await stage.scan("--dir", stage.folder);
    expect(code).toBe(2);
    expect(stdout).toContain(`${PROD}:19`);
    expect(stdout).toContain('-    schedule    = "office-hours"');
    expect(stdout).toContain('+    schedule    = "always"');
    expect(stdout).not.toContain("\u001b");
  });

  it("names a finding the same way in every run; its revision changes with the values", async () => {
    const run = async (size: string) => {
      resizeInstance(stage.model, api(), size);
      const { document } = await stage.scanJson("--dir", stage.folder);
      return findingsOf(document).map(({ fingerprint, revision }) => ({ fingerprint, revision }));
    };
    const [first, again, other] = [await run("m6i.large"), await run("m6i.large"), await run("m6i.xlarge")];
    expect(first).toHaveLength(1);
    expect(again).toEqual(first);
    expect(other[0]?.fingerprint).toBe(first[0]?.fingerprint);
    expect(other[0]?.revision).not.toBe(first[0]?.revision);
  });

  it("writes the right line with --write, and nothing the second time", async () => {
    resizeInstance(stage.model, api(), "m6i.large");
    authorize(stage.model, apiGroup(), SSH);
    const before = await contentsOf(stage.folder);
    const first = await stage.scan("--dir", stage.folder, "--write");
    expect(first).toMatchObject({ code: 2, stderr: expect.stringContaining(`wrote ${PROD}`) });
    const after = await contentsOf(stage.folder);
    const expected = new Map(before);
    const file = join(stage.folder, PROD);
    expected.set(file, before.get(file)?.replace('size        = "medium"', 'size        = "large"') ?? "");
    expect(after).toEqual(expected);
    expect(after).not.toEqual(before);

    const second = await stage.scan("--dir", stage.folder, "--write", "--json");
    expect(second).toMatchObject({ code: 2, stderr: expect.stringContaining("nothing to write") });
    expect(await contentsOf(stage.folder)).toEqual(after);
    expect(summary(readScanDocument(second.stdout))).toEqual([
      'stale-state module.service["api"].aws_instance.this: instance_type',
      'drift module.service["api"].aws_security_group.this: ingress[1]',
    ]);
  });

  it("exits with 0 once everything is adopted", async () => {
    resizeInstance(stage.model, api(), "m6i.large");
    await stage.scan("--dir", stage.folder, "--write");
    expect((await stage.scan("--dir", stage.folder)).code).toBe(0);
  });

  it("writes every text with --out, and touches the code as little as without", async () => {
    resizeInstance(stage.model, api(), "m6i.large");
    authorize(stage.model, apiGroup(), SSH);
    retag(stage.model, worker(), "Schedule", "always");
    const before = await contentsOf(stage.folder);
    const { code, stderr } = await stage.scan("--dir", stage.folder, "--out", stage.elsewhere);
    expect(code).toBe(2);
    expect(stderr).toContain("wrote 5 files");
    expect(await contentsOf(stage.folder)).toEqual(before);
    const reports = [...(await contentsOf(stage.elsewhere))];
    const named = (part: string) =>
      reports.filter(([file]) => file.startsWith(join(stage.elsewhere, part))).map(([, text]) => text);
    expect(named("summary.md")).toEqual([expect.stringContaining("shop-staging")]);
    expect(named("pull-requests")).toEqual([expect.stringContaining('+    size        = "large"')]);
    expect(named("issues")).toHaveLength(2);
    expect(named("issues")).toContainEqual(expect.stringContaining("TCP port 22 from 0.0.0.0/0"));
    expect(named("check-runs")).toEqual([expect.stringContaining("3 drifted instances")]);
  });

  it("says that an instance is gone only after a second look", async () => {
    terminateInstance(stage.model, worker());
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect(code).toBe(2);
    expect(summary(document)).toEqual(['deleted module.service["worker"].aws_instance.this']);
    const [gone] = findingsOf(document);
    expect(gone).toMatchObject({ category: "resource", changes: [], adoption: { verdict: "refused" } });
    // The security group beside it in the module is still there, and so is the other service.
    expect(gone?.adoption?.files).toEqual([]);
    const looks = stage.aws.requests.filter(
      ({ action, parameters }) =>
        action === "DescribeInstances" && [...parameters.values()].includes(worker()),
    );
    expect(looks.length).toBeGreaterThanOrEqual(2);
  });

  it("says so too of an instance that the cloud no longer knows", async () => {
    stage.model.instances.delete(worker());
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect({ code, found: summary(document) }).toEqual({
      code: 2,
      found: ['deleted module.service["worker"].aws_instance.this'],
    });
  });

  it("looks for unmanaged resources where the configuration asks for it", async () => {
    const { subnetId } = instanceOf(stage.model, api());
    const vpcId = groupOf(stage.model, apiGroup()).vpcId;
    addInstance(stage.model, { id: "i-0fedcba9876543210", type: "t3.nano", subnetId });
    addGroup(stage.model, { id: "sg-0fedcba9876543210", vpcId, name: "by-hand" });
    addGroup(stage.model, { id: "sg-0000000000000000d", vpcId, name: "default" });
    expect(await stage.scanJson("--dir", stage.folder)).toMatchObject({ code: 0 });

    await stage.edit(".github/driftwright.yml", (text) => `${text}\nunmanaged: report\n`);
    const { code, document } = await stage.scanJson("--dir", stage.folder);
    expect(code).toBe(2);
    const found = findingsOf(document).map(({ kind, resource }) => `${kind} ${resource.type} ${resource.id}`);
    expect(found.sort()).toEqual([
      "unmanaged aws_instance i-0fedcba9876543210",
      "unmanaged aws_security_group sg-0fedcba9876543210",
    ]);
  });

  describe("with an ignore rule for one tag", () => {
    it("is at peace where that tag alone differs", async () => {
      retag(stage.model, worker(), "LastPatched", "2026-05-04");
      const { code, document } = await stage.scanJson("--dir", stage.folder);
      expect(code).toBe(0);
      expect(findingsOf(document)).toMatchObject([{ kind: "drift", intent: { verdict: "ignore" } }]);
    });

    it("still reports the tag beside it", async () => {
      retag(stage.model, worker(), "LastPatched", "2026-05-04");
      retag(stage.model, worker(), "LastPatchedBy", "somebody");
      const { code, document } = await stage.scanJson("--dir", stage.folder);
      expect(code).toBe(2);
      const open = findingsOf(document).filter(({ intent }) => intent.verdict !== "ignore");
      expect(open.flatMap(({ changes }) => changes.map(({ path }) => path))).toEqual(["tags.LastPatchedBy"]);
    });

    it("reports it again when the rule has ended", async () => {
      await stage.edit(".github/driftwright.yml", (text) => text.replace(/until: .*/, "until: 2026-01-31"));
      retag(stage.model, worker(), "LastPatched", "2026-05-04");
      const { code, document } = await stage.scanJson("--dir", stage.folder);
      expect(code).toBe(2);
      expect(findingsOf(document)).toMatchObject([{ intent: { verdict: "undecided" } }]);
      const [warning] = document.stacks.flatMap(({ diagnostics }) => diagnostics);
      expect(warning).toMatchObject({ severity: "warning", file: ".github/driftwright.yml" });
      expect(warning?.message).toContain("ended on 2026-01-31");
    });
  });
});
