import type { EvaluationError } from "../../hcl/evaluation/context.ts";
import type { Diagnostic } from "../../hcl/syntax/source.ts";
import { Trial, WholeNeeded } from "./trial.ts";

/** What differs between two results of a cell: nothing, everything, or the entries with these keys. */
export type Difference = "nothing" | "everything" | ReadonlySet<string>;

/** The last result of a cell that is computed again. */
export interface Before<T> {
  readonly result: T;
  /** Every cell that was read for it has the same result still: the cell's own syntax is all that changed. */
  readonly sameSources: boolean;
}

/** How the result of a cell comes about. */
export interface Computation<T> {
  compute(before: Before<T> | null): T;
  /** The error of a result that needs itself. */
  cyclic(): EvaluationError;
}

/** A cell as the graph knows it. */
export type AnyCell = Cell<unknown>;

const NO_DIAGNOSTICS: readonly Diagnostic[] = [];

/**
 * The cells of one evaluation: which of them is being computed, who has read whom, and what went wrong where. A cell
 * that is read while another is computed gets that one as its reader, so that a change finds its way to all that it can
 * matter to, and to nothing else.
 */
export class Graph {
  /** The cell that is being computed. */
  #current: AnyCell | null = null;
  #trial: Trial | null = null;
  readonly #loose: Diagnostic[] = [];
  readonly #failing = new Set<AnyCell>();
  #cyclic = false;
  /** How many there were when the trial began. */
  #looseBefore = 0;

  /** A diagnostic belongs to the cell that is being computed, and goes when that is computed again. */
  add(diagnostic: Diagnostic): void {
    if (this.#current !== null) this.#current.note(diagnostic);
    else this.#loose.push(diagnostic);
  }

  /** Everything that was reported: first what belongs to no cell. */
  diagnostics(): Diagnostic[] {
    return [...this.#loose, ...[...this.#failing].flatMap((cell) => cell.diagnostics)];
  }

  /** What was reported before a trial, and what it has made cells report. */
  reportedIn(trial: Trial): { readonly before: readonly Diagnostic[]; readonly made: readonly Diagnostic[] } {
    const cells = [...this.#failing].flatMap((cell) => trial.diagnostics.get(cell) ?? cell.diagnostics);
    const made = [...trial.diagnostics.keys()].flatMap(({ diagnostics }) => diagnostics);
    return {
      before: [...this.#loose.slice(0, this.#looseBefore), ...cells],
      made: [...this.#loose.slice(this.#looseBefore), ...made],
    };
  }

  /** Something needed itself. Its cells are then not known to have read all that they depend on. */
  get cyclic(): boolean {
    return this.#cyclic;
  }

  get trial(): Trial | null {
    return this.#trial;
  }

  /**
   * From here on changes can be made, and are taken back by `end`. One trial at a time.
   */
  begin(): Trial {
    if (this.#trial !== null) throw new Error("a trial is going on already");
    const [loose, cyclic] = [this.#loose.length, this.#cyclic];
    this.#looseBefore = loose;
    const trial = new Trial(() => {
      this.#trial = null;
      this.#loose.length = loose;
      this.#cyclic = cyclic;
    });
    this.#trial = trial;
    return trial;
  }

  /** Runs a computation as that of a cell: what is read and reported in it is the cell's. */
  within<T>(cell: AnyCell, compute: () => T): T {
    const outer = this.#current;
    this.#current = cell;
    try {
      return compute();
    } finally {
      this.#current = outer;
    }
  }

  /** The cell that is being computed has read `source`: the entry with a key, or (null) all of it. */
  noteRead(source: AnyCell, key: string | null): void {
    if (this.#current !== null) source.addReader(this.#current, key);
  }

  noteCycle(): void {
    this.#cyclic = true;
  }

  /** A cell has diagnostics from now on. */
  noteFailing(cell: AnyCell): void {
    if (this.#failing.has(cell)) return;
    this.#failing.add(cell);
    this.#trial?.onUndo(() => this.#failing.delete(cell));
  }
}

/**
 * One thing of a configuration that has a result: a variable, a local, an argument, an expansion. It is computed when
 * first asked for, once, and again in a trial where something that it read has changed.
 */
export class Cell<T> {
  readonly #graph: Graph;
  readonly #computation: Computation<T>;
  #state: "new" | "busy" | "stale" | "done" = "new";
  #result: T | undefined;
  #sameSources = true;
  /** More than that of every cell it has read: cells are computed again from the lowest up. */
  #height = 0;
  /** Readers may stand here twice. Those of a trial stand last. */
  #readers: AnyCell[] | null = null;
  #entryReaders: Map<string, AnyCell[]> | null = null;
  /** Each computation has a list of its own, so that the one before stays as it was. */
  #diagnostics: Diagnostic[] | null = null;

  constructor(graph: Graph, computation: Computation<T>) {
    this.#graph = graph;
    this.#computation = computation;
  }

  /**
   * The result. `key`: the only entry of it that is looked at; null for all of it.
   * @throws EvaluationError where the result needs itself.
   */
  get(key: string | null = null): T {
    if (this.#state === "busy") {
      this.#graph.noteCycle();
      throw this.#computation.cyclic();
    }
    if (this.#state === "stale") this.refresh();
    if (this.#state !== "done") this.#start();
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

  note(diagnostic: Diagnostic): void {
    this.#diagnostics ??= [];
    this.#diagnostics.push(diagnostic);
    this.#graph.noteFailing(this as AnyCell);
  }

  addReader(reader: AnyCell, key: string | null): void {
    const readers = this.#readersOf(key);
    if (readers.at(-1) !== reader) {
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
    const { trial } = this.#graph;
    if (trial === null || this.#state !== "stale") return;
    const { diagnostics } = this;
    const [result, height] = [this.#result as T, this.#height];
    const now = this.#run({ result, sameSources: this.#sameSources });
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
    const height = this.#height;
    trial?.onUndo(() => {
      this.#state = "new";
      this.#result = undefined;
      this.#height = height;
      this.#diagnostics = null;
    });
    trial?.noteStart(this as AnyCell);
    this.#run(null);
    if (trial !== null) trial.noteDiagnostics(this as AnyCell, NO_DIAGNOSTICS);
  }

  #run(before: Before<T> | null): T {
    this.#state = "busy";
    this.#diagnostics = null;
    try {
      const result = this.#graph.within(this as AnyCell, () => this.#computation.compute(before));
      this.#result = result;
      this.#state = "done";
      return result;
    } catch (error) {
      this.#state = "new";
      throw error;
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

  #readersOf(key: string | null): AnyCell[] {
    if (key === null) {
      this.#readers ??= [];
      return this.#readers;
    }
    this.#entryReaders ??= new Map();
    const all = this.#entryReaders;
    const known = all.get(key);
    if (known !== undefined) return known;
    const readers: AnyCell[] = [];
    all.set(key, readers);
    this.#graph.trial?.onUndo(() => all.delete(key));
    return readers;
  }
}
