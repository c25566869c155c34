import type { Json, JsonObject } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import { shown } from "./issues.ts";
import type { StackSettings } from "./model.ts";
import { fromRoot } from "./repository-path.ts";
import { scheduleOf } from "./schedule.ts";
import type { ConfigFile } from "./schema.ts";
import type { Problem, YamlText } from "./yaml-document.ts";

type WrittenStack = NonNullable<ConfigFile["stacks"]>[number];

/** Arguments of backends that open what they name. */
export const SECRET_ARGUMENTS: ReadonlySet<string> = new Set([
  "access_key",
  "secret_key",
  "token",
  "sse_customer_key",
  "password",
]);

/** Arguments of backends that are texts, whichever backend has them. */
const TEXT_ARGUMENTS: ReadonlySet<string> = new Set([
  "bucket",
  "dynamodb_table",
  "key",
  "prefix",
  "profile",
  "region",
  "role_arn",
  "workspace_key_prefix",
]);

/** What the environment of Terraform has before the name of a variable. */
const ENVIRONMENT_PREFIX = "TF_VAR_";

/** The files of each are another archive that every scan reads. */
const MOST_REFS = 10;

/** The stacks as they are used, and what is wrong with their files and names. */
export function stacksOf(
  written: readonly WrittenStack[],
  yaml: YamlText,
  file: string,
): {
  readonly stacks: readonly StackSettings[];
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
} {
  const problems: Problem[] = [];
  const warnings: Problem[] = [];
  const named = new Map<string, number>();

  const stacks = written.map((stack, index): StackSettings => {
    const at = ["stacks", index] as const;
    const path = inside(".", stack.path, [...at, "path"]);
    // Folders that cannot be are not the same one.
    const folder = fromRoot(".", stack.path) ?? stack.path;
    const name = stack.name ?? `${folder} ${stack.workspace ?? "default"}`;
    const first = named.get(name);
    if (first === undefined) named.set(name, index);
    else problems.push({ message: sameStack(stack, first), offset: yaml.offsetOf([...at, "name"]) });
    return {
      name: stack.name ?? null,
      path,
      varFiles: (stack.var_files ?? []).map((one, element) =>
        inside(path, one, [...at, "var_files", element]),
      ),
      // The schema leaves the values of variables alone; the document holds nothing but JSON.
      vars: (stack.vars ?? {}) as Record<string, Json> satisfies JsonObject,
      envVars: withoutPrefix(stack.env_vars ?? {}, [...at, "env_vars"]),
      environment: stack.environment ?? null,
      ...(stack.service === undefined ? {} : { service: stack.service }),
      ...(stack.owners === undefined ? {} : { owners: stack.owners }),
      ...(stack.clouds === undefined ? {} : { clouds: stack.clouds }),
      ...(stack.ref === undefined ? {} : { ref: stack.ref }),
      workspace: stack.workspace ?? null,
      state: stack.state === undefined ? null : inside(path, stack.state, [...at, "state"]),
      backendConfig: withoutSecrets(stack.backend_config ?? {}, [...at, "backend_config"]),
      ...(stack.schedule === undefined ? {} : { schedule: scheduleOf(stack.schedule) }),
      place: { file, ...yaml.position(yaml.offsetOf(at)) },
    };
  });
  const refs = [...new Set(stacks.flatMap(({ ref }) => ref ?? []))];
  const last = stacks.findIndex(({ ref }) => ref === refs[MOST_REFS]);
  if (refs.length > MOST_REFS)
    problems.push({
      message: `stacks run from ${refs.length} refs, and at most ${MOST_REFS} can be looked at; take some of them out`,
      offset: yaml.offsetOf(["stacks", last, "ref"]),
    });
  return { stacks, problems, warnings };

  /** The schema leaves the values alone, as it does those of variables. */
  function withoutSecrets(given: NonNullable<WrittenStack["backend_config"]>, at: Path): JsonObject {
    for (const [name, value] of Object.entries(given)) {
      if (TEXT_ARGUMENTS.has(name) && value !== null && typeof value !== "string") {
        const message = `${printPath([...at, name])} must be a text, not ${shown(value)}`;
        problems.push({ message, offset: yaml.offsetOf([...at, name]) });
      }
      if (!SECRET_ARGUMENTS.has(name) || value === null) continue;
      const message = `${printPath([...at, name])} is a secret, which must not stand in the repository; give Driftwright credentials in its environment`;
      problems.push({ message, offset: yaml.offsetOf([...at, name]) });
    }
    return given as Record<string, Json>;
  }

  /** They are names of variables, and what else is written there gives no value to any. */
  function withoutPrefix(given: NonNullable<WrittenStack["env_vars"]>, at: Path): JsonObject {
    for (const name of Object.keys(given)) {
      if (!name.startsWith(ENVIRONMENT_PREFIX)) continue;
      const meant = name.slice(ENVIRONMENT_PREFIX.length);
      const message = `${printPath([...at, name])} gives a value to a variable of that name; for the variable ${shown(meant)} leave ${ENVIRONMENT_PREFIX} out`;
      warnings.push({ message, offset: yaml.offsetOfKey(at, name) });
    }
    return given as Record<string, Json>;
  }

  function inside(folder: string, path: string, at: Path): string {
    const normalised = fromRoot(folder, path);
    if (normalised !== null) return normalised;
    problems.push({
      message: `${printPath(at)} must stay inside of the repository and be written with /, not ${shown(path)}`,
      offset: yaml.offsetOf(at),
    });
    return ".";
  }
}

function sameStack(stack: WrittenStack, first: number): string {
  return stack.name === undefined
    ? `this is the same folder and workspace as stacks[${first}]; remove it or give both a name`
    : `stacks[${first}] is called ${shown(stack.name)} too; give each stack its own name`;
}
