import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [
      "test/recordings/**",
      "test/moto/**",
      "test/terraform-binary/**",
      "test/kill/**",
      "node_modules/**",
    ],
    reporters: ["default", "./test/reporter.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
