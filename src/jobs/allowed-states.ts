import type { S3Place, S3Role } from "../backends/s3-place.ts";
import type { AllowedStates, RepositoryName } from "../config/access.ts";
import { matchesGlobs } from "../config/globs.ts";
import type { Refusal } from "../terraform/state/state-error.ts";
import { externalIdOf, nameOf, whoAllows } from "./acting-for.ts";

/** One thing that the code names, and whether an entry of the access file allows it. */
interface Check {
  readonly named: (place: S3Place) => string;
  readonly fits: (place: S3Place, states: AllowedStates) => boolean;
  readonly setting: string;
  /** What the repository can do instead. */
  readonly instead: string;
}

const INSTEAD = "under backend_config of the stack in .github/driftwright.yml";

/** In this order an entry is looked for that allows all of it. */
const CHECKS: readonly Check[] = [
  {
    named: ({ bucket }) => `the bucket ${bucket}`,
    fits: ({ bucket }, states) => states.bucket === bucket,
    setting: "bucket under states",
    instead: "",
  },
  {
    named: ({ bucket, key }) => `the key ${key} of the bucket ${bucket}`,
    fits: ({ key }, { keys }) => keys === null || matchesGlobs(key, keys),
    setting: "keys under states",
    instead: "",
  },
  {
    named: ({ lockTable }) => `the lock table ${lockTable}`,
    fits: ({ lockTable: table }, { lockTable }) => table === null || table === lockTable,
    setting: "lock_table under states",
    instead: `; or give null for dynamodb_table ${INSTEAD}`,
  },
  {
    named: ({ role }) => `the role ${role?.arn}`,
    fits: ({ role }, { roles }) => role === null || roles.includes(role.arn),
    setting: "roles under states",
    instead: `; or give another assume_role, or null for it, ${INSTEAD}`,
  },
];

/** A region's name becomes a part of the host that is asked. */
const REGION = /^[a-z0-9-]{1,40}$/;

/**
 * Decides about what the code of a repository names: gives the place as it may be read, or why it may not be. Of a role
 * its ARN alone counts. Everything else that the code says about it (tags, a source identity) could open what the role
 * is closed to.
 */
export function allowedPlace(
  place: S3Place,
  states: readonly AllowedStates[],
  repository: RepositoryName,
): S3Place | Refusal {
  const misuse = misuseOf(place);
  if (misuse !== null) return misuse;
  let fitting = states;
  for (const { named, fits, setting, instead } of CHECKS) {
    fitting = fitting.filter((each) => fits(place, each));
    if (fitting.length > 0) continue;
    return {
      reason: `${named(place)} is not allowed to ${nameOf(repository)}`,
      advice: `${whoAllows(setting)}${instead}.`,
    };
  }
  const arn = place.role?.arn ?? fitting[0]?.roles[0] ?? null;
  return { ...place, role: arn === null ? null : roleFor(repository, arn) };
}

function roleFor(repository: RepositoryName, arn: string): S3Role {
  return {
    arn,
    externalId: externalIdOf(repository),
    sessionName: `driftwright-state-${repository.id}`,
    sourceIdentity: null,
    policy: null,
    policyArns: [],
    tags: [],
    transitiveTags: [],
  };
}

/** What no setting allows: code does not decide whom the operator's credentials are shown to. */
function misuseOf({ endpoints, profile, region, key }: S3Place): Refusal | null {
  if (Object.values(endpoints).some((endpoint) => endpoint !== null)) {
    return {
      reason:
        "it names an endpoint of its own, and requests there would be signed with the operator's credentials",
      advice: `Take the endpoints away ${INSTEAD}; whoever runs Driftwright sets AWS_ENDPOINT_URL_S3 for all.`,
    };
  }
  if (profile !== null) {
    return {
      reason: "it names a profile of the machine that Driftwright runs on",
      advice: `Give null for profile ${INSTEAD}, and the bucket's role in its place.`,
    };
  }
  if (region !== null && !REGION.test(region)) {
    return {
      reason: "its region is not the name of one",
      advice: `Correct the region, or give it ${INSTEAD}.`,
    };
  }
  if (key.split("/").some((step) => step === "." || step === "..")) {
    return {
      reason: "its key has a step . or .., so that it cannot be told which object it means",
      advice: `Give the key without such steps ${INSTEAD}.`,
    };
  }
  return null;
}
