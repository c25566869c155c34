import { readFileSync } from "node:fs";
import { basename, resolve } from "node:path";
import { CONFIG_PATH, DEFAULT_CONFIG, type RepositoryConfig } from "../config/model.ts";
import { parseConfig } from "../config/parse.ts";
import type { Diagnostic } from "../drift/model.ts";
import type { Checkout } from "../sources/checkout.ts";
import { pathProblem } from "../sources/path-problem.ts";
import { rootRelative } from "../sources/root-path.ts";
import { decodeText, folderOf } from "../terraform/source/snapshot.ts";
import { UsageError } from "./options.ts";

export interface LoadedConfig {
  /** What holds: the defaults where the file is broken. */
  readonly effective: RepositoryConfig;
  readonly diagnostics: readonly Diagnostic[];
  /** Nothing may be written. */
  readonly broken: boolean;
}

const NO_CONFIG: LoadedConfig = { effective: DEFAULT_CONFIG, diagnostics: [], broken: false };
const MISNAMED = ".github/driftwright.yaml";

/**
 * The configuration of a checkout: the file that was asked for, else the one in its place, else the defaults.
 * @throws UsageError where the file that was asked for cannot be read.
 */
export function loadConfig(checkout: Checkout, asked: string | undefined, now: Date): LoadedConfig {
  const bytes = asked === undefined ? checkout.read(CONFIG_PATH) : readAsked(asked);
  if (bytes === undefined) return withoutFile(checkout);
  const file = asked === undefined ? CONFIG_PATH : (rootRelative(checkout.root, resolve(asked)) ?? asked);
  const text = decodeText(bytes);
  if (text === null) return broken(file, "the file is not text in UTF-8; save it as such");
  const { config, diagnostics } = parseConfig(text, file, now);
  return { effective: config ?? DEFAULT_CONFIG, diagnostics, broken: config === null };
}

/** A file that is there and cannot be read may hold rules, so it is no missing file. */
function withoutFile(checkout: Checkout): LoadedConfig {
  if (checkout.refused.some(({ path }) => path === CONFIG_PATH)) return { ...NO_CONFIG, broken: true };
  if (checkout.list(folderOf(CONFIG_PATH)).includes(`${basename(CONFIG_PATH)}/`))
    return broken(CONFIG_PATH, "this is a folder, and the configuration is a file; move the folder away");
  if (checkout.read(MISNAMED) === undefined) return NO_CONFIG;
  return broken(MISNAMED, `the configuration is read from ${CONFIG_PATH}; rename the file`);
}

function broken(file: string, message: string): LoadedConfig {
  return {
    ...NO_CONFIG,
    diagnostics: [{ severity: "error", message, file, line: null, column: null }],
    broken: true,
  };
}

function readAsked(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    const { reason, advice } = pathProblem(error, "read");
    throw new UsageError(`--config ${path} cannot be read: ${reason}; ${advice}`);
  }
}
