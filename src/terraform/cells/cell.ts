import type { EvaluationError } from "../../hcl/evaluation/context.ts";
import type { Diagnostic } from "../../hcl/syntax/source.ts";
import { isStackFull, TooDeep } from "./deep-chain.ts";
import { type Trial, WholeNeeded } from "./trial.ts";

/** What differs between two results of a cell: nothing, everything, or the entries with these keys. */
export type Difference = "nothing" | "everything" | ReadonlySet<string>;

/** The last result of a cell that is computed again. */
export interface Before<T> {
  readonly result: T;
  /** Every cell that was read for it has the same result still: the cell's own syntax is all that changed. */
  readonly sameSources: boolean;
  /** Something in it is wrong, which has to be reported again. */
  readonly failed: boolean;
}

/** How the result of a cell comes about. */
export interface Computation<T> {
  compute(before: Before<T> | null): T;
  /** The error of a result that needs itself. */
  cyclic(): EvaluationError;
  /** What the result is of, such as an instance's address: it tells diagnostics of the same text apart. */
  readonly about?: string;
}

/** A cell as the graph knows it. */
export type AnyCell = Cell<unknown>;

/** What a cell has to know of its graph. */
export interface CellGraph {
  /** How many cells are being computed, each for the one before. */
  readonly depth: number;
  /** What is going on where cells are computed again. */
  readonly trial: Trial | null;
  settle(cell: AnyCell): void;
  within<T>(cell: AnyCell, compute: () => T): T;
  noteRead(source: AnyCell, key: string | null): void;
  noteCycle(): void;
  noteFailing(cell: AnyCell): void;
}

const NO_DIAGNOSTICS: readonly Diagnostic[] = [];

/**
 * One thing of a configuration that has a result: a variable, a local, an argument, an expansion. It is computed when
 * first asked for, once, and again in a trial where something that it read has changed.
 */
export class Cell<T> {
  readonly #graph: CellGraph;
  readonly #computation: Computation<T>;
  #state: "new" | "busy" | "stale" | "done" = "new";
  /** It was given up, and is computed when what it needs is there. Who needs it until then is needed by it. */
  isWaiting = false;
  #result: T | undefined;
  #sameSources = true;
  /** More than that of every cell it has read: cells are computed again from the lowest up. */
  #height = 0;
  /** Readers may stand here twice. Those of a trial stand last. */
  #readers: AnyCell[] | null = null;
  #entryReaders: Map<string, AnyCell[]> | null = null;
  /** Each computation has a list of its own, so that the one before stays as it was. */
  #diagnostics: Diagnostic[] | null = null;

  constructor(graph: CellGraph, computation: Computation<T>) {
    this.#graph = graph;
    this.#computation = computation;
  }

  /**
   * The result. `key`: the only entry of it that is looked at; null for all of it.
   * @throws EvaluationError where the result needs itself.
   */
  get(key: string | null = null): T {
    if (this.#state === "busy" || this.isWaiting) {
      this.#graph.noteCycle();
      throw this.#computation.cyclic();
    }
    if (this.#state !== "done") this.#graph.settle(this as AnyCell);
    const result = this.#result as T;
    this.#graph.noteRead(this as AnyCell, key !== null && this.hasEntry(result, key) ? key : null);
    return result;
  }

  /** Whether a result has been asked for so far. */
  get isKnown(): boolean {
    return this.#state === "done" || this.#state === "stale";
  }

  /** Whether there is a result that nothing has to be computed for. */
  get isDone(): boolean {
    return this.#state === "done";
  }

  get height(): number {
    return this.#height;
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.#diagnostics ?? NO_DIAGNOSTICS;
  }

  /** What the result is of; empty where the cell does not say. */
  get about(): string {
    return this.#computation.about ?? "";
  }

  note(diagnostic: Diagnostic): void {
    this.#diagnostics ??= [];
    this.#diagnostics.push(diagnostic);
    this.#graph.noteFailing(this as AnyCell);
  }

  addReader(reader: AnyCell, key: string | null): void {
    const readers = key === null ? this.#readers : this.#entryReaders?.get(key);
    if (readers === null || readers === undefined) this.#addFirstReader(reader, key);
    else if (readers.at(-1) !== reader) {
      readers.push(reader);
      this.#graph.trial?.onUndo(() => readers.pop());
    }
    reader.riseAbove(this.#height);
  }

  riseAbove(height: number): void {
    if (height >= this.#height) this.#height = height + 1;
  }

  /** In a trial: the cell's own syntax has changed, and it has to be computed again. */
  touch(): void {
    this.#makeStale(true);
  }

  /** In a trial: something that the cell has read has changed. */
  wake(): void {
    this.#makeStale(false);
  }

  /** Computes a stale cell again, and wakes those who have read what changed. */
  refresh(): void {
    if (this.#state === "stale") this.#graph.settle(this as AnyCell);
  }

  /** Computes what is not known or stale, now. */
  compute(): void {
    this.isWaiting = false;
    if (this.#state === "stale") this.#refresh();
    else if (this.#state === "new") this.#start();
  }

  /** The cell belongs to a chain that is too long. */
  giveUp(error: TooDeep): never {
    error.cells.push(this as AnyCell);
    this.isWaiting = true;
    throw error;
  }

  #refresh(): void {
    const { trial } = this.#graph;
    if (trial === null) throw new Error("a cell is stale in a trial only");
    const { diagnostics } = this;
    const [result, height] = [this.#result as T, this.#height];
    const now = this.#run({ result, sameSources: this.#sameSources, failed: diagnostics.length > 0 });
    const difference = this.difference(result, now);
    if (difference === "nothing") this.#result = result;
    else this.#changed(trial, result, difference);
    if (diagnostics.length > 0 || this.diagnostics.length > 0)
      trial.noteDiagnostics(this as AnyCell, diagnostics);
    if (this.#height > height) this.#liftReaders();
  }

  /** What differs between two results. */
  protected difference(was: T, is: T): Difference {
    return was === is ? "nothing" : "everything";
  }

  /** Whether a result has an entry, so that a reader of that alone depends on nothing else in it. */
  protected hasEntry(_result: T, _key: string): boolean {
    return false;
  }

  #start(): void {
    const { trial } = this.#graph;
    if (trial !== null) this.#noteStart(trial);
    this.#run(null);
    if (trial !== null) trial.noteDiagnostics(this as AnyCell, NO_DIAGNOSTICS);
  }

  #noteStart(trial: Trial): void {
    const height = this.#height;
    trial.onUndo(() => {
      this.#state = "new";
      this.#result = undefined;
      this.#height = height;
      this.#diagnostics = null;
    });
    trial.noteStart(this as AnyCell);
  }

  #run(before: Before<T> | null): T {
    const [state, diagnostics] = [this.#state, this.#diagnostics];
    this.#state = "busy";
    this.#diagnostics = null;
    try {
      const result = this.#graph.within(this as AnyCell, () => this.#computation.compute(before));
      this.#result = result;
      this.#state = "done";
      return result;
    } catch (error) {
      this.#state = "new";
      const tooDeep = isStackFull(error) && this.#graph.depth > 0 ? new TooDeep() : error;
      if (!(tooDeep instanceof TooDeep)) throw error;
      this.#state = state;
      this.#diagnostics = diagnostics;
      this.giveUp(tooDeep);
    }
  }

  #makeStale(sameSources: boolean): void {
    const { trial } = this.#graph;
    if (trial === null) throw new Error("a cell changes in a trial only");
    if (this.#state === "stale") this.#sameSources &&= sameSources;
    // Whoever is being computed may have read the old result before: once more, to be sure.
    if (this.#state === "busy") trial.queueAgain(this as AnyCell);
    if (this.#state !== "done") return;
    const [result, height, diagnostics] = [this.#result, this.#height, this.#diagnostics];
    trial.onUndo(() => {
      this.#state = "done";
      this.#result = result;
      this.#height = height;
      this.#diagnostics = diagnostics;
    });
    this.#state = "stale";
    this.#sameSources = sameSources;
    trial.queue(this as AnyCell);
  }

  #changed(trial: Trial, result: T, difference: Difference): void {
    trial.noteChange(this as AnyCell, result);
    for (const reader of this.#readers ?? []) reader.wake();
    if (this.#entryReaders === null) return;
    if (typeof difference === "string") {
      for (const readers of this.#entryReaders.values()) for (const reader of readers) reader.wake();
    } else {
      for (const key of difference) for (const reader of this.#entryReaders.get(key) ?? []) reader.wake();
    }
  }

  /** Puts those who have read a cell that went up above it. A cell that is above itself needs itself. */
  #liftReaders(): void {
    const open: AnyCell[] = [this as AnyCell];
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      for (const reader of cell.readers()) {
        if (reader === this) throw new WholeNeeded("an edit makes values depend on each other");
        if (reader.height > cell.height) continue;
        reader.lift(cell.height + 1);
        open.push(reader);
      }
    }
  }

  lift(height: number): void {
    const before = this.#height;
    this.#graph.trial?.onUndo(() => {
      this.#height = before;
    });
    this.#height = height;
  }

  *readers(): Generator<AnyCell> {
    yield* this.#readers ?? [];
    for (const readers of this.#entryReaders?.values() ?? []) yield* readers;
  }

  /** Most cells have one reader at most, for which an array of its own length is enough. */
  #addFirstReader(reader: AnyCell, key: string | null): void {
    const { trial } = this.#graph;
    if (key === null) {
      this.#readers = [reader];
      trial?.onUndo(() => {
        this.#readers = null;
      });
      return;
    }
    this.#entryReaders ??= new Map();
    const all = this.#entryReaders;
    all.set(key, [reader]);
    trial?.onUndo(() => all.delete(key));
  }
}
