import type { Json } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import { moduleAddress } from "../terraform/address.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import type { ResourceInstance } from "../terraform/evaluation/resource.ts";
import { DocumentTooLarge, MOST_CHARACTERS, printedSize } from "./document-size.ts";
import { maskedAttributes } from "./masked.ts";
import { plainDiagnostic } from "./places.ts";

/**
 * The `eval` document (docs/output.md): every managed instance with the attributes that the code sets.
 * @throws DocumentTooLarge where it takes more than `most` characters to print.
 */
export function evalDocument({ instances, diagnostics }: Evaluation, most: number = MOST_CHARACTERS): Json {
  let left = most;
  const parts = [...instances.values()].map((instance): Json => {
    const part = evalPart(instance);
    left -= printedSize(part, left, DEPTH);
    if (left < 0) throw new DocumentTooLarge(tooLarge(instance.name, most));
    return part;
  });
  return {
    schema: 1,
    instances: parts,
    diagnostics: diagnostics.map(plainDiagnostic).map((diagnostic) => ({ ...diagnostic })),
  };
}

/** How deep an instance stands in the document. */
const DEPTH = 2;

function tooLarge(address: string, most: number): string {
  const size = most < MEGABYTE ? `${most} characters` : `${Math.floor(most / MEGABYTE)} MB`;
  return `the values of all instances take more than ${size} to print: ${address} is the first that does not fit; split the stack, or ask for one value with \`driftwright trace ADDRESS PATH\``;
}

const MEGABYTE = 1024 * 1024;

function evalPart(instance: ResourceInstance): Json {
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
