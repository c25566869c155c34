import { authorize, resizeInstance, retag } from "../aws/changes.ts";
import type { AwsModel } from "../aws/model.ts";
import { groupIdOf, instanceIdOf } from "../shop.ts";

/** Does what people do in the console of a shop; gives it as sentences. */
export function changeThings(model: AwsModel): string[] {
  const api = instanceIdOf(model, "shop-prod-api");
  const worker = instanceIdOf(model, "shop-prod-worker");
  const group = groupIdOf(model, "shop-prod-api");
  const source = { cidr: "0.0.0.0/0" };
  resizeInstance(model, api, "m6i.large");
  authorize(model, group, { protocol: "tcp", from: 22, source, description: "debugging" });
  retag(model, worker, "Schedule", "always");
  retag(model, worker, "LastPatched", "2026-05-04");
  return [
    `The shop is slow before a holiday: the api instance ${api} becomes an m6i.large.`,
    `Somebody looks for an error, and opens SSH to the world in the security group ${group}.`,
    `The worker ${worker} shall run at night, too: its tag Schedule becomes "always".`,
    "The patching tool writes its tag LastPatched on the worker, as it does every week.",
  ];
}
