import { createHash } from "node:crypto";
import { GetObjectCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { StateError } from "../terraform/state/state-error.ts";
import type { LockTable, LockTableConnection } from "./lock-table.ts";
import { describe, s3Failure } from "./s3-failure.ts";
import type { S3Place, S3Role } from "./s3-place.ts";

export interface S3ClientOptions {
  /** The largest state that is read, in bytes. */
  readonly maxBytes: number;
  readonly lockTable: (connection: LockTableConnection) => Promise<LockTable>;
}

/** A state's object as it is now. */
export interface S3Object {
  readonly bytes: Uint8Array;
  readonly md5: string;
  readonly writtenAt: string | null;
}

/** The calls that read one state. Every method throws StateError alone. */
export interface S3Connection {
  object(): Promise<S3Object>;
  /** Someone holds the lock, in whichever way the backend keeps it. */
  locked(): Promise<boolean>;
  /** The digest that the lock table keeps; null where there is none to compare with. */
  digest(): Promise<string | null>;
  close(): void;
}

/** Tries of one call; milliseconds for a connection and for an answer. */
const ATTEMPTS = 4;
const CONNECT_TIMEOUT = 4_000;
const ANSWER_TIMEOUT = 30_000;
/** The shortest session that STS gives: a state is read in seconds. */
const SESSION_SECONDS = 900;
const SESSION_NAME = "driftwright-state";

/** @throws StateError where no region is known. */
export async function connectS3(place: S3Place, options: S3ClientOptions): Promise<S3Connection> {
  const region = place.region ?? (await sdkRegion(place));
  const base = {
    region,
    maxAttempts: ATTEMPTS,
    useFipsEndpoint: place.fips,
    useDualstackEndpoint: place.dualStack,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT,
      requestTimeout: ANSWER_TIMEOUT,
      socketTimeout: ANSWER_TIMEOUT,
      throwOnRequestTimeout: true,
    },
    ...(place.profile === null ? {} : { profile: place.profile }),
    ...(place.credentials === null ? {} : { credentials: place.credentials }),
  };
  const { role } = place;
  const credentials =
    role === null
      ? {}
      : {
          credentials: () => assumedRole(role, new STSClient({ ...base, ...at(place.endpoints.sts) })),
        };
  const client = new S3Client({
    ...base,
    ...credentials,
    ...at(place.endpoints.s3),
    forcePathStyle: place.pathStyle,
    responseChecksumValidation: place.checksums ? "WHEN_SUPPORTED" : "WHEN_REQUIRED",
  });
  let table: LockTable | null = null;
  try {
    table = await openTable(place, region, client, options);
  } catch (error) {
    client.destroy();
    throw s3Failure(error, { action: "dynamodb:GetItem", on: "table" }, place, region);
  }
  return new Connection(place, region, client, table, options.maxBytes);
}

class Connection implements S3Connection {
  readonly #place: S3Place;
  readonly #region: string;
  readonly #client: S3Client;
  readonly #table: LockTable | null;
  readonly #maxBytes: number;

  constructor(place: S3Place, region: string, client: S3Client, table: LockTable | null, maxBytes: number) {
    this.#place = place;
    this.#region = region;
    this.#client = client;
    this.#table = table;
    this.#maxBytes = maxBytes;
  }

  async object(): Promise<S3Object> {
    const { bucket: Bucket, key: Key } = this.#place;
    try {
      const answer = await this.#client.send(new GetObjectCommand({ Bucket, Key }));
      const bytes = await this.#bytesOf(
        answer.Body as AsyncIterable<Uint8Array> | undefined,
        answer.ContentLength,
      );
      const md5 = createHash("md5").update(bytes).digest("hex");
      return { bytes, md5, writtenAt: answer.LastModified?.toISOString() ?? null };
    } catch (error) {
      throw this.#failure(error, "state");
    }
  }

  async locked(): Promise<boolean> {
    return (this.#place.lockFile && (await this.#hasLockFile())) || (await this.#tableItem("")) !== null;
  }

  async digest(): Promise<string | null> {
    return (await this.#tableItem("-md5")) || null;
  }

  close(): void {
    this.#client.destroy();
    this.#table?.close();
  }

  async #bytesOf(
    body: AsyncIterable<Uint8Array> | undefined,
    length: number | undefined,
  ): Promise<Uint8Array> {
    if (length !== undefined && length > this.#maxBytes) throw this.#tooLarge(length);
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of body ?? []) {
      size += chunk.length;
      if (size > this.#maxBytes) throw this.#tooLarge(size);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  #tooLarge(size: number): StateError {
    return new StateError(describe(this.#place), {
      reason: `the object has ${size} bytes or more, and ${this.#maxBytes} are read at most`,
      advice: "Check that it is a state; split a state this large into several stacks.",
    });
  }

  async #hasLockFile(): Promise<boolean> {
    const { bucket: Bucket, key } = this.#place;
    try {
      await this.#client.send(new HeadObjectCommand({ Bucket, Key: `${key}.tflock` }));
      return true;
    } catch (error) {
      if (error instanceof Error && (error.name === "NotFound" || error.name === "NoSuchKey")) return false;
      throw this.#failure(error, "lock");
    }
  }

  /** The table names a lock after bucket and key; the digest's item is called the same with `-md5` after it. */
  async #tableItem(suffix: string): Promise<string | null> {
    if (this.#table === null) return null;
    const { bucket, key } = this.#place;
    try {
      return await this.#table.digestOf(`${bucket}/${key}${suffix}`);
    } catch (error) {
      throw this.#failure(error, "table");
    }
  }

  #failure(error: unknown, on: "state" | "lock" | "table"): StateError {
    if (error instanceof RoleRefused) {
      return s3Failure(error.cause, { action: "sts:AssumeRole", on: "role" }, this.#place, this.#region);
    }
    const action = on === "table" ? "dynamodb:GetItem" : "s3:GetObject";
    return s3Failure(error, { action, on }, this.#place, this.#region);
  }
}

/** Tells a failure of `sts:AssumeRole` from one of the call that needed the role. */
class RoleRefused extends Error {
  override readonly name = "RoleRefused";
}

async function assumedRole(role: S3Role, client: STSClient) {
  try {
    const { Credentials } = await client.send(new AssumeRoleCommand(roleRequest(role)));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined)
      throw new Error("no credentials in the answer");
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    };
  } catch (error) {
    throw new RoleRefused("the role was not given", { cause: error });
  } finally {
    client.destroy();
  }
}

function roleRequest(role: S3Role) {
  return {
    RoleArn: role.arn,
    RoleSessionName: role.sessionName ?? SESSION_NAME,
    DurationSeconds: SESSION_SECONDS,
    ...(role.externalId === null ? {} : { ExternalId: role.externalId }),
    ...(role.sourceIdentity === null ? {} : { SourceIdentity: role.sourceIdentity }),
    ...(role.policy === null ? {} : { Policy: role.policy }),
    ...(role.policyArns.length === 0 ? {} : { PolicyArns: role.policyArns.map((arn) => ({ arn })) }),
    ...(role.tags.length === 0 ? {} : { Tags: role.tags.map(([Key, Value]) => ({ Key, Value })) }),
    ...(role.transitiveTags.length === 0 ? {} : { TransitiveTagKeys: [...role.transitiveTags] }),
  };
}

async function openTable(
  { lockTable, endpoints }: S3Place,
  region: string,
  client: S3Client,
  options: S3ClientOptions,
): Promise<LockTable | null> {
  if (lockTable === null) return null;
  return await options.lockTable({
    table: lockTable,
    region,
    endpoint: endpoints.dynamodb,
    credentials: () => client.config.credentials(),
  });
}

function at(endpoint: string | null): { endpoint?: string } {
  return endpoint === null ? {} : { endpoint };
}

/** As the SDK finds it (AWS_REGION, the profile), else AWS_DEFAULT_REGION, which Terraform reads too. */
async function sdkRegion(place: S3Place): Promise<string> {
  try {
    return await new S3Client(place.profile === null ? {} : { profile: place.profile }).config.region();
  } catch {
    const region = process.env["AWS_DEFAULT_REGION"];
    if (region) return region;
    throw new StateError(describe(place), {
      reason: "the backend does not say its region, and none is set",
      advice: "Set AWS_REGION, or give region under backend_config of the stack in .github/driftwright.yml.",
    });
  }
}
