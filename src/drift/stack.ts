import { type Comparison, compareAttributes } from "./compare.ts";
import { existenceOf } from "./existence.ts";
import {
  type ComparisonContext,
  deposedFinding,
  differenceFinding,
  orderedBy,
  taintedFinding,
  unmanagedFinding,
  unreadFinding,
  wholeFinding,
} from "./findings.ts";
import type { InstanceTruths } from "./instance.ts";
import { type Coverage, type Finding, NO_COVERAGE, type ObservedResource } from "./model.ts";
import { compareNatural, compareText } from "./order.ts";
import { type RuleBook, rulesOf } from "./rules.ts";
import { viewOf } from "./view.ts";

/** What is compared: the instances of one stack, and resources that no code declares. */
export interface StackTruths {
  readonly instances: readonly InstanceTruths[];
  readonly unmanaged: readonly ObservedResource[];
}

export interface StackComparison {
  /** By address, then by path. */
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
  /** At least one instance could not be read, so the stack's result is not the whole truth. */
  readonly incomplete: boolean;
}

/**
 * Compares code, state and cloud of one stack. `absorbed` findings are candidates: `settle` decides with the history
 * whether they are changes that are merged and not yet applied.
 */
export function compareStack(
  truths: StackTruths,
  book: RuleBook,
  context: ComparisonContext,
): StackComparison {
  const compared = truths.instances.map((instance) => compareInstance(instance, book, context));
  const unmanaged = truths.unmanaged.map((resource) =>
    unmanagedFinding(context, resource, rulesOf(book, resource.type)),
  );
  return {
    findings: [...compared.flatMap(({ findings }) => findings), ...unmanaged].sort(compareFindings),
    coverage: compared.map(({ coverage }) => coverage).reduce(addCoverage, NO_COVERAGE),
    incomplete: truths.instances.some(({ observation }) => observation?.status === "unreadable"),
  };
}

interface InstanceComparison {
  readonly findings: readonly Finding[];
  readonly coverage: Coverage;
}

function compareInstance(
  truths: InstanceTruths,
  book: RuleBook,
  context: ComparisonContext,
): InstanceComparison {
  const existence = existenceOf(truths.desired !== null, truths.recorded !== null, truths.observation);
  const marks = [
    ...(truths.recorded?.tainted === true ? [taintedFinding(context, truths)] : []),
    ...(truths.deposed > 0 ? [deposedFinding(context, truths)] : []),
  ];
  if (existence === "compare") {
    const { findings, coverage } = comparePresent(truths, book, context);
    return { findings: [...marks, ...findings], coverage };
  }
  const isSaid = existence !== "nothing" && existence !== "unmanaged";
  return {
    findings: [...marks, ...(isSaid ? [wholeFinding(context, truths, existence)] : [])],
    coverage: coverageOf(truths, uncompared(truths, existence === "unreadable")),
  };
}

function comparePresent(
  truths: InstanceTruths,
  book: RuleBook,
  context: ComparisonContext,
): InstanceComparison {
  const rules = rulesOf(book, truths.type);
  const resource = truths.observation?.status === "found" ? truths.observation.resource : null;
  if (rules === undefined || resource === null) {
    return { findings: [], coverage: coverageOf(truths, uncompared(truths, false)) };
  }
  const view = viewOf(truths, resource, context.key);
  const { differences, unread, counts } = compareAttributes(view, rules);
  const findings = differences.map((difference) => differenceFinding(context, view, difference, rules));
  return {
    findings: unread.length === 0 ? findings : [...findings, unreadFinding(context, view, unread)],
    coverage: coverageOf(truths, counts),
  };
}

type Counts = Comparison["counts"];

/** An instance of which no attribute was compared: all that the code sets is left. */
function uncompared(truths: InstanceTruths, unreadable: boolean): Counts {
  const set = Object.values(truths.desired?.attributes ?? {}).filter((value) => value !== null).length;
  return { compared: 0, notCompared: unreadable ? 0 : set, unreadable: unreadable ? set : 0 };
}

function coverageOf(truths: InstanceTruths, counts: Counts): Coverage {
  const exists = truths.desired !== null || truths.recorded !== null;
  const status = truths.observation?.status;
  return {
    instances: exists ? 1 : 0,
    instancesRead: exists && (status === "found" || status === "not-found") ? 1 : 0,
    attributes: counts.compared + counts.notCompared + counts.unreadable,
    compared: counts.compared,
    notCompared: counts.notCompared,
    unreadable: counts.unreadable,
  };
}

function addCoverage(a: Coverage, b: Coverage): Coverage {
  return {
    instances: a.instances + b.instances,
    instancesRead: a.instancesRead + b.instancesRead,
    attributes: a.attributes + b.attributes,
    compared: a.compared + b.compared,
    notCompared: a.notCompared + b.notCompared,
    unreadable: a.unreadable + b.unreadable,
  };
}

function compareFindings(a: Finding, b: Finding): number {
  return (
    compareNatural(a.address, b.address) ||
    compareNatural(orderedBy(a), orderedBy(b)) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}
