import type { Json, JsonObject } from "../../json/json.ts";
import type { Path } from "../../json/path.ts";

/** An answer of AWS in Terraform's names. `unread`: what the answers at hand do not tell. */
export interface Mapped {
  readonly attributes: JsonObject;
  readonly unread: readonly Path[];
}

/** Attributes of which `undefined` means that the answer does not speak of them: old endpoints, other partitions. */
export function toldOf(values: Readonly<Record<string, Json | undefined>>, at: Path = []): Mapped {
  const entries = Object.entries(values);
  return {
    attributes: Object.fromEntries(
      entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
    ),
    unread: entries.flatMap(([name, value]) => (value === undefined ? [[...at, name]] : [])),
  };
}
