import { readFileSync } from "node:fs";
import { CONFIG_PATH, DEFAULT_CONFIG, type RepositoryConfig } from "../config/model.ts";
import { parseConfig } from "../config/parse.ts";
import type { Diagnostic } from "../drift/model.ts";
import { decodeText, type Snapshot } from "../terraform/snapshot.ts";
import { UsageError } from "./options.ts";

export interface LoadedConfig {
  /** What holds: the defaults where the file is broken. */
  readonly effective: RepositoryConfig;
  readonly diagnostics: readonly Diagnostic[];
  /** Nothing may be written. */
  readonly broken: boolean;
}

/**
 * The configuration of a checkout: the file that was asked for, else the one in its place, else the defaults.
 * @throws UsageError where the file that was asked for cannot be read.
 */
export function loadConfig(snapshot: Snapshot, asked: string | undefined, now: Date): LoadedConfig {
  const bytes = asked === undefined ? snapshot.read(CONFIG_PATH) : readAsked(asked);
  if (bytes === undefined) return { effective: DEFAULT_CONFIG, diagnostics: [], broken: false };
  const file = asked ?? CONFIG_PATH;
  const { config, diagnostics } = parseConfig(decodeText(bytes) ?? "\u0000", file, now);
  return { effective: config ?? DEFAULT_CONFIG, diagnostics, broken: config === null };
}

function readAsked(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new UsageError(`--config ${path} cannot be read${reason}`);
  }
}
