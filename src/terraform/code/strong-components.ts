/**
 * The cycles of a directed graph, one of each strongly connected component: the nodes along a shortest way from its
 * first node back to it. `edges` has the successors of each node. Linear in nodes and edges
 * (https://en.wikipedia.org/wiki/Tarjan%27s_strongly_connected_components_algorithm).
 */
export function cyclesOf(edges: readonly (readonly number[])[]): number[][] {
  const cycles = componentsOf(edges).flatMap((component) => {
    if (component.length === 1 && !isOwnSuccessor(component[0] ?? 0, edges)) return [];
    const first = component.reduce((least, node) => Math.min(least, node));
    const way = wayBack(first, new Set(component), edges);
    return way === null ? [] : [way];
  });
  return cycles.sort(([a = 0], [b = 0]) => a - b);
}

function isOwnSuccessor(node: number, edges: readonly (readonly number[])[]): boolean {
  return edges[node]?.includes(node) === true;
}

function componentsOf(edges: readonly (readonly number[])[]): number[][] {
  const found: number[][] = [];
  const order = new Int32Array(edges.length).fill(-1);
  const lowest = new Int32Array(edges.length);
  const isOpen = new Uint8Array(edges.length);
  const next = new Int32Array(edges.length);
  const open: number[] = [];
  let count = 0;
  const enter = (node: number) => {
    order[node] = count;
    lowest[node] = count;
    count += 1;
    isOpen[node] = 1;
    open.push(node);
  };
  for (let start = 0; start < edges.length; start += 1) {
    if (order[start] !== -1) continue;
    enter(start);
    const path = [start];
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const successor = edges[node]?.[next[node] ?? 0];
      if (successor !== undefined) {
        next[node] = (next[node] ?? 0) + 1;
        if (order[successor] === -1) {
          enter(successor);
          path.push(successor);
        } else if (isOpen[successor] === 1) {
          lowest[node] = Math.min(lowest[node] ?? 0, order[successor] ?? 0);
        }
        continue;
      }
      path.pop();
      const before = path.at(-1);
      if (before !== undefined) lowest[before] = Math.min(lowest[before] ?? 0, lowest[node] ?? 0);
      if (lowest[node] === order[node]) found.push(takeComponent(node, open, isOpen));
    }
  }
  return found;
}

function takeComponent(node: number, open: number[], isOpen: Uint8Array): number[] {
  const component: number[] = [];
  for (let last = open.pop(); last !== undefined; last = open.pop()) {
    isOpen[last] = 0;
    component.push(last);
    if (last === node) break;
  }
  return component;
}

/** Null where a node alone does not lead to itself. */
function wayBack(
  start: number,
  component: ReadonlySet<number>,
  edges: readonly (readonly number[])[],
): number[] | null {
  const from = new Map<number, number>();
  const queue = [start];
  for (let at = 0; at < queue.length; at += 1) {
    const node = queue[at] ?? start;
    for (const successor of edges[node] ?? []) {
      if (successor === start) {
        const way = [node];
        for (let step = from.get(node); step !== undefined; step = from.get(step)) way.push(step);
        return way.reverse();
      }
      if (!component.has(successor) || from.has(successor)) continue;
      from.set(successor, node);
      queue.push(successor);
    }
  }
  return null;
}
