import { defineConfig } from "vitest/config";

/** The service killed at many places. Takes minutes: what a killed process worked on is waited for. */
export default defineConfig({
  test: {
    include: ["test/kill/*.test.ts"],
    reporters: ["verbose", "./test/reporter.ts"],
    restoreMocks: true,
    // Each has a service of its own, and mostly waits.
    maxConcurrency: 3,
    testTimeout: 300_000,
    hookTimeout: 120_000,
  },
});
