import type { Path } from "../../json/path.ts";
import type { InstanceKey } from "../address.ts";
import type { Target } from "../evaluation/scope.ts";

/**
 * What a path leads to within all instances of a resource or a module, or within one: an attribute, an output. Where it
 * leads to none, the target as it is. `path`: the way on from there.
 */
export function within(target: Target, path: Path): { readonly target: Target; readonly path: Path } {
  if (target.kind !== "whole") return { target, path };
  const { consumed } = target;
  const [step, ...rest] = path;
  const inner = { target: instanceAt(target, null), path };
  const one = inner.target === null ? { target: instanceAt(target, step), path: rest } : inner;
  if (one.target !== null) return within(one.target, one.path);
  if (typeof step !== "string") return { target, path };
  if (target.what === "instance") {
    return { target: { kind: "attribute", node: target.node, name: step, consumed }, path: rest };
  }
  const output = target.what === "module" ? target.node.output(step) : null;
  return output === null
    ? { target, path }
    : { target: { kind: "named", what: "output", node: output, consumed }, path: rest };
}

function instanceAt(target: Target & { kind: "whole" }, key: InstanceKey | undefined): Target | null {
  const { what, consumed } = target;
  if (key === undefined) return null;
  if (what === "resource") {
    const node = target.node.instance(key);
    return node && { kind: "whole", what: "instance", node, consumed };
  }
  const node = what === "call" ? target.node.instance(key) : null;
  return node && { kind: "whole", what: "module", node, consumed };
}
