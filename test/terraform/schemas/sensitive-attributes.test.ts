import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ANY } from "../../../src/hcl/values/type.ts";
import { fromJson, isSensitiveWithin, setValue, type Value } from "../../../src/hcl/values/value.ts";
import { printPath } from "../../../src/json/path.ts";
import { toPlain } from "../../../src/terraform/evaluation/value-json.ts";
import {
  markedAt,
  sensitiveAttributes,
  sensitivePathsIn,
} from "../../../src/terraform/schemas/sensitive-attributes.ts";
import { evaluateFiles } from "../stack.ts";

function names(mode: "managed" | "data", type: string): string[] {
  return sensitiveAttributes(mode, type).map((each) => each.join("."));
}

describe("what schemas call sensitive", () => {
  it.each([
    ["managed", "aws_db_instance", ["password", "password_wo"]],
    ["managed", "aws_ssm_parameter", ["value", "value_wo"]],
    ["managed", "aws_secretsmanager_secret_version", ["secret_binary", "secret_string", "secret_string_wo"]],
    ["managed", "google_sql_user", ["password", "password_wo"]],
    ["managed", "random_password", ["bcrypt_hash", "result"]],
    ["managed", "tls_private_key", ["private_key_openssh", "private_key_pem", "private_key_pem_pkcs8"]],
    ["data", "aws_ssm_parameter", ["value"]],
    ["managed", "aws_instance", []],
    ["data", "aws_db_instance", []],
    ["managed", "__proto__", []],
    ["managed", "toString", []],
  ] as const)("%s %s: %j", (mode, type, attributes) => {
    expect(names(mode, type)).toEqual(attributes);
  });

  it("is known of nested blocks", () => {
    expect(names("managed", "aws_mq_broker")).toContain("user.password");
    expect(names("managed", "azurerm_mssql_server")).toContain("administrator_login_password");
  });

  it.each(
    readdirSync(new URL("../../../src/terraform/schemas", import.meta.url)).filter((name) =>
      name.endsWith(".json"),
    ),
  )("%s has types in order, each once, with names in order", (name) => {
    const text = readFileSync(new URL(`../../../src/terraform/schemas/${name}`, import.meta.url), "utf8");
    const { versions, resources, data } = JSON.parse(text) as {
      versions: string[];
      resources: Record<string, string>;
      data: Record<string, string>;
    };
    expect(versions.length).toBeGreaterThan(0);
    for (const table of [resources, data]) {
      const types = [...text.matchAll(/^ {4}"(\w+)"/gm)].map(([, type]) => type);
      expect(types).toEqual([...Object.keys(resources), ...Object.keys(data)]);
      expect(Object.keys(table)).toEqual(Object.keys(table).toSorted());
      for (const paths of Object.values(table)) {
        const each = paths.split(" ");
        expect(each).toEqual([...new Set(each)].toSorted());
        for (const path of each) expect(path).toMatch(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/);
      }
    }
  });
});

describe("where such attributes stand", () => {
  it("is in every block of a list; what is null or missing is none", () => {
    const attributes = { user: [{ password: "a" }, { password: null }, { name: "b" }], key: "k", other: "o" };
    const paths = sensitivePathsIn(attributes, [["user", "password"], ["key"], ["gone"], ["other", "x"]]);
    expect(paths.map(printPath)).toEqual(["user[0].password", "key"]);
  });

  it("is marked in a value, nothing beside it", () => {
    const json = { user: [{ password: "a", name: "n" }, { password: null }], x: 1 };
    const value = fromJson(json, () => ({ kind: "computed" }));
    expect(toPlain(markedAt(value, ["user", "password"])).sensitive.map(printPath)).toEqual([
      "user[0].password",
    ]);
    expect(markedAt(value, ["gone", "password"])).toBe(value);
  });

  it("marks a set as a whole", () => {
    const item = fromJson({ password: "a" }, () => ({ kind: "computed" }));
    const set: Value = setValue(ANY, [item]);
    expect(markedAt(set, ["password"]).sensitive).toBe(true);
    expect(isSensitiveWithin(markedAt(set, ["name"]))).toBe(false);
  });
});

describe("an argument that the schema calls sensitive", () => {
  const code = `resource "aws_mq_broker" "b" {
  user {
    username = "u"
    password = "one"
  }
  dynamic "user" {
    for_each = ["two"]
    content {
      password = user.value
    }
  }
}
resource "terraform_data" "t" {
  input = [aws_mq_broker.b.user[0].password, aws_mq_broker.b.user[0].username, "x-\${aws_mq_broker.b.user[0].password}"]
}
data "aws_ssm_parameter" "p" {
  name = "n"
}
resource "terraform_data" "u" {
  input = data.aws_ssm_parameter.p.value
}
`;

  it.each([
    ["aws_mq_broker.b", ["user[0].password", "user[1].password"]],
    ["terraform_data.t", ["input[0]", "input[2]"]],
    ["terraform_data.u", ["input"]],
  ])("%s: %j", (address, paths) => {
    const plain = evaluateFiles(code).instances.get(address)?.plain();
    expect(plain?.sensitive.map(printPath)).toEqual(paths);
  });
});
