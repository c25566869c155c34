import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import type { LockTable, LockTableConnection } from "./lock-table.ts";

/** Tries of one call; milliseconds for a connection and for an answer. */
const ATTEMPTS = 4;
const CONNECT_TIMEOUT = 4_000;
const ANSWER_TIMEOUT = 15_000;

/** A lock table in DynamoDB, read with `dynamodb:GetItem` alone. */
export function openLockTable({ table, region, endpoint, credentials }: LockTableConnection): LockTable {
  const client = new DynamoDBClient({
    region,
    credentials,
    maxAttempts: ATTEMPTS,
    requestHandler: {
      connectionTimeout: CONNECT_TIMEOUT,
      requestTimeout: ANSWER_TIMEOUT,
      socketTimeout: ANSWER_TIMEOUT,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === null ? {} : { endpoint }),
  });
  return {
    async digestOf(lockId) {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: table,
          Key: { LockID: { S: lockId } },
          ProjectionExpression: "LockID, Digest",
          ConsistentRead: true,
        }),
      );
      return Item === undefined ? null : (Item["Digest"]?.S ?? "");
    },
    close: () => client.destroy(),
  };
}
