import { revisionOf } from "../drift/fingerprint.ts";
import type { Finding, Observation, Reading } from "../drift/model.ts";
import type { InstanceOverview } from "../engine/api.ts";
import { isJsonArray, isJsonObject, type Json, jsonAt } from "../json/json.ts";

/** Shorter texts are part of too many innocent words. */
const SHORTEST_SECRET = 6;

/**
 * The finding, as sensitive where one of its values holds a secret of the code or the state: somebody may have copied a
 * password into a tag, and no rule may write it into the code from there.
 *
 * @param key keys the revision then, from which the secret could be guessed otherwise.
 */
export function withSecretsMarked(finding: Finding, secrets: readonly string[], key: string): Finding {
  if (finding.sensitive) return finding;
  const long = secrets.filter((secret) => secret.trim().length >= SHORTEST_SECRET);
  const holds = finding.changes
    .flatMap(({ desired, recorded, observed }) => [desired, recorded, observed])
    .some((reading) => holdsSecret(reading, long));
  if (!holds) return finding;
  const note = "One of the values holds a secret of the code or the state, so it is treated as sensitive.";
  const revision = revisionOf(key, finding.revision);
  return { ...finding, sensitive: true, revision, notes: [...finding.notes, note] };
}

function holdsSecret(reading: Reading, secrets: readonly string[]): boolean {
  if (typeof reading !== "object" || !("known" in reading)) return false;
  return textsIn(reading.known).some((text) => secrets.some((secret) => text.includes(secret)));
}

/** The texts that the cloud has at sensitive paths: a secret that was changed there is a secret still. */
export function liveSecrets(
  instances: readonly InstanceOverview[],
  observations: ReadonlyMap<string, Observation>,
): string[] {
  return instances.flatMap(({ address, sensitive }) => {
    const observation = observations.get(address);
    if (observation?.status !== "found") return [];
    const { attributes } = observation.resource;
    return sensitive.flatMap((path) => textsIn(jsonAt(attributes, path) ?? null));
  });
}

/** All texts and keys in a value. Values of attributes are as deep as a provider's schema, so not deep. */
function textsIn(json: Json): readonly string[] {
  if (typeof json === "string") return [json];
  if (isJsonArray(json)) return json.flatMap(textsIn);
  if (!isJsonObject(json)) return [];
  return Object.entries(json).flatMap(([key, value]) => [key, ...textsIn(value)]);
}
