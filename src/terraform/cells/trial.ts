import type { Diagnostic } from "../../hcl/syntax/source.ts";

/** What a trial has to know of a cell. */
export interface TrialCell {
  readonly height: number;
  readonly diagnostics: readonly Diagnostic[];
  wake(): void;
  refresh(): void;
}

/** Someone who looks on while cells are computed again, and may throw to have it ended. */
export interface Onlooker {
  /** A cell that is computed as soon as it can be; `ready` is called then, whether it has changed or not. */
  readonly first: TrialCell | null;
  ready(): void;
  /** A cell was computed again. */
  computed(cell: TrialCell): void;
}

/** A change that a trial cannot follow: the stack has to be evaluated as a whole. The message says why. */
export class WholeNeeded extends Error {
  override readonly name = "WholeNeeded";
}

/**
 * Changes of an evaluation that are looked at and taken back. Everything that differs is noted with how it was, and how
 * it gets so again.
 */
export class Trial {
  readonly #undo: (() => void)[] = [];
  /** Stale cells by height. */
  readonly #stale: TrialCell[][] = [];
  #lowest = 0;
  readonly #again = new Set<TrialCell>();
  readonly #started = new Set<TrialCell>();
  readonly #changes = new Map<TrialCell, unknown>();
  readonly #diagnostics = new Map<TrialCell, readonly Diagnostic[]>();

  constructor(ended: () => void) {
    this.#undo.push(ended);
  }

  /** Each cell with another result than before, and that result. */
  get changes(): ReadonlyMap<TrialCell, unknown> {
    return this.#changes;
  }

  /** Each cell of which the diagnostics may be others, and those from before. */
  get diagnostics(): ReadonlyMap<TrialCell, readonly Diagnostic[]> {
    return this.#diagnostics;
  }

  /** What takes a change back; the last one is taken back first. */
  onUndo(action: () => void): void {
    this.#undo.push(action);
  }

  queue(cell: TrialCell): void {
    const { height } = cell;
    while (this.#stale.length <= height) this.#stale.push([]);
    this.#stale[height]?.push(cell);
    this.#lowest = Math.min(this.#lowest, height);
  }

  /** A cell that is being computed has to be computed once more. */
  queueAgain(cell: TrialCell): void {
    this.#again.add(cell);
  }

  /** A cell gets its first result: whatever else becomes of it, it had none before. */
  noteStart(cell: TrialCell): void {
    this.#started.add(cell);
  }

  noteChange(cell: TrialCell, before: unknown): void {
    if (!this.#changes.has(cell) && !this.#started.has(cell)) this.#changes.set(cell, before);
  }

  noteDiagnostics(cell: TrialCell, before: readonly Diagnostic[]): void {
    if (!this.#diagnostics.has(cell)) this.#diagnostics.set(cell, before);
  }

  /**
   * Computes every stale cell again, from those that depend on nothing else up. A cell whose result stays equal leaves
   * its readers alone.
   */
  settle(onlooker: Onlooker | null = null): void {
    let due = onlooker?.first ?? null;
    for (let cell = this.#next(); cell !== null; cell = this.#next()) {
      if (due !== null && due.height <= cell.height) {
        // Whatever it depends on is as it is going to be.
        due.refresh();
        due = null;
        onlooker?.ready();
      }
      cell.refresh();
      onlooker?.computed(cell);
    }
    if (due !== null) onlooker?.ready();
  }

  #next(): TrialCell | null {
    for (const cell of this.#again) {
      this.#again.delete(cell);
      cell.wake();
    }
    while (this.#lowest < this.#stale.length) {
      const cell = this.#stale[this.#lowest]?.pop();
      if (cell === undefined) this.#lowest += 1;
      else if (cell.height <= this.#lowest) return cell;
      // It went up while it waited.
      else this.queue(cell);
    }
    return null;
  }

  /** Takes all changes back. */
  end(): void {
    for (let action = this.#undo.pop(); action !== undefined; action = this.#undo.pop()) action();
  }
}
