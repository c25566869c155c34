import type { z } from "zod";
import type { Diagnostic } from "../drift/model.ts";
import { issueProblems } from "./issues.ts";
import { readableParts } from "./readable-parts.ts";
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
/** Of errors, and of warnings. */
export const MOST_DIAGNOSTICS = 50;

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
    shortened(eachOnce(problems).toSorted((a, b) => a.offset - b.offset)).map(
      ({ message, offset }): Diagnostic => ({ severity, message, file, ...yaml.position(offset) }),
    );
  return {
    config: errors.length === 0 ? config : null,
    diagnostics: [...diagnosed("error", errors), ...diagnosed("warning", warnings)],
  };
}

/** The last that is told says how many are not. */
function shortened(problems: readonly Problem[]): readonly Problem[] {
  const left = problems.length - MOST_DIAGNOSTICS;
  if (left <= 0) return problems;
  return problems.slice(0, MOST_DIAGNOSTICS).map((problem, index) => {
    if (index < MOST_DIAGNOSTICS - 1) return problem;
    return {
      ...problem,
      message: `${problem.message} (and ${left} more below, told once these are repaired)`,
    };
  });
}

/** Through aliases one mistake may be met more than once, as of several entries of a list. */
function eachOnce(problems: readonly Problem[]): readonly Problem[] {
  const met = Map.groupBy(
    problems,
    ({ message, offset }) => `${offset} ${message.replace(/\[\d+\]/g, "[]")}`,
  );
  return [...met.values()].flatMap(([first]) => first ?? []);
}

function check<Schema extends z.ZodObject, T>(
  yaml: YamlText,
  schema: Schema,
  make: (written: z.infer<Schema>, yaml: YamlText) => Made<T>,
): Made<T | null> {
  const { value, problems } = yaml;
  if (value === null) {
    const message = "the file says nothing; write version: 1 and then rules or stacks, or remove the file";
    return { config: null, errors: problems.length > 0 ? problems : [{ message, offset: 0 }], warnings: [] };
  }
  const read = schema.safeParse(value, { reportInput: true });
  if (read.success) {
    const made = make(read.data, yaml);
    if (problems.length === 0) return made;
    const { errors, warnings } = made;
    return {
      config: null,
      errors: [...problems, ...besides(problems, errors)],
      warnings: besides(problems, warnings),
    };
  }
  const errors = [...problems, ...besides(problems, issueProblems(read.error.issues, yaml, schema))];
  const readable = readableParts(value, schema);
  if (readable === null) return { config: null, errors, warnings: [] };
  const made = make(readable.written, yaml);
  return {
    config: null,
    errors: [...errors, ...besides(errors, made.errors)],
    warnings: readable.isExact ? besides(errors, made.warnings) : [],
  };
}

/** Of a place that has a mistake already, the others would only say it again. */
function besides(said: readonly Problem[], others: readonly Problem[]): readonly Problem[] {
  const places = new Set(said.flatMap(({ offset, behind = offset }) => [offset, behind]));
  return others.filter(({ offset }) => !places.has(offset));
}
