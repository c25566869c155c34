import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { jsonSchemas } from "../../src/config/json-schema.ts";
import { MATCH_KEYS } from "../../src/config/model.ts";
import { parseOwnerConfig } from "../../src/config/owner-config.ts";
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

describe.each([
  ["docs/driftwright.schema.json", 10],
  ["docs/driftwright-owner.schema.json", 16],
])("%s", (path, mappings) => {
  it("is what `npm run schema` writes", () => {
    expect(committed(path)).toBe(jsonSchemas().get(path));
  });

  it("allows no unknown key anywhere, and describes every key", () => {
    const found = objects(parseJson(committed(path)));
    expect(found.length).toBeGreaterThanOrEqual(mappings);
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
      const isOwners = text.includes("driftwright-owner.schema.json");
      const parse = isOwners ? parseOwnerConfig : parseConfig;
      const { config, diagnostics } = parse(text, "docs/configuration.md", NOW);
      expect(diagnostics).toEqual([]);
      expect(config).not.toBeNull();
      expect(text.split("\n")[0]).toMatch(
        /^# yaml-language-server: \$schema=\S+driftwright(?:-owner)?\.schema\.json$/,
      );
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
      "ignore",
      "enforced",
      "unmanaged",
      "start",
      "public",
      "schedule",
      "time_zone",
      "critical_environments",
      "labels",
      "assignees",
      "reviewers",
      "draft",
      "rebase",
      "dry_run",
      "limits",
      "freeze",
    ]) {
      expect(text).toContain(`\`${key}\``);
    }
  });
});
