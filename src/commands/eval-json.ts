import type { EvaluatedInstance } from "../engine/api.ts";
import { type Json, printJson } from "../json/json.ts";

/**
 * The `eval` document (docs/output.md) as text, piece by piece, so that no process ever holds all of it: `instances`
 * come in parts. `diagnostics` are asked for at the end.
 */
export async function* evalJson(
  parts: AsyncIterable<readonly EvaluatedInstance[]>,
  diagnostics: () => Json,
): AsyncGenerator<string> {
  yield '{\n  "schema": 1,\n  "instances": [';
  let count = 0;
  for await (const instances of parts) {
    if (instances.length === 0) continue;
    yield `${count === 0 ? "" : ","}${printedItems(instances)}`;
    count += instances.length;
  }
  yield `${count === 0 ? "" : "\n  "}],\n${printedEntry("diagnostics", diagnostics())}\n}\n`;
}

const ITEMS_START = "[\n  [";
const ITEMS_END = "\n  ]\n]";

/** The items of a list that stands in a document, each on lines of its own. */
function printedItems(items: readonly EvaluatedInstance[]): string {
  return printJson([[...items]], 2).slice(ITEMS_START.length, -ITEMS_END.length);
}

/** The last entry of a document. */
function printedEntry(name: string, value: Json): string {
  return printJson({ [name]: value }, 2).slice("{\n".length, -"\n}".length);
}
