import { hasExactPlaces } from "../hcl/editing/document-text.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import { EvaluationError } from "../hcl/evaluation/context.ts";
import { evaluate } from "../hcl/evaluation/evaluate.ts";
import { type Diagnostic, positionAt } from "../hcl/syntax/source.ts";
import type { Origin, Value } from "../hcl/values/value.ts";
import { writtenOrigin } from "../hcl/values/written-origin.ts";
import type { Json } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { readBackend } from "../terraform/code/backend-block.ts";
import { branchesOf } from "../terraform/tracing/branches.ts";
import { lastFrom } from "../terraform/tracing/carried.ts";
import { readDocument } from "../terraform/tracing/document-ranges.ts";
import { LARGEST_DOCUMENT } from "../terraform/tracing/document-tree.ts";
import { lastTowards } from "../terraform/tracing/towards.ts";
import { valueAt } from "../terraform/tracing/value-at.ts";
import { whereabouts } from "../terraform/tracing/whereabouts.ts";
import type { Repository } from "./repository.ts";

type DocumentOrigin = Extract<Origin, { kind: "document" }>;
type SettingOrigin = Extract<Origin, { kind: "setting" }>;

/**
 * That a value is decided where no edit of code or variable files reaches it, or is an error; null where it is not.
 * `wanted`: what the value should be, where it is to have one.
 */
export function decidedOutside(located: Located, wanted?: Json): string | null {
  const own = valueOrNull(located)?.origin;
  if (own?.kind === "failed") return failedText(own.diagnostic);
  const last = lastTowards(located, wanted);
  if (!hasExactPlaces(last.expression)) {
    const { path } = last.expression.file;
    return `the value is read from ${path}, whose text is not in the Unicode normal form that Terraform reads (NFC); edit it there by hand`;
  }
  const value = valueOrNull(last);
  if (value === null) return null;
  const origin = writtenOrigin(value);
  if (origin.kind === "setting") return settingText(origin);
  if (origin.kind === "state")
    return `the value comes from ${origin.address}, which is known from the state alone`;
  if (origin.kind === "document") {
    const reason = documentReason(located, origin);
    return `the value is read from ${origin.file}${reason}; edit it there by hand`;
  }
  return null;
}

/** Why no place in a document was found. */
function documentReason({ context }: Located, origin: DocumentOrigin): string {
  const document = readDocument(origin, context);
  if (document === null) return "";
  if (document.text.length <= LARGEST_DOCUMENT) return "";
  return `, which has more than ${LARGEST_DOCUMENT.toLocaleString("en")} characters`;
}

/** Why nothing can be done about a value that the code does not know: which value is not known, and where it is set. */
export function explainUnknown(
  { stacks, files }: Repository,
  stack: string,
  address: string,
  path: Path,
): string {
  const evaluation = stacks.find(({ name }) => name === stack)?.evaluation;
  const instance = evaluation?.instances.get(address);
  const place = instance === undefined ? null : whereabouts(instance, path);
  if (evaluation === undefined || place?.kind !== "argument") return UNKNOWN;
  const own = valueOrNull(place.located)?.origin;
  if (own?.kind === "failed") return failedText(own.diagnostic);
  const value = valueOrNull({ ...lastFrom(place.located, branchesOf), path: [] });
  const origin = value === null ? null : writtenOrigin(value);
  if (origin?.kind === "state") return `${UNKNOWN}: ${origin.address}`;
  const variable = origin?.kind === "setting" ? unsetVariable(origin.name) : null;
  if (origin?.kind !== "setting" || variable === null) return UNKNOWN;
  if (origin.file !== undefined) return unreadText(variable, origin.file);
  const backends = evaluation.root.module.files.map((file) => {
    const body = files.get(file)?.parsed.body;
    return body === undefined ? null : readBackend(body)?.type;
  });
  return unsetText(
    variable,
    backends.some((type) => type === "cloud" || type === "remote"),
  );
}

function unsetText(variable: string, isRemote: boolean): string {
  const where = isRemote
    ? "a remote workspace's variables give it (HCP Terraform or Terraform Enterprise)"
    : `it is given where Terraform runs (TF_VAR_${variable}, -var or a remote workspace's variables)`;
  return `variable ${JSON.stringify(variable)} has no value in the repository: ${where}; change it there, or set it in a .tfvars file`;
}

const UNKNOWN = "the code computes the value from something that is not known";

/** The name of a variable that nothing of the repository gives a value. */
function unsetVariable(setting: string): string | null {
  return setting.startsWith("variable ") ? setting.slice("variable ".length) : null;
}

function failedText({ message, range }: Diagnostic): string {
  const place =
    range === null ? "" : ` at ${range.file.path}:${positionAt(range.file.text, range.start).line}`;
  return `there is an error${place}: ${message}; mend that first`;
}

function unreadText(variable: string, file: string): string {
  return `variable ${JSON.stringify(variable)} may have its value from ${file}, which cannot be read; change it there, or give the value to Driftwright with --var or in vars of the stack in .github/driftwright.yml`;
}

function settingText({ name, file }: SettingOrigin): string {
  const variable = unsetVariable(name);
  if (variable !== null) return file === undefined ? unsetText(variable, false) : unreadText(variable, file);
  const outside = `the value is set outside of the repository's files (${name})`;
  if (name.startsWith("--var "))
    return `${outside}: on the command line, or in vars of the stack in .github/driftwright.yml; change it there`;
  if (name.startsWith("TF_VAR_"))
    return `${outside}: in the environment, for Driftwright in env_vars of the stack in .github/driftwright.yml; change it there`;
  return outside;
}

function valueOrNull({ expression, context, path }: Located): Value | null {
  try {
    return valueAt(evaluate(expression, context), path);
  } catch (error) {
    if (error instanceof EvaluationError) return null;
    throw error;
  }
}
