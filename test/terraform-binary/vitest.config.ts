import { defineConfig } from "vitest/config";

/** Compares the evaluation of whole stacks with the plans of the `terraform` on PATH. */
export default defineConfig({
  test: {
    include: ["test/terraform-binary/**/*.test.ts"],
    reporters: ["default", "./test/reporter.ts"],
    testTimeout: 120_000,
  },
});
