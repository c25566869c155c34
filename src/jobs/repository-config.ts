import { CONFIG_PATH, DEFAULT_CONFIG, type RepositoryConfig } from "../config/model.ts";
import { parseConfig } from "../config/parse.ts";
import type { Diagnostic } from "../drift/model.ts";

/** The configuration of a repository, as the default branch has it. */
export interface LoadedConfig {
  /** The defaults where the file is broken. */
  readonly effective: RepositoryConfig;
  readonly diagnostics: readonly Diagnostic[];
  /** The file has errors: nothing may be written because of it. */
  readonly broken: boolean;
}

const NONE: LoadedConfig = { effective: DEFAULT_CONFIG, diagnostics: [], broken: false };

/** @param text of the file; null where there is none */
export function configOf(text: string | null, now: Date): LoadedConfig {
  if (text === null) return NONE;
  const { config, diagnostics } = parseConfig(text, CONFIG_PATH, now);
  return { effective: config ?? DEFAULT_CONFIG, diagnostics, broken: config === null };
}

/** Said where the file is there and is not text in UTF-8. */
export function unreadableConfig(): LoadedConfig {
  const message = "the file is not text in UTF-8; save it as such";
  const place = { file: CONFIG_PATH, line: null, column: null };
  return { ...NONE, diagnostics: [{ severity: "error", message, ...place }], broken: true };
}
