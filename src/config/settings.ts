import type { Path } from "../json/path.ts";
import { printPath } from "../json/path.ts";
import { checksOf } from "./checks-schema.ts";
import { DEFAULT_CONFIG, type Freeze, type Limits, type RepositoryConfig, type Schedule } from "./model.ts";
import { scheduleOf, scheduleProblem } from "./schedule.ts";
import type { ConfigFile } from "./schema.ts";
import { toleranceOf } from "./tolerance.ts";
import type { Problem, YamlText } from "./yaml-document.ts";

type Lists = "rules" | "ignore" | "ownerRules" | "stacks";

/** What a file says besides rules and stacks; what it does not say is left out. */
export interface Settings extends Partial<Omit<RepositoryConfig, Lists | "limits">> {
  readonly limits?: Partial<Limits>;
}

/** Only what the file says. */
export function settingsOf(written: Omit<ConfigFile, "version" | "stacks">): Settings {
  const { unmanaged, start, public: shown, schedule, critical_environments: critical } = written;
  const { tolerances, labels, assignees, reviewers, draft, rebase, dry_run: dryRun, limits } = written;
  const { freeze, grouping, dashboard, checks } = written;
  return defined({
    tolerances: tolerances?.map(toleranceOf),
    unmanaged,
    start,
    public: shown,
    schedule: schedule === undefined ? undefined : scheduleOf(schedule),
    criticalEnvironments: critical === undefined ? undefined : [critical].flat(),
    labels,
    assignees,
    reviewers,
    draft,
    rebase,
    grouping,
    dashboard,
    dryRun,
    limits:
      limits === undefined
        ? undefined
        : defined({ openPullRequests: limits.open_pull_requests, newPerHour: limits.new_per_hour }),
    checks: checks === undefined ? undefined : checksOf(checks),
    freezes: freeze?.map(freezeOf),
  });
}

/** Settings over one another: what a later one says counts. What none says has its default. */
export function together(...layers: readonly Settings[]): Omit<RepositoryConfig, Lists> {
  const limits = layers.map((layer) => layer.limits ?? {});
  return {
    ...Object.assign({}, DEFAULT_CONFIG, ...layers),
    limits: Object.assign({}, DEFAULT_CONFIG.limits, ...limits) as Limits,
  };
}

/** What is written well and makes no sense (`errors`), or is probably not meant (`warnings`). */
export function settingProblems(
  {
    schedule,
    stacks = [],
    freeze = [],
  }: Pick<ConfigFile, "schedule" | "freeze"> & Partial<Pick<ConfigFile, "stacks">>,
  yaml: YamlText,
  now: Date,
  at: Path = [],
): { readonly errors: readonly Problem[]; readonly warnings: readonly Problem[] } {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  const check = (path: Path, one: Schedule) => {
    const problem = scheduleProblem(one, now);
    if (problem !== null)
      errors.push({ message: `${printPath(path)} ${problem}`, offset: yaml.offsetOf(path) });
  };
  if (schedule !== undefined) check([...at, "schedule"], scheduleOf(schedule));
  for (const [index, stack] of stacks.entries())
    if (stack.schedule !== undefined) check(["stacks", index, "schedule"], scheduleOf(stack.schedule));
  for (const [index, written] of freeze.entries()) {
    const path = [...at, "freeze", index, "until"];
    const offset = yaml.offsetOf(path);
    const { from, until } = freezeOf(written);
    if (until <= from)
      errors.push({ message: `${printPath(path)} is before from; correct one of the two`, offset });
    else if (until <= now) warnings.push({ message: `${printPath(path)} is over; remove the entry`, offset });
  }
  return { errors, warnings };
}

const DAY = 24 * 60 * 60_000;

/** A day alone is all of it, in UTC. */
function freezeOf({ from, until, because }: NonNullable<ConfigFile["freeze"]>[number]): Freeze {
  const end = Date.parse(until);
  const isDay = !until.includes("T");
  return { from: new Date(from), until: new Date(isDay ? end + DAY : end), because: because ?? null };
}

/** Without the keys whose value is undefined. */
function defined<T extends object>(written: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
}
