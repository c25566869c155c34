import { z } from "zod";
import type { Path, PathStep } from "../json/path.ts";
import { printPath } from "../json/path.ts";
import { suggestion } from "./suggestion.ts";
import type { Problem, YamlText } from "./yaml-document.ts";

type Issue = z.core.$ZodIssue;

const LONGEST_SHOWN = 60;
/** What an owner says for all repositories of theirs, and no repository of its own. */
const OWNERS_KEY = "enforced";
/** Unknown keys named for each mapping. */
const MOST_KEYS = 50;

/** What the schema of a file found, one problem for each thing to be repaired, in the words of who wrote the file. */
export function issueProblems(issues: readonly Issue[], yaml: YamlText, schema: z.ZodObject): Problem[] {
  return issues.flatMap((issue) => problemsOf(issue, yaml, schema));
}

function problemsOf(issue: Issue, yaml: YamlText, schema: z.ZodObject): Problem[] {
  const path = issue.path.map((step): PathStep => (typeof step === "number" ? step : String(step)));
  if (issue.code === "unrecognized_keys")
    return issue.keys.slice(0, MOST_KEYS).map((key) => unknownKey(path, key, yaml, schema));
  const inner = meantIssues(issue);
  if (inner.length > 0) {
    return inner.flatMap((one) => problemsOf({ ...one, path: [...issue.path, ...one.path] }, yaml, schema));
  }
  const offset = yaml.offsetOf(path);
  if (issue.code === "invalid_key") {
    const name = String(path.at(-1));
    return [
      {
        message: `${printPath(path.slice(0, -1))}: no variable can be called ${shown(name)}; use letters, digits, _ and -`,
        offset: yaml.offsetOfKey(path.slice(0, -1), name),
      },
    ];
  }
  return [{ message: wrongValue(issue, path), offset }];
}

/** Where a word, a list or a mapping may be written: what is wrong inside of the one that was written. */
function meantIssues(issue: Issue): readonly Issue[] {
  if (issue.code !== "invalid_union") return [];
  const isInside = ({ code, path }: Issue) => path.length > 0 || code === "unrecognized_keys";
  return issue.errors.find((option) => option.every(isInside)) ?? [];
}

function wrongValue(issue: Issue, path: Path): string {
  const where = path.length === 0 ? "the file" : printPath(path);
  if (issue.input === undefined) return `${where} is missing; it must be ${expected(issue)}`;
  if (issue.input === null) return `${where} is empty; it must be ${expected(issue)}`;
  return `${where} must be ${expected(issue)}, not ${shown(issue.input)}${meant(issue)}`;
}

function expected(issue: Issue): string {
  if (issue.code === "invalid_value" && issue.values.length > 1) return `one of ${issue.values.join(", ")}`;
  if (issue.code === "invalid_type" && issue.expected === "object") return "a mapping of keys to values";
  return issue.message;
}

function meant(issue: Issue): string {
  if (issue.code === "invalid_union") return issue.errors.flat().map(meant).join("");
  if (issue.code !== "invalid_value" || issue.values.length < 2 || typeof issue.input !== "string") return "";
  const close = suggestion(issue.input, issue.values.map(String));
  return close === null ? "" : `; did you mean ${close}?`;
}

function unknownKey(path: Path, key: string, yaml: YamlText, schema: z.ZodObject): Problem {
  const offset = yaml.offsetOfKey(path, key);
  if (key === "<<") {
    const message = "merge keys (<<) are not read; write the keys themselves, or an alias for one value";
    return { message, offset };
  }
  if (path.length === 0 && key === OWNERS_KEY) {
    const message = `unknown key "${OWNERS_KEY}"; only the file of an owner has it: driftwright.yml in their repository .github`;
    return { message, offset };
  }
  const known = knownKeys(path, schema);
  const close = suggestion(key, known);
  const hint = close === null ? `known here: ${known.join(", ")}` : `did you mean ${close}?`;
  const where = path.length === 0 ? "" : ` in ${printPath(path)}`;
  return { message: `unknown key ${shown(key)}${where}; ${hint}`, offset };
}

/** The keys that the schema knows at a path, through optional values and lists. */
function knownKeys(path: Path, root: z.ZodObject): readonly string[] {
  let schema: unknown = root;
  for (const step of path) {
    const outer = mapping(schema);
    if (outer instanceof z.ZodObject) schema = outer.shape[String(step)];
    else if (outer instanceof z.ZodArray) schema = outer.element;
  }
  const last = mapping(schema);
  return last instanceof z.ZodObject ? Object.keys(last.shape) : [];
}

/** Without what may be left out, or be a word in place of a mapping. */
function mapping(schema: unknown): unknown {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodUnion)) return inner;
  return inner.options.find((option) => option instanceof z.ZodObject) ?? inner;
}

/** An untrusted value inside of a message: short, on one line. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}
