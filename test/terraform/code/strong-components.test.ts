import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cyclesOf } from "../../../src/terraform/code/strong-components.ts";

/** A graph of some nodes, as the successors of each. */
const graphs = fc
  .integer({ min: 1, max: 12 })
  .chain((size) =>
    fc.array(fc.array(fc.nat(size - 1), { maxLength: 4 }), { minLength: size, maxLength: size }),
  );

function reaches(edges: readonly (readonly number[])[], from: number): Set<number> {
  const found = new Set<number>();
  const open = [...(edges[from] ?? [])];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (found.has(node)) continue;
    found.add(node);
    open.push(...(edges[node] ?? []));
  }
  return found;
}

describe("the cycles of a graph", () => {
  it.each<[string, number[][], number[][]]>([
    ["none without edges", [[], []], []],
    ["a node that leads to itself", [[1], [1]], [[1]]],
    ["two that lead to each other", [[1], [0], [0]], [[0, 1]]],
    ["the shortest way round", [[1, 2], [2], [3], [0]], [[0, 2, 3]]],
    [
      "one of each part",
      [[1], [0], [3], [2]],
      [
        [0, 1],
        [2, 3],
      ],
    ],
  ])("%s", (_, edges, expected) => {
    expect(cyclesOf(edges)).toEqual(expected);
  });

  it("are found exactly where nodes lead back to themselves, and are ways along edges", () => {
    fc.assert(
      fc.property(graphs, (edges) => {
        const cycles = cyclesOf(edges);
        for (const cycle of cycles) {
          expect(new Set(cycle).size).toBe(cycle.length);
          for (const [at, node] of cycle.entries())
            expect(edges[node]).toContain(cycle[(at + 1) % cycle.length]);
        }
        const cyclic = edges.flatMap((_, node) => (reaches(edges, node).has(node) ? [node] : []));
        const parts = new Set(
          cyclic.map((node) =>
            cyclic.find((other) => reaches(edges, node).has(other) && reaches(edges, other).has(node)),
          ),
        );
        expect(cycles.map(([first]) => first)).toEqual([...parts].sort((a = 0, b = 0) => a - b));
      }),
    );
  });

  it("of long chains need no deep call stack", () => {
    const edges = Array.from({ length: 200_000 }, (_, node) => [(node + 1) % 200_000]);
    expect(cyclesOf(edges)[0]).toHaveLength(200_000);
  });
});
