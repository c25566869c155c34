import { documentOf, writtenRange } from "../../hcl/editing/document-text.ts";
import type { Range } from "../../hcl/syntax/source.ts";
import type { Block } from "../../hcl/syntax/syntax.ts";
import type { Json } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";
import type { ResourceInstance } from "../evaluation/resource-instance.ts";
import type { Branch } from "./branch.ts";
import { policySource } from "./policy-source.ts";
import { carriedOn, carriersTowards, differingRange } from "./towards.ts";
import { type Whereabouts, whereabouts } from "./whereabouts.ts";

/** One step from an attribute to what decides it. */
export interface TraceStep {
  readonly kind: "attribute" | Branch["kind"] | "literal" | "expression" | "absent" | "ignored";
  readonly range: Range;
}

/**
 * The steps from an attribute of an instance to the literal (or other place) that decides it. Never empty. `wanted`: what
 * the value should be, so that of a text made of parts the one that would have to change decides.
 */
export function traceValue(instance: ResourceInstance, path: Path, wanted?: Json): TraceStep[] {
  const place = whereabouts(instance, path);
  const kept = instance.keptAt(path);
  if (kept !== null) return [...whereKept(place), { kind: "ignored", range: kept }];
  if (place.kind === "absent") return [{ kind: "absent", range: headerOf(place.block) }];
  if (place.kind === "block") {
    const { made, block } = place;
    return made === null
      ? [{ kind: "absent", range: headerOf(block) }]
      : [{ kind: "attribute", range: made.block }];
  }
  const steps: TraceStep[] = [{ kind: "attribute", range: place.at }];
  let { located } = place;
  let asked = wanted;
  const push = (kind: TraceStep["kind"], range: Range) => steps.push({ kind, range: writtenRange(range) });
  for (const next of carriersTowards(place.located, wanted)) {
    located = next.to;
    asked = carriedOn(next, asked);
    if (!covers(steps.at(-1)?.range, next)) push(next.kind, next.at);
  }
  const { expression } = located;
  const source = policySource(located);
  if (source !== null) return [...steps, { kind: "expression", range: headerOf(source.block) }];
  const literal =
    expression.kind === "number" || expression.kind === "keyword" || expression.kind === "template";
  const kind =
    located.path.length > 0 && expression.kind === "object" ? "absent" : literal ? "literal" : "expression";
  push(kind, differingRange(located, asked));
  return steps;
}

/** What is written in vain, where anything is. */
function whereKept(place: Whereabouts): TraceStep[] {
  if (place.kind === "argument") return [{ kind: "attribute", range: place.at }];
  const made = place.kind === "block" ? place.made : null;
  return made === null ? [] : [{ kind: "attribute", range: made.block }];
}

/** The line of a block that names it: what is absent from the block is written nowhere else. */
function headerOf(block: Block): Range {
  return { file: block.file, start: block.start, end: block.labels.at(-1)?.end ?? block.typeRange.end };
}

/** A hop within the expression that was named last needs no line of its own. */
function covers(last: Range | undefined, { kind, at }: Branch): boolean {
  if (last === undefined || kind !== "element") return false;
  // Nor do those within a document.
  if (documentOf(at) !== null) return true;
  return last.file === at.file && last.start <= at.start && at.end <= last.end;
}
