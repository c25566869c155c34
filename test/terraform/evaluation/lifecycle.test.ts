import { expect, test } from "vitest";
import { printPath } from "../../../src/json/path.ts";
import { parseAddress } from "../../../src/terraform/address.ts";
import { ignoredChanges } from "../../../src/terraform/evaluation/ignored-changes.ts";
import { lifecycleOf, lifecycleOfFormer } from "../../../src/terraform/evaluation/lifecycle.ts";
import { evaluateFiles } from "../stack.ts";

test.each<[string, "all" | string[]]>([
  ["", []],
  ["lifecycle {}", []],
  ["lifecycle {\n prevent_destroy = true\n }", []],
  ["lifecycle {\n ignore_changes = []\n }", []],
  ["lifecycle {\n ignore_changes = all\n }", "all"],
  ['lifecycle {\n ignore_changes = ["*"]\n }', "all"],
  ["lifecycle {\n ignore_changes = [tags, ami]\n }", ["tags", "ami"]],
  ['lifecycle {\n ignore_changes = ["tags"]\n }', ["tags"]],
  ['lifecycle {\n ignore_changes = [tags["Name"], settings.size]\n }', ["tags.Name", "settings.size"]],
  // Terraform takes this as an attribute of an object, which a map is not.
  ["lifecycle {\n ignore_changes = [tags.Owner]\n }", []],
  ["lifecycle {\n ignore_changes = [ingress[0].cidr_blocks]\n }", ["ingress[0].cidr_blocks"]],
  ["lifecycle {\n ignore_changes = [tags[local.x], ami]\n }", ["ami"]],
])("ignore_changes of %s", (body, expected) => {
  const instance = evaluateFiles(`resource "a" "b" {\n ${body}\n}\n`).instances.get("a.b");
  const ignored = instance && ignoredChanges(instance.block.body);
  expect(ignored === "all" ? ignored : ignored?.map(printPath)).toEqual(expected);
});

const TRIGGERS = {
  "main.tf": `
resource "a" "one" {}
resource "a" "counted" { count = 2 }
resource "a" "keyed" { for_each = toset(["x", "y"]) }
data "d" "d" {}
module "m" {
  source = "./m"
  count  = 2
}
variable "yes" { default = true }
resource "a" "by" {
  for_each = toset(["x", "z"])
  lifecycle {
    create_before_destroy = "true"
    prevent_destroy       = var.yes
    replace_triggered_by  = [
      a.one, a.one.id, a.one.list[0].name, a.counted, a.counted[1], a.keyed[each.key].id, a.missing, data.d.d, var.yes,
    ]
  }
}
`,
  "m/main.tf": `
resource "a" "in" {}
resource "a" "by" {
  lifecycle {
    replace_triggered_by = [a.in.id]
  }
}
`,
};

test("what replaces an instance, which goes last, and which may not go", () => {
  const { instances } = evaluateFiles(TRIGGERS);
  const found = [...instances].map(([address, instance]) => {
    const { replaceTriggeredBy, ...flags } = lifecycleOf(instance);
    return [
      address,
      {
        ...flags,
        by: replaceTriggeredBy.map(
          ({ address: of, path }) => `${of}${path.length > 0 ? "." : ""}${printPath(path)}`,
        ),
      },
    ];
  });
  const none = { preventDestroy: false, createBeforeDestroy: false, by: [] };
  const both = { preventDestroy: true, createBeforeDestroy: true };
  const shared = ["a.one", "a.one.id", "a.one.list[0].name", "a.counted[0]", "a.counted[1]", "a.counted[1]"];
  expect(Object.fromEntries(found)).toEqual({
    "a.one": none,
    "a.counted[0]": none,
    "a.counted[1]": none,
    'a.keyed["x"]': none,
    'a.keyed["y"]': none,
    'a.by["x"]': { ...both, by: [...shared, 'a.keyed["x"].id'] },
    'a.by["z"]': { ...both, by: shared },
    "module.m[0].a.in": none,
    "module.m[0].a.by": { ...none, by: ["module.m[0].a.in.id"] },
    "module.m[1].a.in": none,
    "module.m[1].a.by": { ...none, by: ["module.m[1].a.in.id"] },
  });
});

test.each<[string, string, boolean]>([
  ["that count gives up", "a.counted[5]", true],
  ["that for_each of a module gives up", 'module.m["gone"].a.in', true],
  ["of a block without lifecycle", "a.plain[0]", false],
  ["of a block that is gone", "a.gone", false],
  ["of a module that is gone", "module.gone.a.in", false],
])("prevent_destroy of an instance %s", (_, address, expected) => {
  const { root } = evaluateFiles({
    "main.tf": `
resource "a" "counted" {
  count = 1
  lifecycle {
    prevent_destroy = true
  }
}
resource "a" "plain" {}
module "m" {
  source   = "./m"
  for_each = toset(["k"])
}
`,
    "m/main.tf": 'resource "a" "in" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
  });
  expect(lifecycleOfFormer(root, parseAddress(address)).preventDestroy).toBe(expected);
});
