import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { type Engine, startEngine } from "../../src/engine/engine.ts";
import { parsePath } from "../../src/json/path.ts";
import { touchedPlaces } from "../../src/scan/touched-places.ts";
import { memorySnapshot } from "../../src/terraform/snapshot.ts";

const FILES = {
  "main.tf": `variable "sizes" {}

resource "aws_instance" "web" {
  instance_type = var.sizes.web
  tags          = { Team = "shop", Tier = "web" }
}
`,
  "terraform.tfvars": `sizes = {
  web = "t3.small"
}
`,
};

describe("the places that a change touches", () => {
  let engine: Engine;

  beforeEach(async () => {
    engine = startEngine(memorySnapshot(FILES));
    await engine.open([{ name: "shop", root: ".", settings: [], workspace: "default", state: null }]);
  });

  afterEach(() => engine.close());

  async function placesOf(address: string, ...paths: string[]): Promise<string[]> {
    const places = await touchedPlaces(engine, "shop", address, paths.map(parsePath));
    return places.map(({ file, line }) => `${file}:${line}`);
  }

  test.each<readonly [string, readonly string[], readonly string[]]>([
    ["the literal that decides a value", ["instance_type"], ["terraform.tfvars:2"]],
    ["values on one line are one place", ["tags.Team", "tags.Tier"], ["main.tf:5"]],
    ["the resource, for what it no longer says", ["monitoring"], ["main.tf:3"]],
    ["several", ["instance_type", "tags.Team"], ["terraform.tfvars:2", "main.tf:5"]],
    ["none", [], []],
  ])("%s", async (_what, paths, expected) => {
    expect(await placesOf("aws_instance.web", ...paths)).toEqual(expected);
  });

  it("are none where the code has no such instance", async () => {
    expect(await placesOf("aws_instance.other", "instance_type")).toEqual([]);
  });
});
