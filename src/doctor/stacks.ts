import type { RepositoryName } from "../config/access.ts";
import type { Inventory, Wanted } from "../drift/inventory.ts";
import { identityOf } from "../providers/aws/identity.ts";
import { counted } from "../reports/visible.ts";
import { inventoriesOf, observe } from "../scan/observation.ts";
import type { PlannedStack } from "../scan/plan.ts";
import type { Tarball } from "../sources/tarball.ts";
import { parseState, type StateDocument } from "../terraform/state/state.ts";
import { type Check, outcomesOf } from "./check.ts";
import { type Failure, failureOf, partedAt, within } from "./failure.ts";
import type { DoctorPorts } from "./ports.ts";

type StackPorts = Pick<DoctorPorts, "clouds" | "limits" | "progress">;

/** Whether a stack's state can be read, and the cloud that the state names, with the rights that a scan would use. */
export async function checkStack(
  stack: PlannedStack,
  tarball: Tarball,
  repository: RepositoryName,
  ports: StackPorts,
): Promise<readonly Check[]> {
  const subject = `${repository.owner}/${repository.name} ${stack.name}`;
  ports.progress(`${subject}: reading the state`);
  const { check, document } = await readState(stack, tarball, repository, subject, ports);
  if (document === null) {
    return [check, outcomesOf("cloud", subject).skipped("the state says which cloud, and was not read")];
  }
  ports.progress(`${subject}: asking the cloud`);
  return [check, ...(await checkClouds({ document, stack }, repository, subject, ports))];
}

interface StateCheck {
  readonly check: Check;
  readonly document: StateDocument | null;
}

const IN_S3 =
  "Keep it in S3 (docs/operations.md, the access file), or name a copy of it in the repository: state of the stack in .github/driftwright.yml";

async function readState(
  stack: PlannedStack,
  tarball: Tarball,
  repository: RepositoryName,
  subject: string,
  { clouds, limits }: StackPorts,
): Promise<StateCheck> {
  const outcome = outcomesOf("state", subject);
  const { state } = stack;
  if (state.kind === "elsewhere") {
    return {
      check: outcome.failed(`it is kept in ${state.backend}, which is not read yet`, IN_S3),
      document: null,
    };
  }
  const source = clouds.stateOf(stack, tarball, repository);
  if (source === null) {
    const message = "the stack has none, so that all of its code counts as still to be created";
    return { check: outcome.warning(message, IN_S3), document: null };
  }
  try {
    const { text, writtenAt, locked } = await within(limits.reading, source.read());
    const document = parseState(text, source.describe);
    const { serial, instances } = document;
    const facts = [
      `serial ${serial}`,
      counted(instances.length, "instance"),
      ...(writtenAt === null ? [] : [`written ${writtenAt}`]),
      ...(locked ? ["somebody is changing it now"] : []),
    ];
    return { check: outcome.ok(`${source.describe} can be read: ${facts.join(", ")}`), document };
  } catch (error) {
    const { message, next } = ofTheService(
      failureOf(error, "See whether the place of the state answers, and try again"),
    );
    return { check: outcome.failed(message, next), document: null };
  }
}

async function checkClouds(
  { document, stack }: { readonly document: StateDocument; readonly stack: PlannedStack },
  repository: RepositoryName,
  subject: string,
  { clouds, limits }: StackPorts,
): Promise<Check[]> {
  const wanted = document.instances.flatMap(wantedOf);
  const all = await clouds.inventories(repository);
  const inventories = all.filter(({ cloud }) => stack.clouds?.includes(cloud) !== false);
  const asked = inventoriesOf(inventories, wanted).filter(({ covers }) =>
    wanted.some(({ type }) => covers(type)),
  );
  if (asked.length === 0) {
    return [outcomesOf("cloud", subject).skipped("the state has nothing that is read from a cloud")];
  }
  return Promise.all(asked.map((inventory) => checkCloud(inventory, wanted, subject, limits.reading)));
}

function wantedOf({ address, parts, attributes }: StateDocument["instances"][number]): Wanted[] {
  if (parts.mode !== "managed") return [];
  const { id, account, region } = identityOf(parts.type, attributes);
  return id === null ? [] : [{ address, type: parts.type, id, account, region, recorded: attributes }];
}

const ALLOW = "See docs/operations.md, Let it read AWS";

const WAYS =
  "the role of the instance, task or pod that it runs in; AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE; AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; or AWS_PROFILE. See docs/operations.md, Credentials of the service";

/** What to do about credentials is another thing for a service than for a person at a terminal. */
function ofTheService({ message, next }: Failure): Failure {
  if (message.includes("no AWS credentials were found")) {
    return { message, next: `Give the service some: ${WAYS}` };
  }
  const isDead = /\bAWS (?:does not accept the credentials|credentials have expired)/.test(message);
  return { message, next: isDead ? `Give the service others, and restart it: ${WAYS}` : next };
}

/** Reads one instance of each type: what may not be read of one may not be read of the others. */
async function checkCloud(
  inventory: Inventory,
  wanted: readonly Wanted[],
  subject: string,
  limit: number,
): Promise<Check> {
  const outcome = outcomesOf("cloud", subject);
  try {
    const { account, principal } = await within(limit, inventory.identity());
    const sample = [...Map.groupBy(wanted, ({ type }) => type).values()].flatMap(([first]) => first ?? []);
    const sought = { wanted: sample, related: [] };
    const { problems } = await within(
      limit,
      observe([inventory], sought, null, () => undefined),
    );
    const [problem] = problems;
    if (problem !== undefined) {
      const { message, next } = partedAt(/^(.*?); ([\s\S]+)$/, problem, ALLOW);
      return outcome.failed(message, next);
    }
    const types = sample.filter(({ type }) => inventory.covers(type)).length;
    return outcome.ok(
      `${inventory.cloud} account ${account} is read as ${principal} (${counted(types, "resource type")} tried)`,
    );
  } catch (error) {
    const { message, next } = ofTheService(failureOf(error, "See whether the cloud answers, and try again"));
    return outcome.failed(message, next);
  }
}
