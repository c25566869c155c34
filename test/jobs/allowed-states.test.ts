import { describe, expect, test } from "vitest";
import { type S3Place, s3Place } from "../../src/backends/s3-place.ts";
import type { AllowedStates } from "../../src/config/access.ts";
import { allowedPlace } from "../../src/jobs/allowed-states.ts";
import type { JsonObject } from "../../src/json/json.ts";

const SHOP = { id: 42, owner: "acme", name: "shop" };
const [ROLE, SECOND] = [
  "arn:aws:iam::123456789012:role/read-shop",
  "arn:aws:iam::123456789012:role/read-all",
];
const ADMIN = "arn:aws:iam::123456789012:role/admin";
const BUCKET: AllowedStates = {
  bucket: "states",
  keys: ["shop/*", "env:/*/shop/*"],
  roles: [],
  lockTable: "locks",
};

function decide(settings: JsonObject, states: readonly AllowedStates[] = [BUCKET], workspace = "default") {
  const all = { bucket: "states", key: "shop/prod.tfstate", region: "eu-west-1", ...settings };
  return allowedPlace(s3Place({ settings: all, unresolved: [] }, workspace), states, SHOP);
}

const isAllowed = (decided: ReturnType<typeof decide>): decided is S3Place => !("reason" in decided);

function refusal(decided: ReturnType<typeof decide>): string {
  return isAllowed(decided) ? expect.fail("it is allowed") : `${decided.reason}. ${decided.advice}`;
}

describe("a state that the operator's file allows", () => {
  test.each<[string, JsonObject, string?]>([
    ["in the bucket", {}],
    ["of another workspace", {}, "blue"],
    ["with the lock table", { dynamodb_table: "locks" }],
    ["with a lock file", { use_lockfile: true }],
  ])("%s", (_what, settings, workspace) => {
    expect(isAllowed(decide(settings, [BUCKET], workspace))).toBe(true);
  });

  test("may be anywhere in a bucket that is allowed as a whole", () => {
    expect(isAllowed(decide({ key: "other/x" }, [{ ...BUCKET, keys: null }]))).toBe(true);
  });

  test("is read with the process's own credentials where no role is listed", () => {
    expect(decide({})).toMatchObject({ role: null });
  });

  test("is read with the role that the code names, or with the first", () => {
    const states = [{ ...BUCKET, roles: [ROLE, SECOND] }];
    expect(decide({ assume_role: { role_arn: SECOND } }, states)).toMatchObject({ role: { arn: SECOND } });
    expect(decide({}, states)).toMatchObject({ role: { arn: ROLE, externalId: "driftwright-42" } });
  });

  test("takes of a role that the code names nothing but which one it is", () => {
    const named = {
      role_arn: ROLE,
      external_id: "driftwright-43",
      session_name: "admin",
      source_identity: "root",
      policy: "{}",
      policy_arns: ["arn:aws:iam::aws:policy/AdministratorAccess"],
      tags: { team: "billing" },
      transitive_tag_keys: ["team"],
    };
    expect(decide({ assume_role: named }, [{ ...BUCKET, roles: [ROLE] }])).toMatchObject({
      role: {
        arn: ROLE,
        externalId: "driftwright-42",
        sessionName: "driftwright-state-42",
        sourceIdentity: null,
        policy: null,
        policyArns: [],
        tags: [],
        transitiveTags: [],
      },
    });
  });
});

describe("a state that it does not allow", () => {
  test.each<[string, JsonObject, string]>([
    ["bucket", { bucket: "payroll" }, "the bucket payroll is not allowed to acme/shop"],
    ["bucket that begins the same", { bucket: "states2" }, "the bucket states2 is not allowed"],
    ["key", { key: "billing/x" }, "the key billing/x of the bucket states is not allowed to acme/shop"],
    ["key that begins the same", { key: "shop2/x" }, "the key shop2/x of the bucket states is not allowed"],
    ["lock table", { dynamodb_table: "users" }, "the lock table users is not allowed to acme/shop"],
    ["role", { role_arn: ADMIN }, `the role ${ADMIN} is not allowed to acme/shop`],
  ])("%s", (_what, settings, says) => {
    const text = refusal(decide(settings));
    expect(text).toContain(says);
    expect(text).toMatch(
      /Whoever runs Driftwright can allow it: \w+ under states in the file that ACCESS_FILE names/,
    );
  });

  test("names the setting, and what the repository itself can do", () => {
    expect(refusal(decide({ assume_role: { role_arn: ADMIN } }, [{ ...BUCKET, roles: [ROLE] }]))).toBe(
      `the role ${ADMIN} is not allowed to acme/shop. Whoever runs Driftwright can allow it: roles under states in the ` +
        "file that ACCESS_FILE names; or give another assume_role, or null for it, under backend_config of the stack in .github/driftwright.yml.",
    );
  });

  test.each([
    ["a prefix with steps back", { workspace_key_prefix: "shop/../billing" }],
    ["a workspace of another's", { workspace_key_prefix: "env:", key: "billing/x" }],
  ])("through %s", (_what, settings) => {
    expect(refusal(decide(settings, [BUCKET], "blue"))).toMatch(/the key .*billing/);
  });

  test("one entry must allow all of it", () => {
    const states = [
      { ...BUCKET, keys: ["shop/*"], roles: [] },
      { ...BUCKET, keys: ["public/*"], roles: [ROLE] },
    ];
    expect(refusal(decide({ role_arn: ROLE }, states))).toContain(`the role ${ROLE}`);
    expect(isAllowed(decide({ role_arn: ROLE, key: "public/x" }, states))).toBe(true);
  });

  test("where nothing is allowed", () => {
    expect(refusal(decide({}, []))).toContain("the bucket states is not allowed to acme/shop");
  });
});

describe("what no operator can allow", () => {
  const anything = [{ bucket: "states", keys: null, roles: [], lockTable: null }];

  test.each<[string, JsonObject, RegExp]>([
    [
      "an endpoint for S3",
      { endpoints: { s3: "https://evil.example" } },
      /endpoint of its own.*AWS_ENDPOINT_URL_S3/,
    ],
    ["an endpoint for STS", { sts_endpoint: "https://evil.example" }, /endpoint of its own/],
    ["an endpoint for DynamoDB", { dynamodb_endpoint: "https://evil.example" }, /endpoint of its own/],
    ["a profile", { profile: "admin" }, /names a profile of the machine/],
    ["a region that is a host", { region: "evil.example/#" }, /its region is not the name of one/],
    ["a key with steps back", { key: "shop/../billing/x" }, /its key has a step \. or \.\./],
  ])("%s", (_what, settings, says) => {
    expect(refusal(decide(settings, anything))).toMatch(says);
  });
});
