import { EvaluationError } from "../../../hcl/evaluation/context.ts";
import type { Block } from "../../../hcl/syntax/syntax.ts";
import { moduleAddress, printAddress } from "../../address.ts";
import { Cell } from "../../cells/cell.ts";
import type { Graph } from "../../cells/graph.ts";
import { attributeOf } from "../../code/module.ts";
import { literalKey, type Place, placeOf } from "../../place.ts";
import { isDeclared } from "../declared-place.ts";
import type { ModuleInstance } from "../module-instance.ts";

/** A `moved` block that can be read. */
interface Move {
  readonly block: Block;
  readonly from: Place;
  readonly to: Place;
  /** A whole resource or module moves, not one instance. */
  readonly isWhole: boolean;
}

/**
 * What Terraform refuses of `moved` blocks: to move what is still declared, one thing to two places, or two things to
 * one (https://developer.hashicorp.com/terraform/language/moved).
 */
export function checkMoves(modules: Iterable<ModuleInstance>, graph: Graph): void {
  for (const instance of modules) {
    const moves = instance.module.moved.flatMap(readMove);
    const [first] = moves;
    if (first === undefined) continue;
    const cell = new Cell(graph, {
      compute: () => {
        for (const [block, message] of refused(moves, instance))
          graph.add({ severity: "error", message, range: block.typeRange });
        return null;
      },
      cyclic: () => new EvaluationError("moved blocks need themselves", first.block.typeRange),
    });
    cell.get();
  }
}

function readMove(block: Block): Move[] {
  const [from, to] = ["from", "to"].map((name) =>
    placeOf(attributeOf(block.body, name)?.value ?? null, literalKey),
  );
  if (!from || !to || (from.resource === null) !== (to.resource === null)) return [];
  return [{ block, from, to, isWhole: lastKey(from) === null && lastKey(to) === null }];
}

function lastKey({ module, resource }: Place) {
  return resource === null ? (module.at(-1)?.key ?? null) : resource.key;
}

function* refused(moves: readonly Move[], instance: ModuleInstance): Generator<[Block, string]> {
  const targets = new Map<string, string>();
  const sources = new Map<string, string>();
  for (const { block, from, to, isWhole } of moves) {
    const [source, target] = [printPlace(from), printPlace(to)];
    if (source === target) {
      yield [block, `${source} is moved to where it is; take this block out`];
      continue;
    }
    if (isDeclared(instance, from, isWhole) === "yes") {
      yield [
        block,
        `${source} is still declared, and so it did not move; rename it to ${target}, or take this block out`,
      ];
    }
    const kind = isWhole ? "whole" : "instance";
    const other = targets.get(`${kind} ${source}`) ?? target;
    if (other !== target) yield [block, `${source} moves to ${other} already; keep one of the two`];
    const before = sources.get(`${kind} ${target}`) ?? source;
    if (before !== source) yield [block, `${before} moves to ${target} already; keep one of the two`];
    targets.set(`${kind} ${source}`, other);
    sources.set(`${kind} ${target}`, before);
  }
}

function printPlace({ module, resource }: Place): string {
  return resource === null ? moduleAddress(module) : printAddress({ module, mode: "managed", ...resource });
}
