import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../src/json/json.ts";
import { protocolName } from "../../../src/providers/aws/protocols.ts";
import {
  type AwsModel,
  addGroup,
  addInstance,
  addSubnet,
  addVpc,
  emptyModel,
  type Rule,
  type Source,
  type Volume,
} from "./model.ts";

export interface RecordedResource {
  readonly type: string;
  readonly attributes: JsonObject;
}

/**
 * An AWS in which everything is as a Terraform state recorded it: the starting point of a scenario, before someone
 * changes something. Other types than those of the model are passed over.
 */
export function modelOfState(resources: readonly RecordedResource[]): AwsModel {
  const model = emptyModel();
  const of = (...types: readonly string[]): readonly JsonObject[] =>
    resources.filter((each) => types.includes(each.type)).map((each) => each.attributes);
  for (const each of of("aws_vpc", "aws_default_vpc")) {
    addVpc(model, {
      id: text(each["id"]),
      cidr: text(each["cidr_block"]),
      dnsHostnames: each["enable_dns_hostnames"] === true,
      dnsSupport: each["enable_dns_support"] !== false,
      tags: tagsOf(each),
    });
  }
  for (const each of of("aws_subnet", "aws_default_subnet")) {
    addSubnet(model, {
      id: text(each["id"]),
      vpcId: text(each["vpc_id"]),
      cidr: text(each["cidr_block"]),
      zone: text(each["availability_zone"]),
      mapPublicIp: each["map_public_ip_on_launch"] === true,
      tags: tagsOf(each),
    });
  }
  for (const each of of("aws_security_group", "aws_default_security_group")) addRecordedGroup(model, each);
  for (const each of of("aws_security_group_rule")) addRecordedRule(model, each);
  for (const each of of("aws_vpc_security_group_ingress_rule")) addSingleRule(model, "ingress", each);
  for (const each of of("aws_vpc_security_group_egress_rule")) addSingleRule(model, "egress", each);
  for (const each of of("aws_instance")) addRecordedInstance(model, each);
  return model;
}

function addRecordedGroup(model: AwsModel, recorded: JsonObject): void {
  const group = addGroup(model, {
    id: text(recorded["id"]),
    vpcId: text(recorded["vpc_id"]),
    name: text(recorded["name"]),
    description: text(recorded["description"]),
    tags: tagsOf(recorded),
  });
  for (const direction of ["ingress", "egress"] as const) {
    for (const block of rows(recorded[direction])) {
      for (const source of sourcesOf(block, group.id)) {
        const shape = {
          direction,
          protocol: block["protocol"],
          from: block["from_port"],
          to: block["to_port"],
        };
        group.rules.push(ruleOf(group.rules.length, group.id, shape, source, block["description"]));
      }
    }
  }
}

/** Rules of their own may stand in the group's inline rules as well, once the state was refreshed. */
function addRecordedRule(model: AwsModel, recorded: JsonObject): void {
  const group = model.groups.get(text(recorded["security_group_id"]));
  if (group === undefined) return;
  const own = text(recorded["source_security_group_id"]);
  const block = { ...recorded, security_groups: own === "" ? [] : [own] };
  const direction = recorded["type"] === "egress" ? "egress" : "ingress";
  for (const source of sourcesOf(block, group.id)) {
    const shape = {
      direction,
      protocol: recorded["protocol"],
      from: recorded["from_port"],
      to: recorded["to_port"],
    } as const;
    const rule = ruleOf(group.rules.length, group.id, shape, source, recorded["description"]);
    if (!group.rules.some((each) => sameShape(each, rule))) group.rules.push(rule);
  }
}

function addSingleRule(model: AwsModel, direction: Rule["direction"], recorded: JsonObject): void {
  const group = model.groups.get(text(recorded["security_group_id"]));
  if (group === undefined) return;
  const [source] = sourcesOf(
    {
      cidr_blocks: [recorded["cidr_ipv4"] ?? null],
      ipv6_cidr_blocks: [recorded["cidr_ipv6"] ?? null],
      prefix_list_ids: [recorded["prefix_list_id"] ?? null],
      security_groups: [recorded["referenced_security_group_id"] ?? null],
    },
    group.id,
  );
  if (source === undefined) return;
  const shape = {
    direction,
    protocol: recorded["ip_protocol"],
    from: recorded["from_port"],
    to: recorded["to_port"],
  };
  const made = ruleOf(0, group.id, shape, source, recorded["description"]);
  const rule = { ...made, id: text(recorded["id"]), tags: tagsOf(recorded) };
  group.rules = [...group.rules.filter((each) => !sameShape(each, rule)), rule];
}

function addRecordedInstance(model: AwsModel, recorded: JsonObject): void {
  const [metadata] = rows(recorded["metadata_options"]);
  const [credits] = rows(recorded["credit_specification"]);
  const root = rows(recorded["root_block_device"]).map(volumeOf);
  addInstance(model, {
    id: text(recorded["id"]),
    type: text(recorded["instance_type"]),
    subnetId: text(recorded["subnet_id"]),
    image: text(recorded["ami"]),
    privateIp: text(recorded["private_ip"]),
    publicIp: text(recorded["public_ip"]) || undefined,
    groups: [...texts(recorded["vpc_security_group_ids"])],
    keyName: text(recorded["key_name"]) || undefined,
    profile: text(recorded["iam_instance_profile"]) || undefined,
    monitoring: recorded["monitoring"] === true,
    ebsOptimized: recorded["ebs_optimized"] === true,
    sourceDestCheck: recorded["source_dest_check"] !== false,
    httpTokens: metadata?.["http_tokens"] === "required" ? "required" : "optional",
    hopLimit: Number(metadata?.["http_put_response_hop_limit"] ?? 1),
    apiTermination: recorded["disable_api_termination"] === true ? "disabled" : "allowed",
    apiStop: recorded["disable_api_stop"] === true ? "disabled" : "allowed",
    userData: text(recorded["user_data"]) || undefined,
    ...(credits === undefined
      ? {}
      : {
          cpuCredits: credits["cpu_credits"] === "unlimited" ? ("unlimited" as const) : ("standard" as const),
        }),
    rootDevice: root[0]?.device ?? "/dev/xvda",
    volumes: [...root, ...rows(recorded["ebs_block_device"]).map(volumeOf)],
    tags: tagsOf(recorded),
  });
}

function volumeOf(recorded: JsonObject): Volume {
  return {
    id: text(recorded["volume_id"]),
    device: text(recorded["device_name"]),
    size: Number(recorded["volume_size"] ?? 8),
    type: text(recorded["volume_type"]),
    iops: Number(recorded["iops"] ?? 0) || undefined,
    throughput: Number(recorded["throughput"] ?? 0) || undefined,
    encrypted: recorded["encrypted"] === true,
    deleteOnTermination: recorded["delete_on_termination"] !== false,
  };
}

function sourcesOf(block: JsonObject, groupId: string): readonly Source[] {
  const groups = texts(block["security_groups"]).map((written): Source => {
    const [account, group] = written.split("/");
    return group === undefined ? { group: written } : { group, account: account ?? "" };
  });
  const self = block["self"] === true && !groups.some((each) => "group" in each && each.group === groupId);
  return [
    ...texts(block["cidr_blocks"]).map((cidr) => ({ cidr })),
    ...texts(block["ipv6_cidr_blocks"]).map((ipv6) => ({ ipv6 })),
    ...texts(block["prefix_list_ids"]).map((prefixList) => ({ prefixList })),
    ...groups,
    ...(self ? [{ group: groupId }] : []),
  ];
}

function ruleOf(
  index: number,
  groupId: string,
  shape: {
    readonly direction: Rule["direction"];
    readonly protocol: Json | undefined;
    readonly from: Json | undefined;
    readonly to: Json | undefined;
  },
  source: Source,
  description: Json | undefined,
): Rule {
  const protocol = protocolName(String(shape.protocol ?? "-1"));
  return {
    id: `sgr-${groupId.replace(/^sg-/, "")}${index}`,
    direction: shape.direction,
    protocol,
    from: protocol === "-1" ? -1 : Number(shape.from ?? -1),
    to: protocol === "-1" ? -1 : Number(shape.to ?? -1),
    source,
    description: text(description) || undefined,
    tags: new Map(),
  };
}

function sameShape(a: Rule, b: Rule): boolean {
  const shape = (rule: Rule): string =>
    JSON.stringify([rule.direction, rule.protocol, rule.from, rule.to, rule.source]);
  return shape(a) === shape(b);
}

/** All tags that are really on the resource, those of the provider's `default_tags` included. */
function tagsOf(recorded: JsonObject): Map<string, string> {
  const all = recorded["tags_all"] ?? recorded["tags"];
  return new Map(isJsonObject(all) ? Object.entries(all).map(([key, value]) => [key, text(value)]) : []);
}

function rows(value: Json | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter((row) => isJsonObject(row)) : [];
}

function texts(value: Json | undefined): readonly string[] {
  return isJsonArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function text(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}
