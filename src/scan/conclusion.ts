import { extentOf, isSuspect, unexpected } from "../drift/belief.ts";
import { isUncertain, settle } from "../drift/history.ts";
import type {
  Coverage,
  Finding,
  JudgedFinding,
  Observation,
  StackStatus,
  Suspicion,
} from "../drift/model.ts";
import type { CompareResult, StackOverview } from "../engine/api.ts";
import { ruleBook } from "../providers/index.ts";
import { foreignState } from "./foreign-state.ts";
import type { Observed } from "./observation.ts";
import type { OpenStack } from "./open-stack.ts";
import type { ScanPorts } from "./ports.ts";

/** What was believed of a stack, and what stands against believing more. */
export interface Believed {
  /** The stack with the state that the comparison used. */
  readonly stack: OpenStack;
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  readonly observations: ReadonlyMap<string, Observation>;
  readonly status: StackStatus;
  /** Why it is suspect; null where it is not. */
  readonly suspicion: Suspicion | null;
  /** Sentences. Where there are any the stack is not `complete`. */
  readonly problems: readonly string[];
  /** Sentences for people that stand against nothing. */
  readonly remarks: readonly string[];
}

/** What both reads of the cloud say. */
export interface Compared extends CompareResult {
  /** How many findings changed from one read to the next. */
  readonly unsettled: number;
}

/**
 * Looks at all that was confirmed together: is it the whole truth, and is it the stack's own state? Whether that much can
 * have changed is for `withExtent`. `all`: every stack of the repository.
 */
export async function conclude(
  stack: OpenStack,
  ports: ScanPorts,
  result: Compared,
  seen: Observed,
  otherProblems: readonly string[],
  all: readonly StackOverview[],
): Promise<Believed> {
  const { overview } = stack;
  const findings = await settled(stack, ports, result.findings);
  const { instancesRead } = result.coverage;
  const problems = [
    ...new Set([...seen.problems, ...otherProblems]),
    ...unsettledProblem(result.unsettled),
    ...stateProblem(stack),
    ...cloudProblem(stack, ports),
  ];
  const isWhole =
    problems.length === 0 &&
    !result.incomplete &&
    overview.diagnostics.every(({ severity }) => severity !== "error") &&
    overview.instances.every(({ undecided }) => !undecided);
  const foreign = foreignState(overview, all);
  const status = foreign !== null ? "suspect" : isWhole ? "complete" : "incomplete";
  const { observations } = seen;
  const remarks = [
    ...uncomparedTypes(overview, ports),
    ...(foreign === null ? disagreementRemark(findings, instancesRead) : [foreign]),
  ];
  const suspicion = foreign === null ? null : "state";
  return { stack, findings, coverage: result.coverage, observations, status, suspicion, problems, remarks };
}

/**
 * Looks whether that much can have changed at once, now that it is known what is ignored.
 * @param expected what was believed before or confirmed by people, as `confirmable` names it
 */
export function withExtent(
  believed: Believed,
  judged: readonly JudgedFinding[],
  expected: ReadonlySet<string>,
): Believed {
  if (believed.status !== "complete" && believed.status !== "incomplete") return believed;
  const { instancesRead } = believed.coverage;
  const extent = extentOf(unexpected(judged, expected), instancesRead);
  const isTooMuch = isSuspect(extent);
  return {
    ...believed,
    ...(isTooMuch ? { status: "suspect", suspicion: "extent" } : {}),
    remarks: [
      ...believed.remarks,
      ...extentRemarks(isTooMuch, extent.deleted, extent.changed, instancesRead),
    ],
  };
}

/** Only where state and cloud agree against the code does the past of a value say what happened. */
async function settled(
  { plan, overview, stateWrittenAt }: OpenStack,
  { historyOf }: ScanPorts,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const all: Finding[] = [];
  for (const finding of findings) {
    if (finding.kind !== "absorbed") all.push(finding);
    else {
      const instance = overview.instances.find(({ address }) => address === finding.address);
      const history = await historyOf(plan, finding, stateWrittenAt, instance?.desired ?? null);
      all.push(settle(finding, history));
    }
  }
  return all;
}

function unsettledProblem(count: number): string[] {
  if (count === 0) return [];
  const what = count === 1 ? "1 value changed" : `${count} values changed`;
  return [`${what} between two reads of the cloud, and so is left for the next scan`];
}

/** Without a state nothing is known of what was applied, and everything looks as if it were still to be created. */
function stateProblem({ plan, source, overview }: OpenStack): string[] {
  if (source !== null || overview.instances.length === 0) return [];
  const workspace = plan.workspace === "default" ? "" : ` of the workspace ${plan.workspace}`;
  return [
    `no state${workspace} was found, so nothing could be compared with the cloud; give the file with --state, or as ` +
      "state under stacks in .github/driftwright.yml",
  ];
}

/** Code and state alone tell nothing about drift. */
function cloudProblem({ plan, overview }: OpenStack, { inventories }: ScanPorts): string[] {
  if (inventories.length > 0 || overview.instances.length === 0) return [];
  const { clouds } = plan;
  if (clouds !== undefined) {
    const named = clouds.join(",");
    return [
      `none of its clouds (${named}) was read, so only code and state were compared; add --cloud ${named}, or correct clouds ` +
        "under stacks in .github/driftwright.yml",
    ];
  }
  const types = [...new Set(overview.instances.map(({ type }) => type))].sort();
  if (types.some((type) => Object.hasOwn(ruleBook, type)))
    return [
      "no cloud was read, so only code and state were compared; add --cloud aws to see what really runs",
    ];
  const named = types.slice(0, MOST_TYPES).join(", ") + (types.length > MOST_TYPES ? ", …" : "");
  return [
    `no cloud was read, so only code and state were compared; no type of this stack can be compared with a cloud yet (${named})`,
  ];
}

/** So many types are named. */
const MOST_TYPES = 5;

function extentRemarks(isTooMuch: boolean, deleted: number, changed: number, read: number): string[] {
  if (isTooMuch) {
    const what =
      deleted >= changed ? `${deleted} of ${read} instances are gone` : `${changed} of ${read} have changed`;
    return [
      `${what} at once: an outage, other credentials or another endpoint are more likely; nothing is written from ` +
        "this until a person confirms it, or the next scan says otherwise",
    ];
  }
  // Too few for the rule about suspect stacks, and still worth a second thought.
  if (deleted < 2 || deleted < read) return [];
  return [
    `none of its ${deleted} instances was found; if they were not deleted, check the credentials and the endpoint`,
  ];
}

/** A state of another stack looks so; and so does a change of all that there is, before it is applied. */
function disagreementRemark(findings: readonly Finding[], read: number): string[] {
  const waiting = findings.filter((finding) => finding.changes.length > 0 && isUncertain(finding));
  const { size } = new Set(waiting.map(({ address }) => address));
  if (size < FEWEST_AT_ODDS || size < read) return [];
  return [
    `code and state disagree about each of the ${size} instances that were read, and the cloud agrees with the state: a ` +
      "change of the code waits for its apply, or this is the state of another stack",
  ];
}

/** Of fewer instances one change easily touches all. */
const FEWEST_AT_ODDS = 3;

/** Types that run in a cloud and are not mapped yet are said, never silently passed over. */
function uncomparedTypes({ instances }: StackOverview, { inventories }: ScanPorts): string[] {
  if (inventories.length === 0) return [];
  const counts = new Map<string, number>();
  for (const { type, recorded } of instances) {
    const cloud = CLOUD_OF_PREFIX.get(type.split("_")[0] ?? "");
    const read = inventories.some((inventory) => inventory.cloud === cloud && inventory.covers(type));
    if (recorded !== null && cloud !== undefined && !read) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  if (counts.size === 0) return [];
  const list = [...counts].map(([type, count]) => (count === 1 ? type : `${type} (${count})`)).join(", ");
  return [`not compared with the cloud: ${list}`];
}

const CLOUD_OF_PREFIX = new Map([
  ["aws", "aws"],
  ["google", "google"],
  ["azurerm", "azure"],
]);
