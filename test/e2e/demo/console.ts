import { authorize, resizeInstance, retag, revoke } from "../aws/changes.ts";
import type { AwsModel, Rule } from "../aws/model.ts";
import { groupIdOf, instanceIdOf } from "../shop.ts";

// What people do in the console of a shop. Each gives what was done in words.

export function resizeTheApi(model: AwsModel): string {
  const api = instanceIdOf(model, "shop-prod-api");
  resizeInstance(model, api, "m6i.large");
  return `the shop is slow, so the api (${api}) becomes an m6i.large`;
}

export function openSshToTheWorld(model: AwsModel): string {
  const group = groupIdOf(model, "shop-prod-api");
  const source = { cidr: "0.0.0.0/0" };
  authorize(model, group, { protocol: "tcp", from: 22, source, description: "debugging" });
  return `somebody looks for an error, and opens SSH to the world in ${group}`;
}

export function retagTheWorker(model: AwsModel): string[] {
  const worker = instanceIdOf(model, "shop-prod-worker");
  retag(model, worker, "Schedule", "always");
  retag(model, worker, "LastPatched", "2026-05-04");
  return [
    `the worker (${worker}) shall run at night: its tag Schedule becomes "always"`,
    "the patching tool writes its tag LastPatched on it, as it does every week",
  ];
}

export function tagTheWorkerBack(model: AwsModel): string {
  retag(model, instanceIdOf(model, "shop-prod-worker"), "Schedule", "office-hours");
  return 'the worker is tagged "office-hours" again';
}

/**
 * Does what the issue's own command says; gives the command.
 * @throws where the text holds no such command, or it changes nothing
 */
export function closeAsTheIssueSays(model: AwsModel, issue: string): string {
  const pattern = /aws ec2 revoke-security-group-ingress .*--group-id (\S+) --ip-permissions '([^']+)'/;
  const [command = "", group = "", permissions = "[]"] = pattern.exec(issue) ?? [];
  const revoked = (JSON.parse(permissions) as readonly IpPermission[]).map((permission) =>
    revoke(model, group, (rule) => isCovered(rule, permission)),
  );
  if (!revoked.includes(1)) throw new Error(`the issue's command revokes nothing: ${command || issue}`);
  return command;
}

interface IpPermission {
  readonly IpProtocol: string;
  readonly FromPort: number;
  readonly ToPort: number;
  readonly IpRanges: readonly { readonly CidrIp: string }[];
}

function isCovered({ direction, protocol, from, to, source }: Rule, permission: IpPermission): boolean {
  const { IpProtocol, FromPort, ToPort, IpRanges } = permission;
  const isPort = protocol === IpProtocol && from === FromPort && to === ToPort;
  const isSource = "cidr" in source && IpRanges.some(({ CidrIp }) => CidrIp === source.cidr);
  return direction === "ingress" && isPort && isSource;
}
