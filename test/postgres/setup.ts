import type { TestProject } from "vitest/node";
import { findPrograms, startServer } from "./server.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A PostgreSQL server to make databases on; left out where the tests use embedded ones. */
    postgres?: string;
  }
}

/** One server for all test files; each makes a database of its own. */
export async function setup(project: TestProject): Promise<() => void> {
  const programs = findPrograms();
  if (programs === null) return () => {};
  const server = await startServer(programs);
  project.provide("postgres", server.url);
  return () => server.stop();
}
