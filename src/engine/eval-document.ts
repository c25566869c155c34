import type { Json } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import { moduleAddress } from "../terraform/address.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import { maskedAttributes } from "./masked.ts";
import { plainDiagnostic } from "./places.ts";

/** The `eval` document (docs/output.md): every managed instance with the attributes that the code sets. */
export function evalDocument({ instances, diagnostics }: Evaluation): Json {
  return {
    schema: 1,
    instances: [...instances.values()].map((instance) => {
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
    }),
    diagnostics: diagnostics.map(plainDiagnostic).map((diagnostic) => ({ ...diagnostic })),
  };
}
