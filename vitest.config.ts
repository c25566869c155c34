import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Folders whose tests compute and share nothing: no process, no server, no database. */
const PURE = ["config", "drift", "hcl", "intent", "json", "providers", "reconcile", "reports", "terraform"]
  .map((folder) => `test/${folder}/**/*.test.ts`)
  // Below it are servers.
  .concat("test/sources/*.test.ts");

/** Suites with a command of their own. */
const OTHERS = ["kill", "moto", "recordings", "terraform-binary"].map((folder) => `test/${folder}/**`);

export default defineConfig({
  test: {
    reporters: ["default", "./test/reporter.ts"],
    restoreMocks: true,
    setupFiles: ["./test/seed.ts"],
    // Far above what any of them takes: on a busy machine the others take most of the time.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than there are processors, since many tests wait: for a process, a time-out, a queue.
    maxWorkers: availableParallelism() + 1,
    projects: [
      {
        // The longest ones are here, and projects run in the order of their names.
        extends: true,
        test: { name: "edges", include: ["test/**/*.test.ts"], exclude: [...OTHERS, ...PURE] },
      },
      {
        extends: true,
        test: { name: "pure", include: PURE, isolate: false },
      },
    ],
  },
});
