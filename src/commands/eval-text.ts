import type { EvaluatedInstance } from "../engine/api.ts";
import { renderExpression } from "../hcl/editing/render.ts";
import { isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { type Path, parsePath } from "../json/path.ts";
import { palette } from "../reports/color.ts";
import { counted, visibleLines } from "../reports/visible.ts";

const NOT_KNOWN = "(not known)";

/** What `eval` prints for people, piece by piece: each instance with its attributes, as code would say them. */
export async function* evalText(
  parts: AsyncIterable<readonly EvaluatedInstance[]>,
  { color }: { readonly color: boolean },
): AsyncGenerator<string> {
  const paint = palette(color);
  let count = 0;
  for await (const instances of parts) {
    count += instances.length;
    for (const { address, attributes, unknown } of instances) {
      const known = withUnknown(attributes, unknown.map(parsePath));
      const lines = entriesOf(known).map(([name, value]) => `  ${name} = ${rendered(value)}`);
      yield `${[paint.address(address), ...lines].map(visibleLines).join("\n")}\n\n`;
    }
  }
  yield `${counted(count, "instance")}\n`;
}

function rendered(value: Json): string {
  return renderExpression(value, "  ").replaceAll(JSON.stringify(NOT_KNOWN), NOT_KNOWN);
}

function withUnknown(json: Json, paths: readonly Path[]): Json {
  if (paths.some((path) => path.length === 0)) return NOT_KNOWN;
  if (isJsonArray(json)) return json.map((item, index) => withUnknown(item, below(paths, index)));
  if (!isJsonObject(json)) return json;
  return Object.fromEntries(
    Object.entries(json).map(([key, item]) => [key, withUnknown(item, below(paths, key))]),
  );
}

function below(paths: readonly Path[], step: string | number): Path[] {
  return paths.filter(([first]) => first === step).map((path) => path.slice(1));
}

function entriesOf(json: Json): readonly (readonly [string, Json])[] {
  return isJsonObject(json) ? Object.entries(json) : [];
}
