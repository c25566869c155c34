import { describe, expect, it } from "vitest";
import { commandLine } from "../../src/drift/command-line.ts";
import type { Change, Reading, ResourceIdentity } from "../../src/drift/model.ts";
import type { Json, JsonObject } from "../../src/json/json.ts";
import { parsePath } from "../../src/json/path.ts";
import { cliSteps, deletion, revertNotes } from "../../src/providers/aws/revert-commands.ts";
import type { RevertSubject } from "../../src/providers/aws/revert-subject.ts";

const IDS: Readonly<Record<string, string>> = {
  aws_instance: "i-1",
  aws_security_group: "sg-1",
  aws_security_group_rule: "sgrule-1",
  aws_vpc_security_group_ingress_rule: "sgr-1",
  aws_vpc: "vpc-1",
  aws_subnet: "subnet-1",
};

function resource(type: string, id: string | null = IDS[type] ?? null): ResourceIdentity {
  return { type, id, account: "123456789012", region: null };
}

/** `undefined`: not set. */
function reading(value: Json | undefined): Reading {
  return value === undefined ? "absent" : { known: value };
}

function change(path: string, desired: Json | undefined, observed: Json | undefined): Change {
  return {
    path: parsePath(path),
    desired: reading(desired),
    recorded: reading(desired),
    observed: reading(observed),
    source: null,
  };
}

function subject(
  type: string,
  changes: readonly Change[],
  parts: Partial<RevertSubject> = {},
): RevertSubject {
  return { resource: resource(type), changes, desired: null, observed: null, ...parts };
}

/** All commands, as a person would read them. */
function commands(
  type: string,
  changes: readonly Change[],
  parts: Partial<RevertSubject> = {},
): readonly string[] {
  return cliSteps(subject(type, changes, parts)).flatMap((step) => step.commands.map(commandLine));
}

describe("values of an instance", () => {
  it.each<[path: string, desired: Json, observed: Json, command: string]>([
    [
      "disable_api_termination",
      true,
      false,
      "modify-instance-attribute --instance-id i-1 --disable-api-termination",
    ],
    ["disable_api_stop", false, true, "modify-instance-attribute --instance-id i-1 --no-disable-api-stop"],
    ["source_dest_check", "true", false, "modify-instance-attribute --instance-id i-1 --source-dest-check"],
    [
      "instance_initiated_shutdown_behavior",
      "stop",
      "terminate",
      `modify-instance-attribute --instance-id i-1 --instance-initiated-shutdown-behavior '{"Value":"stop"}'`,
    ],
    [
      "vpc_security_group_ids",
      ["sg-1", "sg-2"],
      ["sg-1"],
      "modify-instance-attribute --instance-id i-1 --groups sg-1 sg-2",
    ],
    ["monitoring", true, false, "monitor-instances --instance-ids i-1"],
    ["monitoring", false, true, "unmonitor-instances --instance-ids i-1"],
    [
      "metadata_options[0].http_tokens",
      "required",
      "optional",
      "modify-instance-metadata-options --instance-id i-1 --http-tokens required",
    ],
    [
      "metadata_options[0].http_put_response_hop_limit",
      1,
      2,
      "modify-instance-metadata-options --instance-id i-1 --http-put-response-hop-limit 1",
    ],
    [
      "maintenance_options[0].auto_recovery",
      "default",
      "disabled",
      "modify-instance-maintenance-options --instance-id i-1 --auto-recovery default",
    ],
    [
      "credit_specification[0].cpu_credits",
      "standard",
      "unlimited",
      `modify-instance-credit-specification --instance-credit-specifications '[{"InstanceId":"i-1","CpuCredits":"standard"}]'`,
    ],
  ])("%s back to %j from %j", (path, desired, observed, command) => {
    const steps = cliSteps(subject("aws_instance", [change(path, desired, observed)]));
    expect(steps.map((step) => step.commands.map(commandLine))).toEqual([[`aws ec2 ${command}`]]);
    expect(steps[0]?.impact).toBe("in-place");
    expect(commandLine(steps[0]?.verify ?? { tool: "aws", argv: [] })).toMatch(/^aws ec2 describe-/);
  });

  it.each<[path: string, desired: Json, observed: Json, set: string]>([
    ["instance_type", "t3.large", "m5.4xlarge", `--instance-type '{"Value":"t3.large"}'`],
    ["ebs_optimized", true, false, "--ebs-optimized"],
  ])("%s takes a stop and a start, and says what that costs", (path, desired, observed, set) => {
    const [step] = cliSteps(subject("aws_instance", [change(path, desired, observed)]));
    expect(step?.impact).toBe("restart");
    expect(step?.title).toMatch(
      /^Set \w+ back to .+ \(now .+\); stops and starts the instance: data on instance store volumes and a public address/,
    );
    expect(step?.commands.map(commandLine)).toEqual([
      "aws ec2 stop-instances --instance-ids i-1",
      "aws ec2 wait instance-stopped --instance-ids i-1",
      `aws ec2 modify-instance-attribute --instance-id i-1 ${set}`,
      "aws ec2 start-instances --instance-ids i-1",
      "aws ec2 wait instance-running --instance-ids i-1",
    ]);
  });

  it("attaches a profile, but replaces none: that takes the association's id", () => {
    const attach = `aws ec2 associate-iam-instance-profile --instance-id i-1 --iam-instance-profile '{"Name":"web"}'`;
    expect(commands("aws_instance", [change("iam_instance_profile", "web", "")])).toEqual([attach]);
    expect(commands("aws_instance", [change("iam_instance_profile", "web", undefined)])).toEqual([attach]);
    expect(commands("aws_instance", [change("iam_instance_profile", "web", "admin")])).toEqual([]);
  });

  it("changes the root volume by its own id, and never makes it smaller", () => {
    const observed = { root_block_device: [{ volume_id: "vol-1", device_name: "/dev/xvda" }] };
    const volume = (name: string, desired: Json, now: Json): readonly string[] =>
      commands("aws_instance", [change(`root_block_device[0].${name}`, desired, now)], { observed });
    expect(volume("volume_type", "gp3", "gp2")).toEqual([
      "aws ec2 modify-volume --volume-id vol-1 --volume-type gp3",
    ]);
    expect(volume("volume_size", 30, 20)).toEqual(["aws ec2 modify-volume --volume-id vol-1 --size 30"]);
    expect(volume("volume_size", 20, 30)).toEqual([]);
    expect(volume("delete_on_termination", true, false)).toEqual([
      `aws ec2 modify-instance-attribute --instance-id i-1 --block-device-mappings '[{"DeviceName":"/dev/xvda","Ebs":{"DeleteOnTermination":true}}]'`,
    ]);
    const smaller = subject("aws_instance", [change("root_block_device[0].volume_size", 20, 30)]);
    expect(revertNotes(smaller)).toEqual([expect.stringMatching(/^A volume only grows/)]);
    expect(commands("aws_instance", smaller.changes)).toEqual([]);
  });

  it("takes what was recorded where the code says nothing", () => {
    const left: Change = {
      ...change("metadata_options[0].http_tokens", undefined, "optional"),
      recorded: { known: "required" },
    };
    expect(commands("aws_instance", [left])).toEqual([
      "aws ec2 modify-instance-metadata-options --instance-id i-1 --http-tokens required",
    ]);
  });

  it("takes apart a block that is gone as a whole", () => {
    const block = { http_tokens: "required", http_endpoint: "enabled" };
    expect(commands("aws_instance", [change("metadata_options[0]", block, undefined)])).toEqual([
      "aws ec2 modify-instance-metadata-options --instance-id i-1 --http-tokens required",
      "aws ec2 modify-instance-metadata-options --instance-id i-1 --http-endpoint enabled",
    ]);
  });

  it.each<[what: string, change: Change]>([
    ["needs a new instance", change("ami", "ami-1", "ami-2")],
    ["is not known in the code", { ...change("instance_type", "a", "b"), desired: "unknown" }],
    ["could not be read", { ...change("instance_type", "a", "b"), observed: "unread" }],
    ["is hidden in the code", { ...change("instance_type", "a", "b"), desired: { hidden: "0f" } }],
    ["is hidden in the cloud", { ...change("instance_type", "a", "b"), observed: { hidden: "0f" } }],
    ["would read as an option", change("metadata_options[0].http_tokens", "--debug", "optional")],
    ["would read as a file", change("metadata_options[0].http_tokens", "file:///etc/passwd", "optional")],
    ["is no list of ids", change("vpc_security_group_ids", ["sg-1", "--debug"], ["sg-1"])],
    ["is neither on nor off", change("monitoring", "maybe", true)],
  ])("gives no command for a value that %s", (_what, one) => {
    expect(commands("aws_instance", [one])).toEqual([]);
  });

  it("does not set the list of groups where others attached some to the instance", () => {
    const changes = [change("vpc_security_group_ids", ["sg-1"], ["sg-1", "sg-2"])];
    const beside = (...others: string[]): readonly string[] =>
      commands("aws_instance", changes, { observed: { other_security_group_ids: others } });
    expect(beside("sg-3")).toEqual([]);
    expect(beside("sg-1")).toEqual(["aws ec2 modify-instance-attribute --instance-id i-1 --groups sg-1"]);
  });

  it("names the region where it is known, and nothing that only looks like one", () => {
    const changes = [change("monitoring", true, false)];
    const inRegion = (region: string): readonly string[] =>
      commands("aws_instance", changes, { resource: { ...resource("aws_instance"), region } });
    expect(inRegion("eu-west-1")).toEqual([
      "aws ec2 monitor-instances --region eu-west-1 --instance-ids i-1",
    ]);
    expect(inRegion("--debug")).toEqual(["aws ec2 monitor-instances --instance-ids i-1"]);
  });

  it.each([null, "", "-i-1", "file://x", "i-1 i-2"])("gives no command without a plain id (%j)", (id) => {
    const changes = [change("monitoring", true, false), change("tags.a", "b", "c")];
    expect(commands("aws_instance", changes, { resource: resource("aws_instance", id) })).toEqual([]);
    expect(deletion(resource("aws_instance", id))).toBeNull();
  });
});

describe("tags", () => {
  it.each<[what: string, changes: readonly Change[], expected: readonly string[]]>([
    [
      "changed and removed ones are set",
      [change("tags.Name", "web", "hacked"), change('tags["a/b"]', "c", undefined)],
      [`create-tags --resources i-1 --tags '[{"Key":"Name","Value":"web"},{"Key":"a/b","Value":"c"}]'`],
    ],
    [
      "added ones are deleted",
      [change("tags.Extra", undefined, "x")],
      [`delete-tags --resources i-1 --tags '[{"Key":"Extra"}]'`],
    ],
    [
      "all at once",
      [change("tags", { a: "1", b: "2" }, { b: "3", c: "4" })],
      [
        `create-tags --resources i-1 --tags '[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}]'`,
        `delete-tags --resources i-1 --tags '[{"Key":"c"}]'`,
      ],
    ],
    [
      "any text is one argument",
      [change("tags.Name", "file://x' \"$(id)", "web")],
      [`create-tags --resources i-1 --tags '[{"Key":"Name","Value":"file://x'\\'' \\"$(id)"}]'`],
    ],
    ["hidden ones are left alone", [{ ...change("tags.Name", "a", "b"), desired: { hidden: "0f" } }], []],
  ])("%s", (_what, changes, expected) => {
    expect(commands("aws_instance", changes)).toEqual(expected.map((line) => `aws ec2 ${line}`));
  });
});

describe("inline rules of a security group", () => {
  const SSH = { protocol: "tcp", from_port: 22, to_port: 22 };
  const OFFICE = { ...SSH, cidr_blocks: ["10.0.0.0/8"], description: "office" };

  function lines(changes: readonly Change[], desired: JsonObject | null = null): readonly string[] {
    return commands("aws_security_group", changes, { desired });
  }

  it("closes a rule that was added", () => {
    const added = change("ingress[1]", undefined, {
      ...SSH,
      cidr_blocks: ["0.0.0.0/0"],
      ipv6_cidr_blocks: ["::/0"],
      description: "x",
    });
    const [step] = cliSteps(subject("aws_security_group", [added]));
    expect(step?.title).toBe("Close what the code does not allow: tcp 22 from 0.0.0.0/0, tcp 22 from ::/0");
    expect(step?.commands.map(commandLine)).toEqual([
      `aws ec2 revoke-security-group-ingress --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0"}],"Ipv6Ranges":[{"CidrIpv6":"::/0"}]}]'`,
    ]);
    expect(step && commandLine(step.verify)).toBe(
      `aws ec2 describe-security-group-rules --filters '[{"Name":"group-id","Values":["sg-1"]}]'`,
    );
  });

  it("closes a source that was added to a rule of the code, and only that", () => {
    const widened = change("ingress[0].cidr_blocks", ["10.0.0.0/8"], ["0.0.0.0/0", "10.0.0.0/8"]);
    expect(lines([widened], { ingress: [OFFICE] })).toEqual([
      `aws ec2 revoke-security-group-ingress --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0"}]}]'`,
    ]);
  });

  it("leaves a source that another rule of the code wants", () => {
    const widened = change("ingress[0].cidr_blocks", ["10.0.0.0/8"], ["10.0.0.0/8", "192.168.0.0/16"]);
    const other = { ...SSH, cidr_blocks: ["192.168.0.0/16"] };
    expect(lines([widened], { ingress: [OFFICE, other] })).toEqual([]);
  });

  it("opens what is missing before it closes what is too much", () => {
    const moved = [change("ingress[0].from_port", 22, 2222), change("ingress[0].to_port", 22, 2222)];
    expect(lines(moved, { ingress: [OFFICE] })).toEqual([
      `aws ec2 authorize-security-group-ingress --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"10.0.0.0/8","Description":"office"}]}]'`,
      `aws ec2 revoke-security-group-ingress --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp","FromPort":2222,"ToPort":2222,"IpRanges":[{"CidrIp":"10.0.0.0/8"}]}]'`,
    ]);
  });

  it("knows groups, prefix lists, the group itself, and all protocols without ports", () => {
    const gone = change(
      "egress[0]",
      {
        protocol: "-1",
        from_port: 0,
        to_port: 0,
        security_groups: ["sg-2", "210987654321/sg-3"],
        prefix_list_ids: ["pl-1"],
        self: true,
      },
      undefined,
    );
    expect(lines([gone])).toEqual([
      `aws ec2 authorize-security-group-egress --group-id sg-1 --ip-permissions '[{"IpProtocol":"-1","PrefixListIds":[{"PrefixListId":"pl-1"}],"UserIdGroupPairs":[{"GroupId":"sg-1"},{"GroupId":"sg-2"},{"UserId":"210987654321","GroupId":"sg-3"}]}]'`,
    ]);
  });

  it("sets a description back", () => {
    expect(lines([change("ingress[0].description", "office", "home")], { ingress: [OFFICE] })).toEqual([
      `aws ec2 update-security-group-rule-descriptions-ingress --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"10.0.0.0/8","Description":"office"}]}]'`,
    ]);
  });

  it.each<[what: string, changes: readonly Change[], desired: JsonObject | null]>([
    [
      "the code's rule is not known",
      [{ ...change("ingress[0]", OFFICE, undefined), desired: "unknown" }],
      null,
    ],
    ["the rest of the rule is not known", [change("ingress[0].cidr_blocks", ["10.0.0.0/8"], [])], null],
    ["the protocol is not known", [change("ingress[0]", undefined, { cidr_blocks: ["0.0.0.0/0"] })], null],
    ["no source is known", [change("ingress[0]", { ...SSH, cidr_blocks: null }, undefined)], null],
    [
      "a part of it is hidden",
      [
        change("ingress[1]", undefined, OFFICE),
        { ...change("ingress[0].description", "a", "b"), desired: { hidden: "0f" } },
      ],
      { ingress: [OFFICE] },
    ],
  ])("gives no command where %s", (_what, changes, desired) => {
    expect(lines(changes, desired)).toEqual([]);
  });
});

describe("rules that are resources", () => {
  const RECORDED = {
    type: "ingress",
    protocol: "tcp",
    from_port: 443,
    to_port: 443,
    security_group_id: "sg-1",
  };

  it("aws_security_group_rule: sources that are missing are allowed again", () => {
    const missing = change("cidr_blocks", ["10.0.0.0/8", "10.1.0.0/16"], ["10.0.0.0/8"]);
    const observed = { ...RECORDED, cidr_blocks: ["10.0.0.0/8"], description: "web" };
    expect(commands("aws_security_group_rule", [missing], { observed })).toEqual([
      `aws ec2 authorize-security-group-ingress --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp","FromPort":443,"ToPort":443,"IpRanges":[{"CidrIp":"10.1.0.0/16","Description":"web"}]}]'`,
    ]);
    expect(commands("aws_security_group_rule", [missing])).toEqual([]);
    expect(commands("aws_security_group_rule", [change("from_port", 443, 80)], { observed })).toEqual([]);
  });

  const LIVE = {
    ip_protocol: "tcp",
    from_port: 22,
    to_port: 22,
    cidr_ipv4: "0.0.0.0/0",
    description: null,
    security_group_id: "sg-1",
  };
  const type = "aws_vpc_security_group_ingress_rule";

  it("aws_vpc_security_group_ingress_rule: the whole rule is written, since EC2 replaces it", () => {
    expect(commands(type, [change("cidr_ipv4", "10.0.0.0/8", "0.0.0.0/0")], { observed: LIVE })).toEqual([
      `aws ec2 modify-security-group-rules --group-id sg-1 --security-group-rules '[{"SecurityGroupRuleId":"sgr-1","SecurityGroupRule":{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"CidrIpv4":"10.0.0.0/8"}}]'`,
    ]);
  });

  it("aws_vpc_security_group_ingress_rule: another kind of source is taken from the code's whole rule", () => {
    const desired = {
      ip_protocol: "-1",
      referenced_security_group_id: "sg-9",
      description: "peers",
      security_group_id: "sg-1",
    };
    expect(
      commands(type, [change("referenced_security_group_id", "sg-9", undefined)], {
        observed: LIVE,
        desired,
      }),
    ).toEqual([
      `aws ec2 modify-security-group-rules --group-id sg-1 --security-group-rules '[{"SecurityGroupRuleId":"sgr-1","SecurityGroupRule":{"IpProtocol":"-1","ReferencedGroupId":"sg-9","Description":"peers"}}]'`,
    ]);
    expect(
      commands(type, [change("referenced_security_group_id", "sg-9", undefined)], { observed: LIVE }),
    ).toEqual([]);
  });
});

describe("networks", () => {
  it.each<[type: string, path: string, desired: Json, observed: Json, command: string]>([
    [
      "aws_vpc",
      "enable_dns_support",
      true,
      false,
      "modify-vpc-attribute --vpc-id vpc-1 --enable-dns-support",
    ],
    [
      "aws_vpc",
      "enable_dns_hostnames",
      false,
      true,
      "modify-vpc-attribute --vpc-id vpc-1 --no-enable-dns-hostnames",
    ],
    [
      "aws_subnet",
      "map_public_ip_on_launch",
      false,
      true,
      "modify-subnet-attribute --subnet-id subnet-1 --no-map-public-ip-on-launch",
    ],
    [
      "aws_subnet",
      "enable_resource_name_dns_a_record_on_launch",
      true,
      false,
      "modify-subnet-attribute --subnet-id subnet-1 --enable-resource-name-dns-a-record-on-launch",
    ],
    [
      "aws_subnet",
      "private_dns_hostname_type_on_launch",
      "ip-name",
      "resource-name",
      "modify-subnet-attribute --subnet-id subnet-1 --private-dns-hostname-type-on-launch ip-name",
    ],
  ])("%s.%s", (type, path, desired, observed, command) => {
    expect(commands(type, [change(path, desired, observed)])).toEqual([`aws ec2 ${command}`]);
  });

  it.each(["aws_vpc", "aws_subnet"])("%s: an address range takes a new one", (type) => {
    expect(commands(type, [change("cidr_block", "10.0.0.0/16", "10.1.0.0/16")])).toEqual([]);
  });
});

describe("deleting by hand", () => {
  it.each([
    ["aws_instance", "aws ec2 terminate-instances --instance-ids i-1"],
    ["aws_security_group", "aws ec2 delete-security-group --group-id sg-1"],
    ["aws_subnet", "aws ec2 delete-subnet --subnet-id subnet-1"],
    ["aws_vpc", "aws ec2 delete-vpc --vpc-id vpc-1"],
  ])("%s", (type, command) => {
    const found = deletion(resource(type));
    expect(found && commandLine(found.deletes)).toBe(command);
    expect(found && commandLine(found.shows)).toMatch(/^aws ec2 describe-/);
  });

  it("knows no other type", () => {
    expect(deletion(resource("aws_s3_bucket", "b"))).toBeNull();
    expect(commands("aws_s3_bucket", [change("tags.a", "b", "c")])).toEqual([]);
  });
});
