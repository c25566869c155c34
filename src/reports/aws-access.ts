import { yamlScalar } from "../config/yaml-scalar.ts";
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
  /** Where its states are. */
  readonly states: readonly StateBucket[];
}

/** A bucket with states, the table of DynamoDB in which their locks are, and the roles that the code names for them. */
export interface StateBucket {
  readonly bucket: string;
  readonly lockTable: string | null;
  readonly roles: readonly string[];
}

/** What the role may do. */
export function awsPermissions({ states }: Pick<AwsAccess, "states">): Markdown {
  const buckets = [...new Set(states.map(({ bucket }) => bucket))];
  const tables = [...new Set(states.flatMap(({ lockTable }) => lockTable ?? []))];
  const statements = [
    { Effect: "Allow", Action: READ_ACTIONS, Resource: ["*"] },
    { Effect: "Allow", Action: "s3:GetObject", Resource: buckets.map((name) => `arn:aws:s3:::${name}/*`) },
    { Effect: "Allow", Action: "s3:ListBucket", Resource: buckets.map((name) => `arn:aws:s3:::${name}`) },
    { Effect: "Allow", Action: "dynamodb:GetItem", Resource: tables.map(tableArn) },
  ];
  const needed = statements.filter(({ Resource }) => Resource.length > 0);
  return json({ Version: "2012-10-17", Statement: needed });
}

/** A backend names a table by its name, or by its ARN. */
function tableArn(table: string): string {
  return table.startsWith("arn:") ? table : `arn:aws:dynamodb:*:*:table/${table}`;
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
export function awsEntry({ repository, states }: Pick<AwsAccess, "repository" | "states">): Markdown {
  const lines = [
    `  - repositories: [${yamlScalar(repository)}]`,
    "    aws:",
    '      - account: "<the account\'s twelve digits>"',
    "        role: <the role's ARN>",
    ...(states.length === 0 ? [] : ["    states:"]),
    ...states.flatMap(({ bucket, lockTable, roles }) => [
      `      - bucket: ${yamlScalar(bucket)}`,
      // The first one reads what the code names no role for.
      `        roles: [${["<the role's ARN>", ...roles.map(yamlScalar)].join(", ")}]`,
      ...(lockTable === null ? [] : [`        lock_table: ${yamlScalar(lockTable)}`]),
    ]),
  ];
  return fence(lines.join("\n"), "yaml");
}

function json(value: object): Markdown {
  return fence(JSON.stringify(value, null, 2), "");
}
