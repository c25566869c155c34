import { describe, expect, it, vi } from "vitest";
import { shopFiles } from "../e2e/shop.ts";
import { officeFiles, propose, runOf } from "./checks.ts";
import { letEverybodyIn } from "./drift.ts";
import { type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const SERVICE = "modules/service/main.tf";
const SECTION = "### Instances that this change changes";

async function summaryOf(
  stage: Stage,
  branch: string,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const { sha } = await propose(stage, branch, files);
  const { output } = await runOf(stage, sha);
  return output.summary;
}

async function edited(path: string, from: string, to: string): Promise<Record<string, string>> {
  const text = (await shopFiles())[path] ?? "";
  expect(text).toContain(from);
  return { [path]: text.replace(from, () => to) };
}

/** Rows of the list, without the first and the last bar. */
function rowsOf(summary: string): string[] {
  return summary.split("\n").flatMap((line) => /^\| (`shop-.*) \|$/.exec(line)?.[1] ?? []);
}

describe("the instances that a pull request changes", () => {
  const set = stagePerTest();

  it("are told in every stack that sees the changed file, although nothing has drifted", async () => {
    const { stage } = set;
    await stage.scan();
    const files = await edited(SERVICE, "var.instance_type", '"t3.nano"');
    const summary = await summaryOf(stage, "size", files);
    expect(summary).toContain("Nothing that this change touches has drifted.");
    expect(summary).toMatch(/- `shop-prod`: \d changed\n- `shop-staging`: \d changed\n/);
    expect(rowsOf(summary)).toContain('`shop-prod` | `module.service["api"].aws_instance.this` | changed');
  });

  it("are not told of a stack that does not see it, nor where no code does", async () => {
    const { stage } = set;
    await stage.scan();
    const prod = await summaryOf(stage, "office", await officeFiles());
    expect(prod).toContain("- `shop-prod`: 1 changed\n");
    expect(prod).not.toContain("shop-staging");
    expect(await summaryOf(stage, "notes", { "NOTES.md": "x" })).not.toContain(SECTION);
  });

  it("stand beside the drift that the change touches", async () => {
    const { stage } = set;
    await stage.scan();
    letEverybodyIn(stage);
    await stage.scan();
    const summary = await summaryOf(stage, "office", await officeFiles());
    expect(summary).toContain("would revert it");
    expect(summary).toContain("- `shop-prod`: 1 changed\n");
  });

  it("have no keys that the code may have made of what the state holds", async () => {
    const { stage } = set;
    await stage.scan();
    const made = `resource "terraform_data" "ids" {\n  for_each = { for _, one in module.service : one.instance_id => 1 }\n}\n`;
    const outputs = await edited(
      SERVICE,
      "resource",
      'output "instance_id" {\n  value = aws_instance.this.id\n}\n\nresource',
    );
    const summary = await summaryOf(stage, "ids", { ...outputs, "ids.tf": made });
    expect(summary).toContain("`terraform_data.ids[…]`");
    expect(summary).not.toMatch(/\bi-[0-9a-f]{6,}/);
  });

  it("are said not to be compared where the code does not parse or cannot be read", async () => {
    const { stage } = set;
    await stage.scan();
    const { sha } = await propose(stage, "broken", { "more.tf": "locals {" });
    const { output, conclusion } = await runOf(stage, sha);
    expect(output.summary).toContain(
      "- `shop-prod`: not compared in full: more.tf does not parse (line 1)\n",
    );
    expect(conclusion).toBe("success");
    const unread = await summaryOf(stage, "unread", { "more.tf": "locals {}\0" });
    expect(unread).toContain("- `shop-prod`: not compared in full: more.tf cannot be read\n");
  });
});

describe("in a public repository", () => {
  const set = stagePerTest({ private: false });

  it("they are numbers alone", async () => {
    const { stage } = set;
    await stage.scan();
    const files = await edited(SERVICE, "var.instance_type", '"t3.nano"');
    const summary = await summaryOf(stage, "size", files);
    expect(summary).toMatch(/instances in the code of 2 stacks: \d+ changed\./);
    expect(summary).not.toMatch(/shop-|aws_|module/);
  });
});
