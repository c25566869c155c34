import {
  type AwsModel,
  hasCredits,
  type Instance,
  type Rule,
  type SecurityGroup,
  type Source,
} from "./model.ts";

/** What people do in the console, to the model. Each throws for an id that the model does not have. */

/** Stops the instance, gives it another type, starts it. CPU credits go with the types that have them. */
export function resizeInstance(model: AwsModel, id: string, type: string): void {
  const instance = instanceOf(model, id);
  instance.type = type;
  instance.cpuCredits = hasCredits(type) ? (instance.cpuCredits ?? "unlimited") : undefined;
}

/** It stays listed as terminated for about an hour. */
export function terminateInstance(model: AwsModel, id: string): void {
  instanceOf(model, id).state = "terminated";
}

export function stopInstance(model: AwsModel, id: string): void {
  instanceOf(model, id).state = "stopped";
}

/** Adds a rule to a group; gives its id. */
export function authorize(
  model: AwsModel,
  groupId: string,
  rule: {
    readonly direction?: "ingress" | "egress";
    readonly protocol: string;
    readonly from?: number;
    readonly to?: number;
    readonly source: Source;
    readonly description?: string;
  },
): string {
  const group = groupOf(model, groupId);
  const id = nextRuleId(model);
  group.rules.push({
    id,
    direction: rule.direction ?? "ingress",
    protocol: rule.protocol,
    from: rule.protocol === "-1" ? -1 : (rule.from ?? -1),
    to: rule.protocol === "-1" ? -1 : (rule.to ?? rule.from ?? -1),
    source: rule.source,
    description: rule.description,
    tags: new Map(),
  });
  return id;
}

/** Takes away the rules of a group for which `which` holds; gives how many. */
export function revoke(model: AwsModel, groupId: string, which: (rule: Rule) => boolean): number {
  const group = groupOf(model, groupId);
  const before = group.rules.length;
  group.rules = group.rules.filter((rule) => !which(rule));
  return before - group.rules.length;
}

/** Sets (or, with null, removes) a tag of whatever has the id. */
export function retag(model: AwsModel, id: string, key: string, value: string | null): void {
  const tags = tagsOf(model, id);
  if (value === null) tags.delete(key);
  else tags.set(key, value);
}

export function instanceOf(model: AwsModel, id: string): Instance {
  const instance = model.instances.get(id);
  if (instance === undefined) throw new Error(`the model has no instance ${id}`);
  return instance;
}

export function groupOf(model: AwsModel, id: string): SecurityGroup {
  const group = model.groups.get(id);
  if (group === undefined) throw new Error(`the model has no security group ${id}`);
  return group;
}

function tagsOf(model: AwsModel, id: string): Map<string, string> {
  const holder =
    model.instances.get(id) ??
    model.groups.get(id) ??
    model.subnets.get(id) ??
    model.vpcs.get(id) ??
    [...model.groups.values()].flatMap((group) => group.rules).find((rule) => rule.id === id);
  if (holder === undefined) throw new Error(`the model has nothing with the id ${id}`);
  return holder.tags;
}

/** One more than the rules there are, so that runs repeat exactly; ids of other origin cannot collide with it. */
function nextRuleId(model: AwsModel): string {
  const taken = new Set([...model.groups.values()].flatMap((group) => group.rules.map((rule) => rule.id)));
  for (let number = taken.size + 1; ; number += 1) {
    const id = `sgr-0${number.toString(16).padStart(16, "0")}`;
    if (!taken.has(id)) return id;
  }
}
