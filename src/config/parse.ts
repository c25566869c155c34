import type { Diagnostic } from "../drift/model.ts";
import { issueProblems } from "./issues.ts";
import { DEFAULT_CONFIG, type RepositoryConfig } from "./model.ts";
import { dayOf, doubtfulRules, impossiblePatterns, rulesOf } from "./rules.ts";
import { type ConfigFile, fileSchema } from "./schema.ts";
import { stacksOf } from "./stacks.ts";
import { type Problem, readYaml, type YamlText } from "./yaml-document.ts";

/** `config` is null where a diagnostic is an error: then nothing may be written anywhere. */
export interface ParsedConfig {
  readonly config: RepositoryConfig | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** In characters. A thousand rules fit. */
export const LARGEST_CONFIG = 131_072;
const MOST_DIAGNOSTICS = 50;

/**
 * Reads `.github/driftwright.yml`. `file` is its path for messages, `now` decides which rules are over. Never throws:
 * whatever is wrong is a diagnostic with line and column, errors first, at most 50 of each.
 */
export function parseConfig(text: string, file: string, now: Date): ParsedConfig {
  if (text.length > LARGEST_CONFIG) {
    const message = `the file has ${text.length} characters, the most that is read is ${LARGEST_CONFIG}; make it smaller`;
    return { config: null, diagnostics: [{ severity: "error", message, file, line: 1, column: 1 }] };
  }
  const yaml = readYaml(text);
  const { config, errors, warnings } = check(yaml, file, dayOf(now));
  return {
    config: errors.length === 0 ? config : null,
    diagnostics: [
      ...errors.slice(0, MOST_DIAGNOSTICS).map((problem) => diagnostic("error", problem, yaml, file)),
      ...warnings.slice(0, MOST_DIAGNOSTICS).map((problem) => diagnostic("warning", problem, yaml, file)),
    ],
  };
}

interface Checked {
  readonly config: RepositoryConfig | null;
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

function check(yaml: YamlText, file: string, today: string): Checked {
  if (yaml.problems.length > 0) return { config: null, errors: yaml.problems, warnings: [] };
  if (yaml.value === null) {
    const message = "the file says nothing; write version: 1 and then rules or stacks, or remove the file";
    return { config: null, errors: [{ message, offset: 0 }], warnings: [] };
  }
  const read = fileSchema.safeParse(yaml.value, { reportInput: true });
  if (!read.success)
    return {
      config: null,
      errors: inOrder(issueProblems(read.error.issues, yaml, fileSchema)),
      warnings: [],
    };
  const rules = rulesOf(read.data.rules ?? [], yaml, file);
  const { stacks, problems } = stacksOf(read.data.stacks ?? [], yaml, file);
  return {
    config: { ...DEFAULT_CONFIG, ...settingsOf(read.data), rules, stacks },
    errors: inOrder([...impossiblePatterns(rules, yaml), ...problems]),
    warnings: inOrder(doubtfulRules(rules, yaml, today)),
  };
}

/** The settings that were written and are used as they are. */
function settingsOf({ unmanaged, start, public: shown }: ConfigFile): Partial<RepositoryConfig> {
  return {
    ...(unmanaged === undefined ? {} : { unmanaged }),
    ...(start === undefined ? {} : { start }),
    ...(shown === undefined ? {} : { public: shown }),
  };
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => a.offset - b.offset);
}

function diagnostic(
  severity: Diagnostic["severity"],
  { message, offset }: Problem,
  yaml: YamlText,
  file: string,
): Diagnostic {
  return { severity, message, file, ...yaml.position(offset) };
}
