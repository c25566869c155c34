import { ConversionError, convert } from "../values/convert.ts";
import { ANY, BOOL, listOf, mapOf, NUMBER, STRING, setOf, type Type } from "../values/type.ts";
import { asNonsensitive, asSensitive, boolValue, unknownValue } from "../values/value.ts";
import { anythingParameter, argumentAt } from "./arguments.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

function conversionTo(type: Type): FunctionDefinition {
  return {
    parameters: [anythingParameter("v")],
    call(args, budget) {
      const given = argumentAt(args, 0);
      if (given.kind !== type.kind) budget.walk(given, type.kind === "set" ? "printed" : undefined);
      try {
        return convert(given, type);
      } catch (error) {
        if (!(error instanceof ConversionError)) throw error;
        throw new FunctionError(error.message, 0);
      }
    },
  };
}

const sensitive: FunctionDefinition = {
  parameters: [anythingParameter("value")],
  call: (args) => asSensitive(argumentAt(args, 0)),
};

const nonsensitive: FunctionDefinition = {
  parameters: [anythingParameter("value")],
  call: (args) => asNonsensitive(argumentAt(args, 0)),
};

const issensitive: FunctionDefinition = {
  parameters: [anythingParameter("value")],
  call(args) {
    const value = argumentAt(args, 0);
    if (value.sensitive) return boolValue(true);
    return value.kind === "unknown" ? unknownValue(BOOL) : boolValue(false);
  },
};

/** Nothing that is evaluated here is ephemeral, so the value stays as it is. */
const ephemeralasnull: FunctionDefinition = {
  parameters: [anythingParameter("value")],
  call: (args) => argumentAt(args, 0),
};

/** Functions that change a value's type or its mark. */
export const CONVERSION_FUNCTIONS: FunctionTable = new Map(
  Object.entries({
    tobool: conversionTo(BOOL),
    tolist: conversionTo(listOf(ANY)),
    tomap: conversionTo(mapOf(ANY)),
    tonumber: conversionTo(NUMBER),
    toset: conversionTo(setOf(ANY)),
    tostring: conversionTo(STRING),
    sensitive,
    nonsensitive,
    issensitive,
    ephemeralasnull,
  }),
);
