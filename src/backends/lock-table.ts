/** A DynamoDB table that holds the locks and digests of states: Terraform's way before lock files in S3. */
export interface LockTable {
  /**
   * The digest in the item with this `LockID`; the empty text where the item has none, null where there is no item.
   * Reads consistently.
   * @throws what the SDK throws.
   */
  digestOf(lockId: string): Promise<string | null>;
  close(): void;
}

/** How to reach a table. The credentials are those that read the state. */
export interface LockTableConnection {
  readonly table: string;
  readonly region: string;
  readonly endpoint: string | null;
  readonly credentials: () => Promise<{
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  }>;
}
