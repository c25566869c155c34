import { ANY, STRING } from "../values/type.ts";
import { argumentAt, parameter, textAt, textParameter, textResult } from "./arguments.ts";
import { decodedFrom, originsIn } from "./document-origin.ts";
import type { FunctionDefinition, FunctionTable } from "./function.ts";
import { decodeYaml } from "./yaml-decode.ts";
import { encodeYaml } from "./yaml-encode.ts";

const yamlencode: FunctionDefinition = {
  parameters: [parameter("value", ANY, { allowNull: true })],
  returns: STRING,
  call(args, budget) {
    return textResult(encodeYaml(argumentAt(args, 0), budget));
  },
};

const yamldecode: FunctionDefinition = {
  parameters: [textParameter("src")],
  call(args, budget) {
    const text = textAt(args, 0);
    budget.text(text.length);
    const source = argumentAt(args, 0);
    return decodedFrom(source, () => decodeYaml(text, originsIn(source, "yaml"), budget));
  },
};

/** YAML from and to text. */
export const YAML_FUNCTIONS: FunctionTable = new Map(Object.entries({ yamldecode, yamlencode }));
