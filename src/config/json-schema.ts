import { z } from "zod";
import { fileSchema } from "./schema.ts";

/** The text of `docs/driftwright.schema.json`: JSON Schema (draft 2020-12) for editors, made from the schema that checks. */
export function jsonSchema(): string {
  return `${JSON.stringify(z.toJSONSchema(fileSchema, { io: "input" }), null, 2)}\n`;
}
