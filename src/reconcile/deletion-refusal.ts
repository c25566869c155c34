import { type InstanceKey, printAddress } from "../terraform/address.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { lastFrom } from "../terraform/tracing/carried.ts";
import { callsTo } from "./deletion-candidates.ts";
import { argumentOf, countWithout, type Repeated } from "./deletion-switch.ts";
import type { GoneInstances } from "./gone-instances.ts";
import { decidedOutside } from "./outside.ts";
import { placeText } from "./refusal.ts";
import type { EvaluatedStack } from "./repository.ts";
import { isInstalledModule } from "./shared-modules.ts";

/** Why no edit takes an instance out of the code, in a sentence that names the place to look at. */
export function explainDeletion(
  { name: stack, evaluation }: EvaluatedStack,
  instance: ResourceInstance,
  gone: GoneInstances,
): string {
  const { resource, block, context, address } = instance;
  const calls = callsTo(evaluation.root, instance).map(
    ({ call, key, context: inner }): Repeated => ({
      block: call.block,
      expansion: call.expansion.get(),
      context: inner,
      key,
    }),
  );
  const own: Repeated = { block, expansion: resource.expansion.get(), context, key: address.key };
  const repeated = [own, ...calls.toReversed()].find(({ expansion }) => expansion.mode !== "single");
  const living = gone.livingOf(block);
  if (repeated === undefined || (own.expansion.mode === "single" && repeated !== own && living === null)) {
    return living === null
      ? elsewhere(block.file.path, placeText(block))
      : sharedBlock(placeText(block), living, stack);
  }
  const isGone = (key: InstanceKey) =>
    repeated === own ? gone.has(stack, printAddress({ ...address, key })) : key === repeated.key;
  return explainRepetition(repeated, isGone);
}

function elsewhere(file: string, where: string): string {
  return isInstalledModule(file)
    ? `it is declared at ${where}, in a module that comes from elsewhere, and other things of that module are still there`
    : `no edit takes the block at ${where} away alone; edit it by hand`;
}

function sharedBlock(
  where: string,
  living: { readonly stack: string; readonly address: string },
  stack: string,
): string {
  const whose = living.stack === stack ? "" : ` of the stack ${living.stack}`;
  return `the block at ${where} makes ${living.address}${whose} too, which still exists`;
}

function explainRepetition(repeated: Repeated, isGone: (key: InstanceKey) => boolean): string {
  const { expansion, key } = repeated;
  const { mode } = expansion;
  const place = argumentOf(repeated);
  if (place === null) return "no edit takes it out of the code alone; edit it by hand";
  const where = placeText(place.expression);
  if (expansion.unknown) return `${mode} at ${where} is not known, so nobody knows which edit leaves it out`;
  const end = lastFrom(place, branchesOf);
  const outside = decidedOutside({ ...end, path: [] });
  if (outside !== null) return outside.replace("the value", `${mode}, which makes it,`);
  if (mode === "count" && Number(key) < countWithout(expansion, isGone)) {
    return `count at ${where} numbers its instances, and those behind the one with index ${key} would take its place: others would be changed or destroyed; edit it by hand, perhaps with for_each in place of count`;
  }
  return `${mode} at ${where} makes it, decided at ${placeText(end.expression)}, and no edit there leaves it out alone; edit it by hand`;
}
