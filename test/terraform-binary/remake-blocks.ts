import { writeFileSync } from "node:fs";
import { BLOCK_CASES } from "./block-cases.ts";
import { withBlocksProvider } from "./blocks-provider.ts";
import { terraformVersion } from "./terraform.ts";

/**
 * Plans every case of nested blocks with the `terraform` on PATH and a provider that `go` builds, and writes what the
 * plans say where `npm test` compares with it.
 *
 *     npx node test/terraform-binary/remake-blocks.ts
 */

withBlocksProvider((answerOf) => {
  const answers = Object.fromEntries(Object.keys(BLOCK_CASES).map((name) => [name, answerOf(name)]));
  const fixture = { terraform: terraformVersion(), answers };
  const file = new URL("../terraform/fixtures/blocks.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify(fixture, null, 2)}\n`);
});
