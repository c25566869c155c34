import { renderExpression } from "../hcl/editing/render.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { type Path, parsePath } from "../json/path.ts";
import { palette } from "../reports/color.ts";
import { counted, visibleLines } from "../reports/visible.ts";

const NOT_KNOWN = "(not known)";

/** What `eval` prints for people: each instance with its attributes, as code would say them. */
export function evalText(document: JsonObject, { color }: { readonly color: boolean }): string {
  const paint = palette(color);
  const instances = list(document["instances"]).filter(isJsonObject);
  const parts = instances.map(({ address, attributes, unknown }) => {
    const paths = list(unknown).flatMap((path) => (typeof path === "string" ? [parsePath(path)] : []));
    const known = isJsonObject(attributes) ? withUnknown(attributes, paths) : {};
    const lines = entriesOf(known).map(([name, value]) => `  ${name} = ${rendered(value)}`);
    return [paint.address(String(address)), ...lines].map(visibleLines).join("\n");
  });
  return `${[...parts, counted(instances.length, "instance")].join("\n\n")}\n`;
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

function list(json: Json | undefined): readonly Json[] {
  return isJsonArray(json) ? json : [];
}
