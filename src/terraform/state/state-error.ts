import { isJsonObject, type Json, type JsonObject } from "../../json/json.ts";

/**
 * A state that cannot be used. Its message names the file, the reason and what to do next, and never quotes the
 * file: states hold secrets.
 */
export class StateError extends Error {
  override readonly name = "StateError";
  readonly file: string;
  readonly reason: string;
  readonly advice: string;

  constructor(file: string, { reason, advice }: Refusal) {
    super(`${file}: ${reason}. ${advice}`);
    this.file = file;
    this.reason = reason;
    this.advice = advice;
  }
}

/** Why something is no usable state, and what to do: a clause without, and sentences with their full stop. */
export interface Refusal {
  readonly reason: string;
  readonly advice: string;
}

const PULL = "write the current state with `terraform state pull > FILE` and give that file";

/** What a text is that is not JSON, where it can be recognised. */
export function refuseText(text: string): Refusal | null {
  const start = text.slice(0, 1000).trimStart();
  if (start === "" && text.trim() === "") {
    return {
      reason: "the state is empty",
      advice: `Either nothing was ever applied in this workspace, or the wrong file was given; ${PULL}.`,
    };
  }
  if (start.startsWith("version https://git-lfs.github.com/spec/")) {
    return {
      reason: "this is a Git LFS pointer, not the state itself",
      advice: "Fetch the file with `git lfs pull`.",
    };
  }
  if (/^<(?:!doctype|html|\?xml|head|body|error)/i.test(start)) {
    return {
      reason: "this is a web page or an XML answer, not a state",
      advice: `A download probably ended at a sign-in page or an error; ${PULL}.`,
    };
  }
  if (start.startsWith("PK\u0003\u0004")) return PLAN_FILE;
  if (/^<{7} /m.test(text)) {
    return {
      reason: "the file holds the conflict markers of an unfinished merge",
      advice: `A state cannot be merged as text; ${PULL}.`,
    };
  }
  return null;
}

/** A plan as `terraform plan -out` writes it: a zip archive. */
export const PLAN_FILE: Refusal = {
  reason: "this is a saved plan, not a state",
  advice: "Turn it into JSON with `terraform show -json PLANFILE > plan.json` and give that with --plan.",
};

/** What a JSON document is that is not a state of version 4. */
export function refuseDocument(document: Json): { refusal: Refusal } | { state: JsonObject } {
  if (!isJsonObject(document)) {
    return refuse("the file is JSON, but no object, so it is not a state", `Check the path, or ${PULL}.`);
  }
  if (has(document, "encryption_version") || has(document, "encrypted_data")) {
    return refuse(
      "the state is encrypted by OpenTofu",
      "Driftwright has no key for it: run `tofu state pull > FILE` where the encryption is configured, and give that file; it holds the secrets in the clear.",
    );
  }
  if (has(document, "planned_values") || has(document, "resource_changes")) {
    return refuse("this is a plan in JSON, not a state", "Give it with --plan.");
  }
  if (has(document, "format_version")) {
    return refuse("this is the output of `terraform show -json`, not the state itself", `Instead, ${PULL}.`);
  }
  return refuseVersion(document);
}

function refuseVersion(document: JsonObject): { refusal: Refusal } | { state: JsonObject } {
  const version = document["version"];
  if (version === 4) return { state: document };
  if (typeof version !== "number" || !Number.isInteger(version) || version < 1) {
    return refuse(
      "the file is JSON, but not a state: it has no format version",
      `Check the path, or ${PULL}.`,
    );
  }
  if (has(document, "backend")) {
    return refuse(
      "this is Terraform's note of the configured backend (.terraform/terraform.tfstate), not a state",
      `The state is in that backend: ${PULL}.`,
    );
  }
  const writer = writtenBy(document);
  if (version < 4) {
    return refuse(
      `the state has the old format version ${version}${writer}; Driftwright reads version 4`,
      "Run `terraform apply -refresh-only` with Terraform 0.12 or newer (`terraform refresh` before 0.15.4), which writes it in the current format.",
    );
  }
  return refuse(
    `the state has format version ${version}${writer}; Driftwright reads version 4`,
    "It was written by a newer Terraform or OpenTofu: update Driftwright.",
  );
}

function writtenBy(document: JsonObject): string {
  const version = document["terraform_version"];
  return typeof version === "string" && /^\d{1,4}(?:\.\d{1,4}){1,3}(?:-[\w.]{1,20})?$/.test(version)
    ? ` (written by version ${version})`
    : "";
}

function refuse(reason: string, advice: string): { refusal: Refusal } {
  return { refusal: { reason, advice } };
}

function has(document: JsonObject, key: string): boolean {
  return Object.hasOwn(document, key);
}
