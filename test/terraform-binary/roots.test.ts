import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { withPlan } from "./plan.ts";
import { ourAnswers, ROOTS, ROOTS_FOLDER } from "./roots.ts";
import { terraformVersion } from "./terraform.ts";

const version = terraformVersion();
if (version === null) console.log("terraform was not found: the comparison with its plans was skipped.");
else console.log(`compared with the plans of terraform ${version}`);

test("every folder of roots is planned", () => {
  expect(readdirSync(ROOTS_FOLDER).sort()).toEqual(ROOTS.map(({ name }) => name).sort());
});

describe.skipIf(version === null).each(ROOTS)("$name", (root) => {
  test("every value is the one that terraform plans", () => {
    withPlan(root, (planned, state, place) => {
      expect(ourAnswers(root, place, state)).toEqual({ errors: [], ...planned });
    });
  });
});
