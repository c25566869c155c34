import { setTimeout as sleep } from "node:timers/promises";
import { type Refusal, StateError } from "../terraform/state/state-error.ts";
import type { StateSource, StateText } from "../terraform/state/state-source.ts";
import { decodeState } from "./local.ts";
import type { LockTable, LockTableConnection } from "./lock-table.ts";
import type { S3Connection } from "./s3-client.ts";
import { describe } from "./s3-failure.ts";
import { type S3Backend, type S3Place, s3Place, UNKNOWN_PLACE } from "./s3-place.ts";

export interface S3StateOptions {
  /** The largest state that is read, in bytes. */
  readonly maxBytes?: number;
  /** Opens the DynamoDB table that a backend names; default: with the SDK. */
  readonly lockTable?: (connection: LockTableConnection) => Promise<LockTable>;
  /**
   * What is used of that which the code names, or why nothing is. Who scans other people's repositories decides here
   * which bucket, role, profile and endpoint each of them may have.
   */
  readonly permit?: (place: S3Place) => S3Place | Refusal;
  /** Waits so many milliseconds. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** In bytes. */
const MAX_STATE_BYTES = 256 * 1024 * 1024;
/** Terraform writes the state first and its digest after: between the two they differ for a moment. */
const DIGEST_LOOKS = 4;
const DIGEST_PAUSE = 1_000;

/**
 * A workspace's state in S3, as Terraform's backend of that name keeps it. The SDK is loaded by the first `read`.
 * https://developer.hashicorp.com/terraform/language/backend/s3
 */
export function s3State(backend: S3Backend, workspace: string, options: S3StateOptions = {}): StateSource {
  return {
    describe: describeBackend(backend, workspace),
    async read() {
      const place = permitted(s3Place(backend, workspace), options);
      const { connectS3 } = await import("./s3-client.ts");
      const connection = await connectS3(place, {
        maxBytes: options.maxBytes ?? MAX_STATE_BYTES,
        lockTable: options.lockTable ?? openInDynamoDb,
      });
      try {
        return await readState(connection, place, options.wait ?? sleep);
      } finally {
        connection.close();
      }
    },
  };
}

function describeBackend(backend: S3Backend, workspace: string): string {
  try {
    return describe(s3Place(backend, workspace));
  } catch (error) {
    if (error instanceof StateError) return UNKNOWN_PLACE;
    throw error;
  }
}

async function openInDynamoDb(connection: LockTableConnection): Promise<LockTable> {
  const { openLockTable } = await import("./dynamodb-lock-table.ts");
  return openLockTable(connection);
}

function permitted(place: S3Place, { permit }: S3StateOptions): S3Place {
  const decided = permit?.(place) ?? place;
  if ("reason" in decided) throw new StateError(describe(place), decided);
  return decided;
}

async function readState(
  connection: S3Connection,
  place: S3Place,
  wait: (milliseconds: number) => Promise<unknown>,
): Promise<StateText> {
  for (let look = 1; ; look += 1) {
    // The lock first: who takes it after this look is seen by the look that follows the scan.
    const locked = await connection.locked();
    const digest = await connection.digest();
    const { bytes, md5, writtenAt } = await connection.object();
    // Whoever holds the lock may be between the state and its digest.
    if (locked || digest === null || digest === md5) {
      return { text: decodeState(bytes, describe(place)), writtenAt, locked };
    }
    if (look === DIGEST_LOOKS) {
      throw new StateError(describe(place), {
        reason: `the object is not the one whose digest the table ${place.lockTable} keeps`,
        advice:
          "Where an apply was running, scan again when it has finished. If it stays so, something other than Terraform wrote the object: see its earlier versions in the bucket; `terraform plan` tells which digest to set where the object is right.",
      });
    }
    await wait(DIGEST_PAUSE);
  }
}
