import { posix } from "node:path";
import type { FoundSettings } from "./found-settings.ts";

/** Words that stand for nothing but an environment, those of one kind together; `non-prod` is written as `nonprod`. */
const KINDS: readonly (readonly string[])[] = [
  ["prod", "production", "prd"],
  ["live"],
  ["nonprod", "nonproduction", "nonprd", "nprod", "nprd"],
  ["preprod", "preproduction", "preprd"],
  ["staging", "stage", "stg"],
  ["acceptance"],
  ["uat"],
  ["qa"],
  ["test", "tst", "testing"],
  ["preview"],
  ["dev", "development"],
  ["sandbox", "sbx"],
];

/** Words that may stand for an environment, or for a part of the system: they say none, and speak against others. */
const DOUBTFUL: ReadonlySet<string> = new Set([
  ...["acc", "accept", "alpha", "beta", "canary", "demo", "dr", "e2e", "eval", "experimental", "int"],
  ...["integration", "lab", "labs", "load", "loadtest", "nightly", "perf", "performance", "perftest"],
  ...["playground", "poc", "review", "sit", "stress", "stresstest", "training", "trial"],
]);

const NONE = -1;
/** The kind of all that is doubtful. */
const SOME_OTHER = -2;
const PRODUCTION = kindOf("prod");
const LIVE = kindOf("live");
const NOT_PRODUCTION = kindOf("nonprod");

/** Files beside the code, from the root of the repository. */
export interface FilesBeside {
  /** Variable files that Terraform reads by itself. */
  readonly automatic: readonly string[];
  /** Variable files of which nothing says what they are for. */
  readonly unread: readonly string[];
}

/**
 * The environment of a stack, where its workspace, its variable files or its folders are called so as a whole, and
 * no two of them disagree; else what its files or its workspace are called after. Null where nothing says it, or two
 * disagree.
 */
export function saidEnvironment(
  { path, workspace, varFiles, calledAfter }: FoundSettings,
  { automatic, unread }: FilesBeside,
): string | null {
  const names = [workspace ?? "", calledAfter ?? "", ...[...varFiles, ...automatic].map(nameOf)];
  const all = path.split("/");
  const folders = all.filter((folder, at) => !holdsOthers(folder, all.slice(at + 1))).toReversed();
  const first = [...names, ...folders].find((name) => kindOf(name) !== NONE);
  if (first === undefined) return calledAfter;
  // `live` says less than the other words, so a part of a folder's name speaks against it.
  const isLive = folders.some((folder) => kindOf(folder) === LIVE);
  const ofFolders = folders.flatMap(isLive ? kindsIn : kindsOf);
  const kinds = new Set([...ofFolders, ...[...names, ...unread.map(nameOf)].flatMap(kindsIn)]);
  return kinds.size === 1 ? first.toLowerCase() : null;
}

/** Where all that is deployed stands in a folder `live`, or all but production in `non-prod`, those below say more. */
function holdsOthers(folder: string, below: readonly string[]): boolean {
  switch (kindOf(folder)) {
    case LIVE:
      return below.some((name) => kindsIn(name).length > 0);
    case NOT_PRODUCTION:
      return below.some((name) => ![NONE, PRODUCTION, LIVE, NOT_PRODUCTION].includes(kindOf(name)));
    default:
      return false;
  }
}

/** `prod` of `env/prod.tfvars.json`. */
function nameOf(file: string): string {
  return posix.basename(file).replace(/(?:\.auto)?\.tfvars(?:\.json)?$/, "");
}

/** The kind of a name as a whole; -1 where it does not stand for an environment. */
function kindOf(name: string): number {
  const word = wordOf(name);
  return KINDS.findIndex((words) => words.includes(word));
}

/** What a name may stand for as a whole, with a number or without: `dev2`. */
function kindsOf(name: string): readonly number[] {
  const word = wordOf(name).replace(/\d+$/, "");
  if (DOUBTFUL.has(wordOf(name)) || DOUBTFUL.has(word)) return [SOME_OTHER];
  const kind = kindOf(word);
  return kind === NONE ? [] : [kind];
}

/** What the parts of a name may stand for, two together as well: `shop-non-prod-eu`. */
function kindsIn(name: string): readonly number[] {
  const parts = name.split(/[-_.\s]+/);
  const pairs = parts.slice(1).map((part, before) => `${parts[before]}${part}`);
  const isWhole = kindOf(name) !== NONE;
  return isWhole ? kindsOf(name) : [...parts, ...pairs].flatMap(kindsOf).filter((kind) => kind !== LIVE);
}

function wordOf(name: string): string {
  return name.toLowerCase().replace(/[-_.\s]/g, "");
}
