import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "../json/json.ts";
import { keyedHash } from "./readings.ts";

/** What a finding is about, without any value of it. */
export interface Subject {
  /** The repository's id at its host, or another name of it that does not change. */
  readonly repository: string;
  readonly stack: string;
  readonly type: string;
  /** The cloud's id; where none is known the address stands for the resource. */
  readonly id: string | null;
  readonly address: string;
  /** The printed path of what differs, or what else a finding is about (`deleted`, `unmanaged`). */
  readonly about: string;
}

/**
 * Names a finding through time, 20 lower-case hex digits: the start of the SHA-256 of repository, stack, resource and
 * what it is about. Values and kind of the drift are not in it, so that a finding keeps its name while they change;
 * neither is the address where an id is known, so that it keeps it through `moved`.
 */
export function fingerprintOf(subject: Subject): string {
  const { repository, stack, type, id, address, about } = subject;
  const resource = id === null ? ["address", address] : ["id", id];
  const text = canonicalJson(["driftwright-finding-1", repository, stack, type, ...resource, about]);
  return createHash("sha256").update(text).digest("hex").slice(0, 20);
}

/**
 * Names the values a finding has now, 16 lower-case hex digits. Keyed, since a plain hash of a secret could be guessed;
 * over normal forms, since the order in which a cloud lists a set means nothing.
 */
export function revisionOf(key: string, values: Json): string {
  return keyedHash(key, ["driftwright-revision-1", values]).slice(0, 16);
}
