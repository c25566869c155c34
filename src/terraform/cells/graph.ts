import type { Failures } from "../../hcl/evaluation/context.ts";
import type { Budget } from "../../hcl/functions/function.ts";
import type { Diagnostic, Range } from "../../hcl/syntax/source.ts";
import type { AnyCell, CellGraph } from "./cell.ts";
import { computeInTurn, TooDeep } from "./deep-chain.ts";
import { Trial } from "./trial.ts";

/** A diagnostic, and what it is about: nothing where no cell has it, or one that does not say. */
export interface Reported {
  readonly about: string;
  readonly diagnostic: Diagnostic;
}

/** So many cells are computed within one another; more would not fit the call stack. */
const MOST_DEPTH = 100;

/**
 * The cells of one evaluation: which of them is being computed, who has read whom, and what went wrong where. A cell
 * that is read while another is computed gets that one as its reader, so that a change finds its way to all that it can
 * matter to, and to nothing else.
 */
export class Graph implements CellGraph, Failures {
  readonly #budget: Pick<Budget, "share"> | null;
  /** The cell that is being computed. */
  #current: AnyCell | null = null;
  #depth = 0;
  /** What becomes of errors in parts of values. Outside of cells what they found already is evaluated again. */
  #parts: "reported" | "passed over" | "thrown" = "passed over";
  /** Where the cell that is being computed has reported such ones. */
  #reportedParts: Set<Range> | null = null;
  #trial: Trial | null = null;
  /** Diagnostics that belong to no cell. */
  readonly #unowned: Diagnostic[] = [];
  readonly #failing = new Set<AnyCell>();
  #cyclic = false;
  #cyclesAreTold = false;
  /** How many of them there were when the trial began. */
  #unownedBefore = 0;

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
    else this.#unowned.push(diagnostic);
  }

  /** An error in a part of a value: those of all elements that one expression makes are one problem. */
  keep(diagnostic: Diagnostic): boolean {
    if (this.#parts === "thrown") return false;
    if (this.#parts === "passed over") return true;
    const { range } = diagnostic;
    this.#reportedParts ??= new Set();
    if (range === null || !this.#reportedParts.has(range)) this.add(diagnostic);
    if (range !== null) this.#reportedParts.add(range);
    return true;
  }

  strictly<T>(action: () => T): T {
    return this.#withParts("thrown", action);
  }

  /** Runs an action of which another cell reports what is wrong in parts of values. */
  quietly<T>(action: () => T): T {
    return this.#withParts("passed over", action);
  }

  #withParts<T>(parts: "passed over" | "thrown", action: () => T): T {
    const outer = this.#parts;
    this.#parts = parts;
    try {
      return action();
    } finally {
      this.#parts = outer;
    }
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
      ...aboutNothing(this.#unowned),
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
      before: [...aboutNothing(this.#unowned.slice(0, this.#unownedBefore)), ...cells],
      made: [...this.#unowned.slice(this.#unownedBefore), ...made],
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
    const [unowned, cyclic] = [this.#unowned.length, this.#cyclic];
    this.#unownedBefore = unowned;
    const trial = new Trial(() => {
      this.#trial = null;
      this.#unowned.length = unowned;
      this.#cyclic = cyclic;
    });
    this.#trial = trial;
    return trial;
  }

  /** Computes a cell, and whatever it needs. */
  settle(cell: AnyCell): void {
    if (this.#depth === 0) {
      computeInTurn(cell);
      return;
    }
    if (this.#depth >= MOST_DEPTH) cell.giveUp(new TooDeep());
    cell.compute();
  }

  /** Runs a computation as that of a cell: what is read and reported in it is the cell's. */
  within<T>(cell: AnyCell, compute: () => T): T {
    const [outer, parts, reportedParts] = [this.#current, this.#parts, this.#reportedParts];
    this.#current = cell;
    this.#parts = "reported";
    this.#reportedParts = null;
    this.#depth += 1;
    try {
      return this.#budget === null ? compute() : this.#budget.share(compute);
    } finally {
      this.#depth -= 1;
      this.#current = outer;
      this.#parts = parts;
      this.#reportedParts = reportedParts;
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

function aboutNothing(diagnostics: readonly Diagnostic[]): Reported[] {
  return diagnostics.map((diagnostic) => ({ about: "", diagnostic }));
}

function reportedBy({ about }: AnyCell, diagnostics: readonly Diagnostic[]): Reported[] {
  return diagnostics.map((diagnostic) => ({ about, diagnostic }));
}
