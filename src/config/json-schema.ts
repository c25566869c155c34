import { z } from "zod";
import { fileSchema, ownerFileSchema } from "./schema.ts";

/** The files of JSON Schema (draft 2020-12) for editors, made from the schemas that check: texts by path. */
export function jsonSchemas(): ReadonlyMap<string, string> {
  return new Map([
    ["docs/driftwright.schema.json", printed(fileSchema)],
    ["docs/driftwright-owner.schema.json", printed(ownerFileSchema)],
  ]);
}

function printed(schema: z.ZodObject): string {
  return `${JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, 2)}\n`;
}
