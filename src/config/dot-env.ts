import { existsSync } from "node:fs";
import { loadEnvFile } from "node:process";
import { EnvironmentError } from "./environment-error.ts";

/**
 * Adds what `.env` in the current folder has, which the set-up page wrote, to the environment of this process. The
 * environment as it is comes first.
 * @throws EnvironmentError where the file is there and cannot be read
 */
export function loadDotEnv(): void {
  if (!existsSync(".env")) return;
  try {
    loadEnvFile(".env");
  } catch {
    throw new EnvironmentError([
      ".env cannot be read: let the user that runs Driftwright read it, or start in another folder",
    ]);
  }
}
