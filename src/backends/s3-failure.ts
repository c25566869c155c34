import { StateError } from "../terraform/state/state-error.ts";
import { CUSTOMER_KEY, type S3Place } from "./s3-place.ts";

/** A call that failed: what it is called in policies, and what it was made on. */
export interface FailedCall {
  readonly action: "s3:GetObject" | "sts:AssumeRole" | "dynamodb:GetItem";
  readonly on: "state" | "lock" | "role" | "table";
}

const DEAD_CREDENTIALS = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "InvalidToken",
  "MissingAuthenticationToken",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "UnrecognizedClientException",
]);
const NO_CREDENTIALS = new Set(["CredentialsProviderError", "TokenProviderError"]);
const THROTTLED =
  /^(?:SlowDown|RequestLimitExceeded|ProvisionedThroughputExceeded.*|Throttl.*|TooManyRequests.*)$/;
const NO_ANSWER = /^(?:E[A-Z_]{3,}|CERT_.*|DEPTH_ZERO.*|SELF_SIGNED.*|UNABLE_TO_.*|ERR_TLS.*)$/;
const REGION = /^[a-z]{2}(?:-[a-z]{1,12}){1,3}-\d{1,2}$/;

/**
 * What an error of the SDK means for whoever owns the state. Texts of the service are looked at, never quoted: they
 * name principals and keys. Error codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 */
export function s3Failure(error: unknown, call: FailedCall, place: S3Place, region: string): StateError {
  if (error instanceof StateError) return error;
  const facts = factsOf(error);
  const { name, status, text } = facts;
  const { bucket, key, role } = place;
  const what = { state: "the state", lock: "its lock", role: "the role", table: "its lock table" }[call.on];
  if (NO_CREDENTIALS.has(name)) {
    const profile = place.profile ?? process.env["AWS_PROFILE"] ?? "";
    if (profile !== "") {
      const by = place.profile === null ? "AWS_PROFILE" : "the backend";
      return failure(
        `no AWS credentials were found to read it with, for the profile ${JSON.stringify(profile)} that ${by} names`,
        `See whether \`aws configure list-profiles\` knows it; set it up, or log in with \`aws sso login\`.`,
      );
    }
    return failure(
      "no AWS credentials were found to read it with",
      "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in with `aws sso login`.",
    );
  }
  if (DEAD_CREDENTIALS.has(name)) {
    return failure(
      `AWS does not accept the credentials that read it (${name})`,
      "Get new ones, for example with `aws sso login`; see which ones are used with `aws sts get-caller-identity`.",
    );
  }
  if (name === "TimeoutError" || name === "AbortError" || NO_ANSWER.test(facts.code)) {
    return failure(
      `there was no answer when ${what} was read in ${region} (${facts.code || name})`,
      "Check the network, the backend's region and endpoints, and AWS_ENDPOINT_URL.",
    );
  }
  if (name === "NoSuchBucket") {
    return failure(
      `there is no bucket ${bucket}`,
      "Check the backend's bucket and endpoints; `terraform init` shows whether Terraform finds it.",
    );
  }
  const elsewhere = regionOf(facts, region);
  if (elsewhere !== null) {
    return failure(
      `the bucket is ${elsewhere === "" ? "in another region" : `in ${elsewhere}`}, not in ${region}`,
      "Correct the backend's region in the code, or under backend_config of the stack in .github/driftwright.yml.",
    );
  }
  if (call.on === "state" && (name === "NoSuchKey" || status === 404)) {
    return failure(
      `there is no object ${key} in the bucket`,
      "Either nothing was ever applied in this workspace, or the backend's key, its workspace_key_prefix or the stack's workspace is another one.",
    );
  }
  if (name === "ResourceNotFoundException") {
    return failure(
      `there is no DynamoDB table ${place.lockTable ?? ""} in ${region}`,
      "Check the backend's dynamodb_table; give null for it under backend_config where it is not used any more.",
    );
  }
  if (/Server Side Encryption|customer.{0,20}key|SSE-C/i.test(text) && status === 400) {
    return CUSTOMER_KEY(describe(place));
  }
  if (/^KMS\./.test(name)) {
    return failure(
      `the KMS key that encrypts it cannot be used (${name})`,
      "See in KMS whether the key is enabled and not about to be deleted.",
    );
  }
  if (name === "InvalidObjectState") {
    return failure("the object is archived", "Restore it in S3, and keep states out of archiving rules.");
  }
  if (THROTTLED.test(name) || status === 429 || status === 503) {
    return failure(`AWS throttled the reading of ${what} and did not let it through`, "Scan again later.");
  }
  if (status === 403 || /^AccessDenied/.test(name)) return refused(call, place, text);
  if (status !== null && status >= 500) {
    return failure(`AWS failed when ${what} was read (HTTP ${status})`, "Scan again later.");
  }
  return failure(
    `reading ${what} failed (${[printable(name), status].filter((each) => each !== null).join(", ")})`,
    "Try `terraform state pull` with the same credentials and backend settings; where that works, please report this.",
  );

  function refused({ action, on }: FailedCall, { lockTable }: S3Place, message: string): StateError {
    if (on === "role") {
      return failure(
        `the role ${role?.arn ?? ""} was refused to the credentials in use`,
        "Allow them sts:AssumeRole on it and name them in the role's trust policy (with the external id, where it asks for one); or name another role under backend_config.",
      );
    }
    if (on === "table") {
      return failure(
        `reading the lock table was refused (${action})`,
        `Allow dynamodb:GetItem on the table ${lockTable ?? ""}.`,
      );
    }
    if (/kms/i.test(message)) {
      return failure(
        "the KMS key that encrypts it was refused",
        "Allow kms:Decrypt on that key, in the role's policy and, for another account's key, in the key's policy.",
      );
    }
    const object = on === "lock" ? `${key}.tflock` : key;
    return failure(
      `reading ${on === "lock" ? "its lock file" : "it"} was refused (${action})`,
      `Allow s3:GetObject on arn:aws:s3:::${bucket}/${object}, and s3:ListBucket on the bucket: without it S3 refuses what does not exist.`,
    );
  }

  function failure(reason: string, advice: string): StateError {
    return new StateError(describe(place), { reason, advice });
  }
}

export function describe({ bucket, key }: Pick<S3Place, "bucket" | "key">): string {
  return `s3://${bucket}/${key}`;
}

interface Facts {
  readonly name: string;
  readonly code: string;
  readonly status: number | null;
  readonly text: string;
  readonly region: string | null;
}

/** The region that the answer names; the empty text where it only says that this is not the one, null otherwise. */
function regionOf({ name, status, text, region }: Facts, asked: string): string | null {
  const isRedirect = status === 301 || status === 307 || name === "PermanentRedirect";
  if (
    !isRedirect &&
    name !== "AuthorizationHeaderMalformed" &&
    name !== "IllegalLocationConstraintException"
  ) {
    return null;
  }
  const named = region ?? /expecting '([a-z0-9-]{1,40})'/.exec(text)?.[1] ?? "";
  return REGION.test(named) && named !== asked ? named : "";
}

function factsOf(error: unknown): Facts {
  if (!(error instanceof Error)) return { name: "Error", code: "", status: null, text: "", region: null };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const metadata = fieldOf(error, "$metadata");
  const status = fieldOf(metadata, "httpStatusCode");
  const region = fieldOf(fieldOf(fieldOf(error, "$response"), "headers"), "x-amz-bucket-region");
  return {
    name: error.name,
    code,
    status: typeof status === "number" ? status : null,
    text: error.message.slice(0, 4000),
    region: typeof region === "string" ? region : null,
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Error codes of AWS are words; anything else could be a text of the service. */
function printable(name: string): string {
  return /^[A-Za-z][A-Za-z0-9.]{0,60}$/.test(name) ? name : "an unknown error";
}
