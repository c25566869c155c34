import { expect, test } from "vitest";
import { sharedCode } from "../../src/scan/shared-code.ts";
import { scanWorld } from "./networks.ts";

const stack = (name: string, path: string, ...files: string[]) => ({ name, path, files });

test("folders that several stacks read, with the stacks; not the one folder that is theirs", () => {
  const stacks = [
    stack("prod", "live", "live/main.tf", "live/prod.tfvars", "common.tfvars", "modules/net/main.tf"),
    stack("dev", "live", "live/main.tf", "live/dev.tfvars", "common.tfvars", "modules/net/main.tf"),
    stack(
      "dns",
      "dns",
      "dns/main.tf",
      "modules/net/main.tf",
      "modules/net/variables.tf",
      "modules/dns/main.tf",
    ),
  ];
  expect(sharedCode(stacks)).toEqual([
    { folder: ".", stacks: ["dev", "prod"] },
    { folder: "modules/net", stacks: ["dev", "dns", "prod"] },
  ]);
});

test("a scan tells them, also of stacks that were not asked for", async () => {
  const code = 'terraform {\n  backend "gcs" {}\n}\nmodule "m" {\n  source = "../modules/m"\n}\n';
  const files = {
    "a/main.tf": code,
    "b/main.tf": code,
    "modules/m/main.tf": "",
    "c/main.tf": code.slice(0, 36),
  };
  const { shared } = await scanWorld({ files, folder: "a", cloud: null });
  expect(shared).toEqual([{ folder: "modules/m", stacks: ["a", "b"] }]);
});
