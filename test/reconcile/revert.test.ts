import { describe, expect, it, test } from "vitest";
import { commandLine } from "../../src/drift/command-line.ts";
import type { Change, Finding, FindingKind, RevertPlan } from "../../src/drift/model.ts";
import type { RuleBook } from "../../src/drift/rules.ts";
import { parsePath } from "../../src/json/path.ts";
import { planRevert, type Replacement, type RevertContext } from "../../src/reconcile/revert.ts";
import type { RevertStack } from "../../src/reconcile/revert-terraform.ts";

const STACK: RevertStack = {
  path: "infra/shop",
  workspace: null,
  varFiles: [],
  vars: {},
  sensitiveVars: new Set(),
  state: null,
};

const RULES: RuleBook = {
  aws_instance: {
    type: "aws_instance",
    category: "configuration",
    attributes: {
      ami: { kind: "string", impact: "replace" },
      instance_type: { kind: "string", impact: "restart" },
      monitoring: { kind: "bool" },
      tags: { kind: "tags" },
      root_block_device: {
        kind: "block",
        impact: "replace",
        attributes: {
          volume_type: { kind: "string", impact: "in-place" },
          volume_size: { kind: "number", impact: "data-loss" },
          iops: { kind: "number" },
        },
      },
    },
  },
};

const CONTEXT: RevertContext = {
  stack: STACK,
  rules: RULES,
  desired: null,
  observed: null,
  sensitive: [],
  dependents: [],
  replacement: { forbidden: false, createdFirst: false, triggers: [] },
};

function change(path: string, parts: Partial<Change> = {}): Change {
  return {
    path: parsePath(path),
    desired: { known: "t3.large" },
    recorded: { known: "t3.large" },
    observed: { known: "m5.large" },
    source: null,
    ...parts,
  };
}

function finding(parts: Partial<Finding> = {}): Finding {
  return {
    fingerprint: "f",
    revision: "r",
    address: 'module.web["a"].aws_instance.this[0]',
    resource: { type: "aws_instance", id: "i-1", account: null, region: "eu-west-1" },
    kind: "drift",
    category: "configuration",
    severity: "medium",
    changes: [change("instance_type")],
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

function plan(parts: Partial<Finding> = {}, context: Partial<RevertContext> = {}): RevertPlan {
  const found = planRevert(finding(parts), { ...CONTEXT, ...context });
  if (found === null) throw new Error("no plan");
  return found;
}

/** The commands of the last step, as a person would read them. */
function lastCommands(parts: Partial<Finding> = {}, context: Partial<RevertContext> = {}): readonly string[] {
  return plan(parts, context).steps.at(-1)?.commands.map(commandLine) ?? [];
}

describe("a drift", () => {
  it.each<FindingKind>(["drift", "absorbed"])(
    "(%s) is set back by command, then Terraform applies the code",
    (kind) => {
      const { steps } = plan({ kind }, { dependents: ["aws_eip.a"] });
      expect(steps.map(({ impact }) => impact)).toEqual(["restart", "restart"]);
      expect(steps[0]?.commands.map(commandLine)).toContain(
        `aws ec2 modify-instance-attribute --region eu-west-1 --instance-id i-1 --instance-type '{"Value":"t3.large"}'`,
      );
      expect(steps[0]?.verify).toBe(
        "aws ec2 describe-instance-attribute --region eu-west-1 --instance-id i-1 --attribute instanceType",
      );
      expect(steps[1]).toEqual({
        title:
          "Apply the code: Terraform sets what is still different in instance_type and updates the state.",
        commands: [
          {
            tool: "terraform",
            argv: ["-chdir=infra/shop", "apply", '-target=module.web["a"].aws_instance.this[0]'],
          },
        ],
        impact: "restart",
        verify: `terraform -chdir=infra/shop plan '-target=module.web["a"].aws_instance.this[0]'`,
      });
    },
  );

  it("names the instances that refer to it", () => {
    expect(plan({}, { dependents: ["aws_eip.a", "aws_eip.b"] }).dependents).toEqual([
      "aws_eip.a",
      "aws_eip.b",
    ]);
  });

  it.each<[path: string, impact: string]>([
    ["ami", "replace"],
    ["instance_type", "restart"],
    ["monitoring", "in-place"],
    ["tags.Name", "in-place"],
    ["root_block_device[0]", "replace"],
    ["root_block_device[0].volume_type", "in-place"],
    ["root_block_device[0].volume_size", "data-loss"],
    ["root_block_device[0].iops", "replace"],
  ])("of %s costs: %s", (path, impact) => {
    expect(plan({ changes: [change(path)] }).steps.at(-1)?.impact).toBe(impact);
  });

  it("costs as much as the worst of its changes, and unknown where a value or the type is not known", () => {
    const unknown = change("tags.a", { desired: "unknown" });
    expect(plan({ changes: [change("tags.a"), change("ami"), unknown] }).steps.at(-1)?.impact).toBe(
      "replace",
    );
    expect(plan({ changes: [change("tags.a"), unknown] }).steps.at(-1)?.impact).toBe("unknown");
    expect(plan({}, { rules: {} }).steps.at(-1)?.impact).toBe("unknown");
  });

  it("says that a replacement has a new id", () => {
    expect(plan({ changes: [change("ami")] }).steps.map(({ title }) => title)).toEqual([
      "Apply the code: Terraform sets what is still different in ami and updates the state. Terraform destroys the resource and creates a new one with a new id.",
    ]);
  });

  test.each<[string, string, Partial<Replacement>, string]>([
    [
      "what Terraform refuses",
      "ami",
      { forbidden: true },
      "Terraform destroys the resource and creates a new one with a new id. prevent_destroy forbids that: Terraform refuses, until it is taken out of the code.",
    ],
    [
      "which comes first",
      "ami",
      { createdFirst: true },
      "Terraform creates a new resource with a new id and destroys this one then.",
    ],
    ["nothing of what is no replacement", "tags.a", { forbidden: true, createdFirst: true }, "the state."],
    [
      "what is replaced with it",
      "instance_type",
      {
        triggers: [
          { address: "aws_eip.a", path: [] },
          { address: "aws_eip.b", path: ["instance_type"] },
          { address: "aws_eip.c", path: ["ami"] },
        ],
      },
      "Where an apply of the whole stack sets the value, it replaces aws_eip.a, aws_eip.b too (replace_triggered_by).",
    ],
  ])("of a replacement it says %s", (_, path, parts, end) => {
    const replacement = { ...CONTEXT.replacement, ...parts };
    const title = plan({ changes: [change(path)] }, { replacement }).steps.at(-1)?.title ?? "";
    expect(title.slice(-end.length)).toBe(end);
    expect(title.match(/prevent_destroy|creates|replaces/g) ?? []).toEqual(
      end.match(/prevent_destroy|creates|replaces/g) ?? [],
    );
  });

  it("says where the code leaves the value to the cloud", () => {
    const changes = [
      change("monitoring", { desired: "absent", recorded: { known: false }, observed: { known: true } }),
    ];
    const title = (desired: RevertContext["desired"]): string | undefined =>
      plan({ changes }, { desired }).steps.at(-1)?.title;
    expect(title({ instance_type: "t3.large" })).toContain(
      "The code does not set monitoring, so Terraform may leave it",
    );
    expect(title({ monitoring: null })).not.toContain("does not set");
  });

  it("names three of many values", () => {
    const changes = ["a", "b", "c", "d", "e"].map((name) => change(`tags.${name}`));
    expect(plan({ changes }).steps.at(-1)?.title).toContain("different in tags.a, tags.b, tags.c and 2 more");
  });
});

describe("Terraform's commands", () => {
  it.each<[what: string, stack: Partial<RevertStack>, commands: readonly string[]]>([
    ["run in the root of the repository", { path: "." }, ["terraform apply -target=aws_vpc.a"]],
    [
      "select the workspace first",
      { workspace: "blue" },
      [
        "terraform -chdir=infra/shop workspace select blue",
        "terraform -chdir=infra/shop apply -target=aws_vpc.a",
      ],
    ],
    [
      "need not select the default one",
      { workspace: "default" },
      ["terraform -chdir=infra/shop apply -target=aws_vpc.a"],
    ],
    [
      "find files from the stack's folder",
      { varFiles: ["infra/shop/prod.tfvars", "infra/common.tfvars"], state: "state/shop.tfstate" },
      [
        "terraform -chdir=infra/shop apply -target=aws_vpc.a -state=../../state/shop.tfstate -var-file=prod.tfvars -var-file=../common.tfvars",
      ],
    ],
    [
      "give variables as texts or as expressions",
      { vars: { name: "a b", count: 2, zones: ["x", `$\{y}`] } },
      [
        `terraform -chdir=infra/shop apply -target=aws_vpc.a -var 'name=a b' -var count=2 -var 'zones=["x","$\${y}"]'`,
      ],
    ],
  ])("%s", (_what, stack, expected) => {
    const parts = { address: "aws_vpc.a", changes: [change("ami")] };
    expect(lastCommands(parts, { stack: { ...STACK, ...stack } })).toEqual(expected);
  });
});

describe("sensitive values", () => {
  const SECRET = "hunter2-hunter2";

  it("stand in no command and no text: only Terraform sets them back", () => {
    const changes = [
      change("tags.Token", {
        desired: { hidden: "0f" },
        recorded: { hidden: "0f" },
        observed: { hidden: "1e" },
      }),
    ];
    const { steps } = plan({ sensitive: true, changes }, { desired: { tags: { Token: SECRET } } });
    expect(steps).toHaveLength(1);
    expect(steps[0]?.title).toContain("The value is sensitive, so no command holds it.");
    expect(JSON.stringify(steps)).not.toContain(SECRET);
  });

  it("of variables are left to the person who runs the command", () => {
    const stack = { ...STACK, vars: { token: SECRET, size: 1 }, sensitiveVars: new Set(["token"]) };
    for (const kind of ["drift", "deleted", "stale-state"] as const) {
      const { steps } = plan({ kind }, { stack });
      expect(steps.at(-1)?.title).toContain(
        "Put the values of sensitive variables in the place of (sensitive).",
      );
      expect(JSON.stringify(steps)).not.toContain(SECRET);
      expect(steps.at(-1)?.commands.at(-1)?.argv.slice(-4)).toEqual([
        "-var",
        "token=(sensitive)",
        "-var",
        "size=1",
      ]);
    }
  });

  it("elsewhere in the same attribute keep commands from being made of the rest", () => {
    const rule = {
      protocol: "tcp",
      from_port: 22,
      to_port: 22,
      cidr_blocks: ["10.0.0.0/8"],
      description: SECRET,
    };
    const widened = change("ingress[0].cidr_blocks", {
      desired: { known: ["10.0.0.0/8"] },
      observed: { known: ["0.0.0.0/0"] },
    });
    const group = { type: "aws_security_group", id: "sg-1", account: null, region: null };
    const parts = { resource: group, changes: [widened] };
    const desired = { ingress: [rule] };
    expect(plan(parts, { desired }).steps).toHaveLength(3);
    const { steps } = plan(parts, { desired, sensitive: [["ingress", 0, "description"]] });
    expect(steps).toHaveLength(1);
    expect(JSON.stringify(steps)).not.toContain(SECRET);
  });
});

describe("other kinds", () => {
  it("deleted: Terraform creates it again, with a warning", () => {
    const { steps } = plan({ kind: "deleted", changes: [] }, { dependents: ["aws_eip.a"] });
    expect(steps).toEqual([
      {
        title:
          "Create it again: Terraform makes a new resource with a new id. What only the old one held stays lost. Apply the whole stack afterwards: instances that refer to the old one: 1.",
        commands: [expect.objectContaining({ tool: "terraform" })],
        impact: "replace",
        verify: expect.stringContaining("terraform -chdir=infra/shop plan"),
      },
    ]);
  });

  it("unmanaged: keep it, or delete it by hand", () => {
    const { steps } = plan({ kind: "unmanaged", changes: [], address: "" });
    expect(steps.map(({ title }) => title)).toEqual([
      'Either keep it: write import { to = aws_instance.NAME, id = "i-1" } as a block over several lines, and let Terraform (1.5 or later) write the code.',
      "Or delete it by hand, once nobody needs it: this cannot be undone.",
    ]);
    expect(steps.map(({ commands }) => commands.map(commandLine))).toEqual([
      ["terraform -chdir=infra/shop plan -generate-config-out=imported.tf"],
      ["aws ec2 terminate-instances --region eu-west-1 --instance-ids i-1"],
    ]);
    expect(steps.map(({ impact }) => impact)).toEqual(["in-place", "data-loss"]);
  });

  it("unmanaged, of a type without known commands: no command to delete it", () => {
    const resource = { type: "aws_s3_bucket", id: "b", account: null, region: null };
    expect(plan({ kind: "unmanaged", changes: [], resource }).steps[1]?.commands).toEqual([]);
  });

  it("stale-state: only the state is written", () => {
    expect(plan({ kind: "stale-state" }).steps[0]?.impact).toBe("in-place");
    expect(lastCommands({ kind: "stale-state", address: "aws_vpc.a" })).toEqual([
      "terraform -chdir=infra/shop apply -refresh-only -target=aws_vpc.a",
    ]);
  });

  it("conflict: all three values, and no command", () => {
    const changes = [
      change("instance_type", { recorded: { known: "t3.small" } }),
      change("tags.Name", { desired: "absent", recorded: "unread", observed: { hidden: "0f" } }),
      change("ami", { desired: "unknown" }),
    ];
    const { steps } = plan({ kind: "conflict", changes });
    expect(steps.map(({ title }) => title.replace(/ Write it into the code.*/, ""))).toEqual([
      'Decide which value of instance_type is right: the code says "t3.large", the state "t3.small", the cloud "m5.large".',
      "Decide which value of tags.Name is right: the code says nothing, the state a value that could not be read, the cloud (sensitive).",
      'Decide which value of ami is right: the code says a value that is not known yet, the state "t3.large", the cloud "m5.large".',
    ]);
    for (const step of steps) {
      expect(step.commands).toEqual([]);
      expect(step.impact).toBe("unknown");
      expect(step.verify).toContain(" plan ");
    }
  });

  it.each<FindingKind>([
    "unapplied",
    "pending-create",
    "pending-destroy",
    "needs-import",
    "unreadable",
    "version",
  ])("%s: nothing to set back", (kind) => {
    expect(planRevert(finding({ kind }), CONTEXT)).toBeNull();
  });
});
