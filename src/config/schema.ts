import { z } from "zod";
import { CLOUDS } from "../drift/inventory.ts";
import { SEVERITIES } from "../drift/model.ts";
import { checksSchema } from "./checks-schema.ts";
import { scheduleSchema } from "./schedule.ts";
import { withinSchema } from "./tolerance.ts";
import { personOrTeam, WRITING_KEYS } from "./writing-schema.ts";

/** In the order in which they are listed to people. */
export const CATEGORIES = ["configuration", "resource", "policy", "version"] as const;

const TEXT = "a text";
const GLOBS = "a pattern or a list of patterns, each a text";

const text = z.string(TEXT).min(1, "a text that is not empty");
const globs = z.union([text, z.array(text).min(1, GLOBS)], GLOBS);

const match = z.strictObject({
  type: globs
    .optional()
    .meta({ description: "Resource type, for example aws_instance or aws_vpc_security_group_*." }),
  attribute: globs.optional().meta({
    description:
      "Path of the changed value, for example instance_type, tags.* or ingress. A path covers all below it.",
  }),
  stack: globs.optional().meta({ description: "Name of the stack." }),
  environment: globs.optional().meta({ description: "Environment of the stack." }),
  service: globs.optional().meta({ description: "Service of the stack." }),
  address: globs.optional().meta({ description: 'Resource address, for example module.web["a"].*.' }),
  category: globs.optional().meta({ description: `One of ${CATEGORIES.join(", ")}.` }),
  severity: globs.optional().meta({ description: `One of ${SEVERITIES.join(", ")}.` }),
  actor: globs.optional().meta({ description: "Id or name of who made the change." }),
});

const rule = z.strictObject({
  name: text.meta({ description: "Shown wherever the rule decides." }),
  match: match.meta({
    description: "All keys must match. Patterns know * (any characters) and a leading ! (not).",
  }),
  verdict: z
    .enum(["adopt", "revert", "ignore"])
    .meta({ description: "adopt: the code follows. revert: the cloud follows. ignore: nothing is done." }),
  until: z.iso
    .date("a day of the calendar written as 2027-03-31")
    .optional()
    .meta({ description: "The last day (UTC) on which the rule holds." }),
  because: text.optional().meta({ description: "The reason, shown wherever the rule decides." }),
});

const ignored = z.strictObject({
  name: text.optional().meta({ description: "Shown wherever it decides; default: its place in the file." }),
  match: rule.shape.match,
  until: rule.shape.until,
  because: rule.shape.because,
});

const { type, stack: ofStack, environment, service, address } = match.shape;

const tolerance = z.strictObject({
  match: z
    .strictObject({
      attribute: globs.meta({
        description: "Path of the value, for example root_block_device[0].volume_size.",
      }),
      type,
      stack: ofStack,
      environment,
      service,
      address,
    })
    .meta({ description: "All keys must match, as in rules." }),
  within: withinSchema.meta({
    description:
      "How much what runs may differ: a number, a percentage of what the code says (5%), or, for times, a duration (15m).",
  }),
});

const REF = "the name of a branch, a tag or a commit, such as release or v1.2.0";

const SCHEDULED =
  "When it is scanned: a cron expression of five fields (UTC), or cron and time_zone. Default: every 15 minutes in critical environments, else once a day.";

const stack = z.strictObject({
  name: text.optional().meta({ description: "Default: what discovery calls it." }),
  path: text.meta({ description: "Folder of the root module, from the root of the repository." }),
  var_files: z
    .array(text, "a list of files, each a text")
    .optional()
    .meta({ description: "Variable files, from the stack's folder, as -var-file would give them." }),
  vars: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, "a variable's name"),
      z.unknown(),
      "names of variables with their values",
    )
    .optional()
    .meta({
      description: "Values of variables, as -var would give them. No secrets: the file is in the repository.",
    }),
  env_vars: z
    .record(
      z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]*$/, "a variable's name"),
      z.unknown(),
      "names of variables with their values",
    )
    .optional()
    .meta({
      description:
        "Values of variables, as environment variables TF_VAR_name would give them: weaker than any variable file. No secrets: the file is in the repository.",
    }),
  environment: text.optional().meta({ description: "For rules and reports, for example production." }),
  service: text.optional().meta({ description: "What the stack is a part of, for rules and reports." }),
  owners: z
    .array(personOrTeam, "a list of logins and teams, each a text")
    .max(20, "at most 20 logins and teams")
    .optional()
    .meta({
      description:
        "Whose the stack is, for reports: logins, and teams as owner/team. Its issues are assigned to the people.",
    }),
  clouds: z
    .array(z.enum(CLOUDS), "a list of clouds")
    .min(1, "a list of at least one cloud")
    .optional()
    .meta({ description: "The clouds that it is compared with; default: all that its resources are in." }),
  ref: z
    .string(REF)
    .max(200, REF)
    .regex(/^(?![-/.])(?!.*(?:\.\.|\/\/|@\{))[^\s~^:?*[\\\p{Cc}]+(?<![/.])$/u, REF)
    .optional()
    .meta({
      description: "The branch, tag or commit that it runs from; default: the default branch.",
    }),
  workspace: z
    .string("a workspace's name")
    .regex(/^[A-Za-z0-9_.~$&+=:@][A-Za-z0-9_.~$&+=:@-]*$/, "a workspace's name")
    .optional()
    .meta({ description: "Terraform workspace; default: default." }),
  state: text.optional().meta({ description: "A state file on disk, from the stack's folder." }),
  backend_config: z.record(z.string(), z.unknown(), "names of arguments with their values").optional().meta({
    description:
      "Arguments of the backend, as -backend-config would give them; null takes one away. No secrets: the file is in the repository.",
  }),
  schedule: scheduleSchema.optional().meta({ description: SCHEDULED }),
});

const PRIVATE = "the name of a private repository of the same owner, without the owner";
const PUBLIC = "counts, details, or repository: and the name of a private repository of the same owner";

const publicSchema = z.union(
  [
    z.enum(["counts", "details"]),
    z.strictObject({
      // As GitHub names repositories; with an owner before it, it is none.
      repository: z
        .string(PRIVATE)
        .regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, PRIVATE)
        .meta({
          description: "The private repository of the same owner that gets single findings as issues.",
        }),
    }),
  ],
  PUBLIC,
);

/** What both the file of a repository and that of its owner may say. */
const COMMON_KEYS = {
  rules: z
    .array(rule, "a list of rules")
    .optional()
    .meta({ description: "What to do about drift: the first rule that matches decides." }),
  ignore: z
    .array(ignored, "a list of what is ignored")
    .optional()
    .meta({ description: "Drift that nobody is told of; it comes before the rules." }),
  tolerances: z.array(tolerance, "a list of tolerances").optional().meta({
    description:
      "How much numbers and times may differ without being findings: the first that matches decides. Never what matters to security.",
  }),
  unmanaged: z.enum(["report", "ignore"]).optional().meta({
    description: "Report resources inside managed networks that no code declares; default: ignore.",
  }),
  start: z.enum(["new-only", "all"]).optional().meta({
    description:
      "all: drift that is there when the App first scans the repository gets issues and pull requests of its own, too; default: new-only.",
  }),
  public: publicSchema.optional().meta({
    description:
      "What the App writes in a public repository; default: counts. repository: the private repository of the same owner that gets single findings as issues; only the file of the owner can name one.",
  }),
  schedule: scheduleSchema.optional().meta({ description: SCHEDULED }),
  critical_environments: z
    .union([text, z.array(text)], GLOBS)
    .optional()
    .meta({
      description:
        "Environments whose stacks are scanned every 15 minutes unless a schedule says otherwise; default: production, prod and live; none: [].",
    }),
  ...WRITING_KEYS,
  checks: checksSchema.optional(),
} as const;

const VERSION = z.literal(1, "1").meta({ description: "Version of this format." });

/**
 * The shape of `.github/driftwright.yml` and the one source of it: checks, types and the JSON Schema come from here.
 * An error text says what belongs there and reads on from "must be".
 */
export const fileSchema = z
  .strictObject({
    version: VERSION,
    stacks: z
      .array(stack, "a list of stacks")
      .optional()
      .meta({ description: "What discovery cannot know about stacks." }),
    ...COMMON_KEYS,
  })
  .meta({ title: "Driftwright", description: "What .github/driftwright.yml may say." });

export type ConfigFile = z.infer<typeof fileSchema>;

/** The shape of `driftwright.yml` in an owner's `.github` repository. */
export const ownerFileSchema = z
  .strictObject({
    version: VERSION,
    ...COMMON_KEYS,
    enforced: z
      .strictObject(COMMON_KEYS)
      .optional()
      .meta({ description: "What holds in every repository, whatever its own file says." }),
  })
  .meta({
    title: "Driftwright, for all repositories of an owner",
    description: "What driftwright.yml in the .github repository of an organization or user may say.",
  });

export type OwnerConfigFile = z.infer<typeof ownerFileSchema>;
