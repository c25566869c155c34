import { writeFileSync } from "node:fs";
import { blockRoot, ignoredRoot, readRoot } from "./block-answers.ts";
import { BLOCK_CASES } from "./block-cases.ts";
import { withBlocksProvider } from "./blocks-provider.ts";
import { IGNORED_CASES } from "./ignored-cases.ts";
import { READ_CASES } from "./read-cases.ts";
import { terraformVersion } from "./terraform.ts";

/**
 * Plans every case of nested blocks with the `terraform` on PATH and a provider that `go` builds, and writes what the
 * plans say where `npm test` compares with it.
 *
 *     npx node test/terraform-binary/remake-blocks.ts
 */

withBlocksProvider((answerOf) => {
  const answers = Object.fromEntries(
    Object.keys(BLOCK_CASES).map((name) => [name, answerOf(blockRoot(name))]),
  );
  const ignored = Object.fromEntries(
    Object.keys(IGNORED_CASES).map((name) => {
      const { code, state } = ignoredRoot(name);
      return [name, answerOf(code, state)];
    }),
  );
  const read = Object.fromEntries(
    Object.keys(READ_CASES).map((name) => {
      const { code, state } = readRoot(name);
      return [name, answerOf(code, state)];
    }),
  );
  const fixture = { terraform: terraformVersion(), answers, ignored, read };
  const file = new URL("../terraform/fixtures/blocks.json", import.meta.url);
  writeFileSync(file, `${JSON.stringify(fixture, null, 2)}\n`);
});
