import { fence, type Markdown } from "./markdown.ts";

/** What the role that reads an account may do, as docs/operations.md has it; none of it changes anything. */
const READ_ACTIONS = [
  "ec2:DescribeInstanceAttribute",
  "ec2:DescribeInstanceCreditSpecifications",
  "ec2:DescribeInstances",
  "ec2:DescribeSecurityGroupRules",
  "ec2:DescribeSecurityGroups",
  "ec2:DescribeSubnets",
  "ec2:DescribeVolumes",
  "ec2:DescribeVpcAttribute",
  "ec2:DescribeVpcs",
  "sts:GetCallerIdentity",
];

export interface AwsAccess {
  /** `acme/shop` */
  readonly repository: string;
  /** What every role is told on behalf of the repository. */
  readonly externalId: string;
  /** Buckets that hold its states. */
  readonly buckets: readonly string[];
}

/** What the role may do. */
export function awsPermissions({ buckets }: AwsAccess): Markdown {
  const states = [
    { Effect: "Allow", Action: "s3:GetObject", Resource: buckets.map((name) => `arn:aws:s3:::${name}/*`) },
    { Effect: "Allow", Action: "s3:ListBucket", Resource: buckets.map((name) => `arn:aws:s3:::${name}`) },
  ];
  const what = { Effect: "Allow", Action: READ_ACTIONS, Resource: "*" };
  return json({ Version: "2012-10-17", Statement: buckets.length === 0 ? [what] : [what, ...states] });
}

/** Who may assume the role: this process, on behalf of this repository alone. */
export function awsTrust({ externalId }: AwsAccess): Markdown {
  const statement = {
    Effect: "Allow",
    Principal: { AWS: "<what Driftwright runs as>" },
    Action: "sts:AssumeRole",
    Condition: { StringEquals: { "sts:ExternalId": externalId } },
  };
  return json({ Version: "2012-10-17", Statement: [statement] });
}

/** What the operator of the App says in its access file. */
export function awsEntry({ repository, buckets }: AwsAccess): Markdown {
  const lines = [
    `  - repositories: [${quoted(repository)}]`,
    "    aws:",
    '      - account: "<the account\'s twelve digits>"',
    "        role: <the role's ARN>",
    ...(buckets.length === 0 ? [] : ["    states:"]),
    ...buckets.flatMap((name) => [`      - bucket: ${quoted(name)}`, "        roles: [<the role's ARN>]"]),
  ];
  return fence(lines.join("\n"), "yaml");
}

function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : JSON.stringify(text);
}

function json(value: object): Markdown {
  return fence(JSON.stringify(value, null, 2), "");
}
