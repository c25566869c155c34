import { describe, expect, it } from "vitest";
import { OpenValues } from "../../src/engine/open-values.ts";
import { secretsOf } from "../../src/engine/secrets.ts";
import { sensitiveLiterals } from "../../src/engine/sensitive-literals.ts";
import { sensitiveParts } from "../../src/engine/sensitive-parts.ts";
import type { Limits } from "../../src/hcl/functions/function.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { type Evaluation, evaluateStack } from "../../src/terraform/evaluation/evaluation.ts";
import { ParsedFiles } from "../../src/terraform/source/parsed-files.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { parseState } from "../../src/terraform/state/state.ts";

interface Code {
  readonly code: string;
  readonly files?: Readonly<Record<string, string>>;
  readonly state?: Json;
}

function evaluated({ code, files = {}, state }: Code, limits?: Limits): Evaluation {
  const inputs = {
    root: ".",
    settings: [],
    workspace: "default",
    state: state === undefined ? null : parseState(JSON.stringify(state), "s"),
  };
  const sources = new ParsedFiles(memorySnapshot({ "main.tf": code, ...files }));
  return evaluateStack(sources, inputs, FUNCTIONS, limits);
}

/** The texts of what is masked by its place, and the texts that are looked for everywhere. */
function secretsIn(given: Code) {
  const evaluation = evaluated(given);
  const files: Readonly<Record<string, string>> = { "main.tf": given.code, ...given.files };
  const masked = [...sensitiveLiterals([evaluation])].flatMap(([path, spans]) =>
    spans.map(({ start, end }) => (files[path] ?? "").slice(start, end).replace(/^"(.*)"$/, "$1")),
  );
  return { masked: masked.sort(), texts: secretsOf(evaluation).sort() };
}

function stateWith(type: string, attributes: Json, outputs: Json = {}): Json {
  const instances = [{ schema_version: 0, attributes, sensitive_attributes: [] }];
  const provider = 'provider["registry.terraform.io/hashicorp/aws"]';
  return {
    version: 4,
    terraform_version: "1.5.0",
    serial: 1,
    lineage: "l",
    outputs,
    resources: [{ mode: "managed", type, name: "r", provider, instances }],
  };
}

const RESOURCE = 'resource "a_b" "c" {\n  region = local.region\n}\n';
const REGION = 'locals {\n  region = "eu-west-1"\n}\n';

describe("what is shown openly is no secret, whatever else is made of it", () => {
  it.each<Code & { readonly name: string }>([
    {
      name: "by a sensitive output",
      code: `${REGION}${RESOURCE}output "o" {\n  sensitive = true\n  value = { region = local.region }\n}\n`,
    },
    {
      name: "by a sensitive output of a module",
      code: `${REGION}${RESOURCE}module "m" {\n  source = "./m"\n  region = local.region\n}\n`,
      files: {
        "m/main.tf":
          'variable "region" {}\noutput "o" {\n  sensitive = true\n  value = { region = var.region }\n}\n',
      },
    },
    {
      name: "by a sensitive variable of a module that is given it",
      code: `${REGION}${RESOURCE}module "m" {\n  source = "./m"\n  conn = { region = local.region }\n}\n`,
      files: { "m/main.tf": 'variable "conn" {\n  sensitive = true\n}\n' },
    },
    { name: "by sensitive()", code: `${REGION}${RESOURCE}locals {\n  s = sensitive([local.region])\n}\n` },
    {
      name: "by an attribute that a schema calls sensitive",
      code: `${REGION}${RESOURCE}resource "aws_ssm_parameter" "p" {\n  value = local.region\n}\n`,
    },
    {
      name: "where the open value has it as a part",
      code: `${REGION}resource "a_b" "c" {\n  name = "app-\${local.region}-1"\n}\noutput "o" {\n  sensitive = true\n  value = local.region\n}\n`,
    },
    {
      name: "where a provider has it",
      code: `${REGION}provider "aws" {\n  region = local.region\n}\noutput "o" {\n  sensitive = true\n  value = local.region\n}\n`,
    },
    {
      name: "where an open output has it",
      code: `${REGION}output "p" {\n  value = [local.region]\n}\noutput "o" {\n  sensitive = true\n  value = local.region\n}\n`,
    },
    {
      name: "where a document has it",
      code: 'locals {\n  d = yamldecode(file("d.yaml"))\n}\nresource "a_b" "c" {\n  region = local.d.region\n}\noutput "o" {\n  sensitive = true\n  value = local.d\n}\n',
      files: { "d.yaml": "region: eu-west-1\n" },
    },
    {
      name: "where the state has the output, and the instance",
      code: 'resource "aws_instance" "r" {\n}\n',
      state: stateWith(
        "aws_instance",
        { region: "eu-west-1" },
        { o: { value: { at: "eu-west-1" }, type: "string", sensitive: true } },
      ),
    },
  ])("$name", (given) => {
    expect(secretsIn(given)).toEqual({ masked: [], texts: [] });
  });
});

const SECRET = "hunter2-hunter2";

describe("a secret stays one", () => {
  it.each<Code & { readonly name: string }>([
    { name: "in sensitive()", code: `resource "a_b" "c" {\n  x = sensitive("${SECRET}")\n}\n` },
    {
      name: "in a local that only sensitive arguments read",
      code: `locals {\n  pw = "${SECRET}"\n}\nresource "aws_db_instance" "d" {\n  password = local.pw\n}\n`,
    },
    {
      name: "in a local that sensitive() is around",
      code: `locals {\n  pw = "${SECRET}"\n}\nresource "a_b" "c" {\n  x = sensitive(local.pw)\n}\n`,
    },
    {
      name: "in a sensitive variable that nonsensitive() shows",
      code: `variable "pw" {\n  sensitive = true\n  default = "${SECRET}"\n}\nresource "a_b" "c" {\n  x = nonsensitive(var.pw)\n}\n`,
    },
    {
      name: "in an element of a sensitive map",
      code: `variable "all" {\n  sensitive = true\n  default = { a = "${SECRET}" }\n}\nresource "a_b" "c" {\n  x = var.all["a"]\n}\n`,
    },
    {
      name: "in a variable file",
      code: 'variable "pw" {\n  sensitive = true\n}\n',
      files: { "terraform.tfvars": `pw = "${SECRET}"\n` },
    },
    {
      name: "in an argument of a module whose variable is sensitive",
      code: `module "m" {\n  source = "./m"\n  pw = "${SECRET}"\n}\n`,
      files: { "m/main.tf": 'variable "pw" {\n  sensitive = true\n}\n' },
    },
    {
      name: "in a document",
      code: 'locals {\n  d = yamldecode(file("d.yaml"))\n}\nresource "a_b" "c" {\n  size = local.d.size\n  x = sensitive(local.d.pw)\n}\n',
      files: { "d.yaml": `size: 1\npw: ${SECRET}\n` },
    },
    {
      name: "where open arguments have it under a name that tells a secret",
      code: `locals {\n  pw = "${SECRET}"\n}\nresource "aws_db_instance" "d" {\n  password = local.pw\n}\nresource "aws_lambda_function" "f" {\n  environment {\n    variables = { DB_PASSWORD = local.pw }\n  }\n}\n`,
    },
    {
      name: "where it has a name that tells a secret, and an open argument has it",
      code: `locals {\n  db_password = "${SECRET}"\n}\nresource "a_b" "c" {\n  x = sensitive(local.db_password)\n  y = local.db_password\n}\n`,
    },
    {
      name: "where an attribute that a schema calls sensitive has it, and an open text is made of it",
      code: `locals {\n  pw = "${SECRET}"\n}\nresource "aws_ssm_parameter" "p" {\n  value = local.pw\n}\nresource "a_b" "c" {\n  user_data = "pw=\${local.pw}"\n}\n`,
    },
    {
      name: "where only the number of its letters is shown",
      code: `locals {\n  pw = "${SECRET}"\n}\nresource "a_b" "c" {\n  x = sensitive(local.pw)\n  y = length(local.pw)\n  z = local.pw != ""\n}\n`,
    },
    {
      name: "where one part of a sensitive output is shown, and the other is not",
      code: `locals {\n  a = "open-open"\n  b = "${SECRET}"\n}\nresource "a_b" "c" {\n  x = local.a\n}\noutput "o" {\n  sensitive = true\n  value = [local.a, local.b]\n}\n`,
    },
  ])("$name", (given) => {
    expect(secretsIn(given)).toEqual({ masked: [SECRET], texts: [SECRET] });
  });

  it("in a state that does not say so, by the schema of its type", () => {
    const state = stateWith("aws_db_instance", { password: SECRET, engine: "postgres" });
    const code =
      'resource "aws_db_instance" "r" {\n}\nresource "a_b" "c" {\n  x = aws_db_instance.r.password\n}\n';
    expect(secretsIn({ code, state }).texts).toEqual([SECRET]);
    expect(evaluated({ code, state }).instances.get("a_b.c")?.isSensitive(["x"])).toBe(true);
  });

  it("in a sensitive output of a state, where its name tells", () => {
    const outputs = { db: { value: { password: SECRET }, type: "string", sensitive: true } };
    const state = stateWith("a_b", { note: SECRET }, outputs);
    expect(secretsIn({ code: 'resource "a_b" "r" {\n}\n', state }).texts).toEqual([SECRET]);
  });
});

describe("what the state calls sensitive stays a secret, whatever the code makes of it", () => {
  const PROVIDER = 'provider["registry.terraform.io/hashicorp/random"]';
  const recorded = (mode: string, type: string, attributes: Json, sensitive: string[]): Json => ({
    mode,
    type,
    name: "s",
    provider: PROVIDER,
    instances: [
      {
        schema_version: 0,
        attributes,
        sensitive_attributes: sensitive.map((value) => [{ type: "get_attr", value }]),
      },
    ],
  });
  const state = (...resources: Json[]): Json => ({
    version: 4,
    terraform_version: "1.9.0",
    serial: 1,
    lineage: "l",
    outputs: { pw: { value: SECRET, type: "string", sensitive: true } },
    resources,
  });
  const PASSWORD = 'resource "random_password" "s" {\n  length = 15\n}\n';

  it.each([
    ["as a whole", "nonsensitive(random_password.s.result)"],
    ["as a text", '"${nonsensitive(random_password.s.result)}"'],
    ["as it was", "trimspace(nonsensitive(random_password.s.result))"],
    ["as a part", '"auth ${nonsensitive(random_password.s.result)}"'],
    [
      "with a mark again",
      "[sensitive(nonsensitive(random_password.s.result)), nonsensitive(random_password.s.result)]",
    ],
  ])("%s, of a resource", (_, value) => {
    const code = `${PASSWORD}resource "helm_release" "p" {\n  set {\n    value = ${value}\n  }\n}\n`;
    const given = {
      code,
      state: state(recorded("managed", "random_password", { result: SECRET }, ["result"])),
    };
    expect(secretsIn(given).texts).toEqual([SECRET]);
  });

  it("of a data source", () => {
    const code =
      'data "aws_ssm_parameter" "s" {\n  name = "a"\n}\nresource "a_b" "c" {\n  x = nonsensitive(data.aws_ssm_parameter.s.value)\n}\n';
    const given = { code, state: state(recorded("data", "aws_ssm_parameter", { value: SECRET }, [])) };
    expect(secretsIn(given).texts).toEqual([SECRET]);
  });

  it("in a resource that is given it, and is sensitive too", () => {
    const code = `${PASSWORD}resource "aws_ssm_parameter" "s" {\n  value = trimspace(random_password.s.result)\n}\nresource "a_b" "c" {\n  x = nonsensitive(random_password.s.result)\n}\n`;
    const resources = [
      recorded("managed", "random_password", { result: SECRET }, ["result"]),
      recorded("managed", "aws_ssm_parameter", { value: SECRET }, ["value"]),
    ];
    expect(secretsIn({ code, state: state(...resources) }).texts).toEqual([SECRET]);
  });

  it("but for what the code writes openly", () => {
    const code = `locals {\n  name = "shop-prod"\n}\nresource "aws_ssm_parameter" "s" {\n  value = "\${local.name}-app"\n}\nresource "a_b" "c" {\n  x = "\${local.name}-app"\n}\n`;
    const resource = recorded("managed", "aws_ssm_parameter", { value: "shop-prod-app" }, ["value"]);
    expect(secretsIn({ code, state: { ...(state(resource) as JsonObject), outputs: {} } }).texts).toEqual([]);
  });
});

describe("the literals behind what is computed are secrets", () => {
  const LOCALS = `locals {\n  a = "${SECRET}"\n  size = "t3.small-open"\n}\n`;
  const secret = (value: string) =>
    `${LOCALS}resource "aws_secretsmanager_secret_version" "q" {\n  secret_string = ${value}\n}\n`;

  it.each<Code & { readonly name: string }>([
    { name: "of a document", code: secret("jsonencode({ code = local.a })") },
    { name: "of a text", code: secret('"postgres://u:${local.a}@h"') },
    { name: "of another form of it", code: secret("base64encode(local.a)") },
    {
      name: "of a text in another local",
      code: `locals {\n  url = "u:\${local.a}"\n}\n${secret("local.url")}`,
    },
    {
      name: "beside what is not known",
      code: `resource "terraform_data" "u" {\n}\n${secret('"postgres://u:${local.a}@${terraform_data.u.id}"')}`,
    },
    { name: "in the call itself", code: secret(`upper("${SECRET}")`) },
    { name: "in a text of the text", code: secret(`"u:\${upper("${SECRET}")}"`) },
    {
      name: "in sensitive()",
      code: `${LOCALS}resource "a_b" "c" {\n  x = sensitive(upper(local.a))\n}\n`,
    },
    {
      name: "in a text in sensitive()",
      code: `${LOCALS}resource "a_b" "c" {\n  x = sensitive("u:\${local.a}")\n}\n`,
    },
    {
      name: "of a sensitive output",
      code: `${LOCALS}output "o" {\n  sensitive = true\n  value = "u:\${local.a}"\n}\n`,
    },
    {
      name: "under a name that tells a secret, and an open text is made of it",
      code: `locals {\n  db_password = "${SECRET}"\n}\n${secret('"u:${local.db_password}"')}resource "a_b" "c" {\n  x = "u-\${local.db_password}"\n}\n`,
    },
    {
      name: "of an element",
      code: `locals {\n  all = { x = "${SECRET}", y = "open-open" }\n}\n${secret('upper(local.all["x"])')}`,
    },
    {
      name: "of a document that is read",
      code: `locals {\n  d = yamldecode(file("d.yaml"))\n}\n${secret("base64encode(local.d.x)")}`,
      files: { "d.yaml": `x: ${SECRET}\ny: open-open\n` },
    },
    {
      name: "of what a module is given",
      code: `${LOCALS}module "m" {\n  source = "./m"\n  x = local.a\n}\n`,
      files: {
        "m/main.tf":
          'variable "x" {}\nresource "aws_db_instance" "d" {\n  password = base64encode(var.x)\n}\n',
      },
    },
  ])("$name", (given) => {
    const { masked, texts } = secretsIn(given);
    expect(texts).toContain(SECRET);
    expect(masked.some((text) => text.includes(SECRET))).toBe(true);
    for (const open of ["t3.small-open", "open-open"])
      expect([...masked, ...texts].join("\n")).not.toContain(open);
  });

  it.each<Code & { readonly name: string }>([
    {
      name: "what an open text is made of",
      code: 'locals {\n  env = "production"\n}\nresource "aws_ssm_parameter" "p" {\n  value = upper("${local.env}-db")\n}\nresource "a_b" "c" {\n  x = "vpc-${local.env}"\n}\n',
    },
    {
      name: "what only chooses the value",
      code: 'variable "env" {\n  default = "production"\n}\nlocals {\n  all = { production = "a", other = "b" }\n}\nresource "aws_ssm_parameter" "p" {\n  value = upper(var.env == "other-one" ? local.all["other"] : local.all[var.env])\n}\n',
    },
    {
      name: "the name of a file",
      code: 'resource "aws_ssm_parameter" "p" {\n  value = upper(file("keys/production"))\n}\n',
      files: { "keys/production": "x" },
    },
    {
      name: "the key of an instance",
      code: 'resource "aws_ssm_parameter" "p" {\n  for_each = toset(["production"])\n  value = upper("db-${each.key}")\n}\n',
    },
    {
      name: "what is beside a part that is marked",
      code: 'variable "x" {\n  sensitive = true\n}\nlocals {\n  host = "production"\n}\nresource "a_b" "c" {\n  x = "postgres://${local.host}:${var.x}"\n}\n',
    },
  ])("but not $name", (given) => {
    const { masked, texts } = secretsIn(given);
    expect(texts).not.toContain("production");
    expect(masked).not.toContain("production");
  });
});

describe("a text that is made of a secret by chance", () => {
  it.each([
    ["a part of a word", "welcome", "welcomes", ["welcome"]],
    ["a word", "welcome", "welcome all", ["welcome"]],
    ["more than a word, in the very text", "hunter2-hunter2", "aa hunter2-hunter2", []],
    ["more than a word, in a longer one", "hunter2-hunter2", "aa hunter2-hunter22", ["hunter2-hunter2"]],
  ])("as %s", (_, text, open, texts) => {
    const code = `locals {\n  s = sensitive("${text}")\n}\nresource "a_b" "c" {\n  x = "${open}"\n}\n`;
    expect(secretsIn({ code }).texts).toEqual(texts);
  });

  it("where it stands in two texts, one after the other", () => {
    const code =
      'locals {\n  s = sensitive("one-long-text\\ntwo-long-text")\n}\nresource "a_b" "c" {\n  x = "one-long-text"\n  y = "two-long-text"\n}\n';
    expect(secretsIn({ code }).texts).toEqual(["one-long-text\ntwo-long-text"]);
  });
});

describe("what a decoded document has", () => {
  it("is told apart by what it says, since one expression makes all of it", () => {
    const evaluation = evaluated({
      code: 'locals {\n  d = yamldecode(templatefile("d.tpl", {}))\n}\nresource "a_b" "c" {\n  x = local.d.one\n  y = sensitive(local.d.two)\n}\n',
      files: { "d.tpl": "one: 1a\ntwo: 2b\n" },
    });
    const open = new OpenValues(evaluation);
    const [part, ...others] = [...sensitiveParts(evaluation)];
    expect(others).toEqual([]);
    expect(part && [part.text, open.isWhole(part)]).toEqual(["2b", false]);
  });
});

describe("of many secrets that may be readable in what is shown", () => {
  const count = 400;
  const names = Array.from({ length: count }, (_, index) => `name${index}`);
  const list = `locals {
  users = [
${names.map((name) => `    { name = "${name}", password = "pass-word-of-${name}" },`).join("\n")}
  ]
  codes = { for user in local.users : user.name => sensitive("code:\${user.password}") if user.name != "" }
}
`;

  it("those that are need no mask", () => {
    const open =
      '{ for name, user in { for user in local.users : user.name => user } : name => "code:${user.password}" }';
    const code = `${list}resource "a_b" "c" {\n  codes = ${open}\n}\n`;
    expect(secretsIn({ code }).texts).toEqual([]);
  });

  it("those of which it is not found out within the budget are masked", () => {
    const shown =
      'nonsensitive(flatten([for name, code in local.codes : [for part in [1, 2] : "${part} ${code}"]]))';
    const code = `${list}resource "a_b" "c" {\n  codes = ${shown}\n}\n`;
    const share = { steps: 20_000, elements: 20_000, text: 10_000_000 };
    const evaluation = evaluated({ code }, { steps: 500_000, elements: 500_000, text: 10_000_000, share });
    expect(evaluation.diagnostics).toEqual([]);
    const texts = new Set(secretsOf(evaluation));
    expect(names.filter((name) => !texts.has(`code:pass-word-of-${name}`))).toEqual([]);
  });
});
