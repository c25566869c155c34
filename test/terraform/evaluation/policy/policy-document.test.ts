import { describe, expect, it } from "vitest";
import { attributesOf, evaluateFiles, outputOf, problemsOf, type StackOptions } from "../../stack.ts";

/** The outputs `json` and `minified_json` of `data.aws_iam_policy_document.test`. */
function policy(
  code: string,
  options?: StackOptions,
): { json: unknown; minified: unknown; problems: string[] } {
  const evaluation = evaluateFiles(
    `${code}
output "json" {
  value = data.aws_iam_policy_document.test.json
}
output "minified" {
  value = data.aws_iam_policy_document.test.minified_json
}
`,
    options,
  );
  const [json, minified] = ["json", "minified"].map((name) => outputOf(evaluation, name).json);
  return { json, minified, problems: problemsOf(evaluation) };
}

function document(body: string, name = "test"): string {
  return `data "aws_iam_policy_document" "${name}" {\n${body}\n}\n`;
}

function statement(body: string): string {
  return `statement {\n${body}\n}\n`;
}

/** The statements that the data source prints, as JSON. */
function statements(body: string, before = ""): unknown {
  const { json, problems } = policy(before + document(body));
  expect(problems).toEqual([]);
  return JSON.parse(String(json)).Statement;
}

describe("what aws_iam_policy_document gives", () => {
  it("is printed with two spaces a level, members in the provider's order, without what is empty", () => {
    const { json, minified, problems } = policy(
      document(`
        policy_id = "p"
        statement {
          resources = ["arn:aws:s3:::logs"]
          actions   = ["s3:GetObject", "s3:PutObject"]
          condition {
            test     = "Bool"
            variable = "aws:SecureTransport"
            values   = [true]
          }
          principals {
            type        = "Service"
            identifiers = ["ec2.amazonaws.com"]
          }
          sid = "Logs"
        }`),
    );
    expect(problems).toEqual([]);
    expect(json).toBe(`{
  "Version": "2012-10-17",
  "Id": "p",
  "Statement": [
    {
      "Sid": "Logs",
      "Effect": "Allow",
      "Action": [
        "s3:PutObject",
        "s3:GetObject"
      ],
      "Resource": "arn:aws:s3:::logs",
      "Principal": {
        "Service": "ec2.amazonaws.com"
      },
      "Condition": {
        "Bool": {
          "aws:SecureTransport": "true"
        }
      }
    }
  ]
}`);
    expect(minified).toBe(JSON.stringify(JSON.parse(String(json))));
  });

  it.each<[name: string, body: string, statements: unknown]>([
    ["no statements", "", undefined],
    [
      "more elements in reverse order, each once",
      statement('actions = ["b:B", "a:A", "c:C", "a:A"]\nnot_resources = ["x", "y"]'),
      [{ Effect: "Allow", Action: ["c:C", "b:B", "a:A"], NotResource: ["y", "x"] }],
    ],
    ["a list that is empty is left out", statement("actions = []\nresources = null"), [{ Effect: "Allow" }]],
    [
      "&{ stands for ${, but not in actions",
      statement(
        'actions = ["a:&{x}"]\nresources = ["arn:&{aws:username}"]\nprincipals {\ntype = "AWS"\nidentifiers = ["&{p}"]\n}\ncondition {\ntest = "T"\nvariable = "v"\nvalues = ["&{a}", "$${b}"]\n}',
      ),
      [
        {
          Effect: "Allow",
          Action: "a:&{x}",
          Resource: "arn:${aws:username}",
          Principal: { AWS: "${p}" },
          Condition: { T: { v: ["${a}", "${b}"] } },
        },
      ],
    ],
    [
      "the order of a condition's values stays, nulls go, numbers are texts",
      statement('condition {\ntest = "NumericLessThan"\nvariable = "v"\nvalues = [20, null, 3]\n}'),
      [{ Effect: "Allow", Condition: { NumericLessThan: { v: ["20", "3"] } } }],
    ],
    [
      "conditions are put together by test and variable",
      statement(
        'condition {\ntest = "B"\nvariable = "y"\nvalues = ["1"]\n}\ncondition {\ntest = "A"\nvariable = "x"\nvalues = []\n}\ncondition {\ntest = "B"\nvariable = "x"\nvalues = ["2", "1"]\n}',
      ),
      [{ Effect: "Allow", Condition: { A: { x: [] }, B: { x: ["2", "1"], y: "1" } } }],
    ],
    [
      "everybody is a text, everybody of AWS is not",
      statement('principals {\ntype = "*"\nidentifiers = ["*"]\n}') +
        statement('not_principals {\ntype = "AWS"\nidentifiers = ["*"]\n}'),
      [
        { Effect: "Allow", Principal: "*" },
        { Effect: "Allow", NotPrincipal: { AWS: "*" } },
      ],
    ],
    [
      "everybody beside others",
      statement(
        'principals {\ntype = "*"\nidentifiers = ["*"]\n}\nprincipals {\ntype = "AWS"\nidentifiers = ["1"]\n}',
      ),
      [{ Effect: "Allow", Principal: { "*": "*", AWS: "1" } }],
    ],
    [
      "two statements without a sid",
      statement('actions = ["a"]') + statement('sid = ""\nactions = ["a"]'),
      [
        { Effect: "Allow", Action: "a" },
        { Effect: "Allow", Action: "a" },
      ],
    ],
    [
      "statements of a dynamic block",
      'dynamic "statement" {\nfor_each = { A = "s3:*", B = "ec2:*" }\ncontent {\nsid = statement.key\nactions = [statement.value]\n}\n}',
      [
        { Sid: "A", Effect: "Allow", Action: "s3:*" },
        { Sid: "B", Effect: "Allow", Action: "ec2:*" },
      ],
    ],
  ])("%s", (_name, body, expected) => {
    expect(statements(body)).toEqual(expected);
  });

  it("escapes as Go's JSON does", () => {
    const { json, minified } = policy(document(statement('resources = ["<a&b>\\"\\u2028"]')));
    expect(json).toContain('"Resource": "\\u003ca\\u0026b\\u003e\\"\\u2028"');
    expect(minified).toContain('"Resource":"\\u003ca\\u0026b\\u003e\\"\\u2028"');
  });

  // In sets of its SDK the provider has blocks in the order of their hashes; these orders stand in its own tests.
  it.each([
    ["aws", [["1"], ["2", "3"]], ["1", "3", "2"]],
    ["aws", [["1", "2"], ["3"], ["4"]], ["3", "4", "2", "1"]],
    ["aws-us-gov", [["1", "2"], ["3"], ["4"]], ["3", "2", "1", "4"]],
  ])("several blocks for one type of principal in %s: %j", (partition, groups, expected) => {
    const arn = (digit: string) => `arn:${partition}:iam::${digit.repeat(12)}:root`;
    const blocks = groups.map(
      (group) => `principals {\ntype = "AWS"\nidentifiers = ${JSON.stringify(group.map(arn))}\n}\n`,
    );
    expect(statements(statement(blocks.join("")))).toEqual([
      { Effect: "Allow", Principal: { AWS: expected.map(arn) } },
    ]);
  });

  it("an id that is the CRC-32 of the text", () => {
    const code = `${document(statement('actions = ["*"]'))}output "id" {\n  value = data.aws_iam_policy_document.test.id\n}\n`;
    expect(outputOf(evaluateFiles(code), "id").json).toMatch(/^\d{1,10}$/);
  });
});

describe("documents that are merged", () => {
  const first = document(statement('sid = "A"\nactions = ["a:1"]') + statement('actions = ["a:2"]'), "first");
  const second = document(
    `version = "2008-10-17"\npolicy_id = "second"\n${statement('sid = "B"\nactions = ["b:1", "b:2"]')}`,
    "second",
  );
  const [one, two] = ["first", "second"].map((name) => `data.aws_iam_policy_document.${name}.json`);

  it.each<[name: string, body: string, sids: unknown]>([
    [
      "sources come before the own statements",
      `source_policy_documents = [${one}, ${two}]\n${statement('sid = "C"\nactions = ["c"]')}`,
      [
        ["A", "a:1"],
        [null, "a:2"],
        ["B", ["b:2", "b:1"]],
        ["C", "c"],
      ],
    ],
    [
      "an own statement takes the place of a source's",
      `source_policy_documents = [${one}]\n${statement('sid = "A"\nactions = ["own"]')}`,
      [
        ["A", "own"],
        [null, "a:2"],
      ],
    ],
    [
      "what overrides comes last, statements without a sid are added",
      `override_policy_documents = [${one}, ${two}]\n${statement('sid = "B"\nactions = ["own"]')}`,
      [
        ["B", ["b:2", "b:1"]],
        ["A", "a:1"],
        [null, "a:2"],
      ],
    ],
    [
      "the arguments that were there before the lists",
      `source_json = ${one}\noverride_json = ${two}\n${statement('sid = "B"\nactions = ["own"]')}`,
      [
        ["A", "a:1"],
        [null, "a:2"],
        ["B", ["b:2", "b:1"]],
      ],
    ],
    [
      "nulls and empty texts are left out",
      `source_policy_documents = ["", null, ${two}]`,
      [["B", ["b:2", "b:1"]]],
    ],
  ])("%s", (_name, body, expected) => {
    const made = statements(body, first + second) as { Sid?: string; Action: unknown }[];
    expect(made.map(({ Sid, Action }) => [Sid ?? null, Action])).toEqual(expected);
  });

  it("the newest version and the last id win", () => {
    const { json } = policy(first + second + document(`source_policy_documents = [${two}, ${one}]`));
    expect(JSON.parse(String(json))).toMatchObject({ Version: "2012-10-17", Id: "second" });
    const old = policy(second + document(`version = "2008-10-17"\nsource_policy_documents = [${two}]`));
    expect(JSON.parse(String(old.json)).Version).toBe("2008-10-17");
  });

  it("a document that somebody wrote keeps its lists as they are, and only known members", () => {
    const written = JSON.stringify({
      version: "2012-10-17",
      Comment: "x",
      Statement: [
        {
          Effect: "Allow",
          Action: ["b", "c", "a"],
          Resource: ["only"],
          Principal: { AWS: ["1", "2"], Service: ["s"] },
          Condition: { Bool: { x: true }, StringLike: { y: ["1"] } },
        },
      ],
    });
    const { json } = policy(document(`source_policy_documents = [${JSON.stringify(written)}]`));
    expect(JSON.parse(String(json))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["b", "c", "a"],
          Resource: ["only"],
          Principal: { AWS: ["2", "1"], Service: ["s"] },
          Condition: { Bool: { x: "true" }, StringLike: { y: "1" } },
        },
      ],
    });
  });
});

describe("what the provider refuses", () => {
  it.each<[name: string, body: string, problem: string]>([
    [
      "a sid twice",
      statement('sid = "A"') + statement('sid = "A"'),
      "error main.tf:1 two statements in the code have the same sid; remove it from one of them, or make it another one",
    ],
    [
      "a sid in two sources",
      'source_policy_documents = [for each in [1, 2] : jsonencode({ Statement = [{ Sid = "A" }] })]',
      "error main.tf:1 two statements in the documents that it merges have the same sid; remove it from one of them, or make it another one",
    ],
    ["another effect", statement('effect = "allow"'), "error main.tf:3 effect must be Allow or Deny"],
    ["another version", 'version = "2013"', "error main.tf:2 version must be 2012-10-17 or 2008-10-17"],
    [
      "variables in the old version",
      `version = "2008-10-17"\n${statement('resources = ["&{aws:username}"]')}`,
      "error main.tf:3 the version 2008-10-17 of policies has no variables: remove &{",
    ],
    [
      "a source that is no JSON",
      'source_policy_documents = ["secret"]',
      "error main.tf:2 a policy document in source_policy_documents is not JSON",
    ],
    [
      "a source with one statement alone",
      'source_policy_documents = [jsonencode({ Statement = { Sid = "A" } })]',
      "error main.tf:2 a policy document in source_policy_documents needs a list as its Statement",
    ],
    [
      "an argument of another type",
      statement('actions = "s3:*"'),
      "error main.tf:3 actions: set(string) is required",
    ],
    [
      "a condition without a test",
      statement('condition {\nvariable = "v"\nvalues = []\n}'),
      "error main.tf:3 a test is required here",
    ],
  ])("%s", (_name, body, problem) => {
    const { problems, json } = policy(document(body));
    expect(problems).toEqual([problem]);
    expect(json).toBeNull();
  });
});

describe("code and state", () => {
  const recorded = [
    {
      mode: "data",
      type: "aws_iam_policy_document",
      name: "test",
      instances: [{ attributes: { json: "{}", minified_json: "{}", id: "1" } }],
    },
  ] as const;

  it("the code wins where all of it is known", () => {
    expect(policy(document(statement('actions = ["a"]')), { recorded }).minified).toBe(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"a"}]}',
    );
  });

  it.each([
    ["an argument", statement("actions = [aws_thing.x.name]")],
    ["which blocks there are", 'dynamic "statement" {\nfor_each = aws_thing.x.names\ncontent {}\n}'],
    ["a document", "source_policy_documents = [aws_thing.x.json]"],
  ])("the state's value counts where %s is not known, else it is unknown", (_name, body) => {
    const code = `resource "aws_thing" "x" {}\n${document(body)}`;
    expect(policy(code, { recorded })).toEqual({ json: "{}", minified: "{}", problems: [] });
    const { json, problems } = policy(code);
    expect([json, problems]).toEqual([null, []]);
  });

  it("what else is asked of it stays as it was", () => {
    const code = `${document(statement('actions = ["a"]'))}
resource "aws_iam_policy" "p" {
  name    = data.aws_iam_policy_document.test.statement[0].actions[0]
  version = data.aws_iam_policy_document.test.version
  policy  = jsondecode(data.aws_iam_policy_document.test.json).Statement[0].Effect
}
`;
    const evaluation = evaluateFiles(code, {
      recorded: [
        {
          ...recorded[0],
          instances: [{ attributes: { ...recorded[0].instances[0].attributes, version: "v" } }],
        },
      ],
    });
    expect(attributesOf(evaluation)).toEqual({
      "aws_iam_policy.p": { name: "a", version: "v", policy: "Allow" },
    });
  });

  it("blocks in the JSON syntax count as well", () => {
    const files = {
      "main.tf.json": JSON.stringify({
        data: {
          aws_iam_policy_document: {
            test: { statement: { actions: ["b"], principals: { type: "AWS", identifiers: ["1"] } } },
          },
        },
        output: { json: { value: "${data.aws_iam_policy_document.test.minified_json}" } },
      }),
    };
    expect(outputOf(evaluateFiles(files), "json").json).toBe(
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"b","Principal":{"AWS":"1"}}]}',
    );
  });
});
