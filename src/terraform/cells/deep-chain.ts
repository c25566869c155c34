/** What has to be known of a cell that may stand in a chain. */
export interface ChainCell {
  /** It was given up, and is computed when what it needs is there. */
  isWaiting: boolean;
  /** @throws TooDeep where it needs too many others, each for the one before. */
  compute(): void;
}

/** Cells need each other in a chain that is too long for the call stack. The innermost stands first. */
export class TooDeep extends Error {
  override readonly name = "TooDeep";
  readonly cells: ChainCell[] = [];
}

/** What is thrown where the call stack is full. */
export function isStackFull(error: unknown): error is RangeError {
  return error instanceof RangeError && error.message.includes("call stack");
}

/**
 * Computes a cell, and whatever it needs. Where that is a chain too long for the call stack, all computations are given
 * up, and the cells of the chain are computed one after the other from its far end, so that each of them finds what it
 * needs.
 */
export function computeInTurn(cell: ChainCell): void {
  const open = [cell];
  try {
    for (let next = open.at(-1); next !== undefined; next = open.at(-1)) {
      const chain = chainOf(next);
      if (chain === null) open.pop();
      else open.push(...chain);
    }
  } finally {
    for (const left of open) left.isWaiting = false;
  }
}

/** Computes a cell. Where that goes too deep: the cells that have to be computed before it, the last one first. */
function chainOf(cell: ChainCell): ChainCell[] | null {
  try {
    cell.compute();
    return null;
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return error.cells.reverse().slice(1);
  }
}
