import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jsonSchema } from "../../src/config/json-schema.ts";
import { MATCH_KEYS } from "../../src/config/model.ts";
import { parseConfig } from "../../src/config/parse.ts";
import { isJsonObject, type Json, parseJson } from "../../src/json/json.ts";

const NOW = new Date("2026-05-01T12:00:00Z");
const committed = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** Every object schema inside of a schema. */
function objects(schema: Json): readonly Json[] {
  if (!isJsonObject(schema)) return Array.isArray(schema) ? schema.flatMap(objects) : [];
  const below = Object.values(schema).flatMap(objects);
  return schema["type"] === "object" && schema["properties"] !== undefined ? [schema, ...below] : below;
}

describe("docs/driftwright.schema.json", () => {
  it("is what `npm run schema` writes", () => {
    expect(committed("docs/driftwright.schema.json")).toBe(jsonSchema());
  });

  it("allows no unknown key anywhere, and describes every key", () => {
    const found = objects(parseJson(jsonSchema()));
    expect(found).toHaveLength(4);
    for (const schema of found) {
      if (!isJsonObject(schema) || !isJsonObject(schema["properties"])) throw new Error("no properties");
      expect(schema["additionalProperties"]).toBe(false);
      for (const property of Object.values(schema["properties"]))
        expect(property).toHaveProperty("description");
    }
  });
});

describe("docs/configuration.md", () => {
  const examples = [...committed("docs/configuration.md").matchAll(/```yaml\n([\s\S]*?)```/g)].map(
    ([, text]) => text ?? "",
  );

  it("has examples", () => {
    expect(examples.length).toBeGreaterThan(3);
  });

  it.each(examples.map((text, index) => [index + 1, text] as const))(
    "example %i is valid",
    (_number, text) => {
      const { config, diagnostics } = parseConfig(text, "docs/configuration.md", NOW);
      expect(diagnostics).toEqual([]);
      expect(config).not.toBeNull();
      expect(text.split("\n")[0]).toMatch(/^# yaml-language-server: \$schema=\S+driftwright\.schema\.json$/);
    },
  );

  it("explains every key", () => {
    const text = committed("docs/configuration.md");
    for (const key of [
      ...MATCH_KEYS,
      "name",
      "verdict",
      "until",
      "because",
      "var_files",
      "vars",
      "env_vars",
      "workspace",
      "state",
      "backend_config",
      "unmanaged",
      "start",
      "public",
    ]) {
      expect(text).toContain(`\`${key}\``);
    }
  });
});
