import type { Place } from "../drift/model.ts";
import type { Engine } from "../engine/engine.ts";
import { isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";

/**
 * Where a change touches an instance: for each path the literal that decides it in `engine`'s code, each line once.
 * Nothing where the code does not declare the instance.
 */
export async function touchedPlaces(
  engine: Pick<Engine, "trace">,
  stack: string,
  address: string,
  paths: readonly Path[],
): Promise<Place[]> {
  const places = new Map<string, Place>();
  for (const path of paths) {
    const { document } = await engine.trace({ stack, address, path: printPath(path), to: null });
    const place = lastPlace(document);
    if (place !== null) places.set(`${place.file}:${place.line}`, place);
  }
  return [...places.values()];
}

function lastPlace(document: Json): Place | null {
  const chain = isJsonObject(document) ? document["chain"] : undefined;
  const last = isJsonArray(chain) ? chain.at(-1) : undefined;
  if (!isJsonObject(last)) return null;
  const { file, line, column } = last;
  const isPlace = typeof file === "string" && typeof line === "number" && typeof column === "number";
  return isPlace ? { file, line, column } : null;
}
