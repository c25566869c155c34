import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Folders whose tests leave nothing behind in their process, so that it loads what they test once. */
const TOGETHER = [
  "config",
  "drift",
  "engine",
  "github",
  "hcl",
  "intent",
  "inventory",
  "json",
  "providers",
  "reconcile",
  "reports",
  "scan",
  "sources",
  "store",
  "terraform",
  "web",
].map((folder) => `test/${folder}/**/*.test.ts`);

/** The same of the jobs, of which one file puts something else in the place of a module. */
const JOBS = ["test/jobs/**/!(unscannable).test.ts", "test/gallery/*.test.ts"];

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
        test: {
          name: "alone",
          include: ["test/**/*.test.ts"],
          exclude: [...OTHERS, ...JOBS, ...TOGETHER],
        },
      },
      {
        extends: true,
        test: {
          name: "jobs",
          include: JOBS,
          isolate: false,
          setupFiles: ["./test/seed.ts", "./test/jobs/without-dashboard.ts"],
        },
      },
      {
        extends: true,
        test: { name: "together", include: TOGETHER, isolate: false },
      },
    ],
  },
});
