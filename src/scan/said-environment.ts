import { posix } from "node:path";
import type { FoundSettings } from "./found-settings.ts";

/** Words that stand for nothing but an environment, those of one kind together. */
const KINDS: readonly (readonly string[])[] = [
  ["prod", "production", "prd"],
  ["live"],
  ["staging", "stage", "stg"],
  ["preprod", "pre-prod", "preproduction", "pre-production"],
  ["uat"],
  ["qa"],
  ["test", "tst"],
  ["dev", "development"],
  ["sandbox"],
];

/** Files beside the code, from the root of the repository. */
export interface FilesBeside {
  /** Variable files that Terraform reads by itself. */
  readonly automatic: readonly string[];
  /** Variable files of which nothing says what they are for. */
  readonly unread: readonly string[];
}

/**
 * The environment of a stack, where its workspace, its variable files or its folders are called so as a whole, and
 * no two of them disagree; else what its files or its workspace are called after. Null where nothing says it.
 */
export function saidEnvironment(
  { path, workspace, varFiles, calledAfter }: FoundSettings,
  { automatic, unread }: FilesBeside,
): string | null {
  const names = [workspace ?? "", calledAfter ?? "", ...[...varFiles, ...automatic].map(nameOf)];
  const words = wordsOf(names);
  const folders = wordsOf(path.split("/").toReversed());
  // Where all that is deployed stands in a folder `live`, those below say more.
  const said = [...words, ...(folders.some(isNotLive) ? folders.filter(isNotLive) : folders)];
  const kinds = new Set([...said, ...wordsOf(unread.map(nameOf))].map(kindOf));
  const [first] = said;
  if (first === undefined) return calledAfter;
  return kinds.size === 1 ? first : null;
}

/** `prod` of `env/prod.tfvars.json`. */
function nameOf(file: string): string {
  return posix.basename(file).replace(/(?:\.auto)?\.tfvars(?:\.json)?$/, "");
}

function wordsOf(names: readonly string[]): readonly string[] {
  return names.map((name) => name.toLowerCase()).filter((name) => kindOf(name) !== -1);
}

function kindOf(word: string): number {
  return KINDS.findIndex((words) => words.includes(word));
}

function isNotLive(word: string): boolean {
  return word !== "live";
}
