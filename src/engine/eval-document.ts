import { printPath } from "../json/path.ts";
import { moduleAddress } from "../terraform/address.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource-instance.ts";
import type { EvaluatedInstance, EvaluatedPage } from "./api.ts";
import { DocumentTooLarge, MOST_CHARACTERS, printedSize } from "./document-size.ts";
import { maskedAttributes } from "./masked.ts";
import { plainDiagnostic } from "./places.ts";

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
 * @throws DocumentTooLarge where one takes more than `most` characters to print.
 */
export function evaluatedPage(
  { instances, diagnostics }: Evaluation,
  from: number,
  { characters, most }: PageLimits = { characters: PAGE_CHARACTERS, most: MOST_CHARACTERS },
): EvaluatedPage {
  const parts: EvaluatedInstance[] = [];
  let size = 0;
  for (const instance of instances.values().drop(from)) {
    if (size >= characters) break;
    const part = evaluatedInstance(instance);
    const own = printedSize(part, most);
    if (own > most) throw new DocumentTooLarge(tooLarge(instance.name, most));
    size += own;
    parts.push(part);
  }
  const next = from + parts.length;
  return {
    instances: parts,
    next: next < instances.size ? next : null,
    diagnostics: diagnostics.map(plainDiagnostic),
  };
}

function tooLarge(address: string, most: number): string {
  const size = most < MEGABYTE ? `${most} characters` : `${Math.floor(most / MEGABYTE)} MB`;
  return `the values of ${address} take more than ${size} to print; ask for one of them with \`driftwright trace ADDRESS PATH\``;
}

const MEGABYTE = 1024 * 1024;

function evaluatedInstance(instance: ResourceInstance): EvaluatedInstance {
  const { unknown, sensitive } = instance.plain();
  return {
    address: instance.name,
    type: instance.address.type,
    name: instance.address.name,
    module: moduleAddress(instance.address.module),
    attributes: maskedAttributes(instance),
    unknown: unknown.map(printPath),
    sensitive: sensitive.map(printPath),
  };
}
