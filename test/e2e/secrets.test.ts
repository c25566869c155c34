import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { instanceOf, retag } from "./aws/changes.ts";
import { driftwright } from "./cli.ts";
import { type FindingJson, findingsOf, readScanDocument } from "./contract.ts";
import { copyShop, instanceIdOf, SHOP_FOLDER, shopModel } from "./shop.ts";
import { contentsOf, stageFor } from "./stage.ts";

const CODE_SECRET = "canary-of-the-code-7d1f";
const CLOUD_SECRET = "canary-of-the-cloud-93ab";
const GIVEN_SECRET = "canary-of-the-command-line-55e0";
const ADOPT_ALL = "rules:\n  - name: all of it\n    match: {}\n    verdict: adopt\n";
const SENSITIVE_VARIABLE = `
variable "session_key" {
  type      = string
  sensitive = true
  default   = "${CODE_SECRET}"
}
`;

/** The session key that the example's state holds. */
async function recordedSecret(): Promise<string> {
  const state = await readFile(join(SHOP_FOLDER, "prod.tfstate"), "utf8");
  const secret = /"session_key": \{\s+"value": "([^"]{20,})"/.exec(state)?.[1];
  if (secret === undefined) throw new Error("the example's state has no session key");
  return secret;
}

/**
 * The example with a secret in its code, one in its state, and a changed one in the cloud. Somebody has copied the
 * state's into tags as well.
 */
describe("secrets", () => {
  const stage = stageFor(async (folder) => {
    await copyShop(folder);
    const model = await shopModel();
    const [api, worker] = ["shop-prod-api", "shop-prod-worker"].map((name) => instanceIdOf(model, name));
    instanceOf(model, api ?? "").userData = `#!/bin/sh\nSESSION_KEY=${CLOUD_SECRET}\n`;
    const recorded = await recordedSecret();
    retag(model, api ?? "", "Debug", `key=${recorded}`);
    retag(model, api ?? "", "Schedule", recorded);
    retag(model, worker ?? "", "Schedule", "harmless");
    return model;
  });

  async function keepKeyInCode(): Promise<void> {
    await stage.edit("main.tf", (text) =>
      text.replace("= random_password.session.result", "= var.session_key"),
    );
    await stage.edit("variables.tf", (text) => text + SENSITIVE_VARIABLE);
  }

  async function expectClean(...outputs: readonly string[]): Promise<void> {
    const secrets = [await recordedSecret(), CODE_SECRET, CLOUD_SECRET, GIVEN_SECRET];
    for (const output of outputs) {
      for (const secret of secrets) {
        expect(output).not.toContain(secret);
        for (const spelling of base64Inside(secret)) expect(output).not.toContain(spelling);
      }
    }
  }

  it("stand in no output of a scan, also where they are what drifted", async () => {
    await keepKeyInCode();
    const text = await stage.scan("--dir", stage.folder, "--out", stage.elsewhere);
    const json = await stage.scan("--dir", stage.folder, "--json");
    const reports = [...(await contentsOf(stage.elsewhere))].flat().join("\n");
    await expectClean(text.stdout, text.stderr, json.stdout, json.stderr, reports);

    // What is hidden is still reported.
    const findings = findingsOf(readScanDocument(json.stdout));
    const observed = (path: string) =>
      findings.flatMap(({ changes }) => changes).filter((change) => change.path === path);
    const hidden = {
      desired: "(sensitive)",
      recorded: "(sensitive)",
      observed: "(sensitive)",
      sensitive: true,
    };
    // The key of the code is another one than that of the states, in both environments.
    expect(observed("user_data")).toMatchObject([hidden, hidden, hidden, hidden]);
    expect(observed("tags.Debug")).toMatchObject([{ observed: "(sensitive)", sensitive: true }]);
    expect(observed("tags.Schedule")).toMatchObject([{ observed: "(sensitive)" }, { observed: "harmless" }]);
    expect(reports).toContain("user_data");
    expect(reports).toContain("harmless");
  });

  test.each<readonly [string, readonly string[]]>([
    ["eval", []],
    ["eval", ["--json"]],
    ["trace", ['module.service["api"].aws_instance.this', "user_data"]],
    ["trace", ['module.service["api"].aws_instance.this', "user_data", "--to", '"#!/bin/sh"', "--json"]],
    ["scan", ["--var", `session_key=${GIVEN_SECRET}`]],
    ["scan", ["--var", `session_key=${GIVEN_SECRET}`, "--json"]],
  ])("stand in no output of %s %j", async (command, args) => {
    await keepKeyInCode();
    const stack = ["--dir", ".", "--var-file", "environments/prod.tfvars", "--state", "prod.tfstate"].map(
      (arg) => (arg.startsWith("--") ? arg : join(stage.folder, arg)),
    );
    const { code, stdout, stderr } = await driftwright([command, ...stack, ...args]);
    expect(code).toBe(command === "scan" ? 1 : 0);
    expect(stdout).toContain(command === "scan" ? "shop-prod" : "(sensitive)");
    await expectClean(stdout, stderr);
  });

  it("are not written into code, whatever a rule says", async () => {
    await stage.edit(".github/driftwright.yml", (text) => text.replace("rules:", ADOPT_ALL));
    const { stdout, stderr } = await stage.scan("--dir", stage.folder, "--write", "--json");
    const code = [...(await contentsOf(stage.folder))]
      .filter(([file]) => /\.(tf|tfvars|tftpl)$/.test(file))
      .flat();
    await expectClean(stdout, stderr, ...code);
    // The rule works: what is no secret was adopted.
    expect(code.join("\n")).toContain('schedule    = "harmless"');
    const verdicts = findingsOf(readScanDocument(stdout)).map(verdictOf).sort();
    expect(verdicts).toEqual([
      "tags.Debug undecided",
      "tags.Schedule adopt",
      "tags.Schedule undecided",
      "user_data undecided",
    ]);
  });
});

function verdictOf({ changes, intent }: FindingJson): string {
  return `${changes.map(({ path }) => path).join()} ${intent.verdict}`;
}

/** What a text looks like in the middle of something that was written in Base64, at each of the three alignments. */
function base64Inside(text: string): string[] {
  return [0, 1, 2].map((before) =>
    Buffer.from("x".repeat(before) + text)
      .toString("base64")
      .replace(/=+$/, "")
      .slice(before === 0 ? 0 : 4, -4),
  );
}
