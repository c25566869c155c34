import { writeFileSync } from "node:fs";
import { withPlan } from "./plan.ts";
import { ROOTS } from "./roots.ts";
import { terraformVersion } from "./terraform.ts";

/**
 * Plans every root with the `terraform` on PATH, and writes what the plans say where `npm test` compares with it.
 *
 *     npx node test/terraform-binary/remake-roots.ts
 */

const FOLDER = new URL("../terraform/fixtures/roots/", import.meta.url);

for (const root of ROOTS) {
  withPlan(root, (planned, state) => {
    const fixture = { terraform: terraformVersion(), ...planned, state };
    writeFileSync(new URL(`${root.name}.json`, FOLDER), `${JSON.stringify(fixture, null, 2)}\n`);
  });
}
