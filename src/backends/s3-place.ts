import { posix } from "node:path";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { StateError } from "../terraform/state/state-error.ts";

/** A `backend "s3"` block with what the configuration says instead. May hold credentials: never to be printed. */
export interface S3Backend {
  readonly settings: JsonObject;
  /** Arguments that are no literals. */
  readonly unresolved: readonly string[];
}

/**
 * What holds where the configuration says otherwise than the code: its values replace the code's, as those of
 * `-backend-config` do; null takes an argument away.
 */
export function withBackendConfig({ settings, unresolved }: S3Backend, instead: JsonObject): S3Backend {
  return {
    settings: Object.fromEntries([...Object.entries(settings), ...Object.entries(instead)]),
    unresolved: unresolved.filter((name) => !Object.hasOwn(instead, name)),
  };
}

/** Where a state is kept in S3, and how to get there. */
export interface S3Place {
  readonly bucket: string;
  /** The object's key, of the workspace in question. */
  readonly key: string;
  /** Null: as the SDK finds it (`AWS_REGION`, the profile). */
  readonly region: string | null;
  /** Null: as the SDK finds them (`AWS_ENDPOINT_URL_S3`, …). */
  readonly endpoints: Readonly<Record<"s3" | "dynamodb" | "sts", string | null>>;
  readonly pathStyle: boolean;
  readonly dualStack: boolean;
  readonly fips: boolean;
  /** Whether checksums that S3 sends are verified; some other makers' stores send wrong ones. */
  readonly checksums: boolean;
  /** Terraform holds its lock while `<key>.tflock` exists. */
  readonly lockFile: boolean;
  /** The DynamoDB table with the lock and the digest of the state. */
  readonly lockTable: string | null;
  readonly credentials: S3Credentials | null;
  readonly profile: string | null;
  /** The role that may read the state. Has nothing to do with the one that reads the cloud. */
  readonly role: S3Role | null;
}

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What `sts:AssumeRole` is asked for. */
export interface S3Role {
  readonly arn: string;
  readonly externalId: string | null;
  readonly sessionName: string | null;
  readonly sourceIdentity: string | null;
  readonly policy: string | null;
  readonly policyArns: readonly string[];
  readonly tags: readonly (readonly [string, string])[];
  readonly transitiveTags: readonly string[];
}

/** How a backend is called in messages while bucket or key are not known. */
export const UNKNOWN_PLACE = 'backend "s3"';

/** Terraform's own limits and meaning: https://developer.hashicorp.com/terraform/language/backend/s3 */
const DEFAULT_PREFIX = "env:";
/** Arguments that decide which bytes are read, and with whose rights. */
const DECISIVE = new Set([
  "access_key",
  "assume_role",
  "assume_role_with_web_identity",
  "bucket",
  "dynamodb_endpoint",
  "dynamodb_table",
  "endpoint",
  "endpoints",
  "external_id",
  "force_path_style",
  "key",
  "profile",
  "region",
  "role_arn",
  "s3",
  "dynamodb",
  "secret_key",
  "session_name",
  "sts",
  "sts_endpoint",
  "token",
  "use_dualstack_endpoint",
  "use_fips_endpoint",
  "use_lockfile",
  "use_path_style",
  "workspace_key_prefix",
]);

/** Arguments that make the SDK read files or run programs that the code names: a repository must not decide that. */
const FILES_OF_CREDENTIALS = [
  "shared_config_files",
  "shared_credentials_file",
  "shared_credentials_files",
  "custom_ca_bundle",
];

/** The configuration's key, for messages. */
const INSTEAD = "backend_config of the stack in .github/driftwright.yml";

/**
 * Reads the arguments of a backend as Terraform does.
 * @throws StateError where something that is needed is missing, no literal, or not to be decided by a repository.
 */
export function s3Place({ settings, unresolved }: S3Backend, workspace: string): S3Place {
  const unknown = unresolved.find((name) => DECISIVE.has(name));
  if (unknown !== undefined) {
    throw refusal(`its argument ${unknown} is no literal`, `Give its value under ${INSTEAD}.`);
  }
  const read = new Arguments(settings);
  for (const name of FILES_OF_CREDENTIALS) {
    if (!read.has(name)) continue;
    throw refusal(
      `its argument ${name} names files of the machine it runs on, which code must not decide`,
      `Set AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE or NODE_EXTRA_CA_CERTS for Driftwright, and ${name} to null under ${INSTEAD}.`,
    );
  }
  if (read.has("sse_customer_key")) throw CUSTOMER_KEY(UNKNOWN_PLACE);
  if (read.has("assume_role_with_web_identity")) {
    throw refusal(
      "its argument assume_role_with_web_identity is not supported",
      `Set AWS_ROLE_ARN and AWS_WEB_IDENTITY_TOKEN_FILE for Driftwright, and the argument to null under ${INSTEAD}.`,
    );
  }
  const bucket = read.needed("bucket");
  const key = read.needed("key").replace(/^\/+/, "");
  const prefix = read.text("workspace_key_prefix") ?? DEFAULT_PREFIX;
  const endpoints = read.inner("endpoints");
  return {
    bucket,
    key: workspace === "default" ? key : posix.join(prefix, workspace, key),
    region: read.text("region"),
    endpoints: {
      s3: endpoint(endpoints.text("s3") ?? read.text("endpoint"), "s3"),
      dynamodb: endpoint(endpoints.text("dynamodb") ?? read.text("dynamodb_endpoint"), "dynamodb"),
      sts: endpoint(endpoints.text("sts") ?? read.text("sts_endpoint"), "sts"),
    },
    pathStyle: read.flag("use_path_style") ?? read.flag("force_path_style") ?? false,
    dualStack: read.flag("use_dualstack_endpoint") ?? false,
    fips: read.flag("use_fips_endpoint") ?? false,
    checksums: !(read.flag("skip_s3_checksum") ?? false),
    lockFile: read.flag("use_lockfile") ?? false,
    lockTable: read.text("dynamodb_table"),
    credentials: credentialsOf(read),
    profile: read.text("profile"),
    role: roleOf(read),
  };
}

/** Objects that only open with a key of the customer's own. */
export function CUSTOMER_KEY(place: string): StateError {
  return new StateError(place, {
    reason: "the state is encrypted with a key that only its owner has (SSE-C)",
    advice:
      "Driftwright takes no such key: let KMS encrypt the bucket instead, or write the state to a file with `terraform state pull > FILE` and give that with --state.",
  });
}

function credentialsOf(read: Arguments): S3Credentials | null {
  const accessKeyId = read.text("access_key");
  const secretAccessKey = read.text("secret_key");
  const sessionToken = read.text("token");
  if (accessKeyId === null && secretAccessKey === null) return null;
  if (accessKeyId === null || secretAccessKey === null) {
    throw refusal("it has only one of access_key and secret_key", "Give both, or better neither.");
  }
  return { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
}

/** `assume_role`, or the arguments that did the same before Terraform 1.6. */
function roleOf(read: Arguments): S3Role | null {
  const inner = read.inner("assume_role");
  const from = inner.text("role_arn") === null ? read : inner;
  const arn = from.text("role_arn");
  if (arn === null) return null;
  const isInner = from === inner;
  return {
    arn,
    externalId: from.text("external_id"),
    sessionName: from.text("session_name"),
    sourceIdentity: isInner ? from.text("source_identity") : null,
    policy: from.text(isInner ? "policy" : "assume_role_policy"),
    policyArns: from.texts(isInner ? "policy_arns" : "assume_role_policy_arns"),
    tags: from.pairs(isInner ? "tags" : "assume_role_tags"),
    transitiveTags: from.texts(isInner ? "transitive_tag_keys" : "assume_role_transitive_tag_keys"),
  };
}

function endpoint(text: string | null, name: string): string | null {
  if (text === null) return null;
  const url = URL.parse(text.includes("://") ? text : `https://${text}`);
  if (url !== null && (url.protocol === "https:" || url.protocol === "http:") && url.username === "") {
    return url.href;
  }
  throw refusal(`its endpoint for ${name} is no http or https address`, "Write it as https://HOST.");
}

/** The arguments of a block, each with its type checked. An empty text and null count as left out, as in Terraform. */
class Arguments {
  readonly #settings: JsonObject;

  constructor(settings: JsonObject) {
    this.#settings = settings;
  }

  has(name: string): boolean {
    const value = this.#value(name);
    return (
      value !== undefined && value !== null && value !== "" && !(isJsonArray(value) && value.length === 0)
    );
  }

  needed(name: string): string {
    const text = this.text(name);
    if (text !== null) return text;
    throw refusal(
      `the code does not say its ${name}`,
      `Give what -backend-config gives to Terraform, ${name} among it, under ${INSTEAD}.`,
    );
  }

  text(name: string): string | null {
    if (!this.has(name)) return null;
    const value = this.#value(name);
    if (typeof value === "string") return value;
    throw wrongType(name, "a text");
  }

  flag(name: string): boolean | null {
    if (!this.has(name)) return null;
    const value = this.#value(name);
    if (typeof value === "boolean") return value;
    if (value === "true" || value === "false") return value === "true";
    throw wrongType(name, "true or false");
  }

  texts(name: string): readonly string[] {
    if (!this.has(name)) return [];
    const value = this.#value(name);
    if (isJsonArray(value) && value.every((each) => typeof each === "string")) return value;
    throw wrongType(name, "a list of texts");
  }

  pairs(name: string): readonly (readonly [string, string])[] {
    if (!this.has(name)) return [];
    const value = this.#value(name);
    if (!isJsonObject(value)) throw wrongType(name, "a map of texts");
    return Object.entries(value).map(([key, text]) => {
      if (typeof text !== "string") throw wrongType(name, "a map of texts");
      return [key, text] as const;
    });
  }

  /** An argument with arguments of its own, written as an object or as a block. */
  inner(name: string): Arguments {
    if (!this.has(name)) return new Arguments({});
    const value = this.#value(name);
    const only = isJsonArray(value) && value.length === 1 ? value[0] : value;
    if (only !== undefined && isJsonObject(only)) return new Arguments(only);
    throw wrongType(name, "one object");
  }

  #value(name: string): Json | undefined {
    return Object.hasOwn(this.#settings, name) ? this.#settings[name] : undefined;
  }
}

function wrongType(name: string, expected: string): StateError {
  return refusal(`its argument ${name} must be ${expected}`, `Correct it in the code or under ${INSTEAD}.`);
}

function refusal(reason: string, advice: string): StateError {
  return new StateError(UNKNOWN_PLACE, { reason, advice });
}
