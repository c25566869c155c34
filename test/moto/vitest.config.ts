import { defineConfig } from "vitest/config";

/** Reads a second implementation of EC2, where one is installed (`pip install 'moto[server]'`). */
export default defineConfig({
  test: {
    include: ["test/moto/**/*.test.ts"],
    reporters: ["default", "./test/reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
