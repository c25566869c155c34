import { STRING } from "../values/type.ts";
import { unknownValue } from "../values/value.ts";
import { numberParameter, textParameter } from "./arguments.ts";
import type { FunctionDefinition, FunctionTable } from "./function.ts";

/** A text that only a run of Terraform can tell. */
function untold(...names: readonly string[]): FunctionDefinition {
  return { parameters: names.map(textParameter), returns: STRING, call: () => unknownValue(STRING) };
}

/** Functions of the clock, of chance, and of private keys, which have no business here. */
export const IMPURE_FUNCTIONS: FunctionTable = new Map(
  Object.entries({
    bcrypt: { ...untold("str"), variadic: numberParameter("cost") },
    plantimestamp: untold(),
    rsadecrypt: untold("ciphertext", "privatekey"),
    timestamp: untold(),
    uuid: untold(),
  }),
);
