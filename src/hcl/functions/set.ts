import { convert } from "../values/convert.ts";
import { identityOf } from "../values/set-elements.ts";
import { ANY, listOf, setOf, type Type, tupleOf } from "../values/type.ts";
import { unify } from "../values/unify.ts";
import {
  asSensitive,
  isKnownWithin,
  listValue,
  setValue,
  tupleValue,
  typeOf,
  unknownValue,
  type Value,
} from "../values/value.ts";
import { parameter, sequenceAt } from "./arguments.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

const SET = setOf(ANY);

/** What is yet unknown may turn out to be an element that is there already, so only the element type is known then. */
const setintersection: FunctionDefinition = {
  parameters: [parameter("first_set", SET)],
  variadic: parameter("other_sets", SET),
  returns: (args) => setOf(commonElement(args)),
  call(args, budget) {
    for (const arg of args) budget.walk(arg, "printed");
    const element = commonElement(args);
    const [first = [], ...others] = setsOf(args, element);
    budget.elements(first.length);
    const known = others.map(identitiesOf);
    return setValue(
      element,
      first.filter((item) => known.every((identities) => identities.has(identityOf(item)))),
    );
  },
};

const setsubtract: FunctionDefinition = {
  parameters: [parameter("a", SET), parameter("b", SET)],
  returns: (args) => setOf(commonElement(args)),
  call(args, budget) {
    for (const arg of args) budget.walk(arg, "printed");
    const element = commonElement(args);
    const [first = [], ...others] = setsOf(args, element);
    budget.elements(first.length);
    const taken = identitiesOf(others.flat());
    return setValue(
      element,
      first.filter((item) => !taken.has(identityOf(item))),
    );
  },
};

const setunion: FunctionDefinition = {
  parameters: [parameter("first_set", SET, { allowUnknown: "top" })],
  variadic: parameter("other_sets", SET, { allowUnknown: "top" }),
  returns: (args) => setOf(commonElement(args)),
  call(args, budget) {
    for (const arg of args) budget.walk(arg, "printed");
    const element = commonElement(args);
    const items = setsOf(args, element).flat();
    budget.elements(items.length);
    return setValue(element, items);
  },
};

function setsOf(args: readonly Value[], element: Type): (readonly Value[])[] {
  return args.map((arg) => sequenceAt([convert(arg, setOf(element))], 0).items);
}

function identitiesOf(items: readonly Value[]): ReadonlySet<string> {
  return new Set(items.map(identityOf));
}

function commonElement(args: readonly Value[]): Type {
  const common = unify(args.map((arg) => elementType(typeOf(arg))));
  if (common !== null) return common;
  throw new FunctionError("all sets must have elements of the same type; convert them first");
}

function elementType(type: Type): Type {
  return "element" in type ? type.element : ANY;
}

/** Lists and tuples keep their order; with a set among them the product is a set. */
const setproduct: FunctionDefinition = {
  parameters: [],
  variadic: parameter("sets", ANY, { allowUnknown: "top", allowSensitive: true }),
  returns: (args) => productType(args, args.map(factorType)),
  call(args, budget) {
    if (args.length < 2) throw new FunctionError("at least two lists or sets are required");
    const elements = args.map(factorType);
    const type = productType(args, elements);
    const sensitive = args.some((arg) => arg.sensitive);
    const factors = args.map((arg, index) => {
      const sequence = sequenceAt(args, index);
      return sequence.kind === "set" && sequence.items.length > 1 && !isKnownWithin(arg)
        ? null
        : sequence.items.map((item) => convert(item, elements[index] ?? ANY));
    });
    if (!factors.every((factor) => factor !== null)) return asSensitive(unknownValue(type), sensitive);
    const count = factors.reduce((product, factor) => product * factor.length, 1);
    budget.elements(count * (factors.length + 1));
    const tuples = productOf(factors).map((items) => tupleValue(items));
    const element = elementType(type);
    return asSensitive(
      type.kind === "set" ? setValue(element, tuples) : listValue(element, tuples),
      sensitive,
    );
  },
};

function productOf(factors: readonly (readonly Value[])[]): Value[][] {
  let rows: Value[][] = [[]];
  for (const factor of factors) rows = rows.flatMap((row) => factor.map((item) => [...row, item]));
  return rows;
}

function factorType(arg: Value, index: number): Type {
  const type = typeOf(arg);
  if (type.kind === "set" || type.kind === "list") return type.element;
  if (type.kind !== "tuple") throw new FunctionError("a list or set is required", index);
  const common = unify(type.elements);
  if (common === null) throw new FunctionError("all elements must have the same type", index);
  return common;
}

function productType(args: readonly Value[], elements: readonly Type[]): Type {
  const element = tupleOf(elements);
  return args.some((arg) => typeOf(arg).kind === "set") ? setOf(element) : listOf(element);
}

/** Functions of sets. */
export const SET_FUNCTIONS: FunctionTable = new Map(
  Object.entries({ setintersection, setproduct, setsubtract, setunion }),
);
