import type { Diagnostic } from "../drift/model.ts";
import { printPath } from "../json/path.ts";
import { moduleAddress } from "../terraform/address.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import type { EvaluatedInstance, EvaluatedPage } from "./api.ts";
import { MOST_CHARACTERS, printedSize } from "./document-size.ts";
import { maskedObject, visiblePaths, withSecretsMarked } from "./masked.ts";
import { placeOf, plainDiagnostic } from "./places.ts";
import { recordedSecrets } from "./secrets.ts";

/** Where a page takes so many characters to print, the next one begins. */
const PAGE_CHARACTERS = 128 * 1024;

interface PageLimits {
  /** Of a page. */
  readonly characters: number;
  /** Of one instance. */
  readonly most: number;
}

/**
 * The managed instances from one on, with the attributes that the code sets; as many as are handed over at once.
 * One that takes more than `most` characters to print has no values.
 * @param secrets texts that are masked in them
 */
export function evaluatedPage(
  evaluation: Evaluation,
  from: number,
  { characters, most }: PageLimits = { characters: PAGE_CHARACTERS, most: MOST_CHARACTERS },
  secrets: ReadonlySet<string> = recordedSecrets(evaluation),
): EvaluatedPage {
  const { instances, diagnostics } = evaluation;
  const parts: EvaluatedInstance[] = [];
  const tooLarge: Diagnostic[] = [];
  let size = 0;
  for (const instance of instances.values().drop(from)) {
    if (size >= characters) break;
    const part = evaluatedInstance(instance, secrets);
    const own = printedSize(part, most);
    if (own > most) tooLarge.push(whyTooLarge(instance, most));
    size += own > most ? 0 : own;
    parts.push(own > most ? withoutValues(part) : part);
  }
  const next = from + parts.length;
  return {
    instances: parts,
    next: next < instances.size ? next : null,
    diagnostics: diagnostics.map(plainDiagnostic),
    tooLarge,
  };
}

function whyTooLarge({ name: address, block }: ResourceInstance, most: number): Diagnostic {
  const size = most < MEGABYTE ? `${most} characters` : `${Math.floor(most / MEGABYTE)} MB`;
  const message = `the values of ${address} take more than ${size} to print, and are left out; ask for one of them with \`driftwright trace ADDRESS PATH\``;
  return { severity: "error", message, ...placeOf(block.typeRange) };
}

const MEGABYTE = 1024 * 1024;

function withoutValues(instance: EvaluatedInstance): EvaluatedInstance {
  return { ...instance, attributes: {}, unknown: [], sensitive: [] };
}

/** `nonsensitive()` shows what the code marks; what the state calls sensitive stays so. */
function evaluatedInstance(instance: ResourceInstance, secrets: ReadonlySet<string>): EvaluatedInstance {
  const plain = withSecretsMarked(instance, secrets);
  const { unknown, sensitive } = visiblePaths(plain);
  return {
    address: instance.name,
    type: instance.address.type,
    name: instance.address.name,
    module: moduleAddress(instance.address.module),
    attributes: maskedObject(plain),
    unknown: unknown.map(printPath),
    sensitive: sensitive.map(printPath),
  };
}
