import type { Located } from "../hcl/context.ts";
import type { Range } from "../hcl/source.ts";
import type { Block } from "../hcl/syntax.ts";
import type { Path } from "../json/path.ts";
import { type Branch, branchesOf } from "./branches.ts";
import type { EvaluatedBody } from "./evaluated-body.ts";
import type { ResourceInstance } from "./resource.ts";

/** One step from an attribute to what decides it. */
export interface TraceStep {
  readonly kind: "attribute" | Branch["kind"] | "literal" | "expression" | "absent";
  readonly range: Range;
}

/** Where a value of an instance is written, or would be. */
export type Whereabouts =
  /** An argument of the block, or of a block in it. */
  | { readonly kind: "argument"; readonly located: Located; readonly at: Range }
  /** No argument: it would stand in this body. */
  | { readonly kind: "absent"; readonly body: EvaluatedBody; readonly name: string; readonly rest: Path }
  /** A nested block, or (index beyond the last) a place for one. */
  | {
      readonly kind: "block";
      readonly parent: EvaluatedBody;
      readonly type: string;
      readonly index: number;
      readonly block: Block | null;
    };

/** Where a path of an instance is written in its block. */
export function whereabouts(instance: ResourceInstance, path: Path): Whereabouts {
  return within(instance.body(), path);
}

function within(body: EvaluatedBody, path: Path): Whereabouts {
  const [name, ...rest] = path;
  const attribute = body.attributes.get(String(name));
  if (attribute !== undefined) {
    const located = { expression: attribute.attribute.value, context: body.context, path: rest };
    return { kind: "argument", located, at: attribute.attribute };
  }
  const group = body.blocks.get(String(name));
  const [index, ...inside] = rest;
  if (group === undefined) {
    return typeof index === "number" && inside.length === 0
      ? { kind: "block", parent: body, type: String(name), index, block: null }
      : { kind: "absent", body, name: String(name), rest };
  }
  const found = group.blocks[Number(index ?? 0)];
  if (found !== undefined && inside.length > 0) return within(found.content, inside);
  return {
    kind: "block",
    parent: body,
    type: String(name),
    index: Number(index ?? 0),
    block: found?.block ?? null,
  };
}

/** The steps from an attribute of an instance to the literal (or other place) that decides it. Never empty. */
export function traceValue(instance: ResourceInstance, path: Path): TraceStep[] {
  const place = whereabouts(instance, path);
  if (place.kind === "block") return [{ kind: "attribute", range: place.block ?? place.parent.body }];
  if (place.kind === "absent") return [{ kind: "absent", range: instance.block.typeRange }];
  const steps: TraceStep[] = [{ kind: "attribute", range: place.at }];
  let { located } = place;
  for (let hops = 0; hops < MOST_HOPS; hops += 1) {
    const next = branchesOf(located).find((branch) => branch.carries);
    if (next === undefined) break;
    located = next.to;
    if (!covers(steps.at(-1)?.range, next)) steps.push({ kind: next.kind, range: next.at });
  }
  const { expression } = located;
  const literal =
    expression.kind === "number" || expression.kind === "keyword" || expression.kind === "template";
  const kind =
    located.path.length > 0 && expression.kind === "object" ? "absent" : literal ? "literal" : "expression";
  steps.push({ kind, range: expression });
  return steps;
}

const MOST_HOPS = 200;

/** A hop within the expression that was named last needs no line of its own. */
function covers(last: Range | undefined, { kind, at }: Branch): boolean {
  if (last === undefined || kind !== "element") return false;
  return last.file === at.file && last.start <= at.start && at.end <= last.end;
}
