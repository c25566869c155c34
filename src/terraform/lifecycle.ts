import { referenceOf } from "../hcl/evaluation/reference.ts";
import type { Body, Expression } from "../hcl/syntax/syntax.ts";
import type { Path, PathStep } from "../json/path.ts";
import { attributeOf, blocksOf } from "./module.ts";

/**
 * `lifecycle.ignore_changes`: what differs from the code on purpose
 * (https://developer.hashicorp.com/terraform/language/meta-arguments/lifecycle#ignore_changes).
 */
export function ignoredChanges(body: Body): "all" | readonly Path[] {
  const [lifecycle] = blocksOf(body, "lifecycle");
  const ignored = lifecycle === undefined ? null : attributeOf(lifecycle.body, "ignore_changes");
  if (ignored === null) return [];
  if (ignored.value.kind === "variable" && ignored.value.name === "all") return "all";
  if (ignored.value.kind !== "tuple") return [];
  const paths = ignored.value.items.map(pathOf);
  // Terraform before 0.12 wrote it so.
  if (paths.some((path) => path?.length === 1 && path[0] === "*")) return "all";
  return paths.filter((path) => path !== null);
}

function pathOf(node: Expression): Path | null {
  if (node.kind === "template") {
    const text = literalText(node);
    return text === null ? null : [text];
  }
  if (node.kind !== "variable" && node.kind !== "get-attribute" && node.kind !== "index") return null;
  const reference = referenceOf(node);
  if (reference === null) return null;
  const path: PathStep[] = [reference.root.name];
  for (const step of reference.steps) {
    const key = step.kind === "get-attribute" ? step.name : keyOf(step.key);
    if (key === null) return null;
    path.push(key);
  }
  return path;
}

function keyOf(node: Expression): PathStep | null {
  if (node.kind === "number") return Number(node.text);
  return node.kind === "template" ? literalText(node) : null;
}

function literalText(node: Expression & { kind: "template" }): string | null {
  const [part] = node.parts;
  return node.parts.length === 1 && part?.kind === "text" ? part.value : null;
}
