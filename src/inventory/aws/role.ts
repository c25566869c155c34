import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";
import { CloudUnreachable } from "../../drift/inventory.ts";
import { failureOf } from "./failure.ts";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** A role, and what it is told when it is assumed. */
export interface AwsRole {
  readonly arn: string;
  readonly externalId: string;
  readonly sessionName: string;
}

/** One hour: the most that a role may give to another role. */
const SESSION_SECONDS = 3_600;

/**
 * Credentials of a role, for a client of the SDK: it asks again before they expire.
 * @param connect gives a client with the credentials that may assume the role
 * @throws CloudUnreachable, which is what the calls of that client throw then
 */
export function roleCredentials(
  role: AwsRole,
  connect: () => Promise<STSClient>,
): () => Promise<AwsCredentials> {
  return async () => await assume(role, await connect());
}

async function assume(role: AwsRole, client: STSClient): Promise<AwsCredentials> {
  try {
    const { Credentials } = await client.send(
      new AssumeRoleCommand({
        RoleArn: role.arn,
        RoleSessionName: role.sessionName,
        ExternalId: role.externalId,
        DurationSeconds: SESSION_SECONDS,
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (AccessKeyId === undefined || SecretAccessKey === undefined) {
      throw new CloudUnreachable(`AWS gave no credentials for the role ${role.arn}`);
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
      ...(Expiration === undefined ? {} : { expiration: Expiration }),
    };
  } catch (error) {
    throw notAssumed(error, role, await client.config.region());
  } finally {
    client.destroy();
  }
}

function notAssumed(error: unknown, { arn, externalId }: AwsRole, region: string): CloudUnreachable {
  const failure = failureOf(error, "sts:AssumeRole", region);
  const reason =
    failure.kind === "refused"
      ? `the role ${arn} was refused; allow Driftwright sts:AssumeRole on it, and let the role's trust policy name Driftwright and the external id ${externalId}`
      : failure.reason;
  return new CloudUnreachable(reason, { cause: error });
}
