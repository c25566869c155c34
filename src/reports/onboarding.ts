import { createHash } from "node:crypto";
import { CONFIG_PATH } from "../config/model.ts";
import type { Proposal, ProposedStack, StatePlace } from "../config/proposed-file.ts";
import type { StackResult } from "../drift/model.ts";
import type { Allowance } from "./budget.ts";
import { headline, openFindings } from "./headline.ts";
import { code, joined, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import { printMarker } from "./marker.ts";
import { type AwsView, awsView, isRead } from "./onboarding-aws.ts";
import { type CountRow, countRows, type FindingRow, findingRows, REST } from "./onboarding-findings.ts";
import { severityTable } from "./severity-table.ts";
import { unreadReasons, unreadRow } from "./unread-reasons.ts";
import { type Listed, listed } from "./views.ts";
import { counted } from "./visible.ts";

/** What the first pull request is written from. */
export interface Onboarding {
  /** `acme/shop` */
  readonly repository: string;
  readonly defaultBranch: string;
  /** Everyone can read it: numbers alone are told of the drift. */
  readonly isPublic: boolean;
  readonly proposal: Proposal;
  /** As the last scan saw them. */
  readonly stacks: readonly StackResult[];
  /** Permissions that are asked for and not granted, as `checks: write`. */
  readonly missingPermissions: readonly string[];
  /** They can be switched off in a repository. */
  readonly hasIssues: boolean;
  /** What every role of AWS is told on behalf of the repository. */
  readonly externalId: string;
  /** The file that the pull request adds. */
  readonly file: string;
}

export type OnboardingView = {
  readonly marker: Markdown;
  readonly file: Markdown;
  readonly branch: Markdown;
  /** Numbers alone are told, here and once it is merged. */
  readonly isPublic: boolean;
  readonly stacks: Listed<StackRow>;
  readonly headline: Markdown;
  readonly counts: Listed<CountRow> | null;
  readonly severities: Markdown | null;
  readonly findings: Listed<FindingRow> | null;
  readonly permissions: readonly Markdown[] | null;
  /** Nothing more is written without them. */
  readonly waitsForIssues: boolean;
  readonly hasIssues: boolean;
  readonly clouds: readonly Markdown[];
  readonly unread: Listed<Markdown> | null;
  readonly unreadCount: Markdown | null;
  readonly aws: AwsView | null;
};

type StackRow = {
  readonly name: Markdown;
  readonly path: Markdown;
  readonly environment: Markdown;
  readonly workspace: Markdown;
  readonly varFiles: Markdown;
  readonly state: Markdown;
  readonly clouds: Markdown;
  readonly status: Markdown;
};

/** The pull request that proposes a configuration. Where everyone can read it, no drift is told of but in numbers. */
export function onboardingView(facts: Onboarding, allowance: Allowance): OnboardingView {
  const { isPublic, proposal, stacks, file, hasIssues, missingPermissions: missing } = facts;
  const { stacks: proposed, left } = proposal;
  const statuses = new Map(stacks.map((stack) => [stack.name, stack]));
  const found = stacks.flatMap((stack) => openFindings(stack).map((finding) => ({ stack, finding })));
  const unread = stacks.filter(({ status }) => status !== "complete");
  // Room is given out in this order: what helps on first, and what can be seen elsewhere last.
  const reasons = isPublic ? null : listedOrNull(unreadReasons(unread), unreadRow, allowance);
  const findings = isPublic ? null : findingRows(found, hasIssues, allowance);
  const counts = isPublic ? null : countRows(stacks, allowance);
  const rows = listed(
    proposed,
    (stack) => stackRow(stack, statuses.get(stack.name), isPublic),
    allowance,
    REST,
  );
  return {
    // The file is part of what is kept up to date.
    marker: printMarker({
      kind: "onboarding",
      stack: null,
      fingerprints: [],
      revisions: [],
      name: hashOf(file),
    }),
    file: code(CONFIG_PATH),
    branch: code(facts.defaultBranch, 120),
    isPublic,
    stacks: left === 0 ? rows : { ...rows, more: moreStacks(left + proposed.length - rows.rows.length) },
    headline: text(headline(stacks)),
    severities: isPublic && found.length > 0 ? severityTable(found.map(({ finding }) => finding)) : null,
    counts,
    findings,
    permissions: missing.length === 0 ? null : missing.map(permission),
    waitsForIssues: missing.includes("issues: write"),
    hasIssues,
    clouds: cloudsOf(facts),
    unread: reasons,
    unreadCount:
      isPublic && unread.length > 0
        ? text(`${counted(unread.length, "stack")} could not be read in full.`)
        : null,
    aws: awsView(facts),
  };
}

function listedOrNull<Item, Row>(
  items: readonly Item[],
  row: (item: Item) => Row,
  allowance: Allowance,
): Listed<Row> | null {
  return items.length === 0 ? null : listed(items, row, allowance, REST);
}

function moreStacks(count: number): Markdown {
  return md`*${number(count)} more stacks are not shown; all of them are scanned.*`;
}

function stackRow(stack: ProposedStack, seen: StackResult | undefined, isPublic: boolean): StackRow {
  const { name, path, environment, workspace, varFiles, state, providers } = stack;
  const clouds = [...new Set(providers.flatMap((provider) => CLOUDS.get(provider) ?? []))];
  const status = isPublic || seen === undefined ? null : seen.status;
  return {
    name: code(name, 80),
    path: code(path, 120),
    environment: environment === null ? NOTHING : code(environment, 60),
    workspace: workspace === null ? NOTHING : code(workspace, 60),
    varFiles: joined(
      varFiles.slice(0, 5).map((file) => code(file, 120)),
      "<br>",
    ),
    state: stateMarkdown(state),
    clouds: text(clouds.join(", ")),
    status: status === null ? NOTHING : text(status),
  };
}

function stateMarkdown(state: StatePlace): Markdown {
  switch (state.kind) {
    case "file":
      return md`the file ${code(state.file, 120)}`;
    case "s3":
      return md`\`s3\` ${code([state.bucket ?? "?", state.key ?? "?"].join("/"), 160)}`;
    case "other":
      return md`${code(state.backend, 40)}, which cannot be read yet`;
    case "none":
      return md`not known`;
  }
}

const CLOUDS: ReadonlyMap<string, string> = new Map([
  ["aws", "AWS"],
  ["google", "Google Cloud"],
  ["google-beta", "Google Cloud"],
  ["azurerm", "Azure"],
  ["azuread", "Azure"],
  ["azapi", "Azure"],
]);

const WITHOUT: ReadonlyMap<string, Markdown> = new Map([
  ["actions", md`nothing is missing yet`],
  ["checks", md`no check runs`],
  ["contents", md`nothing at all, or with \`read\` no pull requests and no issues`],
  ["issues", md`no issues, and no pull request but this one`],
  ["members", md`teams are not asked for reviews`],
  ["merge_queues", md`a required check stops the merge queue`],
  ["pull_requests", md`scans only`],
]);

function permission(missing: string): Markdown {
  const without = WITHOUT.get(missing.split(":")[0] ?? "");
  return without === undefined ? code(missing) : md`${code(missing)}. Without it: ${without}`;
}

/** What of each cloud is read, one bullet each. */
function cloudsOf({ proposal, stacks }: Onboarding): readonly Markdown[] {
  const seen = new Map(stacks.map((stack) => [stack.name, stack]));
  const byCloud = Map.groupBy(
    proposal.stacks.flatMap((stack) =>
      [...new Set(stack.providers.flatMap((provider) => CLOUDS.get(provider) ?? []))].map(
        (cloud) => [cloud, stack] as const,
      ),
    ),
    ([cloud]) => cloud,
  );
  return [...byCloud].map(([cloud, entries]) => {
    if (cloud !== AWS) return md`${text(cloud)}: cannot be compared yet, and is left out.`;
    const read = entries.filter(([, { name }]) => isRead(seen.get(name))).length;
    const all = entries.length;
    return read === all
      ? md`AWS: can be read, for ${text(counted(all, "stack"))}.`
      : md`AWS: ${number(read)} of ${text(counted(all, "stack"))} could be compared with what runs. What is needed is below.`;
  });
}

const AWS = "AWS";

function hashOf(file: string): string {
  return createHash("sha256").update(file).digest("hex").slice(0, 16);
}
