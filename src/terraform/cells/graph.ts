import type { EvaluationError } from "../../hcl/evaluation/context.ts";
import type { Budget } from "../../hcl/functions/function.ts";
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
  /** What the result is of, such as an instance's address: it tells diagnostics of the same text apart. */
  readonly about?: string;
}

/** A diagnostic, and what it is about: nothing where no cell has it, or one that does not say. */
export interface Reported {
  readonly about: string;
  readonly diagnostic: Diagnostic;
}

/** A cell as the graph knows it. */
export type AnyCell = Cell<unknown>;

const NO_DIAGNOSTICS: readonly Diagnostic[] = [];

/** So many cells are computed within one another; more would not fit the call stack. */
const MOST_DEPTH = 100;

/** Cells need each other in a chain that is too long for the call stack. The innermost stands first. */
export class TooDeep extends Error {
  override readonly name = "TooDeep";
  readonly cells: AnyCell[] = [];
}

/** What is thrown where the call stack is full. */
export function isStackFull(error: unknown): error is RangeError {
  return error instanceof RangeError && error.message.includes("call stack");
}

/**
 * The cells of one evaluation: which of them is being computed, who has read whom, and what went wrong where. A cell
 * that is read while another is computed gets that one as its reader, so that a change finds its way to all that it can
 * matter to, and to nothing else.
 */
export class Graph {
  readonly #budget: Pick<Budget, "share"> | null;
  /** The cell that is being computed. */
  #current: AnyCell | null = null;
  #depth = 0;
  #trial: Trial | null = null;
  readonly #loose: Diagnostic[] = [];
  readonly #failing = new Set<AnyCell>();
  #cyclic = false;
  #cyclesAreTold = false;
  /** How many there were when the trial began. */
  #looseBefore = 0;

  /** `budget`: each cell gets a share of it. */
  constructor(budget: Pick<Budget, "share"> | null = null) {
    this.#budget = budget;
  }

  /** How many cells are being computed, each for the one before. */
  get depth(): number {
    return this.#depth;
  }

  /** A diagnostic belongs to the cell that is being computed, and goes when that is computed again. */
  add(diagnostic: Diagnostic): void {
    if (this.#current !== null) this.#current.note(diagnostic);
    else this.#loose.push(diagnostic);
  }

  /** Reports what needs itself by all of its members. A cell that finds out of it does not say it once more. */
  tellCycles(cycles: readonly Diagnostic[]): void {
    for (const cycle of cycles) this.add(cycle);
    this.#cyclesAreTold ||= cycles.length > 0;
  }

  get cyclesAreTold(): boolean {
    return this.#cyclesAreTold;
  }

  /** Everything that was reported: first what belongs to no cell. */
  diagnostics(): Diagnostic[] {
    return this.reported().map(({ diagnostic }) => diagnostic);
  }

  /** The same with what it is about. */
  reported(): Reported[] {
    return [
      ...loose(this.#loose),
      ...[...this.#failing].flatMap((cell) => reportedBy(cell, cell.diagnostics)),
    ];
  }

  /** What was reported before a trial, and what it has made cells report. */
  reportedIn(trial: Trial): { readonly before: readonly Reported[]; readonly made: readonly Diagnostic[] } {
    const cells = [...this.#failing].flatMap((cell) =>
      reportedBy(cell, trial.diagnostics.get(cell) ?? cell.diagnostics),
    );
    const made = [...trial.diagnostics.keys()].flatMap(({ diagnostics }) => diagnostics);
    return {
      before: [...loose(this.#loose.slice(0, this.#looseBefore)), ...cells],
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

  /**
   * Computes a cell, and whatever it needs. Where that is a chain too long for the call stack, all computations are
   * given up, and the cells of the chain are computed one after the other from its far end, so that each of them finds
   * what it needs.
   */
  settle(cell: AnyCell): void {
    if (this.#depth > 0) {
      if (this.#depth >= MOST_DEPTH) cell.giveUp(new TooDeep());
      cell.compute();
      return;
    }
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

  /** Runs a computation as that of a cell: what is read and reported in it is the cell's. */
  within<T>(cell: AnyCell, compute: () => T): T {
    const outer = this.#current;
    this.#current = cell;
    this.#depth += 1;
    try {
      return this.#budget === null ? compute() : this.#budget.share(compute);
    } finally {
      this.#depth -= 1;
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

function loose(diagnostics: readonly Diagnostic[]): Reported[] {
  return diagnostics.map((diagnostic) => ({ about: "", diagnostic }));
}

function reportedBy({ about }: AnyCell, diagnostics: readonly Diagnostic[]): Reported[] {
  return diagnostics.map((diagnostic) => ({ about, diagnostic }));
}

/** Computes a cell. Where that goes too deep: the cells that have to be computed before it, the last one first. */
function chainOf(cell: AnyCell): AnyCell[] | null {
  try {
    cell.compute();
    return null;
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    return error.cells.reverse().slice(1);
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

  constructor(graph: Graph, computation: Computation<T>) {
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
