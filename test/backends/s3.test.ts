import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LockTable } from "../../src/backends/lock-table.ts";
import { type S3StateOptions, s3State } from "../../src/backends/s3.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { StateError } from "../../src/terraform/state/state-error.ts";
import { type StateStore, type StoreFailure, startStateStore } from "../e2e/aws/s3.ts";

const STATE = '{"version": 4, "serial": 1, "lineage": "größe"}\n';
const KEY = "prod/terraform.tfstate";
const ROLE = "arn:aws:iam::123456789012:role/read-state";
const BACKEND = { bucket: "states", key: KEY, region: "eu-west-1" };

let store: StateStore;

beforeEach(async () => {
  store = await startStateStore();
  store.buckets.set("states", "eu-west-1");
  store.objects.set(`states/${KEY}`, { body: STATE, lastModified: new Date("2026-01-02T03:04:05Z") });
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_DEFAULT_REGION"])
    vi.stubEnv(name, undefined);
  vi.stubEnv("AWS_ENDPOINT_URL", store.url);
  vi.stubEnv("AWS_CONFIG_FILE", "/nonexistent/config");
  vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent/credentials");
  vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIAOWN");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "own-secret");
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await store.close();
});

function source(settings: JsonObject = {}, options: S3StateOptions = {}, workspace = "default") {
  const wait = () => Promise.resolve();
  return s3State({ settings: { ...BACKEND, ...settings }, unresolved: [] }, workspace, { wait, ...options });
}

async function refusalOf(settings: JsonObject, options: S3StateOptions = {}): Promise<string> {
  const reason: unknown = await source(settings, options)
    .read()
    .then(
      () => expect.fail("it was read"),
      (error: unknown) => error,
    );
  expect(reason).toBeInstanceOf(StateError);
  const { message } = reason as StateError;
  expect(message).not.toMatch(/secret|role-token|AKIA|ASIA/);
  return message;
}

const asked = () => store.requests.map(({ action, on }) => `${action} ${on}`);

describe("a state in S3", () => {
  test("is read with the time it was written at, by one request", async () => {
    expect(source().describe).toBe(`s3://states/${KEY}`);
    expect(await source().read()).toEqual({
      text: STATE,
      writtenAt: "2026-01-02T03:04:05.000Z",
      locked: false,
    });
    expect(asked()).toEqual([`GetObject /states/${KEY}`]);
    expect(store.requests[0]).toMatchObject({ region: "eu-west-1", accessKey: "AKIAOWN" });
  });

  test("is read again at every call", async () => {
    const state = source();
    await state.read();
    store.objects.set(`states/${KEY}`, { body: "other", lastModified: new Date("2026-05-05T00:00:00Z") });
    expect(await state.read()).toMatchObject({ text: "other", writtenAt: "2026-05-05T00:00:00.000Z" });
  });

  test("of a workspace has a key of its own, whatever its characters", async () => {
    store.objects.set("states/teams/größe +1/a b/state", { body: "blue" });
    const state = source({ key: "a b/state", workspace_key_prefix: "teams" }, {}, "größe +1");
    expect((await state.read()).text).toBe("blue");
    expect(state.describe).toBe("s3://states/teams/größe +1/a b/state");
  });

  test("is found in the region and at the endpoint that are set", async () => {
    vi.stubEnv("AWS_REGION", "eu-west-1");
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    expect((await source({ region: null, endpoints: { s3: store.url } }).read()).text).toBe(STATE);
    vi.stubEnv("AWS_ENDPOINT_URL_S3", store.url);
    vi.stubEnv("AWS_REGION", undefined);
    vi.stubEnv("AWS_DEFAULT_REGION", "eu-west-1");
    expect((await source({ region: null }).read()).text).toBe(STATE);
  });

  test("may be read with the backend's own credentials", async () => {
    await source({ access_key: "AKIAOTHER", secret_key: "other-secret" }).read();
    expect(store.requests[0]?.accessKey).toBe("AKIAOTHER");
  });
});

describe("the role that may read it", () => {
  test("is assumed, and reads the state, its lock and nothing else", async () => {
    store.roles.set(ROLE, null);
    const state = await source({ assume_role: { role_arn: ROLE }, use_lockfile: true }).read();
    expect(state.text).toBe(STATE);
    expect(asked()).toEqual([
      `AssumeRole ${ROLE}`,
      `HeadObject /states/${KEY}.tflock`,
      `GetObject /states/${KEY}`,
    ]);
    expect(store.requests.map(({ accessKey }) => accessKey)).toEqual(["AKIAOWN", "ASIAROLE", "ASIAROLE"]);
    expect(store.requests[2]?.headers["x-amz-security-token"]).toBe("role-token");
    expect(store.requests[0]?.parameters.get("RoleSessionName")).toBe("driftwright-state");
  });

  test("is asked for as the code says", async () => {
    store.roles.set(ROLE, "from-code");
    const role = { role_arn: ROLE, external_id: "from-code", session_name: "s", tags: { team: "a" } };
    await source({ assume_role: role }).read();
    expect(Object.fromEntries(store.requests[0]?.parameters ?? [])).toMatchObject({
      ExternalId: "from-code",
      RoleSessionName: "s",
      "Tags.member.1.Key": "team",
    });
  });

  test("that is refused is said, without naming who asked", async () => {
    expect(await refusalOf({ role_arn: ROLE })).toBe(
      `s3://states/${KEY}: the role ${ROLE} was refused to the credentials in use. ` +
        "Allow them sts:AssumeRole on it and name them in the role's trust policy (with the external id, where it asks for one); or name another role under backend_config.",
    );
  });

  test("and everything else that the code names, needs the permission of who runs Driftwright", async () => {
    const permit: S3StateOptions["permit"] = (place) =>
      place.role === null
        ? place
        : { reason: "the role is not on the list", advice: "Ask whoever keeps the list." };
    expect((await source({}, { permit }).read()).text).toBe(STATE);
    const before = store.requests.length;
    expect(await refusalOf({ role_arn: ROLE }, { permit })).toBe(
      `s3://states/${KEY}: the role is not on the list. Ask whoever keeps the list.`,
    );
    expect(store.requests).toHaveLength(before);
  });

  test("is the one that who runs Driftwright makes of it", async () => {
    store.roles.set(ROLE, "driftwright-7");
    const permit: S3StateOptions["permit"] = (place) => ({
      ...place,
      role: place.role === null ? null : { ...place.role, externalId: "driftwright-7", tags: [] },
    });
    const role = { role_arn: ROLE, external_id: "from-code", tags: { team: "a" } };
    expect((await source({ assume_role: role }, { permit }).read()).text).toBe(STATE);
    expect([...(store.requests[0]?.parameters.keys() ?? [])].filter((name) => /Tag/.test(name))).toEqual([]);
  });
});

describe("the lock", () => {
  test.each([
    [true, true],
    [false, false],
  ])("file there: %s", async (there, locked) => {
    if (there) store.objects.set(`states/${KEY}.tflock`, { body: "{}" });
    expect(await source({ use_lockfile: true }).read()).toEqual({
      text: STATE,
      writtenAt: "2026-01-02T03:04:05.000Z",
      locked,
    });
  });

  test("file is not asked for where Terraform writes none", async () => {
    store.objects.set(`states/${KEY}.tflock`, { body: "{}" });
    expect((await source().read()).locked).toBe(false);
  });

  test("is looked at before the state", async () => {
    store.onRequest = ({ action }) => {
      if (action === "GetObject") store.objects.set(`states/${KEY}.tflock`, { body: "{}" });
    };
    const state = source({ use_lockfile: true });
    expect((await state.read()).locked).toBe(false);
    expect((await state.read()).locked).toBe(true);
  });

  test("that cannot be looked at is said", async () => {
    store.fail("HeadObject", { status: 403, code: "" });
    expect(await refusalOf({ use_lockfile: true })).toMatch(
      /reading its lock file was refused \(s3:GetObject\)\. Allow s3:GetObject on arn:aws:s3:::states\/prod\/terraform\.tfstate\.tflock, and s3:ListBucket/,
    );
  });
});

describe("the lock table", () => {
  const LOCK = `states/${KEY}`;
  const DIGEST = `states/${KEY}-md5`;
  const md5 = (text: string) => createHash("md5").update(text).digest("hex");

  function table(items: Readonly<Record<string, string>>): { options: S3StateOptions; log: string[] } {
    const log: string[] = [];
    const lockTable = (): Promise<LockTable> =>
      Promise.resolve({
        digestOf: (id) => {
          log.push(id);
          return Promise.resolve(items[id] ?? null);
        },
        close: () => log.push("closed"),
      });
    return { options: { lockTable }, log };
  }

  test.each<[string, Readonly<Record<string, string>>, boolean]>([
    ["empty", {}, false],
    ["the digest of the state", { [DIGEST]: md5(STATE) }, false],
    ["an item without a digest", { [DIGEST]: "" }, false],
    ["a lock", { [LOCK]: "", [DIGEST]: md5(STATE) }, true],
    ["a lock, and the digest of another state", { [LOCK]: "", [DIGEST]: md5("other") }, true],
  ])("holds %s", async (_name, items, locked) => {
    const { options, log } = table(items);
    expect(await source({ dynamodb_table: "locks" }, options).read()).toMatchObject({ text: STATE, locked });
    expect(log).toEqual([LOCK, DIGEST, "closed"]);
  });

  test("holds the digest of another state, again and again", async () => {
    const { options } = table({ [DIGEST]: md5("other") });
    expect(await refusalOf({ dynamodb_table: "locks" }, options)).toMatch(
      /the object is not the one whose digest the table locks keeps\. Where an apply was running/,
    );
    expect(asked()).toHaveLength(4);
  });

  test("gets the digest a moment after the state", async () => {
    const items: Record<string, string> = { [DIGEST]: md5("other") };
    const waits: number[] = [];
    const wait = (milliseconds: number) => {
      waits.push(milliseconds);
      items[DIGEST] = md5(STATE);
      return Promise.resolve();
    };
    const { options } = table(items);
    expect((await source({ dynamodb_table: "locks" }, { ...options, wait }).read()).text).toBe(STATE);
    expect(waits).toEqual([1000]);
  });

  test("of each workspace is its own", async () => {
    store.objects.set(`states/env:/blue/${KEY}`, { body: STATE });
    const { options, log } = table({ [`states/env:/blue/${KEY}`]: "" });
    expect((await source({ dynamodb_table: "locks" }, options, "blue").read()).locked).toBe(true);
    expect(log).toContain(`states/env:/blue/${KEY}-md5`);
  });
});

describe("refused, with the place, the reason and what to do", () => {
  test.each<[string, StoreFailure, RegExp]>([
    [
      "no permission",
      { status: 403, code: "AccessDenied", message: "arn:aws:iam::1:user/secret is not authorized" },
      /reading it was refused \(s3:GetObject\)\. Allow s3:GetObject on arn:aws:s3:::states\/prod\/terraform\.tfstate, and s3:ListBucket on the bucket: without it/,
    ],
    [
      "no permission for the key",
      {
        status: 403,
        code: "AccessDenied",
        message: "User is not authorized to perform: kms:Decrypt on secret",
      },
      /the KMS key that encrypts it was refused\. Allow kms:Decrypt/,
    ],
    [
      "a disabled key",
      { status: 400, code: "KMS.DisabledException" },
      /cannot be used \(KMS\.DisabledException\)/,
    ],
    [
      "a customer's key",
      {
        status: 400,
        code: "InvalidRequest",
        message:
          "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
      },
      /encrypted with a key that only its owner has \(SSE-C\)\. .*terraform state pull/,
    ],
    [
      "an archived object",
      { status: 403, code: "InvalidObjectState" },
      /the object is archived\. Restore it/,
    ],
    [
      "no object",
      { status: 404, code: "NoSuchKey" },
      /there is no object prod\/terraform\.tfstate in the bucket\. Either nothing was ever applied/,
    ],
    ["no bucket", { status: 404, code: "NoSuchBucket" }, /there is no bucket states\. Check/],
    [
      "another region",
      { status: 301, code: "PermanentRedirect", headers: { "x-amz-bucket-region": "us-west-2" } },
      /the bucket is in us-west-2, not in eu-west-1\. Correct the backend's region/,
    ],
    [
      "another region, as the signature shows",
      {
        status: 400,
        code: "AuthorizationHeaderMalformed",
        message:
          "The authorization header is malformed; the region 'eu-west-1' is wrong; expecting 'us-gov-west-1'",
      },
      /the bucket is in us-gov-west-1, not/,
    ],
    [
      "another region, which is not named",
      { status: 301, code: "PermanentRedirect", headers: { "x-amz-bucket-region": "<secret>" } },
      /the bucket is in another region, not in eu-west-1/,
    ],
    [
      "old credentials",
      { status: 400, code: "ExpiredToken" },
      /does not accept the credentials.*\(ExpiredToken\)\. Get new ones/,
    ],
    [
      "wrong credentials",
      { status: 403, code: "InvalidAccessKeyId" },
      /does not accept.*\(InvalidAccessKeyId\)/,
    ],
    [
      "an outage",
      { status: 500, code: "InternalError" },
      /AWS failed when the state was read \(HTTP 500\)\. Scan again/,
    ],
    ["too many requests", { status: 503, code: "SlowDown" }, /AWS throttled/],
    [
      "something new",
      { status: 418, code: "Teapot", message: "secret" },
      /reading the state failed \(Teapot, 418\)/,
    ],
    [
      "a code that is a text",
      { status: 418, code: "a secret: x" },
      /reading the state failed \(an unknown error, 418\)/,
    ],
  ])("%s", async (_name, failure, message) => {
    store.fail("GetObject", failure);
    const said = await refusalOf({});
    expect(said).toMatch(message);
    expect(said.startsWith(`s3://states/${KEY}: `)).toBe(true);
  });

  test("a bucket in another region than the signed one", async () => {
    store.buckets.set("states", "us-west-2");
    expect(await refusalOf({})).toMatch(/the bucket is in us-west-2, not in eu-west-1/);
    expect(await refusalOf({ use_lockfile: true })).toMatch(/the bucket is in us-west-2, not in eu-west-1/);
  });

  test("nobody answers", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
    expect(await refusalOf({})).toMatch(
      /there was no answer when the state was read in eu-west-1 \(ECONNREFUSED\)/,
    );
  });

  test("no credentials", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    expect(await refusalOf({})).toMatch(/no AWS credentials were found.*aws sso login/);
    expect(await refusalOf({ profile: "nobody" })).toMatch(/for the profile "nobody" that the backend names/);
  });

  test("no region", async () => {
    expect(await refusalOf({ region: null })).toMatch(
      /does not say its region, and none is set\. Set AWS_REGION/,
    );
  });

  test("too large, by what S3 says", async () => {
    expect(await refusalOf({}, { maxBytes: 10 })).toMatch(
      /the object has 50 bytes or more, and 10 are read at most/,
    );
    expect((await source({}, { maxBytes: 50 }).read()).text).toBe(STATE);
  });

  test("no text", async () => {
    store.objects.set(`states/${KEY}`, { body: Buffer.from([0xff, 0x00, 0xfe]) });
    expect(await refusalOf({})).toMatch(/not text in UTF-8/);
  });

  test("a backend that says too little has no address yet", async () => {
    const state = source({ bucket: null });
    expect(state.describe).toBe('backend "s3"');
    await expect(state.read()).rejects.toThrow(/backend "s3": the code does not say its bucket/);
  });
});
