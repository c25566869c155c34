import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isJsonObject, parseJson } from "../../src/json/json.ts";
import { type BlockAnswer, plannedBlockAnswer } from "./block-answers.ts";
import { terraform } from "./terraform.ts";

const SOURCE = new URL("provider/", import.meta.url).pathname;

/** Builds the provider of provider/ with `go`; `use` may then ask what Terraform plans for code and a state. */
export function withBlocksProvider(
  use: (answerOf: (code: string, state?: string) => BlockAnswer) => void,
): void {
  const place = mkdtempSync(join(tmpdir(), "blocks-"));
  try {
    execFileSync("go", ["build", "-o", join(place, "terraform-provider-blocks"), "."], {
      cwd: SOURCE,
      stdio: "pipe",
    });
    // With the provider given so, nothing is installed, and `terraform init` is not needed.
    const config = join(place, "cli.tfrc");
    const overrides = `dev_overrides {\n    "example.test/driftwright/blocks" = ${JSON.stringify(place)}\n  }`;
    writeFileSync(config, `provider_installation {\n  ${overrides}\n}\n`);
    use((code, state) => {
      const folder = mkdtempSync(join(place, "case-"));
      if (state !== undefined) writeFileSync(join(folder, "terraform.tfstate"), state);
      return answerOf(code, folder, { TF_CLI_CONFIG_FILE: config });
    });
  } finally {
    rmSync(place, { recursive: true });
  }
}

function answerOf(code: string, folder: string, more: Record<string, string>): BlockAnswer {
  writeFileSync(join(folder, "main.tf"), code);
  try {
    terraform(folder, ["plan", "-no-color", "-out=plan.bin"], more);
  } catch (error) {
    if (/^Error: /m.test(String(error).replaceAll("│ ", ""))) return "refused";
    throw error;
  }
  const plan = parseJson(terraform(folder, ["show", "-json", "plan.bin"], more));
  if (!isJsonObject(plan)) throw new Error(`the plan in ${folder} is no object`);
  return plannedBlockAnswer(plan);
}
