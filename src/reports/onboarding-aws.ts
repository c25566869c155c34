import type { ProposedStack } from "../config/proposed-file.ts";
import type { StackResult } from "../drift/model.ts";
import { awsEntry, awsPermissions, awsTrust, type StateBucket } from "./aws-access.ts";
import { code, joined, type Markdown, md, NOTHING, number, text } from "./markdown.ts";
import { counted } from "./visible.ts";

// How AWS lets itself be read, as the pull request that proposes a configuration says it.

export type AwsView = {
  readonly externalId: Markdown;
  readonly permissions: Markdown;
  readonly trust: Markdown;
  readonly entry: Markdown;
  /** Roles that the code names for its states. */
  readonly roles: Markdown | null;
  /** How many more buckets and tables there are than shown. */
  readonly left: Markdown | null;
  /** Stacks whose bucket is not known, in words. */
  readonly unnamed: Markdown | null;
};

/** What the code names for a state. */
interface Named {
  readonly bucket: string;
  readonly lockTable: string | null;
  readonly role: string | null;
}

/** Buckets with their lock tables and roles: more would take the room of what was found. */
const MOST_STATES = 40;
/** Of the others, by name alone. */
const MOST_LEFT_STATES = 60;

/** Whether something of a stack was read, or there is nothing in it. */
export function isRead(stack: StackResult | undefined): boolean {
  if (stack === undefined || stack.status === "failed") return false;
  return stack.coverage.instances === 0 || stack.coverage.instancesRead > 0;
}

/** What whoever has the account does; null where all that is there can be read already. */
export function awsView({
  repository,
  proposal,
  stacks,
  externalId,
}: {
  readonly repository: string;
  readonly proposal: { readonly stacks: readonly ProposedStack[] };
  readonly stacks: readonly StackResult[];
  readonly externalId: string;
}): AwsView | null {
  const seen = new Map(stacks.map((stack) => [stack.name, stack]));
  const onAws = proposal.stacks.filter(
    ({ providers, state }) => providers.includes("aws") || state.kind === "s3",
  );
  if (onAws.every(({ name }) => isRead(seen.get(name)))) return null;
  const named = namedBy(onAws);
  const shown = named.slice(0, MOST_STATES);
  const left = named.slice(MOST_STATES);
  const access = { repository, externalId, states: bucketsOf(shown) };
  const unnamed = onAws.filter(({ state }) => state.kind === "s3" && state.bucket === null).length;
  return {
    externalId: code(externalId),
    permissions: awsPermissions(access),
    trust: awsTrust(access),
    entry: awsEntry(access),
    roles: rolesOf(shown),
    left:
      left.length === 0
        ? null
        : md`**Not all states are named above.** Add these to the policy and to the entry in the same way: ${leftStates(left)}.`,
    unnamed: unnamed === 0 ? null : text(counted(unnamed, "stack")),
  };
}

/** Each bucket with each lock table and each role once. */
function namedBy(stacks: readonly ProposedStack[]): readonly Named[] {
  const all = new Map<string, Named>();
  for (const { state } of stacks) {
    if (state.kind !== "s3" || state.bucket === null) continue;
    const { bucket, lockTable = null, role = null } = state;
    all.set(JSON.stringify([bucket, lockTable, role]), { bucket, lockTable, role });
  }
  return [...all.values()];
}

/** As the access file says it: each bucket with each lock table once. */
function bucketsOf(named: readonly Named[]): readonly StateBucket[] {
  const groups = Map.groupBy(named, ({ bucket, lockTable }) => JSON.stringify([bucket, lockTable]));
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map(({ bucket, lockTable }) => ({
      bucket,
      lockTable,
      roles: group.flatMap(({ role }) => role ?? []),
    })),
  );
}

function rolesOf(named: readonly Named[]): Markdown | null {
  const roles = [...new Set(named.flatMap(({ role }) => role ?? []))].map((role) => code(role, LONGEST_NAME));
  if (roles.length === 0) return null;
  const [own, need] = roles.length === 1 ? ["a role of its own", "needs"] : ["roles of their own", "need"];
  return md`For some states the code names ${text(own)}, which reads them: ${joined(roles, ", ")} ${text(need)} the same trust, and what the policy says of S3 and DynamoDB.`;
}

function leftStates(states: readonly Named[]): Markdown {
  const named = states.slice(0, MOST_LEFT_STATES).map(({ bucket, lockTable, role }) => {
    const table = lockTable === null ? NOTHING : md` with ${code(lockTable, LONGEST_NAME)}`;
    const reader = role === null ? NOTHING : md` by ${code(role, LONGEST_NAME)}`;
    return md`${code(bucket, LONGEST_NAME)}${table}${reader}`;
  });
  const more = states.length - named.length;
  return joined(more === 0 ? named : [...named, md`and ${number(more)} more`], ", ");
}

/** In characters; those of AWS are shorter, but for ARNs of roles with long paths. */
const LONGEST_NAME = 160;
