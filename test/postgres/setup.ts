import type { TestProject } from "vitest/node";
import { openDatabase } from "../../src/store/database.ts";
import { silent } from "../store/logs.ts";
import { findPrograms, startServer } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /**
     * A database with this release's tables and nothing in them, on a PostgreSQL server where copies of it can be made;
     * left out where the tests use embedded ones.
     */
    postgres?: string;
  }
}

/** One server for all test files; each makes databases of its own, with the tables in them. */
export async function setup(project: TestProject): Promise<() => void> {
  const programs = findPrograms();
  if (programs === null) return () => {};
  const server = await startServer(programs);
  try {
    const database = await openDatabase({ url: server.template, dataDir: "", log: silent });
    await database.close();
  } catch (error) {
    server.stop();
    throw error;
  }
  project.provide("postgres", server.template);
  return () => server.stop();
}
