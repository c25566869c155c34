import type { Range } from "../syntax/source.ts";
import type { Value } from "../values/model.ts";
import { sizeOf } from "../values/summary.ts";
import type { Type } from "../values/type.ts";

/** One parameter of a function. What `allow…` does not name is handled before the function is called. */
export interface Parameter {
  readonly name: string;
  /** Arguments are converted to it; `any` takes them as they are. */
  readonly type: Type;
  /** Without it a null argument is an error. */
  readonly allowNull?: boolean;
  /**
   * Without it an argument that is unknown, at any depth, makes the result unknown. `top`: the argument itself is
   * known, parts of it may not be; `all`: the function looks for itself.
   */
  readonly allowUnknown?: "top" | "all";
  /**
   * Without it marks are taken off before the call, at any depth, and the whole result is marked. With it the function
   * sees the marks and hands them through itself.
   */
  readonly allowSensitive?: boolean;
}

/** A function of the language: pure, and the same object in gives the same object out where it hands one through. */
export interface FunctionDefinition {
  readonly parameters: readonly Parameter[];
  /** Takes all further arguments. */
  readonly variadic?: Parameter;
  /** The type of the result where the arguments are not known yet; without it `any`. */
  readonly returns?: Type | ((args: readonly Value[]) => Type);
  /** @throws FunctionError where the arguments have no result. */
  readonly call: (args: readonly Value[], budget: Budget) => Value;
}

/** The functions by name, `provider::…` aside. */
export type FunctionTable = ReadonlyMap<string, FunctionDefinition>;

/** A call that has no result; the message is for the person who wrote the call. */
export class FunctionError extends Error {
  override readonly name = "FunctionError";
  /** Which argument is to blame, from 0. */
  readonly argument: number | null;

  constructor(message: string, argument: number | null = null) {
    super(message);
    this.argument = argument;
  }
}

/** What evaluation of untrusted code may cost. Each method throws `BudgetExceeded` once the budget is spent. */
export interface Budget {
  /** One evaluated expression. */
  step(): void;
  /** Elements that are about to be made: ask before making them. */
  elements(count: number): void;
  /** Elements that count for the evaluation as a whole alone: instances that one expression makes, what they hold. */
  instances(count: number): void;
  /** Text that is about to be made, in UTF-16 code units: ask before making it. */
  text(length: number): void;
  /** A collection that was made. Its parts count as often as they occur in it: sharing them costs those who read it. */
  size(value: Value): void;
  /**
   * A value of which all parts are about to be walked: compared, converted or copied. `printed`: and written down as
   * text, as sets do to find what is there twice.
   */
  walk(value: Value, printed?: "printed"): void;
  /** Runs what gets the share of one value; what other values cost that it makes evaluate is not part of it. */
  share<T>(compute: () => T): T;
}

/** Something costs more than it may: one value its share, or (`isWhole`) all of them together. */
export class BudgetExceeded extends Error {
  override readonly name = "BudgetExceeded";
  readonly isWhole: boolean;
  /** What costs too much, where it is known; never of a whole. */
  readonly range: Range | null;

  constructor(message: string, isWhole: boolean, range: Range | null = null) {
    super(message);
    this.isWhole = isWhole;
    this.range = range;
  }

  /** The same with its place, where it has none yet. */
  at(range: Range | null): BudgetExceeded {
    return this.isWhole || this.range !== null ? this : new BudgetExceeded(this.message, false, range);
  }
}

interface Amounts {
  readonly steps: number;
  readonly elements: number;
  readonly text: number;
}

/** For the evaluation as a whole. */
export interface Limits extends Amounts {
  /** For each value; without it a value may cost all that there is. */
  readonly share?: Amounts;
}

/** A budget that can be given again in full, for as long as something is tried out. */
export interface Allowance extends Budget {
  /** The whole budget again; what was left before is put aside. */
  renew(): { readonly restore: () => void };
}

/** So many parts of a value are walked in the time of one step. */
const PARTS_PER_STEP = 8;

/** A budget over one evaluation. */
export function createBudget(limits: Limits): Allowance {
  const whole: Amounts = { steps: limits.steps, elements: limits.elements, text: limits.text };
  const { share = null } = limits;
  let left = { ...whole };
  let own: Record<keyof Amounts, number> | null = null;
  function spendWhole(what: keyof Amounts, amount: number): void {
    // What asks for too much at once leaves the rest of the budget to the others.
    if (amount > left[what]) {
      const never = share !== null && amount > whole[what];
      throw new BudgetExceeded(stopped(whole[what], what, "in one evaluation"), !never);
    }
    left[what] -= amount;
  }
  function spend(what: keyof Amounts, amount: number): void {
    if (share !== null && own !== null) {
      if (amount > own[what]) throw new BudgetExceeded(stopped(share[what], what, "for one value"), false);
      own[what] -= amount;
    }
    spendWhole(what, amount);
  }
  return {
    share(compute) {
      const outer = own;
      own = share && { ...share };
      try {
        return compute();
      } finally {
        own = outer;
      }
    },
    renew() {
      const before = left;
      left = { ...whole };
      return {
        restore: () => {
          left = before;
        },
      };
    },
    size(value) {
      const most = (share ?? whole).elements;
      if (sizeOf(value) > most)
        throw new BudgetExceeded(stopped(most, "elements", "in one value"), share === null);
    },
    walk(value, printed) {
      spend("steps", Math.floor(sizeOf(value) / (printed === undefined ? PARTS_PER_STEP : 1)));
    },
    step: () => spend("steps", 1),
    elements: (count) => spend("elements", count),
    instances: (count) => spendWhole("elements", count),
    text: (length) => spend("text", length),
  };
}

const UNITS = {
  steps: "steps",
  elements: "elements of collections",
  text: "characters of text",
} satisfies Record<keyof Amounts, string>;

function stopped(limit: number, what: keyof Amounts, where: string): string {
  return `evaluation stopped: more than ${limit.toLocaleString("en")} ${UNITS[what]} ${where}`;
}
