import type { Change, Command, Impact, ResourceIdentity } from "../../drift/model.ts";
import {
  isJsonArray,
  isJsonObject,
  isNumber,
  type Json,
  type JsonObject,
  printJson,
} from "../../json/json.ts";
import type { Path } from "../../json/path.ts";

/** What has to be set back, as far as commands need it, without sensitive values. */
export interface RevertSubject {
  readonly resource: ResourceIdentity;
  readonly changes: readonly Change[];
  /** The values of the instance in the code, and in the cloud; null where not known. */
  readonly desired: JsonObject | null;
  readonly observed: JsonObject | null;
}

/** One thing done with the AWS CLI. */
export interface CliStep {
  readonly title: string;
  readonly commands: readonly Command[];
  readonly impact: Impact;
  /** Only reads; shows that the step worked. */
  readonly verify: Command;
}

/** One value to be set back: where it is (names alone, without positions), what it is to be and what it is now. */
export interface Target {
  readonly path: Path;
  readonly name: string;
  readonly value: Json;
  readonly now: Json;
}

const DEEPEST = 6;
const LONGEST_SHOWN = 80;
const WORD = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;

/** A command of `aws ec2`, in the region where one is known. */
export function ec2(resource: ResourceIdentity, operation: string, ...argv: readonly string[]): Command {
  const region = word(resource.region);
  return { tool: "aws", argv: ["ec2", operation, ...(region === null ? [] : ["--region", region]), ...argv] };
}

/**
 * The text where it is safe as an argument of its own: an id, a name out of a fixed list. The AWS CLI would take a
 * leading `-` for an option and read the file of a value that starts with `file://`; values that may be any text go
 * into JSON instead (AWS CLI User Guide, "Load a parameter from a file").
 */
export function word(value: Json | undefined): string | null {
  const text = value !== undefined && isNumber(value) ? printJson(value) : value;
  return typeof text === "string" && WORD.test(text) ? text : null;
}

/** True or false, also as Terraform may write them; null for everything else. */
export function flag(value: Json | undefined): boolean | null {
  if (value === true || value === "true") return true;
  return value === false || value === "false" ? false : null;
}

/** JSON as one argument. */
export function json(value: Json): string {
  return printJson(value);
}

/**
 * The values to set back, down to single values (lists stay whole): what the code says, or, where it says nothing,
 * what was recorded. Left out: what is unknown, hidden or unread.
 */
export function targets(changes: readonly Change[]): readonly Target[] {
  return changes.flatMap((change) => {
    const wanted = change.desired === "absent" ? change.recorded : change.desired;
    const now = change.observed === "absent" ? { known: null } : change.observed;
    if (typeof wanted === "string" || typeof now === "string") return [];
    return "known" in wanted && "known" in now ? leaves(change.path, wanted.known, now.known, 0) : [];
  });
}

function leaves(path: Path, value: Json, now: Json, depth: number): readonly Target[] {
  if (isJsonObject(value) && depth < DEEPEST) {
    const before = isJsonObject(now) ? now : {};
    return Object.keys(value).flatMap((key) =>
      leaves(
        [...path, key],
        value[key] ?? null,
        Object.hasOwn(before, key) ? (before[key] ?? null) : null,
        depth + 1,
      ),
    );
  }
  if (isJsonArray(value) && value.some(isJsonObject) && depth < DEEPEST) {
    const before = isJsonArray(now) ? now : [];
    return value.flatMap((item, index) => leaves([...path, index], item, before[index] ?? null, depth + 1));
  }
  if (value === null) return [];
  const name = path.filter((step) => typeof step === "string").join(".");
  return [{ path, name, value, now }];
}

/** A value inside of a sentence: short. */
export function shown(value: Json): string {
  const text = printJson(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: Json | null | undefined, path: Path): Json | undefined {
  let at: Json | undefined = value ?? undefined;
  for (const step of path) {
    if (typeof step === "number") at = isJsonArray(at) ? at[step] : undefined;
    else at = isJsonObject(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}
