import { ABSENT, type AdoptionCase } from "../case.ts";

const POLICY = "aws_iam_policy.app";
const FILE = "main.tf";

const RESOURCE = `resource "aws_iam_policy" "app" {
  name   = "app"
  policy = data.aws_iam_policy_document.app.json
}
`;

function document(body: string, name = "app"): string {
  return `data "aws_iam_policy_document" "${name}" {\n${body}}\n\n`;
}

function code(body: string, before = ""): { "main.tf": string } {
  return { "main.tf": `${before}${document(body)}${RESOURCE}` };
}

type Statement = Readonly<Record<string, unknown>>;

/** A policy as IAM gives it, on one line. */
function live(...statements: readonly Statement[]): NonNullable<AdoptionCase["live"]> {
  return { policy: policyText(...statements) };
}

function policyText(...statements: readonly Statement[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

const LOGS = `  statement {
    sid       = "Logs"
    actions   = ["logs:PutLogEvents"]
    resources = ["*"]
  }
`;
const LIVE_LOGS = { Sid: "Logs", Effect: "Allow", Action: "logs:PutLogEvents", Resource: "*" };

const READ = `  statement {
    sid    = "Read"
    effect = "Allow"

    actions = [
      "s3:GetObject",
      "s3:ListBucket",
    ]

    resources = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]
  }
`;
const LIVE_READ = {
  Sid: "Read",
  Effect: "Allow",
  Action: ["s3:ListBucket", "s3:GetObject"],
  Resource: ["arn:aws:s3:::data/*", "arn:aws:s3:::data"],
};

const TRUST = `  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:role/ci"]
    }

    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = ["one"]
    }
  }
`;
const LIVE_TRUST = {
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: { AWS: ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:role/ci"] },
  Condition: { StringEquals: { "sts:ExternalId": "one" } },
};

const DYNAMIC = `  dynamic "statement" {
    for_each = var.grants
    content {
      sid       = statement.value.sid
      actions   = statement.value.actions
      resources = ["*"]
    }
  }
`;
const GRANTS = `variable "grants" {
  default = [
    { sid = "A", actions = ["s3:GetObject"] },
    { sid = "B", actions = ["sqs:SendMessage"] },
  ]
}

`;
const LIVE_GRANTS = [
  { Sid: "A", Effect: "Allow", Action: "s3:GetObject", Resource: "*" },
  { Sid: "B", Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" },
];

/** Policies that `aws_iam_policy_document` makes. */
export const POLICIES: readonly AdoptionCase[] = [
  {
    name: "an action that changed",
    files: code(LOGS),
    address: POLICY,
    live: live({ ...LIVE_LOGS, Action: "logs:*" }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: ['-    actions   = ["logs:PutLogEvents"]', '+    actions   = ["logs:*"]'],
      },
    },
  },
  {
    name: "an action of several, in whatever order the provider prints them",
    files: code(READ),
    address: POLICY,
    live: live({ ...LIVE_READ, Action: ["s3:GetObjectVersion", "s3:ListBucket"] }),
    expected: {
      verdict: "exact",
      lines: { [FILE]: ['-      "s3:GetObject",', '+      "s3:GetObjectVersion",'] },
    },
  },
  {
    name: "an action more",
    files: code(READ),
    address: POLICY,
    live: live({ ...LIVE_READ, Action: ["s3:GetObject", "s3:PutObject", "s3:ListBucket"] }),
    expected: { verdict: "exact", lines: { [FILE]: ['+      "s3:PutObject",'] } },
  },
  {
    name: "an action less",
    files: code(READ),
    address: POLICY,
    live: live({ ...LIVE_READ, Action: "s3:GetObject" }),
    expected: { verdict: "exact", lines: { [FILE]: ['-      "s3:ListBucket",'] } },
  },
  {
    name: "a resource less, of those on one line",
    files: code(READ),
    address: POLICY,
    live: live({ ...LIVE_READ, Resource: ["arn:aws:s3:::data"] }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-    resources = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]',
          '+    resources = ["arn:aws:s3:::data"]',
        ],
      },
    },
  },
  {
    name: "an effect that is written",
    files: code(READ),
    address: POLICY,
    live: live({ ...LIVE_READ, Effect: "Deny" }),
    expected: { verdict: "exact", lines: { [FILE]: ['-    effect = "Allow"', '+    effect = "Deny"'] } },
  },
  {
    name: "an effect that is left out",
    files: code(LOGS),
    address: POLICY,
    live: live({ ...LIVE_LOGS, Effect: "Deny" }),
    expected: { verdict: "exact", lines: { [FILE]: ['+    effect    = "Deny"'] } },
  },
  {
    name: "a sid that came",
    files: code('  statement {\n    actions   = ["logs:PutLogEvents"]\n    resources = ["*"]\n  }\n'),
    address: POLICY,
    live: live(LIVE_LOGS),
    expected: { verdict: "exact", lines: { [FILE]: ['+    sid       = "Logs"'] } },
  },
  {
    name: "a sid that the data source does not take",
    files: code(LOGS),
    address: POLICY,
    live: live({ ...LIVE_LOGS, Sid: "Logs of all" }),
    expected: { verdict: "refused", why: "in the policy Statement[0].Sid is to be another" },
  },
  {
    name: "a statement more, written as its siblings are",
    files: code(`${READ}\n${LOGS}`),
    address: POLICY,
    live: live(LIVE_READ, LIVE_LOGS, {
      Effect: "Deny",
      Action: ["s3:DeleteObject"],
      Resource: "*",
      Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } },
      Sid: "Mfa",
    }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          "+",
          "+  statement {",
          '+    sid       = "Mfa"',
          '+    effect    = "Deny"',
          '+    actions   = ["s3:DeleteObject"]',
          '+    resources = ["*"]',
          "+",
          "+    condition {",
          '+      test     = "Bool"',
          '+      variable = "aws:MultiFactorAuthPresent"',
          '+      values   = ["false"]',
          "+    }",
          "+  }",
        ],
      },
    },
  },
  {
    name: "a statement less",
    files: code(`${READ}\n${LOGS}`),
    address: POLICY,
    live: live(LIVE_LOGS),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [...READ.trimEnd().split("\n").slice(1), "", "  statement {"].map((line) => `-${line}`),
      },
    },
  },
  {
    name: "the first statement",
    files: code('  policy_id = "app"\n'),
    address: POLICY,
    live: {
      policy:
        '{"Version":"2012-10-17","Id":"app","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    },
    expected: { verdict: "refused", why: "no edit of a literal gives the wanted value" },
  },
  {
    name: "a principal that changed",
    files: code(TRUST),
    address: POLICY,
    live: live({
      ...LIVE_TRUST,
      Principal: { AWS: ["111111111111", "arn:aws:iam::222222222222:role/deploy"] },
    }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-      identifiers = ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:role/ci"]',
          '+      identifiers = ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:role/deploy"]',
        ],
      },
    },
  },
  {
    name: "a principal of another kind",
    files: code(TRUST),
    address: POLICY,
    live: live({ ...LIVE_TRUST, Principal: { ...LIVE_TRUST.Principal, Service: "ec2.amazonaws.com" } }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          "+    principals {",
          '+      type        = "Service"',
          '+      identifiers = ["ec2.amazonaws.com"]',
          "+    }",
          "+",
        ],
      },
    },
  },
  {
    name: "a value more in a condition",
    files: code(TRUST),
    address: POLICY,
    live: live({ ...LIVE_TRUST, Condition: { StringEquals: { "STS:ExternalId": ["two", "one"] } } }),
    expected: {
      verdict: "exact",
      lines: { [FILE]: ['-      values   = ["one"]', '+      values   = ["one", "two"]'] },
    },
  },
  {
    name: "a condition less",
    files: code(TRUST),
    address: POLICY,
    live: live({ Effect: "Allow", Action: "sts:AssumeRole", Principal: LIVE_TRUST.Principal }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          "-",
          "-    condition {",
          '-      test     = "StringEquals"',
          '-      variable = "sts:ExternalId"',
          '-      values   = ["one"]',
          "-    }",
        ],
      },
    },
  },
  {
    name: "a condition more",
    files: code(TRUST),
    address: POLICY,
    live: live({
      ...LIVE_TRUST,
      Condition: { ...LIVE_TRUST.Condition, Bool: { "aws:SecureTransport": true } },
    }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          "+",
          "+    condition {",
          '+      test     = "Bool"',
          '+      variable = "aws:SecureTransport"',
          '+      values   = ["true"]',
          "+    }",
        ],
      },
    },
  },
  {
    name: "everybody instead of some",
    files: code(TRUST),
    address: POLICY,
    live: live({ ...LIVE_TRUST, Principal: "*" }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-      type        = "AWS"',
          '-      identifiers = ["arn:aws:iam::111111111111:root", "arn:aws:iam::222222222222:role/ci"]',
          '+      type        = "*"',
          '+      identifiers = ["*"]',
        ],
      },
    },
  },
  {
    name: "actions become those that are not meant",
    files: code(LOGS),
    address: POLICY,
    live: live({ Sid: "Logs", Effect: "Allow", NotAction: ["iam:*"], Resource: "*" }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-    sid       = "Logs"',
          '-    actions   = ["logs:PutLogEvents"]',
          '-    resources = ["*"]',
          '+    sid         = "Logs"',
          '+    not_actions = ["iam:*"]',
          '+    resources   = ["*"]',
        ],
      },
    },
  },
  {
    name: "several changes of several statements",
    files: code(`${READ}\n${LOGS}`),
    address: POLICY,
    live: live(
      { ...LIVE_LOGS, Action: ["logs:PutLogEvents", "logs:CreateLogStream"] },
      { ...LIVE_READ, Effect: "Deny", Resource: ["arn:aws:s3:::data", "arn:aws:s3:::logs/*"] },
    ),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-    effect = "Allow"',
          '+    effect = "Deny"',
          '-    resources = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"]',
          '+    resources = ["arn:aws:s3:::data", "arn:aws:s3:::logs/*"]',
          '-    actions   = ["logs:PutLogEvents"]',
          '+    actions   = ["logs:PutLogEvents", "logs:CreateLogStream"]',
        ],
      },
    },
  },
  {
    name: "a policy that only looks different is no drift",
    files: code(READ),
    address: POLICY,
    live: {
      policy: encodeURIComponent(policyText({ ...LIVE_READ, Action: ["S3:getobject", "s3:ListBucket"] })),
      name: "app2",
    },
    expected: { verdict: "exact", lines: { [FILE]: ['-  name   = "app"', '+  name   = "app2"'] } },
  },
  {
    name: "policy variables are written as the data source wants them",
    files: code(
      '  statement {\n    actions   = ["s3:*"]\n    resources = ["arn:aws:s3:::home/&{aws:username}"]\n  }\n',
    ),
    address: POLICY,
    live: live({
      Effect: "Allow",
      Action: "s3:*",
      Resource: ["arn:aws:s3:::home/${aws:username}", "arn:aws:s3:::home/${aws:username}/*"],
    }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-    resources = ["arn:aws:s3:::home/&{aws:username}"]',
          '+    resources = ["arn:aws:s3:::home/&{aws:username}", "arn:aws:s3:::home/&{aws:username}/*"]',
        ],
      },
    },
  },
  {
    name: "policy variables that the code escapes stay escaped",
    files: code(
      '  statement {\n    actions   = ["s3:*"]\n    resources = ["arn:aws:s3:::home/$${aws:username}"]\n  }\n',
    ),
    address: POLICY,
    live: live({ Effect: "Allow", Action: "s3:*", Resource: "arn:aws:s3:::homes/${aws:username}" }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-    resources = ["arn:aws:s3:::home/$${aws:username}"]',
          '+    resources = ["arn:aws:s3:::homes/$${aws:username}"]',
        ],
      },
    },
  },
  {
    name: "an element that a variable file gives",
    files: {
      ...code(
        '  statement {\n    actions   = var.actions\n    resources = ["*"]\n  }\n',
        'variable "actions" {\n  type = list(string)\n}\n\n',
      ),
      "terraform.tfvars": 'actions = ["s3:GetObject", "s3:PutObject"]\n',
    },
    address: POLICY,
    live: live({ Effect: "Allow", Action: ["s3:GetObject", "s3:DeleteObject"], Resource: "*" }),
    expected: {
      verdict: "exact",
      lines: {
        "terraform.tfvars": [
          '-actions = ["s3:GetObject", "s3:PutObject"]',
          '+actions = ["s3:GetObject", "s3:DeleteObject"]',
        ],
      },
    },
  },
  {
    name: "a local that two statements share changes both at once",
    files: code(
      '  statement {\n    sid       = "A"\n    actions   = ["s3:GetObject"]\n    resources = [local.bucket]\n  }\n\n  statement {\n    sid       = "B"\n    actions   = ["s3:PutObject"]\n    resources = [local.bucket]\n  }\n',
      'locals {\n  bucket = "arn:aws:s3:::data"\n}\n\n',
    ),
    address: POLICY,
    live: live(
      { Sid: "A", Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::other" },
      { Sid: "B", Effect: "Allow", Action: "s3:PutObject", Resource: "arn:aws:s3:::other" },
    ),
    expected: {
      verdict: "exact",
      lines: { [FILE]: ['-  bucket = "arn:aws:s3:::data"', '+  bucket = "arn:aws:s3:::other"'] },
    },
  },
  {
    name: "the text around an interpolation",
    files: code(
      '  statement {\n    actions   = ["s3:GetObject"]\n    resources = ["arn:aws:s3:::${var.bucket}/*"]\n  }\n',
      'variable "bucket" {\n  default = "data"\n}\n\n',
    ),
    address: POLICY,
    live: live({ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/public/*" }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-    resources = ["arn:aws:s3:::${var.bucket}/*"]',
          '+    resources = ["arn:aws:s3:::${var.bucket}/public/*"]',
        ],
      },
    },
  },
  {
    name: "an element of the collection that a dynamic block is made of",
    files: code(DYNAMIC, GRANTS),
    address: POLICY,
    live: live({ ...LIVE_GRANTS[0], Action: "s3:GetObjectVersion" }, LIVE_GRANTS[1] ?? {}),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-    { sid = "A", actions = ["s3:GetObject"] },',
          '+    { sid = "A", actions = ["s3:GetObjectVersion"] },',
        ],
      },
    },
  },
  {
    name: "a statement that a dynamic block makes, gone",
    files: code(DYNAMIC, GRANTS),
    address: POLICY,
    live: live(LIVE_GRANTS[1] ?? {}),
    expected: {
      verdict: "exact",
      lines: { [FILE]: ['-    { sid = "A", actions = ["s3:GetObject"] },'] },
    },
  },
  {
    name: "a statement more where a dynamic block makes them",
    files: code(DYNAMIC, GRANTS),
    address: POLICY,
    live: live(...LIVE_GRANTS, { Sid: "C", Effect: "Allow", Action: ["sns:Publish"], Resource: "*" }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: ['+    { sid = "C", actions = ["sns:Publish"] },'],
      },
    },
  },
  {
    name: "a statement of a document that is taken in",
    files: code(
      `  source_policy_documents = [data.aws_iam_policy_document.base.json]\n\n${LOGS}`,
      document(READ, "base"),
    ),
    address: POLICY,
    live: live({ ...LIVE_READ, Action: ["s3:GetObject", "s3:ListAllMyBuckets"] }, LIVE_LOGS),
    expected: {
      verdict: "exact",
      lines: { [FILE]: ['-      "s3:ListBucket",', '+      "s3:ListAllMyBuckets",'] },
    },
  },
  {
    name: "a document that two policies take in",
    files: {
      "main.tf": `${document(READ, "base")}${document("  source_policy_documents = [data.aws_iam_policy_document.base.json]\n")}${RESOURCE}
resource "aws_iam_policy" "other" {
  policy = data.aws_iam_policy_document.base.json
}
`,
    },
    address: POLICY,
    live: live({ ...LIVE_READ, Effect: "Deny" }),
    expected: {
      verdict: "shared",
      lines: { [FILE]: ['-    effect = "Allow"', '+    effect = "Deny"'] },
    },
  },
  {
    name: "a policy of a module, through its output",
    files: {
      "main.tf":
        'module "policy" {\n  source  = "./policy"\n  actions = ["s3:GetObject"]\n}\n\nresource "aws_iam_policy" "app" {\n  policy = module.policy.json\n}\n',
      "policy/main.tf": `variable "actions" {
  type = list(string)
}

${document('  statement {\n    actions   = var.actions\n    resources = ["*"]\n  }\n')}output "json" {
  value = data.aws_iam_policy_document.app.json
}
`,
    },
    address: POLICY,
    live: live({ Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "*" }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: ['-  actions = ["s3:GetObject"]', '+  actions = ["s3:GetObject", "s3:PutObject"]'],
      },
    },
  },
  {
    name: "one of several data sources, through a splat and one()",
    files: {
      "main.tf": `data "aws_iam_policy_document" "app" {
  count = 1

${LOGS}}

resource "aws_iam_policy" "app" {
  policy = one(data.aws_iam_policy_document.app[*].json)
}
`,
    },
    address: POLICY,
    live: live({ ...LIVE_LOGS, Resource: "arn:aws:logs:*:*:*" }),
    expected: {
      verdict: "exact",
      lines: { [FILE]: ['-    resources = ["*"]', '+    resources = ["arn:aws:logs:*:*:*"]'] },
    },
  },
  {
    name: "the id of a policy that went, and another version",
    files: code(`  policy_id = "app"\n\n${LOGS}`),
    address: POLICY,
    live: { policy: JSON.stringify({ Version: "2008-10-17", Statement: [LIVE_LOGS] }) },
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: ['-  policy_id = "app"', '+  version = "2008-10-17"'],
      },
    },
  },
  {
    name: "the state is older than the code",
    files: code(LOGS),
    state: {
      "data.aws_iam_policy_document.app": { json: policyText({ ...LIVE_LOGS, Action: "logs:*" }) },
    },
    address: POLICY,
    live: live({ ...LIVE_LOGS, Action: "logs:Put*" }),
    expected: {
      verdict: "exact",
      lines: { [FILE]: ['-    actions   = ["logs:PutLogEvents"]', '+    actions   = ["logs:Put*"]'] },
    },
  },
  {
    name: "a policy that the state alone knows",
    files: {
      "main.tf": `data "aws_iam_policy" "other" {
  name = "other"
}

resource "aws_iam_policy" "app" {
  policy = data.aws_iam_policy.other.policy
}
`,
    },
    state: { "data.aws_iam_policy.other": { name: "other", policy: policyText(LIVE_LOGS) } },
    address: POLICY,
    live: live({ ...LIVE_LOGS, Action: "logs:*" }),
    expected: { verdict: "refused", why: "the value comes from data.aws_iam_policy.other" },
  },
  {
    name: "a policy that the provider would not have",
    files: code(LOGS),
    address: POLICY,
    live: live({ ...LIVE_LOGS, Unusual: "x" }),
    expected: { verdict: "refused", why: "in the policy Statement[0].Unusual is to be another" },
  },
  {
    name: "a statement for which the collection would need a key",
    files: code(
      '  dynamic "statement" {\n    for_each = { A = "s3:*" }\n    content {\n      actions   = [statement.value]\n      resources = ["*"]\n    }\n  }\n',
    ),
    address: POLICY,
    live: live(
      { Effect: "Allow", Action: "s3:*", Resource: "*" },
      { Effect: "Allow", Action: "sns:*", Resource: "*" },
    ),
    expected: { verdict: "refused", why: "in the policy Statement is to get one more" },
  },
  {
    name: "principals of two kinds, of which one changes and one goes",
    files: code(
      '  statement {\n    actions = ["sts:AssumeRole"]\n\n    principals {\n      type        = "Service"\n      identifiers = ["ec2.amazonaws.com"]\n    }\n\n    principals {\n      type        = "AWS"\n      identifiers = ["111111111111"]\n    }\n  }\n',
    ),
    address: POLICY,
    live: live({
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { AWS: "arn:aws:iam::222222222222:root" },
    }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-      type        = "Service"',
          '-      identifiers = ["ec2.amazonaws.com"]',
          "-    }",
          "-",
          "-    principals {",
          '-      identifiers = ["111111111111"]',
          '+      identifiers = ["arn:aws:iam::222222222222:root"]',
        ],
      },
    },
  },
  {
    name: "conditions that all go, one block after the other",
    files: code(
      '  statement {\n    actions   = ["s3:*"]\n    resources = ["*"]\n\n    condition {\n      test     = "Bool"\n      variable = "aws:SecureTransport"\n      values   = ["true"]\n    }\n\n    condition {\n      test     = "StringEquals"\n      variable = "aws:SourceAccount"\n      values   = ["111111111111"]\n    }\n  }\n',
    ),
    address: POLICY,
    live: live({ Effect: "Allow", Action: "s3:*", Resource: "*" }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          "-",
          "-    condition {",
          '-      test     = "Bool"',
          '-      variable = "aws:SecureTransport"',
          '-      values   = ["true"]',
          "-    }",
          "-",
          "-    condition {",
          '-      test     = "StringEquals"',
          '-      variable = "aws:SourceAccount"',
          '-      values   = ["111111111111"]',
          "-    }",
        ],
      },
    },
  },
  {
    name: "a document in jsonencode that is taken in, and its ways of writing",
    files: code(`  override_policy_documents = [jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid      = "Base"
      Effect   = "Allow"
      Action   = "s3:GetObject"
      Resource = ["b", "a"]
    }]
  })]
`),
    address: POLICY,
    live: live({ Sid: "Base", Effect: "Allow", Action: ["s3:PutObject"], Resource: ["a", "b"] }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: ['-      Action   = "s3:GetObject"', '+      Action   = "s3:PutObject"'],
      },
    },
  },
  {
    name: "a document in a file that is taken in",
    files: {
      ...code('  source_policy_documents = [file("${path.module}/base.json")]\n'),
      "base.json": `{
  "Version": "2012-10-17",
  "Statement": [
    {"Sid": "Base", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
  ]
}
`,
    },
    address: POLICY,
    live: live({ Sid: "Base", Effect: "Deny", Action: ["s3:GetObject"], Resource: ["*"] }),
    expected: {
      verdict: "exact",
      lines: {
        "base.json": [
          '-    {"Sid": "Base", "Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}',
          '+    {"Sid": "Base", "Effect": "Deny", "Action": "s3:GetObject", "Resource": "*"}',
        ],
      },
    },
  },
  {
    name: "a policy in jsonencode: statements by their sid, single values stay single",
    files: {
      "main.tf": `resource "aws_iam_policy" "app" {
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Logs", Effect = "Allow", Action = "logs:PutLogEvents", Resource = "*" },
      { Sid = "Read", Effect = "Allow", Action = ["s3:GetObject", "s3:ListBucket"], Resource = "*" },
    ]
  })
}
`,
    },
    address: POLICY,
    live: live(
      { Sid: "Read", Effect: "Deny", Action: ["s3:ListBucket", "s3:GetObject"], Resource: ["*"] },
      { ...LIVE_LOGS, Action: ["logs:PutLogEvents"] },
    ),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: [
          '-      { Sid = "Read", Effect = "Allow", Action = ["s3:GetObject", "s3:ListBucket"], Resource = "*" },',
          '+      { Sid = "Read", Effect = "Deny", Action = ["s3:GetObject", "s3:ListBucket"], Resource = "*" },',
        ],
      },
    },
  },
  {
    name: "a data source in the JSON syntax",
    files: {
      "main.tf.json": `${JSON.stringify(
        {
          data: {
            aws_iam_policy_document: { app: { statement: [{ actions: ["s3:Get*"], resources: ["*"] }] } },
          },
          resource: { aws_iam_policy: { app: { policy: "${data.aws_iam_policy_document.app.json}" } } },
        },
        null,
        2,
      )}\n`,
    },
    address: POLICY,
    live: live({ Effect: "Allow", Action: "s3:List*", Resource: "*" }),
    expected: {
      verdict: "exact",
      lines: { "main.tf.json": ['-              "s3:Get*"', '+              "s3:List*"'] },
    },
  },
  {
    name: "a statement that several stacks have from one module",
    stacks: [
      { name: "one", root: "one" },
      { name: "two", root: "two" },
    ],
    files: {
      ...Object.fromEntries(
        ["one", "two"].map((name) => [
          `${name}/main.tf`,
          'module "policy" {\n  source = "../policy"\n}\n\nresource "aws_iam_policy" "app" {\n  policy = module.policy.json\n}\n',
        ]),
      ),
      "policy/main.tf": `${document(LOGS)}output "json" {\n  value = data.aws_iam_policy_document.app.json\n}\n`,
    },
    address: POLICY,
    live: live({ ...LIVE_LOGS, Effect: "Deny" }),
    expected: {
      verdict: "shared",
      lines: { "policy/main.tf": ['+    effect    = "Deny"'] },
    },
  },
  {
    name: "a policy that is gone",
    files: code(LOGS),
    address: POLICY,
    live: { policy: ABSENT },
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: ['-  name   = "app"', "-  policy = data.aws_iam_policy_document.app.json", '+  name = "app"'],
      },
    },
  },
  {
    name: "the text of a heredoc",
    files: {
      "main.tf": `resource "aws_iam_policy" "app" {
  policy = <<-EOT
    {
      "Version": "2012-10-17",
      "Statement": [
        {
          "Sid": "Logs",
          "Effect": "Allow",
          "Action": "logs:PutLogEvents",
          "Resource": "*"
        }
      ]
    }
  EOT
}
`,
    },
    address: POLICY,
    live: live({ ...LIVE_LOGS, Action: ["logs:Put*"] }),
    expected: {
      verdict: "exact",
      lines: {
        [FILE]: ['-          "Action": "logs:PutLogEvents",', '+          "Action": "logs:Put*",'],
      },
    },
  },
];
