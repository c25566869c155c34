import type { FunctionTable } from "../../hcl/functions/function.ts";
import { STRING } from "../../hcl/values/type.ts";
import { unknownValue } from "../../hcl/values/value.ts";
import type { StateDocument } from "../state/state.ts";

/** Of each program the first minor version that may give other bytes. */
const OPENTOFU_LIMIT = 13;
const TERRAFORM_LIMIT = 16;

/**
 * The functions, but `base64gzip` unknown where the stack's program may have another compressor than the one that its
 * bytes are of. Go 1.27 brought another (https://go.dev/doc/go1.27#compressflatepkgcompressflate): OpenTofu is built
 * with it from 1.13 on (https://github.com/opentofu/opentofu/blob/main/CHANGELOG.md), Terraform up to 1.15 is not.
 * Without a state that names a version the bytes are those of Terraform 1.11.
 */
export function withKnownCompressor(
  functions: FunctionTable,
  state: StateDocument | null,
  isLockedByOpenTofu: () => boolean,
): FunctionTable {
  const base64gzip = functions.get("base64gzip");
  if (base64gzip === undefined || isKnownCompressor(state, isLockedByOpenTofu)) return functions;
  return new Map([...functions, ["base64gzip", { ...base64gzip, call: () => unknownValue(STRING) }]]);
}

function isKnownCompressor(state: StateDocument | null, isLockedByOpenTofu: () => boolean): boolean {
  const version = state?.terraformVersion ?? null;
  if (version === null) return true;
  const [, major, minor] = /^(\d+)\.(\d+)\./.exec(version) ?? [];
  if (major === "0") return true;
  if (major !== "1") return false;
  if (Number(minor) < OPENTOFU_LIMIT) return true;
  return Number(minor) < TERRAFORM_LIMIT && isTerraforms(state) && !isLockedByOpenTofu();
}

/** Whether Terraform's registry alone is where the state's providers are from: OpenTofu notes its own. */
function isTerraforms(state: StateDocument | null): boolean {
  const sources = (state?.instances ?? []).map(({ provider }) => provider.source ?? "");
  const isFrom = (registry: string) => sources.some((source) => source.startsWith(`${registry}/`));
  return isFrom("registry.terraform.io") && !isFrom("registry.opentofu.org");
}
