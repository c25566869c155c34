import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { isJsonObject, parseJson } from "../../../src/json/json.ts";
import { ourAnswers, ROOTS, ROOTS_FOLDER } from "../../terraform-binary/roots.ts";

/** What the language has, and text that shows a root uses it. */
const CONSTRUCTS: readonly [what: string, root: string, text: RegExp][] = [
  ["literals, operators and conditionals", "platform", /\? local\.size\.large : /],
  ["numbers of any precision", "references", /\* 2/],
  ["templates with directives", "texts", /%\{if local\.on\}on%\{else\}/],
  ["strip markers", "texts", /%\{~for .*~\}/],
  ["heredocs, plain and indented", "texts", /<<EOT[\s\S]*<<-EOT/],
  ["locals over several files", "texts", /local\.where/],
  ["for over lists, maps and sets, with a condition", "unknowns", /if key != "list"/],
  ["full and attribute splats", "references", /\[\*\][\s\S]*\.\*\./],
  ["legacy indexes", "references", /counted\.1\./],
  ["optional() with defaults, nested", "variables", /optional\(object\([\s\S]*optional/],
  ["any beside other parts of a type", "open-types", /options = any \}/],
  ["nullable", "variables", /nullable = false/],
  ["validation", "conditions", /validation \{/],
  [
    "conditions of resources and outputs",
    "conditions",
    /precondition[\s\S]*postcondition[\s\S]*output[\s\S]*precondition/,
  ],
  ["self", "conditions", /self\.output/],
  ["check blocks", "conditions", /check "/],
  ["ephemeral variables", "conditions", /ephemeral = true/],
  ["provider configurations", "conditions", /provider "terraform" \{/],
  ["provisioners and connections", "lifecycles", /connection \{[\s\S]*provisioner/],
  ["lifecycle", "lifecycles", /prevent_destroy[\s\S]*replace_triggered_by[\s\S]*ignore_changes\s+= all/],
  ["depends_on", "calls", /depends_on = \[module\./],
  ["moved", "moves", /moved \{/],
  ["removed", "imports", /removed \{/],
  ["import, with for_each", "imports", /import \{\s+for_each/],
  ["terraform.workspace", "workspaces", /terraform\.workspace/],
  ["path.module and path.root", "calls", /path\.module, path\.root/],
  ["count and for_each of resources", "references", /count = 2[\s\S]*for_each = /],
  [
    "count and for_each of modules, and modules in modules",
    "calls",
    /for_each = local\.services[\s\S]*count /,
  ],
  ["outputs of modules, sensitive ones too", "calls", /module\.group\.secret/],
  ["sensitive marks", "secrets", /sensitive = true/],
  ["unknown values", "unknowns", /jsondecode\(terraform_data\.seed\.id\)/],
  ["files, templates, JSON, YAML, CSV", "files", /templatefile\([\s\S]*/],
  ["data sources, also in modules and with for_each", "data", /data\.terraform_remote_state\.each/],
  ["what is applied and then changed", "applied", /terraform_data/],
  ["the JSON syntax", "json", /"resource": \{/],
  ["variable files in JSON", "json-variables", /var\.named_json/],
  ["override files", "overrides", /resource "terraform_data" "json"/],
];

test.each(CONSTRUCTS)("%s: used by the root %s", (_, root, text) => {
  const folder = join(ROOTS_FOLDER, root);
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.tf(?:\.json)?$/.test(name),
  );
  expect(files.map((name) => readFileSync(join(folder, name), "utf8")).join("\n")).toMatch(text);
});

/** The plans were made by test/terraform-binary/remake-roots.ts. */
test.each(ROOTS)("$name: every value is the one that terraform planned", (root) => {
  const fixture = parseJson(
    readFileSync(new URL(`../fixtures/roots/${root.name}.json`, import.meta.url), "utf8"),
  );
  if (!isJsonObject(fixture)) throw new Error(`the fixture of ${root.name} is no object`);
  const { terraform, state, ...planned } = fixture;
  expect(terraform).toMatch(/^\d+\.\d+\.\d+$/);
  const ours = ourAnswers(root, join(ROOTS_FOLDER, root.name), typeof state === "string" ? state : null);
  expect(ours).toEqual({ errors: [], ...planned });
});
