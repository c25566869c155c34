import type { JsonObject } from "../../src/json/json.ts";
import type { DeclaredInstance } from "../../src/scan/declared-code.ts";
import { NO_LIFECYCLE } from "../../src/terraform/evaluation/lifecycle.ts";

/** An `aws_instance` that the code declares with nothing unusual about it, but for `parts`. */
export function declaredInstance(
  address: string,
  desired: JsonObject | null,
  parts: Partial<DeclaredInstance> = {},
): DeclaredInstance {
  return {
    address,
    type: "aws_instance",
    desired,
    unknown: [],
    ignored: [],
    lifecycle: NO_LIFECYCLE,
    unmade: [],
    defaultTags: {},
    recorded: null,
    importId: null,
    undecided: false,
    ...parts,
  };
}
