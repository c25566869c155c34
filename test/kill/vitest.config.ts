import { defineConfig } from "vitest/config";

/** The service killed at many places. Mostly waits for what a killed process worked on to be resumed. */
export default defineConfig({
  test: {
    include: ["test/kill/*.test.ts"],
    reporters: ["verbose", "./test/reporter.ts"],
    restoreMocks: true,
    // Each has a service of its own, of some hundred megabytes.
    maxConcurrency: 6,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
