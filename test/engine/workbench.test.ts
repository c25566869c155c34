import { applyPatch } from "diff";
import { describe, expect, it, test } from "vitest";
import type { Change, Finding, Reading } from "../../src/drift/model.ts";
import type { AdoptedSet, StackRequest } from "../../src/engine/api.ts";
import { Workbench } from "../../src/engine/workbench.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import type { Json } from "../../src/json/json.ts";
import { parsePath } from "../../src/json/path.ts";
import { ruleBook } from "../../src/providers/index.ts";
import { DEFAULT_LIMITS } from "../../src/terraform/evaluation/evaluation.ts";
import { memorySnapshot } from "../../src/terraform/source/snapshot.ts";
import { stateText } from "../adoption/repository.ts";
import { RULES } from "../drift/example.ts";
import { request } from "./engines.ts";

type Files = Readonly<Record<string, string>>;

function workbench(files: Files, stacks: readonly StackRequest[] = [request()]): Workbench {
  const bench = new Workbench(memorySnapshot(files), FUNCTIONS, DEFAULT_LIMITS);
  bench.open(stacks);
  return bench;
}

const ABSENT = Symbol("absent");
type Live = Readonly<Record<string, Json | typeof ABSENT>>;

/** A finding of live values that the code does not have. The address is its fingerprint. */
function finding(address: string, live: Live, parts: Partial<Finding> = {}): Finding {
  const changes = Object.entries(live).map(([path, value]): Change => {
    const observed: Reading = value === ABSENT ? "absent" : { known: value as Json };
    return {
      path: parsePath(path),
      desired: { known: "as declared" },
      recorded: "absent",
      observed,
      source: null,
    };
  });
  return {
    fingerprint: address,
    revision: "r",
    address,
    resource: { type: "aws_instance", id: "i-1", account: null, region: null },
    kind: "drift",
    category: "configuration",
    severity: "medium",
    changes,
    widensAccess: false,
    sensitive: false,
    concern: null,
    notes: [],
    declaredAt: null,
    actor: null,
    detectedAt: "2026-05-01T12:00:00Z",
    ...parts,
  };
}

function adoptAll(files: Files, findings: readonly Finding[], stacks?: readonly StackRequest[]): AdoptedSet {
  const set = workbench(files, stacks).adoptAll(findings.map((each) => ({ stack: ".", finding: each })));
  for (const { path, text, diff } of set.files) expect(applyPatch(files[path] ?? "", diff)).toBe(text);
  return set;
}

/** The lines that a set of edits takes away or adds. */
function changedLines({ files }: AdoptedSet): string[] {
  return files.flatMap(({ diff }) => diff.split("\n").slice(2)).filter((line) => /^[-+]/.test(line));
}

const SHARED = {
  "main.tf": `locals {
  common = {
    Team = "shop"
  }
}

resource "aws_instance" "a" {
  instance_type = "t3.small"
  tags          = local.common
}

resource "aws_instance" "b" {
  instance_type = "t3.small"
  tags          = merge(local.common, {})
}
`,
};

/** Two that share a literal that nobody can override for one of them. */
const SIZED = {
  "main.tf":
    'locals {\n  size = "t3.small"\n}\n\nresource "aws_instance" "a" {\n  instance_type = local.size\n}\n\nresource "aws_instance" "b" {\n  instance_type = local.size\n}\n',
};

describe("one set of edits for several findings", () => {
  it("adopts those that have nothing to do with each other, in one diff a file", () => {
    const set = adoptAll(SHARED, [
      finding("aws_instance.a", { instance_type: "t3.large" }),
      finding("aws_instance.b", { instance_type: "m5.large" }),
    ]);
    expect(set.adopted).toEqual(["aws_instance.a", "aws_instance.b"]);
    expect(set.left).toEqual([]);
    expect(set.files.map(({ path }) => path)).toEqual(["main.tf"]);
    expect(changedLines(set)).toEqual([
      '-  instance_type = "t3.small"',
      '+  instance_type = "t3.large"',
      '-  instance_type = "t3.small"',
      '+  instance_type = "m5.large"',
    ]);
  });

  it("changes a shared literal once where all that share it have drifted to the same value", () => {
    const set = adoptAll(SHARED, [
      finding("aws_instance.b", { "tags.Team": "platform" }),
      finding("aws_instance.a", { "tags.Team": "platform" }),
    ]);
    expect(set.adopted).toEqual(["aws_instance.b", "aws_instance.a"]);
    expect(changedLines(set)).toEqual(['-    Team = "shop"', '+    Team = "platform"']);
  });

  it("overrides it for one where only that one has drifted", () => {
    const set = adoptAll(SHARED, [finding("aws_instance.b", { "tags.Team": "platform" })]);
    expect(set.adopted).toEqual(["aws_instance.b"]);
    expect(changedLines(set)).toEqual([
      "-  tags          = merge(local.common, {})",
      "+  tags = merge(local.common, {",
      '+    Team = "platform"',
      "+  })",
    ]);
  });

  it("leaves a shared literal where others that read it have not drifted, and names one of them", () => {
    const set = adoptAll(SIZED, [finding("aws_instance.a", { instance_type: "t3.large" })]);
    expect(set.adopted).toEqual([]);
    expect(set.files).toEqual([]);
    expect(set.left).toEqual([
      { fingerprint: "aws_instance.a", why: expect.stringMatching(/shared.*aws_instance\.b/) },
    ]);
  });

  it("leaves one of two wishes that cannot both be had", () => {
    const set = adoptAll(SIZED, [
      finding("aws_instance.a", { instance_type: "t3.large" }),
      finding("aws_instance.b", { instance_type: "m5.large" }),
    ]);
    expect(set.adopted).toEqual([]);
    expect(set.left.map(({ fingerprint }) => fingerprint)).toEqual(["aws_instance.a", "aws_instance.b"]);
    expect(set.left.map(({ why }) => why)).toEqual([
      'the literal at main.tf:2 is shared, and instance_type of aws_instance.b drifted to "m5.large": nothing in the code gives one of them a value of its own',
      'the literal at main.tf:2 is shared, and instance_type of aws_instance.a drifted to "t3.large": nothing in the code gives one of them a value of its own',
    ]);
  });

  it("gives the one that has drifted an entry of its own where all take a map from elsewhere", () => {
    const files = { "main.tf": SHARED["main.tf"].replace("merge(local.common, {})", "local.common") };
    const set = adoptAll(files, [finding("aws_instance.a", { "tags.Team": "platform" })]);
    expect(set.left).toEqual([]);
    expect(changedLines(set)).toEqual([
      "-  tags          = local.common",
      '+  tags          = merge(local.common, { Team = "platform" })',
    ]);
  });

  it("does not undo for one finding what it did for another", () => {
    const set = adoptAll(SHARED, [
      finding("aws_instance.b", { "tags.Team": "platform" }),
      finding("aws_instance.a", { "tags.Team": "web" }),
    ]);
    // Once b has its own entry, the shared one is a's alone.
    expect(set.adopted).toEqual(["aws_instance.b", "aws_instance.a"]);
    expect(changedLines(set)).toContain('+    Team = "web"');
    expect(changedLines(set)).toContain('+    Team = "platform"');
  });

  it("says of each finding that is left why", () => {
    const { left } = adoptAll(SHARED, [
      finding("aws_instance.a", { instance_type: "t3.large" }, { sensitive: true }),
      finding("aws_instance.b", {}),
      finding("aws_instance.gone", { instance_type: "t3.large" }),
      finding("aws_instance.c", { ami: "x" }, { changes: [unreadChange("unread", { known: "a" })] }),
      finding("aws_instance.d", { ami: "x" }, { changes: [unreadChange({ known: "a" }, "unknown")] }),
    ]);
    expect(left.map(({ why }) => why)).toEqual([
      "the value is sensitive; edit it by hand",
      "there is no attribute to edit",
      "the code does not declare this instance",
      "the live value could not be read",
      "the code computes the value from something that is not known",
    ]);
  });

  it("does not count a tag as adopted that only the provider's default tags give", () => {
    const set = adoptAll(SHARED, [finding("aws_instance.a", { "tags.Owner": ABSENT })]);
    expect(set).toMatchObject({ adopted: [], files: [] });
    expect(set.left[0]?.why).toContain("default tags");
  });

  it("keeps stacks that share a module as they are", () => {
    const files = {
      "web/main.tf":
        'variable "size" {\n  default = "t3.small"\n}\n\nresource "aws_instance" "web" {\n  instance_type = var.size\n}\n',
      "prod/main.tf": 'module "web" {\n  source = "../web"\n}\n',
      "test/main.tf": 'module "web" {\n  source = "../web"\n}\n',
    };
    const bench = workbench(files, [request("prod"), request("test")]);
    const one = finding("module.web.aws_instance.web", { instance_type: "t3.large" });
    const alone = bench.adoptAll([{ stack: "prod", finding: one }]);
    expect(alone.files.map(({ path }) => path)).toEqual(["prod/main.tf"]);
    const both = bench.adoptAll([
      { stack: "prod", finding: one },
      { stack: "test", finding: { ...one, fingerprint: "test" } },
    ]);
    expect(both.left).toEqual([]);
    expect(both.files.map(({ path }) => path)).toEqual(["web/main.tf"]);
  });
});

function unreadChange(observed: Reading, desired: Reading): Change {
  return { path: ["ami"], desired, recorded: "absent", observed, source: null };
}

describe("the best edit of each finding", () => {
  it("comes with its effects, or with the reason why there is none", () => {
    const [exact, shared, refused] = workbench(SHARED).adoptions(".", [
      finding("aws_instance.a", { instance_type: "t3.large" }),
      finding("aws_instance.a", { "tags.Team": "platform" }),
      finding("aws_instance.a", { instance_type: "t3.large" }, { sensitive: true }),
    ]);
    expect(exact).toMatchObject({ verdict: "exact", effects: [{ path: "instance_type", stack: "." }] });
    expect(shared).toMatchObject({
      verdict: "shared",
      why: "evaluation shows that 1 other value changes with it",
      effects: [{ address: "aws_instance.a" }, { address: "aws_instance.b" }],
    });
    expect(refused).toEqual({
      verdict: "refused",
      files: [],
      effects: [],
      why: "the value is sensitive; edit it by hand",
    });
  });
});

describe("comparing code, state and cloud", () => {
  const code =
    'resource "thing" "web" {\n  name = "web"\n  size = var.size\n}\n\nvariable "size" {\n  default = "small"\n}\n';
  const recorded = { id: "t-1", name: "web", size: "small" };
  const state = { file: "terraform.tfstate", text: stateText({ "thing.web": recorded }) };

  it("takes dynamic blocks that make none for blocks that are not written", () => {
    const group = (ingress: string) => `resource "net_group" "web" {\n${ingress}\n}\n`;
    const rule = { protocol: "tcp", from_port: 443, to_port: 443, cidr_blocks: ["10.0.0.0/8"] };
    const found = (ingress: string) => {
      const text = stateText({ "net_group.web": { id: "g-1", ingress: [rule] } });
      const bench = workbench({ "main.tf": group(ingress) }, [request(".", { state: { file: "s", text } })]);
      const resource = { type: "net_group", id: "g-1", account: null, region: null, unread: [] };
      return bench.compare({
        stack: ".",
        repository: "shop",
        key: "k",
        now: "2026-05-01T12:00:00Z",
        book: RULES,
        observations: [
          ["net_group.web", { status: "found", resource: { ...resource, attributes: { ingress: [rule] } } }],
        ],
        identities: [["net_group.web", { id: "g-1", account: null, region: null }]],
        unmanaged: [],
      }).findings;
    };
    const dynamic = (collection: string) =>
      `  dynamic "ingress" {\n    for_each = ${collection}\n    content {\n      protocol = "tcp"\n    }\n  }`;
    expect(found(dynamic("[]"))).toEqual([]);
    expect(found("  ingress = []")).toMatchObject([{ kind: "absorbed" }]);
    expect(found(dynamic("[1]"))).toMatchObject([{ kind: "absorbed" }]);
  });

  it("finds what differs, with the place of the literal that decides it", () => {
    const bench = workbench({ "main.tf": code }, [request(".", { state })]);
    const { findings, coverage, incomplete } = bench.compare({
      stack: ".",
      repository: "shop",
      key: "k",
      now: "2026-05-01T12:00:00Z",
      book: RULES,
      observations: [
        [
          "thing.web",
          {
            status: "found",
            resource: {
              type: "thing",
              id: "t-1",
              account: null,
              region: null,
              attributes: { ...recorded, size: "large" },
              unread: [],
            },
          },
        ],
      ],
      identities: [["thing.web", { id: "t-1", account: null, region: null }]],
      unmanaged: [],
    });
    expect(findings).toMatchObject([
      {
        address: "thing.web",
        kind: "drift",
        detectedAt: "2026-05-01T12:00:00.000Z",
        declaredAt: { file: "main.tf", line: 1, column: 1 },
        changes: [
          {
            path: ["size"],
            desired: { known: "small" },
            recorded: { known: "small" },
            observed: { known: "large" },
            source: { file: "main.tf", line: 7, column: 13 },
          },
        ],
      },
    ]);
    expect(coverage).toMatchObject({ instances: 1, instancesRead: 1 });
    expect(incomplete).toBe(false);
  });
});

describe("a secret that stands in JSON", () => {
  test("is masked in the diff of what stands beside it, escapes and all", () => {
    const code = {
      variable: { pin: { sensitive: "true", default: 'é"7' } },
      resource: { a: { b: { size: "small", pin: "${var.pin}", text: "a ${var.pin}" } } },
    };
    const bench = workbench({ "main.tf.json": JSON.stringify(code, null, 2) });
    const place = { stack: ".", address: "a.b", path: "size", to: '"large"' };
    const { document } = bench.trace(place);
    expect(document).toMatchObject({ edits: [{ verdict: "exact", before: '"small"', after: '"large"' }] });
    const shown = JSON.stringify([document, bench.evaluated(".")]);
    expect(shown).toContain('+        \\"size\\": \\"large\\"');
    expect(shown).not.toContain("é");
  });
});

describe("code that is not read", () => {
  const MAIN = 'resource "aws_instance" "a" {\n  instance_type = "t3.small"\n}\n';

  test.each<[string, Files]>([
    [
      "a_override.tf",
      { "a_override.tf": 'resource "aws_instance" "a" {\n  instance_type = "t3.nano" +\n}\n' },
    ],
    ["more.tf.json", { "more.tf.json": '{"locals": {"x": "${"}}' }],
    ["terraform.tfvars.json", { "terraform.tfvars.json": "[]" }],
    ["broken.tf", { "broken.tf": "locals {\n  x = 1 +\n}\n" }],
  ])("%s may decide a value: no edit is offered, and the reason names the file", (file, more) => {
    const bench = workbench({ "main.tf": MAIN, ...more });
    const drift = finding("aws_instance.a", { instance_type: "t3.large" });
    const why = expect.stringContaining(`${file} could not be read in full`);
    expect(bench.adoptions(".", [drift])).toMatchObject([{ verdict: "refused", files: [], why }]);
    expect(bench.adoptAll([{ stack: ".", finding: drift }])).toEqual({
      files: [],
      adopted: [],
      groups: [],
      left: [{ fingerprint: "aws_instance.a", why }],
    });
    const place = { stack: ".", address: "aws_instance.a", path: "instance_type", to: '"t3.large"' };
    expect(bench.trace(place).document).toMatchObject({ edits: [{ verdict: "refused", diff: "", why }] });
  });
});

describe("the overview of a stack", () => {
  it("has the ids that import blocks give", () => {
    const code =
      'resource "aws_vpc" "a" {}\nresource "aws_vpc" "b" {}\nimport {\n  to = aws_vpc.b\n  id = "vpc-1"\n}\n';
    const bench = new Workbench(memorySnapshot({ "main.tf": code }), FUNCTIONS, DEFAULT_LIMITS);
    const [overview] = bench.open([request()]);
    expect(overview?.instances.map(({ address, importId }) => [address, importId])).toEqual([
      ["aws_vpc.a", null],
      ["aws_vpc.b", "vpc-1"],
    ]);
  });
});

describe("what the overview says of replacements", () => {
  it("is what the code says, also of an instance that for_each gives up", () => {
    const code = `resource "aws_instance" "a" {
  for_each = toset(["k"])
  lifecycle {
    prevent_destroy       = true
    create_before_destroy = true
    replace_triggered_by  = [aws_vpc.v.cidr_block]
  }
}
resource "aws_vpc" "v" {}
`;
    const state = { file: "terraform.tfstate", text: stateText({ "aws_instance.a": {} }) };
    const bench = new Workbench(memorySnapshot({ "main.tf": code }), FUNCTIONS, DEFAULT_LIMITS);
    const [overview] = bench.open([request(".", { state })]);
    const found = overview?.instances.map(({ address, lifecycle }) => [address, lifecycle]);
    expect(Object.fromEntries(found ?? [])).toEqual({
      'aws_instance.a["k"]': {
        preventDestroy: true,
        createBeforeDestroy: true,
        replaceTriggeredBy: [{ address: "aws_vpc.v", path: ["cidr_block"] }],
      },
      "aws_instance.a": { preventDestroy: true, createBeforeDestroy: false, replaceTriggeredBy: [] },
      "aws_vpc.v": { preventDestroy: false, createBeforeDestroy: false, replaceTriggeredBy: [] },
    });
  });
});

describe("secrets that are too short to be looked for", () => {
  const FILES = {
    "main.tf": `variable "pin" {
  type      = string
  sensitive = true
  default   = "4711"
}

locals {
  size = "t3.small"
  door = {
    code = sensitive("99")
    name = "front"
  }
}

resource "aws_instance" "a" {
  instance_type = local.size
  tags          = { Pin = var.pin, Code = local.door.code, Door = local.door.name }
}

provider "aws" {
  default_tags {
    tags = { Key = var.pin, Size = sensitive(local.size), Team = "shop" }
  }
}
`,
  };

  it("stand in no diff beside what is changed, and the file's text keeps them", () => {
    const bench = workbench(FILES);
    const wanted = finding("aws_instance.a", { "tags.Door": "back" });
    const { files } = bench.adoptAll([{ stack: ".", finding: wanted }]);
    const [adoption] = bench.adoptions(".", [wanted]);
    const diffs = [...files, ...(adoption?.files ?? [])].map(({ diff }) => diff);
    expect(diffs).toHaveLength(2);
    for (const diff of diffs) {
      expect(diff).toContain('+    name = "back"');
      expect(diff).toMatch(/^@@ -\d+,1 \+\d+,1 @@\n- {4}name = "front"\n\+ {4}name = "back"$/m);
      expect(diff).not.toMatch(/4711|99/);
    }
    expect(files[0]?.text).toContain('code = sensitive("99")');
  });

  it("stand in no text of a trace", () => {
    const target = { address: "aws_instance.a", path: "tags.Door" };
    const { document } = workbench(FILES).trace({ stack: ".", ...target, to: '"back"' });
    const text = JSON.stringify(document);
    expect(text).toContain("front");
    expect(text).not.toMatch(/4711|99/);
  });

  it("stay secret as a provider's default tags: in findings, and in what an edit changes beside", () => {
    const all = { Key: "4711", Size: "t3.small", Team: "shop" };
    const state = { file: "s", text: stateText({ "aws_instance.a": { tags_all: all } }) };
    const bench = workbench(FILES, [request(".", { state })]);
    const tags = { Pin: "4711", Code: "99", Door: "front", Key: "0815", Size: "t3.small", Team: "platform" };
    const resource = { type: "aws_instance", id: "i-1", account: null, region: null, unread: [] };
    const { findings } = bench.compare({
      stack: ".",
      repository: "r",
      key: "k",
      now: "2026-05-01T12:00:00Z",
      book: ruleBook,
      observations: [
        ["aws_instance.a", { status: "found", resource: { ...resource, attributes: { tags } } }],
      ],
      identities: [["aws_instance.a", { id: "i-1", account: null, region: null }]],
      unmanaged: [],
    });
    const sensitive = new Map(findings.map((each) => [each.changes[0]?.path.at(-1), each.sensitive]));
    expect(sensitive.get("Key")).toBe(true);
    expect(sensitive.get("Team")).toBe(false);
    expect(JSON.stringify(findings)).not.toMatch(/4711|0815/);

    const [adoption] = bench.adoptions(".", [finding("aws_instance.a", { instance_type: "t3.large" })]);
    expect(adoption?.effects).toContainEqual({
      stack: ".",
      address: "aws_instance.a",
      path: "tags_all.Size",
      before: "(sensitive)",
      after: "(sensitive)",
    });
  });
});
