import type { Json } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import type { UnreadValue } from "./compare.ts";
import { fingerprintOf, revisionOf } from "./fingerprint.ts";
import type { InstanceTruths } from "./instance.ts";
import type { ValueKind } from "./kind.ts";
import type { Finding, FindingKind, ObservedResource, ResourceIdentity } from "./model.ts";
import { touchesPath } from "./path-match.ts";
import type { TypeRules } from "./rules.ts";
import { type Judgement, judgeDifference, judgeUnmanaged } from "./severity.ts";
import { changeOf, type Difference, type View } from "./view.ts";

/** What is the same for all findings of a comparison. */
export interface ComparisonContext {
  /** The repository's id at its host, or another name of it that does not change. */
  readonly repository: string;
  readonly stack: string;
  /** A secret of the installation, the same from scan to scan: for revisions and hidden values. */
  readonly key: string;
  readonly now: Date;
}

interface Parts {
  readonly address: string;
  readonly resource: ResourceIdentity;
  readonly kind: FindingKind;
  readonly about: string;
  readonly values: Json;
  readonly judgement: Judgement;
  readonly concern?: string | null;
  readonly changes?: Finding["changes"];
  readonly sensitive?: boolean;
  readonly declaredAt: Finding["declaredAt"];
}

function findingOf(context: ComparisonContext, parts: Parts): Finding {
  const { address, resource, kind, about, judgement } = parts;
  const { repository, stack } = context;
  return {
    fingerprint: fingerprintOf({ repository, stack, type: resource.type, id: resource.id, address, about }),
    // What is not secret needs no key, and so has the same revision in every installation.
    revision: revisionOf(parts.sensitive === true ? context.key : "", parts.values),
    address,
    resource,
    kind,
    category: judgement.category,
    severity: judgement.severity,
    changes: parts.changes ?? [],
    widensAccess: judgement.widensAccess,
    sensitive: parts.sensitive ?? false,
    concern: parts.concern ?? null,
    notes: judgement.notes,
    declaredAt: parts.declaredAt,
    actor: null,
    detectedAt: context.now.toISOString(),
  };
}

function resourceIdentity(truths: InstanceTruths): ResourceIdentity {
  const found = truths.observation?.status === "found" ? truths.observation.resource : null;
  return {
    type: truths.type,
    id: truths.recorded?.id ?? found?.id ?? null,
    account: truths.recorded?.account ?? found?.account ?? null,
    region: truths.recorded?.region ?? found?.region ?? null,
  };
}

const VALUE_NOTES: Readonly<Record<ValueKind, string>> = {
  drift: "Changed outside the code; the state still has the old value.",
  absorbed: "The state already has the live value, and the code another one.",
  conflict: "The code, the state and the cloud have three different values.",
  "stale-state": "The code and the cloud agree; only the state is behind. A refresh is enough.",
};

/** The finding about one difference. */
export function differenceFinding(
  context: ComparisonContext,
  view: View,
  difference: Difference,
  rules: TypeRules,
): Finding {
  const { truths } = view;
  const judgement = judgeDifference(difference, rules, view);
  return findingOf(context, {
    address: truths.address,
    resource: resourceIdentity(truths),
    kind: difference.kind,
    about: printPath(difference.path),
    values: difference.normal,
    changes: difference.changes,
    sensitive: difference.sensitive,
    declaredAt: truths.desired?.declaredAt ?? null,
    concern: judgement.notes[0] ?? null,
    judgement: {
      ...judgement,
      notes: [VALUE_NOTES[difference.kind], ...desireNotes(difference, truths), ...judgement.notes],
    },
  });
}

function desireNotes({ desired, path, rule }: Difference, truths: InstanceTruths): readonly string[] {
  if (desired === "unknown") {
    const unknown = (truths.desired?.unknown ?? []).filter((at) => touchesPath([at], path, "exact"));
    const names = unknown.slice(0, 5).map((at) => printPath(at));
    return [
      `The code's value of ${names.join(", ")} is not known before an apply, so no edit can follow the cloud.`,
    ];
  }
  return desired === "left-out" && rule.watch !== undefined
    ? [`The code does not set ${printPath(path)}; it is watched because it matters to security.`]
    : [];
}

/** Findings about the whole of an instance, by the first table, and other things it is known for. */
type WholeKind = Exclude<FindingKind, ValueKind | "unmanaged" | "version" | "unapplied"> | "stale-state";

const WHOLE: Readonly<Record<WholeKind, Judgement>> = {
  deleted: {
    category: "resource",
    severity: "high",
    widensAccess: false,
    notes: ["Deleted outside the code: the cloud says that it does not exist."],
  },
  "pending-create": about("info", "In the code only: the next apply creates it."),
  "pending-destroy": about("info", "No longer in the code: the next apply destroys it."),
  "stale-state": about(
    "info",
    "Only the state still has it; the code and the cloud do not. A refresh is enough.",
  ),
  "needs-import": about(
    "low",
    "In the code and in the cloud, but not in the state: the next apply imports it.",
  ),
  unreadable: about("low", ""),
};

function about(severity: Judgement["severity"], note: string): Judgement {
  return { category: "resource", severity, widensAccess: false, notes: note === "" ? [] : [note] };
}

/** The finding about an instance as a whole. */
export function wholeFinding(context: ComparisonContext, truths: InstanceTruths, kind: WholeKind): Finding {
  const judgement = WHOLE[kind];
  const reason = unreadReason(truths);
  const isUnsupported = truths.observation?.status === "unsupported";
  const severity = kind === "unreadable" && isUnsupported ? "info" : judgement.severity;
  return findingOf(context, {
    ...plainParts(truths, kind, kind),
    judgement: { ...judgement, severity, notes: [...judgement.notes, ...(reason === null ? [] : [reason])] },
  });
}

function unreadReason({ type, observation }: InstanceTruths): string | null {
  if (observation?.status === "unreadable") return `Could not be read: ${observation.reason}`;
  if (observation?.status !== "unsupported") return null;
  return `Driftwright cannot read ${type} yet, so nothing is known about what really runs.`;
}

function plainParts(truths: InstanceTruths, kind: FindingKind, subject: string): Omit<Parts, "judgement"> {
  return {
    address: truths.address,
    resource: resourceIdentity(truths),
    kind,
    about: subject,
    values: [subject],
    declaredAt: truths.desired?.declaredAt ?? null,
  };
}

/** The finding about values that the code sets and the cloud did not tell. */
export function unreadFinding(
  context: ComparisonContext,
  view: View,
  unread: readonly UnreadValue[],
): Finding {
  const { truths } = view;
  const names = unread.map(({ path }) => printPath(path));
  const note = `The cloud did not tell ${names.join(", ")}, so nothing is known about drift there.`;
  return findingOf(context, {
    ...plainParts(truths, "unreadable", "unread"),
    values: ["unread", ...unread.map(({ path }) => printPath(path))],
    changes: unread.map(({ path, rule, values }) => {
      const desire = view.isUnknown(path) ? "unknown" : "set";
      return { ...changeOf(view, { path, values, rule, desire }), observed: "unread" as const };
    }),
    sensitive: unread.some(({ path, rule }) => view.isSensitive(path, rule)),
    judgement: { ...about("info", note), category: "configuration" },
  });
}

/** The finding about an object that the state marks as tainted: the next apply replaces it. */
export function taintedFinding(context: ComparisonContext, truths: InstanceTruths): Finding {
  const note = "Tainted in the state: the next apply destroys and creates it anew.";
  return findingOf(context, { ...plainParts(truths, "unapplied", "tainted"), judgement: about("low", note) });
}

/** The finding about objects that a replacement left behind. */
export function deposedFinding(context: ComparisonContext, truths: InstanceTruths): Finding {
  const { deposed } = truths;
  const what = deposed === 1 ? "an object" : `${deposed} objects`;
  const note = `A replacement left ${what} behind (deposed in the state), which the next apply destroys.`;
  return findingOf(context, {
    ...plainParts(truths, "pending-destroy", "deposed"),
    values: ["deposed", deposed],
    judgement: about("low", note),
  });
}

/** How a resource is called that no code gives an address: `aws_security_group/sg-0abc`. */
function unmanagedAddress(resource: ObservedResource): string {
  return `${resource.type}/${resource.id}`;
}

/** The finding about a resource that neither the code nor the state has. */
export function unmanagedFinding(
  context: ComparisonContext,
  resource: ObservedResource,
  rules: TypeRules | undefined,
): Finding {
  const { type, id, account, region } = resource;
  const judgement = judgeUnmanaged(resource.attributes, rules);
  return findingOf(context, {
    address: unmanagedAddress(resource),
    resource: { type, id, account, region },
    kind: "unmanaged",
    about: "unmanaged",
    values: ["unmanaged"],
    declaredAt: null,
    judgement: { ...judgement, notes: ["Neither the code nor the state has it.", ...judgement.notes] },
  });
}

/** The path a finding is ordered by; a finding about the whole of an instance comes first. */
export function orderedBy(finding: Finding): string {
  const path: Path | undefined = finding.changes[0]?.path;
  return path === undefined ? "" : printPath(path);
}
