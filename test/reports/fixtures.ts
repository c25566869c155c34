import type {
  Adoption,
  Change,
  Intent,
  JudgedFinding,
  Place,
  Reading,
  RevertPlan,
  StackResult,
} from "../../src/drift/model.ts";
import type { Json } from "../../src/json/json.ts";
import { parsePath } from "../../src/json/path.ts";
import type { StackContext } from "../../src/reports/masked.ts";
import type { Findings } from "../../src/reports/pull-request.ts";

/** Findings as scans of a small web shop on AWS give them. */

export const UNDECIDED: Intent = {
  verdict: "undecided",
  decidedBy: "default",
  because: ["No rule of .github/driftwright.yml matches it."],
};

export function known(value: Json): Reading {
  return { known: value };
}

export function at(file: string, line: number, column = 1): Place {
  return { file, line, column };
}

export function change(
  path: string,
  desired: Reading,
  recorded: Reading,
  observed: Reading,
  source?: Place,
): Change {
  return { path: parsePath(path), desired, recorded, observed, source: source ?? null };
}

export function finding(parts: Partial<JudgedFinding> = {}): JudgedFinding {
  return {
    fingerprint: "5b1f0c9d2e7a4863",
    revision: "a1b2c3d4e5f60718",
    address: 'module.web["api"].aws_instance.this',
    resource: {
      type: "aws_instance",
      id: "i-0a1b2c3d4e5f60718",
      account: "123456789012",
      region: "eu-central-1",
    },
    kind: "drift",
    category: "configuration",
    severity: "medium",
    changes: [],
    widensAccess: false,
    sensitive: false,
    concern: null,
    notes: [],
    declaredAt: at("modules/web/main.tf", 12),
    actor: null,
    detectedAt: "2026-10-01T10:15:00.000Z",
    intent: UNDECIDED,
    adoption: null,
    revert: null,
    ...parts,
  };
}

const RESIZE_DIFF = `--- a/infra/shop/prod.tfvars
+++ b/infra/shop/prod.tfvars
@@ -2,5 +2,5 @@
 environment = "production"
 servers = {
-  api    = { size = "t3.micro" }
+  api    = { size = "t3.large" }
   worker = { size = "t3.small" }
 }
`;

export const resizeAdoption: Adoption = {
  files: [{ path: "infra/shop/prod.tfvars", diff: RESIZE_DIFF }],
  effects: [
    {
      address: 'module.web["api"].aws_instance.this',
      path: "instance_type",
      before: "t3.micro",
      after: "t3.large",
    },
  ],
  verdict: "exact",
  why: "infra/shop/prod.tfvars gives the value for this instance alone.",
};

const resizeRevert: RevertPlan = {
  steps: [
    {
      title: "Look at what Terraform would do",
      commands: [
        {
          tool: "terraform",
          argv: ["-chdir=infra/shop", "plan", '-target=module.web["api"].aws_instance.this'],
        },
      ],
      impact: "in-place",
      verify: "The plan shows this one change and no other.",
    },
    {
      title: "Stop the instance, set its type back and start it",
      commands: [
        { tool: "aws", argv: ["ec2", "stop-instances", "--instance-ids", "i-0a1b2c3d4e5f60718"] },
        {
          tool: "aws",
          argv: [
            "ec2",
            "modify-instance-attribute",
            "--instance-id",
            "i-0a1b2c3d4e5f60718",
            "--instance-type",
            '{"Value": "t3.micro"}',
          ],
        },
        { tool: "aws", argv: ["ec2", "start-instances", "--instance-ids", "i-0a1b2c3d4e5f60718"] },
      ],
      impact: "restart",
      verify: "aws ec2 describe-instances shows t3.micro.",
    },
  ],
  dependents: ["aws_eip.api", 'aws_lb_target_group_attachment.this["api"]'],
};

export const resized = finding({
  changes: [
    change(
      "instance_type",
      known("t3.micro"),
      known("t3.micro"),
      known("t3.large"),
      at("infra/shop/prod.tfvars", 4, 21),
    ),
  ],
  actor: {
    id: "AROAEXAMPLE:alice",
    name: "alice",
    kind: "user",
    via: "console",
    at: "2026-09-30T16:20:11Z",
    evidence: "CloudTrail event 6f1c2b7e",
  },
  intent: {
    verdict: "adopt",
    decidedBy: '"sizes are on purpose"',
    because: [
      'The rule "sizes are on purpose" matches type aws_instance, attribute instance_type.',
      "capacity tests",
    ],
  },
  adoption: resizeAdoption,
  revert: resizeRevert,
});

const sshRule: Json = {
  cidr_blocks: ["0.0.0.0/0"],
  description: "",
  from_port: 22,
  ipv6_cidr_blocks: [],
  prefix_list_ids: [],
  protocol: "tcp",
  security_groups: [],
  self: false,
  to_port: 22,
};

export const sshOpen = finding({
  fingerprint: "0d4c3b2a19087f6e",
  revision: "ffeeddccbbaa0099",
  address: "aws_security_group.web",
  resource: { type: "aws_security_group", id: "sg-0f00ba4", account: "123456789012", region: "eu-central-1" },
  category: "policy",
  severity: "critical",
  widensAccess: true,
  changes: [change("ingress[2]", "absent", "absent", known(sshRule), at("infra/shop/network.tf", 31, 3))],
  concern: "Lets everybody in: TCP 22 from 0.0.0.0/0.",
  notes: ["Lets everybody in: TCP 22 from 0.0.0.0/0."],
  declaredAt: at("infra/shop/network.tf", 18),
  adoption: {
    files: [
      {
        path: "infra/shop/network.tf",
        diff: `--- a/infra/shop/network.tf
+++ b/infra/shop/network.tf
@@ -30,4 +30,11 @@
   }
+
+  ingress {
+    from_port   = 22
+    to_port     = 22
+    protocol    = "tcp"
+    cidr_blocks = ["0.0.0.0/0"]
+  }
 }
`,
      },
    ],
    effects: [{ address: "aws_security_group.web", path: "ingress[2]", before: null, after: sshRule }],
    verdict: "exact",
    why: "A new ingress block in the resource itself.",
  },
  revert: {
    steps: [
      {
        title: "Take the rule away",
        commands: [
          {
            tool: "aws",
            argv: [
              "ec2",
              "revoke-security-group-ingress",
              "--group-id",
              "sg-0f00ba4",
              "--ip-permissions",
              '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]',
            ],
          },
        ],
        impact: "in-place",
        verify: "aws ec2 describe-security-groups no longer lists port 22.",
      },
    ],
    dependents: ['module.web["api"].aws_instance.this', 'module.web["worker"].aws_instance.this'],
  },
});

export const tagRemoved = finding({
  fingerprint: "1111222233334444",
  severity: "low",
  changes: [
    change("tags.CostCenter", known("4711"), known("4711"), "absent", at("infra/shop/locals.tf", 9, 18)),
  ],
  adoption: {
    files: [],
    effects: [],
    verdict: "refused",
    why: "infra/shop/locals.tf:9 gives the tag to 14 instances, and only this one lost it.",
  },
});

export const deleted = finding({
  fingerprint: "2222333344445555",
  address: "aws_subnet.spare",
  resource: { type: "aws_subnet", id: "subnet-0dead", account: "123456789012", region: "eu-central-1" },
  kind: "deleted",
  category: "resource",
  severity: "high",
  declaredAt: at("infra/shop/network.tf", 60),
  revert: {
    steps: [
      {
        title: "Create it again",
        commands: [{ tool: "terraform", argv: ["-chdir=infra/shop", "apply", "-target=aws_subnet.spare"] }],
        impact: "replace",
        verify: "",
      },
    ],
    dependents: [],
  },
});

export const SECRET = "hunter2-correct-horse";

/** The cloud's side came back readable: still nothing of it may show. */
export const secretChanged = finding({
  fingerprint: "3333444455556666",
  address: "aws_instance.legacy",
  severity: "high",
  sensitive: true,
  changes: [
    change(
      "user_data",
      { hidden: "9c2f" },
      { hidden: "9c2f" },
      known(`#!/bin/sh\nexport DB_PASSWORD=${SECRET}\n`),
    ),
    change("tags.token", { hidden: "77aa" }, "absent", known(SECRET)),
  ],
  notes: [`The new value ${SECRET} was set today.`],
  adoption: {
    files: [{ path: "main.tf", diff: `--- a/main.tf\n+++ b/main.tf\n@@ -1 +1 @@\n-a\n+${SECRET}\n` }],
    effects: [{ address: "aws_instance.legacy", path: "tags.token", before: null, after: SECRET }],
    verdict: "exact",
    why: `It sets ${SECRET}.`,
  },
  revert: {
    steps: [
      {
        title: "Set it back",
        commands: [
          {
            tool: "aws",
            argv: ["ec2", "modify-instance-attribute", "--user-data", "old secret nobody registered"],
          },
          { tool: "terraform", argv: ["apply", "-target=aws_instance.legacy"] },
        ],
        impact: "restart",
        verify: "",
      },
    ],
    dependents: [],
  },
});

export const unreadable = finding({
  fingerprint: "4444555566667777",
  address: "aws_vpc.main",
  resource: { type: "aws_vpc", id: "vpc-0abc", account: "123456789012", region: "eu-central-1" },
  kind: "unreadable",
  severity: "info",
  notes: ["ec2:DescribeVpcs was refused (403). Give the role this permission."],
});

export const conflict = finding({
  fingerprint: "5555666677778888",
  address: "aws_instance.worker[1]",
  kind: "conflict",
  severity: "high",
  changes: [
    change(
      "instance_type",
      known("t3.small"),
      known("t3.micro"),
      known("t3.large"),
      at("infra/shop/main.tf", 40, 21),
    ),
  ],
});

export function stack(parts: Partial<StackResult> = {}): StackResult {
  return {
    name: "shop-prod",
    path: "infra/shop",
    environment: "production",
    ref: "main",
    commit: "3f786850e387550fdab836ed7e6dc881de23001b",
    status: "complete",
    evidence: "inventory",
    state: { serial: 42, lineage: "0b6f2c1e-9d3a-4c55-8a70-1c2d3e4f5a6b" },
    diagnostics: [],
    coverage: {
      instances: 14,
      instancesRead: 14,
      attributes: 210,
      compared: 176,
      notCompared: 34,
      unreadable: 0,
    },
    findings: [],
    ...parts,
  };
}

export const shop = stack({
  status: "incomplete",
  coverage: {
    instances: 14,
    instancesRead: 13,
    attributes: 210,
    compared: 170,
    notCompared: 34,
    unreadable: 1,
  },
  findings: [resized, sshOpen, tagRemoved, deleted, secretChanged, unreadable, conflict],
});

export const broken = stack({
  name: "billing",
  path: "infra/billing",
  environment: null,
  status: "failed",
  state: null,
  coverage: { instances: 0, instancesRead: 0, attributes: 0, compared: 0, notCompared: 0, unreadable: 0 },
  diagnostics: [
    {
      severity: "error",
      message: 'Expected "=" or a block after "bucket".',
      file: "infra/billing/main.tf",
      line: 7,
      column: 10,
    },
  ],
});

/** Findings with the stack that they are of. */
export function inStack(
  stack: StackContext,
  [first, ...others]: readonly [JudgedFinding, ...JudgedFinding[]],
): Findings {
  return [{ stack, finding: first }, ...others.map((finding) => ({ stack, finding }))];
}

/** Of a stack whose types are none of those that can be compared. */
export const UNCOMPARED = {
  instances: 2,
  instancesRead: 0,
  attributes: 3,
  compared: 0,
  notCompared: 3,
  unreadable: 0,
};
