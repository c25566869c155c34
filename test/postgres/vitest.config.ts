import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { findPrograms } from "./server.ts";

const programs = findPrograms();
console.log(
  programs === null
    ? "No PostgreSQL server here (initdb and pg_ctl, in PATH or below /usr/lib/postgresql): nothing is tested. " +
        "Debian and Ubuntu: apt-get install postgresql"
    : `PostgreSQL server: ${programs}`,
);

/** Whatever opens a database: the App and its service too. What needs none is left to `npm test`. */
const JOBS = ["test/jobs/**/!(unscannable).test.ts", "test/gallery/*.test.ts"];
const OTHERS = [
  "test/store/*.test.ts",
  "test/jobs/unscannable.test.ts",
  "test/app/{official-payloads,service}.test.ts",
  "test/e2e/{loop,onboarding}.test.ts",
];
const NEED_NONE = [
  "allowed-states",
  "byte-budget",
  "due",
  "edited-files",
  "payload-problem",
  "request-counts",
  "stacks-to-compare",
  "suggestions",
].map((name) => `test/jobs/${name}.test.ts`);

/** The tests with a database once more, on a real PostgreSQL server. */
export default defineConfig({
  test: {
    passWithNoTests: true,
    globalSetup: ["test/postgres/setup.ts"],
    reporters: ["default", "./test/reporter.ts"],
    restoreMocks: true,
    setupFiles: ["./test/seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // One more than there are processors: many tests wait.
    maxWorkers: availableParallelism() + 1,
    projects: [
      { extends: true, test: { name: "alone", include: programs === null ? [] : OTHERS } },
      {
        extends: true,
        test: {
          name: "jobs",
          include: programs === null ? [] : JOBS,
          exclude: NEED_NONE,
          isolate: false,
          setupFiles: ["./test/seed.ts", "./test/jobs/without-dashboard.ts"],
        },
      },
    ],
  },
});
