import { defineConfig } from "vitest/config";
import { findPrograms } from "./server.ts";

const programs = findPrograms();
console.log(
  programs === null
    ? "No PostgreSQL server here (initdb and pg_ctl, in PATH or below /usr/lib/postgresql): nothing is tested. " +
        "Debian and Ubuntu: apt-get install postgresql"
    : `PostgreSQL server: ${programs}`,
);

/** The tests of the store and the queues once more, on a real PostgreSQL server. */
export default defineConfig({
  test: {
    include: programs === null ? [] : ["test/store/*.test.ts", "test/jobs/*queue*.test.ts"],
    passWithNoTests: true,
    globalSetup: ["test/postgres/setup.ts"],
    reporters: ["default", "./test/reporter.ts"],
    restoreMocks: true,
    setupFiles: ["./test/seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
