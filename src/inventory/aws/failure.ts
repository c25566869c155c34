import { CloudUnreachable } from "../../drift/inventory.ts";

/**
 * Why a call gave nothing. `unreachable`: no answer at all, so that further calls to the same place are pointless;
 * `refused`: the credentials may not make this call; `gone`: what was asked for does not exist.
 */
export interface Failure {
  readonly kind: "unreachable" | "refused" | "throttled" | "service" | "gone" | "other";
  /** A sentence: what happened, where, what to do next. */
  readonly reason: string;
}

/** Errors by code, as the EC2 and STS API references list them under "Common errors". */
const REFUSED = new Set([
  "AccessDenied",
  "AccessDeniedException",
  "AuthFailure",
  "OptInRequired",
  "UnauthorizedOperation",
]);
const DEAD_CREDENTIALS = new Set([
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "IncompleteSignature",
  "InvalidAccessKeyId",
  "InvalidClientTokenId",
  "MissingAuthenticationToken",
  "RequestExpired",
  "SignatureDoesNotMatch",
  "TokenProviderError",
  "UnrecognizedClientException",
]);
const THROTTLED =
  /^(?:RequestLimitExceeded|Throttling.*|ThrottledException|TooManyRequests.*|.*RateExceeded|SlowDown)$/;
const NO_ANSWER = /^(?:E[A-Z_]{3,}|CERT_.*|DEPTH_ZERO.*|SELF_SIGNED.*|UNABLE_TO_.*|ERR_TLS.*)$/;

/**
 * Judges what the SDK threw.
 * @throws CloudUnreachable where the credentials are missing, expired or wrong: no other call would do better.
 */
export function failureOf(error: unknown, action: string, region: string): Failure {
  if (error instanceof CloudUnreachable) throw error;
  const { name, code, status, message } = factsOf(error);
  const where = `${action} in ${region}`;
  if (DEAD_CREDENTIALS.has(name)) throw new CloudUnreachable(credentialsMessage(name));
  if (name === "TimeoutError" || NO_ANSWER.test(code)) {
    return {
      kind: "unreachable",
      reason: `AWS did not answer ${where} (${code || name}); check the network, the region's name and AWS_ENDPOINT_URL`,
    };
  }
  if (THROTTLED.test(name) || status === 429) {
    return {
      kind: "throttled",
      reason: `AWS throttled ${where} and did not let it through after several tries; scan again when the account is less busy`,
    };
  }
  if (name === "AuthFailure" || name === "OptInRequired") {
    return {
      kind: "refused",
      reason: `AWS refused ${where} (${name}); see whether the region is enabled for the account`,
    };
  }
  if (REFUSED.has(name) || status === 403) {
    return {
      kind: "refused",
      reason: `AWS refused ${where} (${name}); allow the action ${action} in the policy of the scanning role`,
    };
  }
  if (status !== null && status >= 500) {
    return { kind: "service", reason: `AWS failed on ${where} (${name}, HTTP ${status}); scan again later` };
  }
  if (/NotFound$/.test(name)) return { kind: "gone", reason: `AWS does not know what ${where} asked for` };
  return { kind: "other", reason: `${where} failed: ${name}: ${firstLine(message)}` };
}

/** The SDK looks for the profile in the environment, too, and does not say that it is none. */
function credentialsMessage(name: string): string {
  if (name === "CredentialsProviderError" || name === "TokenProviderError") {
    const profile = process.env["AWS_PROFILE"] ?? "";
    if (profile !== "") {
      return (
        `no AWS credentials were found for the profile ${JSON.stringify(profile)}, which AWS_PROFILE names; see whether ` +
        "`aws configure list-profiles` knows it, correct AWS_PROFILE, or log in with `aws sso login`"
      );
    }
    return (
      "no AWS credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, " +
      "or log in with `aws sso login`"
    );
  }
  if (/^(?:Expired|RequestExpired)/.test(name)) {
    return `the AWS credentials have expired (${name}); get new ones, for example with \`aws sso login\`, and scan again`;
  }
  return `AWS does not accept the credentials (${name}); see which ones are used with \`aws sts get-caller-identity\``;
}

function factsOf(error: unknown): { name: string; code: string; status: number | null; message: string } {
  if (!(error instanceof Error)) return { name: "Error", code: "", status: null, message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  return { name: error.name, code, status: statusOf(error), message: error.message };
}

function statusOf(error: Error): number | null {
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return null;
  return typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : null;
}

/** Error texts can carry encoded policies and addresses: the first words are enough to search for. */
function firstLine(message: string): string {
  return (message.split("\n", 1)[0] ?? "").slice(0, 160);
}
