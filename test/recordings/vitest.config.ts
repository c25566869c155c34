import { defineConfig } from "vitest/config";

/** Compares real answers of real clouds, kept beside the checkout: `npm run test:recordings`. */
export default defineConfig({
  test: {
    include: ["test/recordings/**/*.test.ts"],
    reporters: ["default", "./test/reporter.ts"],
    restoreMocks: true,
    testTimeout: 20_000,
  },
});
