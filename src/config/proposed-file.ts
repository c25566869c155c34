import { posix } from "node:path";
import { type Json, type JsonObject, printJson } from "../json/json.ts";
import { CONFIG_PATH } from "./model.ts";
import { parseConfig } from "./parse.ts";
import { yamlScalar } from "./yaml-scalar.ts";

/** Where the state of a stack is, for people. */
export type StatePlace =
  | { readonly kind: "file"; readonly file: string }
  | {
      readonly kind: "s3";
      readonly bucket: string | null;
      readonly key: string | null;
      /** Of DynamoDB; left out where there is none. */
      readonly lockTable?: string;
      /** That reads it; left out where the code names none. */
      readonly role?: string;
    }
  | { readonly kind: "other"; readonly backend: string }
  | { readonly kind: "none" };

/** A stack as it was found, and what a configuration would say of it. Files are from the root of the repository. */
export interface ProposedStack {
  readonly name: string;
  readonly path: string;
  readonly environment: string | null;
  /** Null: the default one. */
  readonly workspace: string | null;
  readonly varFiles: readonly string[];
  readonly backendConfig: JsonObject;
  /** Whether a file of configuration may say all of that. */
  readonly listed: boolean;
  /** Variable files of which nothing says what they are for. */
  readonly unreadFiles: readonly string[];
  readonly state: StatePlace;
  /** Local names of the providers of its code. */
  readonly providers: readonly string[];
}

/** The stacks of a repository as they were found. */
export interface Proposal {
  readonly stacks: readonly ProposedStack[];
  /** How many more there are. */
  readonly left: number;
}

/** In characters, of the stacks: with it the file is far below the limits of its parser. */
const LONGEST_LIST = 60_000;

/**
 * A file of configuration that says what was found, for people to go on from: it reads without any diagnostic, and with it
 * the same stacks are scanned as without. A folder that does not fit in, or that no file may describe, is left out: what
 * the file does not list is found all the same.
 * @param now decides which days are over, as in `parseConfig`
 * @param isPublic whether everyone can read the repository, so that only numbers are told unless it says otherwise
 */
export function proposedFile({ stacks, left }: Proposal, now: Date, isPublic: boolean): string {
  const folders = [...Map.groupBy(stacks, ({ path }) => path).values()];
  const isReadable = (entries: string) =>
    parseConfig(fileOf(entries, 0, isPublic), CONFIG_PATH, now).diagnostics.length === 0;
  let list = "";
  let unlisted = left;
  for (const folder of folders) {
    const entries = folder.map(entryOf).join("");
    const fits = list.length + entries.length <= LONGEST_LIST;
    if (fits && folder.every(({ listed }) => listed) && isReadable(entries)) list += entries;
    else unlisted += folder.length;
  }
  return fileOf(list, unlisted, isPublic);
}

function fileOf(entries: string, unlisted: number, isPublic: boolean): string {
  const head = `${HEAD}${isPublic ? PUBLIC : ""}${SETTINGS}`;
  return entries === "" ? head : `${head}\n${stacksComment(unlisted)}stacks:\n${entries}`;
}

function stacksComment(unlisted: number): string {
  const more =
    unlisted === 0
      ? ""
      : `# ${unlisted} more ${unlisted === 1 ? "is" : "are"} not listed here, and found all the same.\n`;
  return `# The stacks as they were found. An environment stands where folders, workspaces or variable files are called so: correct
# it where that is wrong, and add it where it is missing. Rules can match it, and stacks of production, prod and live are
# looked at every quarter of an hour unless a schedule says otherwise. What is not listed is still found.
${more}`;
}

function entryOf(stack: ProposedStack): string {
  const { name, path, environment, workspace, varFiles, backendConfig, unreadFiles } = stack;
  const relative = (files: readonly string[]) =>
    `[${files.map((file) => yamlScalar(posix.relative(path, file))).join(", ")}]`;
  const backend = Object.entries(backendConfig).map(
    ([key, value]) => `      ${yamlScalar(key)}: ${json(value)}`,
  );
  const lines = [
    `  - name: ${yamlScalar(name)}`,
    `    path: ${yamlScalar(path)}`,
    ...(environment === null ? [] : [`    environment: ${yamlScalar(environment)}`]),
    ...(workspace === null ? [] : [`    workspace: ${yamlScalar(workspace)}`]),
    ...(varFiles.length === 0 ? [] : [`    var_files: ${relative(varFiles)}`]),
    ...(backend.length === 0 ? [] : ["    backend_config:", ...backend]),
    ...(unreadFiles.length === 0
      ? []
      : [
          "    # Nothing says what these are for: list the folder once for each, with its workspace or backend_config.",
          `    # var_files: ${relative(unreadFiles)}`,
        ]),
  ];
  return `${lines.join("\n")}\n`;
}

function json(value: Json): string {
  return typeof value === "string" ? yamlScalar(value) : printJson(value);
}

const HEAD = `# What Driftwright does in this repository. It counts once it is on the default branch. Driftwright's own
# docs/configuration.md has all options, and how editors can check this file while you write. On pull requests that
# change it, a check run says what is wrong with it.
version: 1
`;

const PUBLIC = `
# Everyone can read this repository, so Driftwright tells numbers alone in it: one issue, and check runs without values and
# places. With details it opens the issues and pull requests below, for everyone to read. The owner's own driftwright.yml
# may name a private repository that is told of each drift in their place: docs/configuration.md, In a public repository.
# public: details
`;

const SETTINGS = `
# Drift that is there already when Driftwright begins: with new-only one issue tells of all of it, and what is new gets
# issues and pull requests of its own; with all, what is there already gets them, too.
start: new-only

# What is done about drift: the first rule that matches decides. With adopt, a pull request makes the code follow the
# cloud; with revert, an issue has the plan to undo the change; without a rule, an issue asks people to decide.
# rules:
#   - name: sizes are on purpose
#     match: { type: aws_instance, attribute: instance_type }
#     verdict: adopt
#     because: whoever is on call may resize a service

# What nobody is to be told of, for good or until a day.
# ignore:
#   - match: { attribute: tags.LastPatched }
#     because: the patching tool sets it

# When to look, in place of every quarter of an hour in critical environments and once a day elsewhere.
# schedule: { cron: H 6 * * 1-5, time_zone: Europe/Berlin }

# What issues and pull requests get when they are opened. Code owners are asked for a review without being listed.
# labels: [drift]
# reviewers: [octocat]

# How much at once, and whether anything is written at all.
# limits: { open_pull_requests: 5, new_per_hour: 10 }
# dry_run: true
`;
