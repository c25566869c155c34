import { convert } from "../values/convert.ts";
import { identityOf } from "../values/set-elements.ts";
import { ANY, BOOL, listOf, NUMBER, STRING, type Type } from "../values/type.ts";
import { unify } from "../values/unify.ts";
import {
  boolValue,
  isKnownWithin,
  isSequence,
  listValue,
  nullValue,
  numberValue,
  typeOf,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { argumentAt, orderedAt, parameter, sequenceAt } from "./arguments.ts";
import { isEqual } from "./equality.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

const alltrue: FunctionDefinition = {
  parameters: [parameter("list", listOf(BOOL), { allowUnknown: "top" })],
  returns: BOOL,
  call(args) {
    for (const item of sequenceAt(args, 0).items) {
      if (item.kind === "unknown") return unknownValue(BOOL);
      if (item.kind !== "bool" || !item.value) return boolValue(false);
    }
    return boolValue(true);
  },
};

const anytrue: FunctionDefinition = {
  parameters: [parameter("list", listOf(BOOL), { allowUnknown: "top" })],
  returns: BOOL,
  call(args) {
    const { items } = sequenceAt(args, 0);
    if (items.some((item) => item.kind === "bool" && item.value)) return boolValue(true);
    return items.some((item) => item.kind === "unknown") ? unknownValue(BOOL) : boolValue(false);
  },
};

const coalesce: FunctionDefinition = {
  parameters: [],
  variadic: parameter("vals", ANY, { allowNull: true, allowUnknown: "all" }),
  call(args) {
    const type = commonType(args);
    for (const arg of args) {
      const value = convert(arg, type);
      if (value.kind === "unknown") return unknownValue(type);
      if (value.kind !== "null" && !(value.kind === "string" && value.value === "")) return value;
    }
    throw new FunctionError('every argument is null or ""; give a last one that always has a value');
  },
};

/** A null without a type leaves lists, maps and objects as they are, and what has no common type too. */
function commonType(args: readonly Value[]): Type {
  const types = args.map(typeOf);
  const isOpen = types.some((type) => type.kind === "any");
  const isPlain = types.every(
    (type) => !("element" in type) && type.kind !== "tuple" && type.kind !== "object",
  );
  if (isOpen) return (isPlain ? unify(types) : null) ?? ANY;
  const type = args.length === 0 ? null : unify(types);
  if (type !== null) return type;
  throw new FunctionError(
    args.length === 0 ? "at least one argument is required" : "all arguments must have the same type",
  );
}

const coalescelist: FunctionDefinition = {
  parameters: [],
  variadic: parameter("vals", ANY, { allowNull: true, allowUnknown: "all" }),
  call(args) {
    if (args.length === 0) throw new FunctionError("at least one list is required");
    for (const [index, arg] of args.entries()) {
      if (arg.kind === "unknown") break;
      const { kind } = typeOf(arg);
      if (kind !== "list" && kind !== "tuple") throw new FunctionError("a list or tuple is required", index);
    }
    for (const arg of args) {
      if (arg.kind === "unknown") return unknownValue();
      if (isSequence(arg) && arg.items.length > 0) return arg;
    }
    throw new FunctionError("every list is null or empty; give a last one that always has an element");
  },
};

const compact: FunctionDefinition = {
  parameters: [parameter("list", listOf(STRING))],
  returns: listOf(STRING),
  call(args, budget) {
    const { items } = sequenceAt(args, 0);
    budget.elements(items.length);
    return listValue(
      STRING,
      items.filter((item) => item.kind === "string" && item.value !== ""),
    );
  },
};

const contains: FunctionDefinition = {
  parameters: [
    parameter("list", ANY, { allowUnknown: "top" }),
    parameter("value", ANY, { allowUnknown: "top" }),
  ],
  returns: BOOL,
  call(args, budget) {
    const wanted = argumentAt(args, 1);
    for (const arg of args) budget.walk(arg);
    let unclear = false;
    for (const item of sequenceAt(args, 0).items) {
      const equal = isEqual(item, wanted);
      if (equal) return boolValue(true);
      if (equal === null) unclear = true;
    }
    return unclear ? unknownValue(BOOL) : boolValue(false);
  },
};

const distinct: FunctionDefinition = {
  parameters: [parameter("list", listOf(ANY))],
  returns: (args) => typeOf(argumentAt(args, 0)),
  call(args, budget) {
    const list = sequenceAt(args, 0);
    budget.elements(list.items.length);
    budget.walk(list, "printed");
    const first = new Map<string, Value>();
    for (const item of list.items) {
      const identity = identityOf(item);
      if (!first.has(identity)) first.set(identity, item);
    }
    return listValue(elementType(list), [...first.values()]);
  },
};

const index: FunctionDefinition = {
  parameters: [
    parameter("list", ANY, { allowUnknown: "top" }),
    parameter("value", ANY, { allowUnknown: "top" }),
  ],
  returns: NUMBER,
  call(args, budget) {
    const wanted = argumentAt(args, 1);
    for (const arg of args) budget.walk(arg);
    for (const [position, item] of orderedAt(args, 0).items.entries()) {
      const equal = isEqual(item, wanted);
      if (equal === null) return unknownValue(NUMBER);
      if (equal) return numberValue(position);
    }
    throw new FunctionError("the list has no such element; ask with contains() first", 1);
  },
};

const matchkeys: FunctionDefinition = {
  parameters: [
    parameter("values", listOf(ANY), { allowUnknown: "top" }),
    parameter("keys", listOf(ANY), { allowUnknown: "top" }),
    parameter("searchset", listOf(ANY), { allowUnknown: "top" }),
  ],
  returns: (args) => typeOf(argumentAt(args, 0)),
  call(args, budget) {
    const values = sequenceAt(args, 0);
    for (const arg of args) budget.walk(arg, "printed");
    const common = unify([typeOf(argumentAt(args, 1)), typeOf(argumentAt(args, 2))]);
    if (common === null) throw new FunctionError("must have the type of the keys", 2);
    const keys = sequenceAt([convert(argumentAt(args, 1), common)], 0);
    const wanted = sequenceAt([convert(argumentAt(args, 2), common)], 0);
    if (values.items.length !== keys.items.length) {
      throw new FunctionError(
        `there are ${keys.items.length} keys for ${values.items.length} values; give one key for each value`,
        1,
      );
    }
    const element = elementType(values);
    if (wanted.items.length === 0) return listValue(element, []);
    if (!isKnownWithin(values) || !isKnownWithin(keys)) return unknownValue(listOf(element));
    if (!isKnownWithin(wanted)) return listValue(element, []);
    budget.elements(keys.items.length + wanted.items.length);
    const searched = new Set(wanted.items.map(identityOf));
    const found = values.items.filter((_, at) => searched.has(identityOf(argumentAt(keys.items, at))));
    return listValue(element, found);
  },
};

const one: FunctionDefinition = {
  parameters: [parameter("list", ANY, { allowUnknown: "top" })],
  returns: (args) => {
    const type = typeOf(argumentAt(args, 0));
    return "element" in type && type.kind !== "map" ? type.element : ANY;
  },
  call(args) {
    const list = sequenceAt(args, 0);
    const [only, ...others] = list.items;
    // Elements of a set that are not known may turn out to be the same.
    if (list.kind === "set" && others.length > 0 && !isKnownWithin(list)) return unknownValue(list.element);
    if (others.length > 0) {
      throw new FunctionError(`has ${list.items.length} elements, but only none or one is allowed`, 0);
    }
    return only ?? nullValue(elementType(list));
  },
};

function elementType(value: Value): Type {
  return value.kind === "list" || value.kind === "set" ? value.element : ANY;
}

/** Functions that look for elements and choose among values. */
export const SEARCH_FUNCTIONS: FunctionTable = new Map(
  Object.entries({
    alltrue,
    anytrue,
    coalesce,
    coalescelist,
    compact,
    contains,
    distinct,
    index,
    matchkeys,
    one,
  }),
);
