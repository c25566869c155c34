import type { Place } from "../place.ts";
import type { ModuleInstance } from "./module-instance.ts";

/**
 * Whether code declares what a place names: `yes`, `no`, or `unknown` where a module is not there to be read, or
 * `count` or `for_each` is not known. Without a key at its end a place means a whole resource or module call, if
 * `isWhole`, and else the only instance.
 */
export function isDeclared(
  root: ModuleInstance,
  { module: steps, resource }: Place,
  isWhole: boolean,
): "yes" | "no" | "unknown" {
  let module = root;
  for (const [index, { name, key }] of steps.entries()) {
    const call = module.call(name);
    if (call === null) return "no";
    if (resource === null && isWhole && index === steps.length - 1) return "yes";
    if (!call.available || call.expansion.get().unknown) return "unknown";
    const inner = call.instance(key);
    if (inner === null) return "no";
    module = inner;
  }
  if (resource === null) return "yes";
  const declared = module.resource(`${resource.type}.${resource.name}`);
  if (declared === null) return "no";
  if (isWhole) return "yes";
  if (declared.expansion.get().unknown) return "unknown";
  return declared.instance(resource.key) === null ? "no" : "yes";
}
