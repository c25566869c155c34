import type { Range } from "../../hcl/syntax/source.ts";
import type { Block, Body } from "../../hcl/syntax/syntax.ts";
import type { Json, JsonObject } from "../../json/json.ts";
import { literalJson } from "./literal.ts";
import { blocksOf } from "./module.ts";

/** Where a root module keeps its state, as its `terraform` block says. */
export interface Backend {
  /** `s3`, `gcs`, `local`, …; `cloud` for a `cloud` block. */
  readonly type: string;
  readonly place: Range;
  /** The arguments that are literals; blocks are lists. May hold credentials: never to be printed. */
  readonly settings: JsonObject;
  /** The arguments that have to be evaluated. */
  readonly unresolved: readonly string[];
}

/** The last backend or `cloud` block in a file's `terraform` blocks; null where there is none. */
export function readBackend(body: Body): Backend | null {
  const settings = blocksOf(body, "terraform").map((block) => block.body);
  const found = settings.flatMap((inner) => [...blocksOf(inner, "backend"), ...blocksOf(inner, "cloud")]);
  const last = found.at(-1);
  return last === undefined ? null : toBackend(last);
}

function toBackend(block: Block): Backend {
  const unresolved: string[] = [];
  const settings = settingsOf(block.body, unresolved);
  const type = block.type === "cloud" ? "cloud" : (block.labels[0]?.value ?? "");
  return { type, place: block, settings, unresolved };
}

function settingsOf(body: Body, unresolved: string[]): JsonObject {
  const settings = new Map<string, Json>();
  for (const item of body.items) {
    if (item.kind === "block") {
      const earlier = settings.get(item.type);
      const blocks = Array.isArray(earlier) ? earlier : [];
      settings.set(item.type, [...blocks, settingsOf(item.body, unresolved)]);
      continue;
    }
    const value = literalJson(item.value);
    if (value === undefined) unresolved.push(item.name);
    else settings.set(item.name, value);
  }
  return Object.fromEntries(settings);
}
