import { writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { EvaluatedPage } from "../../src/engine/api.ts";
import { EngineFailure, EngineStopped } from "../../src/engine/engine.ts";
import { type Json, jsonAt, printJson } from "../../src/json/json.ts";
import { memorySnapshot, type Snapshot } from "../../src/terraform/source/snapshot.ts";
import { stateText } from "../adoption/repository.ts";
import { engines, openOne, request } from "./engines.ts";

const start = engines();

/** The attributes of the first instance. */
function attributesOf({ instances: [first] }: EvaluatedPage): Json {
  return first?.attributes ?? null;
}

function value(expression: string): string {
  return `resource "terraform_data" "it" {\n  input = ${expression}\n}\n`;
}

describe("the engine process", () => {
  it("opens several stacks and keeps them apart", async () => {
    const engine = start({ "a/main.tf": value('"a"'), "b/main.tf": value('"b"') });
    const overviews = await engine.open([request("a"), request("b")]);
    expect(overviews.map(({ name }) => name)).toEqual(["a", "b"]);
    expect(attributesOf(await engine.evaluated("b"))).toEqual({ input: "b" });
    expect(attributesOf(await engine.evaluated("a"))).toEqual({ input: "a" });
  });

  it("answers several requests at once", async () => {
    const engine = start({ "main.tf": value("1") });
    await openOne(engine);
    const answers = await Promise.all([1, 2, 3, 4].map(() => engine.evaluated(".")));
    expect(answers.map(attributesOf)).toEqual(Array(4).fill({ input: 1 }));
  });

  it("tells what it found: state, instances, desired and recorded values", async () => {
    const engine = start({ "main.tf": value('"new"') });
    const text = stateText({ "terraform_data.it": { input: "old" }, "terraform_data.gone": { input: "x" } });
    const overview = await openOne(engine, { state: { file: "terraform.tfstate", text } });
    expect(overview.state).toEqual({ serial: 3, lineage: "3f2c8a9e-0000-0000-0000-000000000000" });
    const found = overview.instances.map(({ address, desired, recorded }) => ({
      address,
      desired,
      recorded,
    }));
    expect(found).toEqual([
      { address: "terraform_data.it", desired: { input: "new" }, recorded: { input: "old" } },
      { address: "terraform_data.gone", desired: null, recorded: { input: "x" } },
    ]);
  });

  it("refuses requests before a stack is open, and for one that is not", async () => {
    const engine = start({ "main.tf": value("1") });
    await expect(engine.evaluated(".")).rejects.toThrow("no stack is open yet");
    await openOne(engine);
    await expect(engine.evaluated("other")).rejects.toThrow('the stack "other" is not open');
    await expect(engine.evaluated(".")).resolves.toBeDefined();
  });

  it("refuses every request once it is closed", async () => {
    const engine = start({ "main.tf": value("1") });
    engine.close();
    await expect(openOne(engine)).rejects.toThrow(EngineStopped);
  });

  it.each([
    ["not JSON", "{", /shop\.tfstate.*ends too early/],
    ["an older version", '{"version": 3}', /shop\.tfstate.*version 3/s],
    ["not a state", '{"resources": []}', /shop\.tfstate/],
  ])("names a state that cannot be read: %s", async (_, text, message) => {
    const engine = start({ "main.tf": value("1") });
    const failure = await openOne(engine, { state: { file: "shop.tfstate", text } }).catch((error) => error);
    expect(failure).toBeInstanceOf(EngineFailure);
    expect(failure.kind).toBe("StateError");
    expect(failure.message).toMatch(message);
  });
});

describe("numbers on their way out of the engine", () => {
  const numbers = [
    "0.1",
    "12345678901234567890",
    "-0.000000001",
    "100000000000000000000000",
    "3.141592653589793238462643383279",
  ];

  it("keep all of their digits, in the code and in the state", async () => {
    const engine = start({ "main.tf": value(`[${numbers.join(", ")}, 0.1 + 0.2]`) });
    const text = stateText({ "terraform_data.it": { input: 1 } }).replace(
      '"input":1',
      `"input":[${numbers.join(",")}]`,
    );
    const { instances } = await openOne(engine, { state: { file: "s", text } });
    expect(printJson(attributesOf(await engine.evaluated(".")))).toBe(`{"input":[${numbers.join(",")},0.3]}`);
    expect(printJson(instances[0]?.recorded ?? null)).toBe(`{"input":[${numbers.join(",")}]}`);
  });
});

describe("files on demand", () => {
  const files = {
    "infra/main.tf": `module "m" {\n  source = "../modules/outer"\n}\n\n${value('file("${path.root}/deep/a/b.txt")')}`,
    "infra/deep/a/b.txt": "from far below",
    "infra/unrelated.bin": "never asked for",
    "modules/outer/main.tf": 'module "n" {\n  source = "./inner"\n}\n',
    "modules/outer/inner/main.tf": value("1"),
    "elsewhere/main.tf": value("2"),
  };

  it("asks for modules, nested modules and files that functions read, and for nothing else", async () => {
    const inner = memorySnapshot(files);
    const read: string[] = [];
    const snapshot: Snapshot = {
      read: (path) => {
        read.push(path);
        return inner.read(path);
      },
      list: (folder) => inner.list(folder),
    };
    const engine = start(snapshot);
    const [overview] = await engine.open([request("infra")]);
    expect(overview?.diagnostics).toEqual([]);
    expect(overview?.instances.map(({ address }) => address)).toEqual(
      ["terraform_data.it", "module.m.module.n.terraform_data.it"].sort(),
    );
    expect(read).toContain("infra/deep/a/b.txt");
    expect(read.filter((path) => /unrelated|elsewhere/.test(path))).toEqual([]);
  });

  it("are code and variable files in JSON and override files, too", async () => {
    const engine = start({
      "infra/main.tf.json":
        '{"variable": {"v": {}}, "resource": {"terraform_data": {"it": {"input": ["${var.v}", "${module.m.x}"]}}}, "module": {"m": {"source": "../m"}}}',
      "infra/terraform.tfvars.json": '{"v": "${given}"}',
      "infra/x_override.tf": 'resource "terraform_data" "it" {\n  triggers_replace = 1\n}\n',
      "m/main.tofu.json": '{"output": {"x": {"value": "of the module"}}}',
    });
    const [overview] = await engine.open([request("infra")]);
    expect(overview?.diagnostics).toEqual([]);
    expect(overview?.instances.map(({ desired }) => desired)).toEqual([
      { input: ["${given}", "of the module"], triggers_replace: 1 },
    ]);
  });

  it("reaches nothing outside of the snapshot", async () => {
    const paths = ["../secret.txt", "/etc/hostname", "${path.root}/../../secret.txt", "~/secret.txt"];
    const files = Object.fromEntries(
      paths.map((path, index) => [
        `infra/f${index}.tf`,
        value(`file("${path}")`).replace("it", `it${index}`),
      ]),
    );
    const engine = start({ ...files, "secret.txt": "x" });
    const [overview] = await engine.open([request("infra")]);
    const errors = overview?.diagnostics.map(({ severity, file, line }) => [severity, file, line]);
    expect(errors).toEqual([
      ["error", "infra/f1.tf", 2],
      ["error", "infra/f2.tf", 2],
      ["error", "infra/f3.tf", 2],
    ]);
    expect(overview?.instances.map(({ desired }) => desired)).toEqual([
      { input: "x" },
      { input: null },
      { input: null },
      { input: null },
    ]);
  });

  it("has no environment and no file system of its own", async () => {
    const place = join(tmpdir(), "driftwright-engine-test.txt");
    writeFileSync(place, "outside");
    const engine = start({
      "main.tf": value(`try(file(${JSON.stringify(place)}), "nothing")`),
    });
    await openOne(engine);
    const attributes = attributesOf(await engine.evaluated("."));
    expect(attributes).toEqual({ input: "nothing" });
  });

  it("ends a module that calls itself", async () => {
    const engine = start({ "main.tf": `module "again" {\n  source = "./."\n}\n\n${value("1")}` });
    const { diagnostics } = await openOne(engine);
    expect(diagnostics.map(({ message }) => message)).toEqual([expect.stringMatching(/calls? itself/)]);
  });
});

describe("limits", () => {
  const small = { memoryMegabytes: 64, timeoutMilliseconds: 2_500 };
  const nested = (depth: number, body: string): string =>
    depth === 0 ? body : `[for x${depth} in range(1000) : ${nested(depth - 1, body)}]`;

  it.each([
    ["a range that never fits", "range(0, 1e12, 1)"],
    ["ranges within ranges", nested(4, "1")],
    ["a text that doubles again and again", `join("", [for i in range(40000) : join("", range(9000))])`],
    ["a function called in vain again and again", `length(${nested(4, "sha512(x1)")})`],
  ])("%s ends within them, and the service lives on", async (_, expression) => {
    const engine = start({ "main.tf": value(expression) }, small);
    const outcome = await openOne(engine).catch((error: unknown) => error);
    if (outcome instanceof Error) {
      expect(outcome).toBeInstanceOf(EngineStopped);
      expect(outcome.message).toMatch(/64 MB of memory|longer than 2\.5 seconds/);
      await expect(engine.evaluated(".")).rejects.toBe(outcome);
    } else {
      expect(outcome).toMatchObject({ diagnostics: [{ severity: "error" }] });
    }
    const next = start({ "main.tf": value("1") });
    await expect(openOne(next)).resolves.toMatchObject({ diagnostics: [] });
  });

  it("says that it was the memory", async () => {
    const engine = start(
      { "main.tf": value(nested(2, '{ a = x1, b = "x${x2}" }')) },
      { memoryMegabytes: 24, timeoutMilliseconds: 60_000 },
    );
    await expect(openOne(engine)).rejects.toThrow("it needed more than the 24 MB of memory it may have");
  });

  it("says that it was the time", async () => {
    const engine = start(
      { "main.tf": value(nested(3, "sha512(x1)")) },
      { memoryMegabytes: 512, timeoutMilliseconds: 900 },
    );
    await expect(openOne(engine)).rejects.toThrow("it took longer than 0.9 seconds");
  });

  it("evaluates a long chain of values that refer to each other", async () => {
    const locals = Array.from({ length: 30_000 }, (_, i) => `  v${i} = local.v${i + 1}\n`).join("");
    const engine = start({ "main.tf": `locals {\n${locals}  v30000 = 1\n}\n\n${value("local.v0")}` });
    expect((await openOne(engine)).diagnostics).toEqual([]);
  });
});

describe("what is secret", () => {
  const state = {
    version: 4,
    terraform_version: "1.11.0",
    serial: 1,
    lineage: "l",
    outputs: { token: { value: "secret-in-output", type: "string", sensitive: true } },
    resources: [
      {
        mode: "managed",
        type: "terraform_data",
        name: "it",
        provider: 'provider["terraform.io/builtin/terraform"]',
        instances: [
          {
            attributes: { input: { a: "secret-in-state", b: "open" }, id: "open-id" },
            sensitive_attributes: [
              [
                { type: "get_attr", value: "input" },
                { type: "get_attr", value: "a" },
              ],
            ],
          },
          {
            deposed: "abcd1234",
            attributes: { input: "secret-in-deposed" },
            sensitive_attributes: [[{ type: "get_attr", value: "input" }]],
          },
        ],
      },
    ],
  };

  it("names all of it: variables, locals, outputs, modules, state and what is deposed", async () => {
    const engine = start({
      "main.tf": `variable "password" {
  sensitive = true
  default   = "secret-in-variable"
}

locals {
  unused = sensitive({ key = ["secret-in-local", 424242424242] })
}

output "open" {
  value = "open-output"
}

output "closed" {
  sensitive = true
  value     = "secret-in-code-output"
}

module "m" {
  source = "./m"
  token  = "secret-in-argument"
}

${value('sensitive("secret-in-resource")')}`,
      "m/main.tf": 'variable "token" {\n  sensitive = true\n}\n',
    });
    const { secrets } = await openOne(engine, {
      state: { file: "s", text: JSON.stringify(state) },
    });
    expect([...secrets].sort()).toEqual([
      "424242424242",
      "secret-in-argument",
      "secret-in-code-output",
      "secret-in-deposed",
      "secret-in-local",
      "secret-in-output",
      "secret-in-resource",
      "secret-in-state",
      "secret-in-variable",
    ]);
  });

  it("masks it in the documents", async () => {
    const engine = start({ "main.tf": value('{ user = "me", password = sensitive("hunter2") }') });
    const { instances } = await openOne(engine);
    expect(instances[0]).toMatchObject({
      desired: { input: { user: "me", password: "(sensitive)" } },
      sensitive: [["input", "password"]],
    });
    const page = await engine.evaluated(".");
    expect(page.instances[0]?.sensitive).toEqual(["input.password"]);
    expect(JSON.stringify(page)).not.toContain("hunter2");
  });
});

describe("an edit that leads to a file nobody has read so far", () => {
  const files = {
    "main.tf": `variable "name" {
  default = "a"
}
resource "x_y" "z" {
  name = var.name
  text = file("\${var.name}.txt")
}
`,
    "a.txt": "of a",
    "b.txt": "of b",
  };
  const trace = { stack: ".", address: "x_y.z", path: "name" };

  it.each([
    [
      "b",
      "shared",
      [
        { address: "x_y.z", path: "name", before: "a", after: "b" },
        { address: "x_y.z", path: "text", before: "of a", after: "of b" },
      ],
    ],
    ["c", "refused", []],
  ])("is proven with that file, or refused without it: %s", async (to, verdict, effects) => {
    const engine = start(files);
    await openOne(engine);
    const { document } = await engine.trace({ ...trace, to: JSON.stringify(to) });
    expect(jsonAt(document, ["edits", 0])).toMatchObject({ verdict, effects });
    expect(attributesOf(await engine.evaluated("."))).toEqual({ name: "a", text: "of a" });
  });
});
