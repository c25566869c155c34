import { ExactDecimal } from "../../json/json.ts";
import { add } from "../values/binary-float.ts";
import { convert } from "../values/convert.ts";
import { compareText } from "../values/text-order.ts";
import { ANY, listOf, NUMBER, STRING, type Type, tupleOf } from "../values/type.ts";
import { unify } from "../values/unify.ts";
import {
  asSensitive,
  isKnownWithin,
  isSequence,
  listValue,
  numberValue,
  tupleValue,
  typeOf,
  unknownValue,
  type Value,
} from "../values/value.ts";
import {
  argumentAt,
  decimalAt,
  integerAt,
  numberParameter,
  orderedAt,
  parameter,
  partsParameter,
  sequenceAt,
} from "./arguments.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";
import { countGraphemes } from "./graphemes.ts";

const LIST = listOf(ANY);

const chunklist: FunctionDefinition = {
  parameters: [
    parameter("list", LIST, { allowUnknown: "top", allowSensitive: true }),
    numberParameter("size"),
  ],
  returns: (args) => listOf(typeOf(argumentAt(args, 0))),
  call(args, budget) {
    const list = sequenceAt(args, 0);
    const size = integerAt(args, 1);
    if (size < 0) throw new FunctionError("must not be negative", 1);
    const type = typeOf(list);
    budget.elements(list.items.length);
    const chunks: Value[] = [];
    const step = size === 0 ? list.items.length : size;
    for (let at = 0; at < list.items.length; at += step) {
      chunks.push(listValue(elementOf(type), list.items.slice(at, at + step)));
    }
    return asSensitive(listValue(type, chunks), list.sensitive);
  },
};

const concat: FunctionDefinition = {
  parameters: [],
  variadic: partsParameter("seqs"),
  returns: concatType,
  call(args, budget) {
    const type = concatType(args);
    const sequences = args.map((arg, index) =>
      sequenceAt([type.kind === "list" ? convert(arg, type) : orderedAt(args, index)], 0),
    );
    budget.elements(sequences.reduce((total, sequence) => total + sequence.items.length, 0));
    const items = sequences.flatMap((sequence) => sequence.items);
    const joined = type.kind === "list" ? listValue(type.element, items) : tupleValue(items);
    return asSensitive(
      joined,
      sequences.some((sequence) => sequence.sensitive),
    );
  },
};

/** Lists that have a common type stay a list; with a tuple among them all become a tuple. */
function concatType(args: readonly Value[]): Type {
  if (args.length === 0) throw new FunctionError("at least one list is required; give it one");
  const types = args.map(typeOf);
  const wrong = types.findIndex((type) => type.kind !== "list" && type.kind !== "tuple");
  if (wrong !== -1) {
    orderedAt(args, wrong);
    throw new FunctionError("a list or tuple is required", wrong);
  }
  if (types.every((type) => type.kind === "list")) {
    const common = unify(types);
    if (common !== null) return common;
  }
  const elements: Type[] = [];
  for (const arg of args) {
    if (isSequence(arg)) for (const item of arg.items) elements.push(typeOf(item));
    else if (arg.kind === "unknown" && arg.type.kind === "tuple") elements.push(...arg.type.elements);
    else return ANY;
  }
  return tupleOf(elements);
}

const element: FunctionDefinition = {
  parameters: [partsParameter("list"), numberParameter("index")],
  returns: (args) => {
    const type = typeOf(argumentAt(args, 0));
    return type.kind === "list" ? type.element : ANY;
  },
  call(args) {
    const list = orderedAt(args, 0);
    const index = integerAt(args, 1);
    if (list.items.length === 0) {
      throw new FunctionError("the list is empty, so it has no element; check its length first", 0);
    }
    const { length } = list.items;
    // Terraform counts from the end of a list, and fails on a tuple.
    if (index < 0 && list.kind === "tuple") throw new FunctionError("must not be negative; count from 0", 1);
    const found = argumentAt(list.items, ((index % length) + length) % length);
    return asSensitive(found, list.sensitive);
  },
};

const flatten: FunctionDefinition = {
  parameters: [partsParameter("list")],
  call(args, budget) {
    const flat: Flat = { items: [], known: true, sensitive: false };
    flattenInto(flat, sequenceAt(args, 0), (count) => budget.elements(count));
    return asSensitive(flat.known ? tupleValue(flat.items) : unknownValue(), flat.sensitive);
  },
};

interface Flat {
  readonly items: Value[];
  known: boolean;
  sensitive: boolean;
}

/** What may turn out to be a list makes everything unknown: nobody can tell how long the result will be. */
function flattenInto(flat: Flat, value: Value, ask: (count: number) => void): void {
  if (value.sensitive) flat.sensitive = true;
  if (!isSequence(value) || (value.kind === "set" && !isKnownWithin(value))) {
    flat.known = false;
    return;
  }
  ask(value.items.length);
  for (const item of value.items) {
    const couldBeSequence = isSequence(item) || (item.kind === "unknown" && isSequenceType(item.type));
    if (couldBeSequence) flattenInto(flat, item, ask);
    else flat.items.push(item);
  }
}

function isSequenceType(type: Type): boolean {
  return ["any", "list", "set", "tuple"].includes(type.kind);
}

const length: FunctionDefinition = {
  parameters: [parameter("value", ANY, { allowUnknown: "all", allowSensitive: true })],
  returns: NUMBER,
  call(args) {
    const value = argumentAt(args, 0);
    const count = countOf(value);
    return asSensitive(count === null ? unknownValue(NUMBER) : numberValue(count), value.sensitive);
  },
};

function countOf(value: Value): number | null {
  if (value.kind === "unknown") return countOfType(value.type);
  if (value.kind === "set" && value.items.length > 1 && !isKnownWithin(value)) return null;
  if (isSequence(value)) return value.items.length;
  if (value.kind === "map" || value.kind === "object") return value.entries.size;
  if (value.kind === "string") return countGraphemes(value.value);
  throw new FunctionError("a string, list, set, tuple, map or object is required", 0);
}

function countOfType(type: Type): number | null {
  if (type.kind === "tuple") return type.elements.length;
  if (type.kind === "object") return type.attributes.size;
  if (type.kind === "number" || type.kind === "bool") {
    throw new FunctionError("a string, list, set, tuple, map or object is required", 0);
  }
  return null;
}

const range: FunctionDefinition = {
  parameters: [],
  variadic: numberParameter("params"),
  returns: listOf(NUMBER),
  call(args, budget) {
    if (args.length < 1 || args.length > 3) {
      throw new FunctionError(
        "takes one to three numbers: range(end), range(start, end) or range(start, end, step)",
      );
    }
    const start = args.length === 1 ? ZERO : decimalAt(args, 0);
    const end = decimalAt(args, args.length === 1 ? 0 : 1);
    const down = end.lessThan(start);
    const step = args.length === 3 ? decimalAt(args, 2) : new ExactDecimal(down ? -1 : 1);
    if (end.equals(start)) return listValue(NUMBER, []);
    if (step.isZero()) throw new FunctionError("the step must not be 0", 2);
    if (down !== step.isNegative()) {
      throw new FunctionError("the step leads away from the end; change its sign", 2);
    }
    const items: Value[] = [];
    for (let at = start; down ? at.greaterThan(end) : at.lessThan(end); at = add(at, step)) {
      if (items.length === MOST_IN_RANGE) {
        throw new FunctionError(`gives at most ${MOST_IN_RANGE} numbers; use a larger step`);
      }
      budget.elements(1);
      items.push(numberValue(at));
    }
    return listValue(NUMBER, items);
  },
};

/** Terraform's own limit. */
const MOST_IN_RANGE = 1024;
const ZERO = new ExactDecimal(0);

const reverse: FunctionDefinition = {
  parameters: [partsParameter("list")],
  returns: (args) => {
    const type = typeOf(argumentAt(args, 0));
    if (type.kind === "tuple") return tupleOf(type.elements.toReversed());
    return type.kind === "set" ? listOf(type.element) : type;
  },
  call(args, budget) {
    const sequence = sequenceAt(args, 0);
    budget.elements(sequence.items.length);
    const items = sequence.items.toReversed();
    const turned = sequence.kind === "tuple" ? tupleValue(items) : listValue(sequence.element, items);
    return asSensitive(turned, sequence.sensitive);
  },
};

const slice: FunctionDefinition = {
  parameters: [partsParameter("list"), numberParameter("start_index"), numberParameter("end_index")],
  returns: (args) => {
    const type = typeOf(argumentAt(args, 0));
    return type.kind === "list" ? type : ANY;
  },
  call(args, budget) {
    const list = orderedAt(args, 0);
    const { length: count } = list.items;
    const start = integerAt(args, 1);
    const end = integerAt(args, 2);
    if (start < 0 || start > count) throw new FunctionError(`must be between 0 and the length, ${count}`, 1);
    if (end < start || end > count) {
      throw new FunctionError(`must be between the start, ${start}, and the length, ${count}`, 2);
    }
    budget.elements(end - start);
    const items = list.items.slice(start, end);
    const part = list.kind === "list" ? listValue(list.element, items) : tupleValue(items);
    return asSensitive(part, list.sensitive);
  },
};

/** As long as an element is unknown, nothing is known but how many there are. */
const sort: FunctionDefinition = {
  parameters: [parameter("list", listOf(STRING), { allowUnknown: "top" })],
  returns: listOf(STRING),
  call(args, budget) {
    const list = sequenceAt(args, 0);
    budget.elements(list.items.length);
    if (!isKnownWithin(list))
      return listValue(
        STRING,
        list.items.map(() => unknownValue(STRING)),
      );
    const items = list.items.map((item, index) => {
      if (item.kind !== "string") throw new FunctionError(`element ${index} is null and cannot be sorted`, 0);
      return item;
    });
    return listValue(
      STRING,
      items.toSorted((a, b) => compareText(a.value, b.value)),
    );
  },
};

function elementOf(type: Type): Type {
  return "element" in type ? type.element : ANY;
}

/** Functions that take or give what has an order: lists and tuples. */
export const SEQUENCE_FUNCTIONS: FunctionTable = new Map(
  Object.entries({ chunklist, concat, element, flatten, length, range, reverse, slice, sort }),
);
