import { describe, expect, it, test } from "vitest";
import { changedFiles, Readers } from "../../src/scan/changed-files.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";

const FILES = {
  "README.md": "# Shop",
  "prod/main.tf": 'module "web" {\n  source = "../modules/web"\n}\n',
  "prod/start.sh": "echo start",
  "test/main.tf": 'locals { policy = file("../policies/all.json") }\n',
  "vars/test.tfvars": "size = 1\n",
  "modules/web/main.tf": 'module "disk" {\n  source = "../disk"\n}\n',
  "modules/disk/main.tf": 'module "web" {\n  source = "../web"\n}\n',
  "policies/all.json": "{}",
};

describe("the files of a change", () => {
  it("are those that come, go, or hold something else", () => {
    const { "README.md": _gone, ...rest } = FILES;
    const head = { ...rest, "prod/main.tf": "", "new/main.tf": "" };
    const found = changedFiles(memorySnapshot(FILES), memorySnapshot(head));
    expect([...found].sort()).toEqual(["README.md", "new/main.tf", "prod/main.tf"]);
  });

  const PROD = { path: "prod", varFiles: [] };
  const TEST = { path: "test", varFiles: ["vars/test.tfvars"] };

  test.each([
    ["README.md", []],
    ["prod/README.md", []],
    ["prod/main.tf", ["prod"]],
    ["prod/other/main.tf", []],
    ["prod/start.sh", ["prod"]],
    ["modules/web/main.tf", ["prod"]],
    ["modules/disk/main.tf", ["prod"]],
    ["modules/disk/files/init.tpl", ["prod"]],
    ["policies/all.json", ["test"]],
    ["vars/test.tfvars", ["test"]],
    ["vars/prod.tfvars", []],
  ])("may matter to some stacks: %s", (file, expected) => {
    const readers = new Readers(memorySnapshot(FILES), new Set([file]));
    expect([PROD, TEST].filter((stack) => readers.mayRead(stack)).map(({ path }) => path)).toEqual(expected);
  });
});
