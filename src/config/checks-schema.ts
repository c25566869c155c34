import { z } from "zod";
import { SEVERITIES } from "../drift/model.ts";
import type { ChecksSettings } from "./model.ts";

const SEVERITY = `one of ${SEVERITIES.join(", ")}`;
const SEVERITY_LIST = `a list of severities, each ${SEVERITY}`;
const GLOBS = "a pattern or a list of patterns, each a text";

const glob = z.string(GLOBS).min(1, GLOBS);

const fail = z.strictObject({
  severities: z
    .array(z.enum(SEVERITIES, SEVERITY), SEVERITY_LIST)
    .min(1, SEVERITY_LIST)
    .optional()
    .meta({ description: "Severities of the drift; default: all." }),
  environments: z
    .union([glob, z.array(glob).min(1, GLOBS)], GLOBS)
    .optional()
    .meta({ description: "Environments of the stacks; default: all, those without one included." }),
});

/** What may be said of the check runs on pull requests. */
export const checksSchema = z
  .strictObject({
    fail: fail.optional().meta({
      description:
        "Which drift makes a check fail where applying the change would or may undo it: what matches all that is said here. Default: none, checks are neutral.",
    }),
  })
  .meta({ description: "The check runs on pull requests." });

/** As it is used. */
export function checksOf({ fail: written }: z.infer<typeof checksSchema>): ChecksSettings {
  if (written === undefined) return { fail: null };
  const { severities = null, environments } = written;
  return { fail: { severities, environments: environments === undefined ? null : [environments].flat() } };
}
