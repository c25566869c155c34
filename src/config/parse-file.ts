import type { z } from "zod";
import type { Diagnostic } from "../drift/model.ts";
import { issueProblems } from "./issues.ts";
import { type Problem, readYaml, type YamlText } from "./yaml-document.ts";

/** What a file says; null where a diagnostic is an error. */
export interface ParsedFile<T> {
  readonly config: T | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** What was made of a file whose shape is right. */
export interface Made<T> {
  readonly config: T;
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** In characters. A thousand rules fit. */
export const LARGEST_CONFIG = 131_072;
const MOST_DIAGNOSTICS = 50;

/**
 * Reads a file of configuration. Never throws: whatever is wrong is a diagnostic with line and column, errors first, at
 * most 50 of each.
 * @param file its path, for messages
 * @param make what is made of what it says
 */
export function parseFile<Schema extends z.ZodObject, T>(
  text: string,
  file: string,
  schema: Schema,
  make: (written: z.infer<Schema>, yaml: YamlText) => Made<T>,
): ParsedFile<T> {
  if (text.length > LARGEST_CONFIG) {
    const message = `the file has ${text.length} characters, the most that is read is ${LARGEST_CONFIG}; make it smaller`;
    return { config: null, diagnostics: [{ severity: "error", message, file, line: 1, column: 1 }] };
  }
  const yaml = readYaml(text);
  const { config, errors, warnings } = check(yaml, schema, make);
  const diagnosed = (severity: Diagnostic["severity"], problems: readonly Problem[]) =>
    problems
      .toSorted((a, b) => a.offset - b.offset)
      .slice(0, MOST_DIAGNOSTICS)
      .map(({ message, offset }): Diagnostic => ({ severity, message, file, ...yaml.position(offset) }));
  return {
    config: errors.length === 0 ? config : null,
    diagnostics: [...diagnosed("error", errors), ...diagnosed("warning", warnings)],
  };
}

function check<Schema extends z.ZodObject, T>(
  yaml: YamlText,
  schema: Schema,
  make: (written: z.infer<Schema>, yaml: YamlText) => Made<T>,
): Made<T | null> {
  if (yaml.problems.length > 0) return { config: null, errors: yaml.problems, warnings: [] };
  if (yaml.value === null) {
    const message = "the file says nothing; write version: 1 and then rules or stacks, or remove the file";
    return { config: null, errors: [{ message, offset: 0 }], warnings: [] };
  }
  const read = schema.safeParse(yaml.value, { reportInput: true });
  return read.success
    ? make(read.data, yaml)
    : { config: null, errors: issueProblems(read.error.issues, yaml, schema), warnings: [] };
}
