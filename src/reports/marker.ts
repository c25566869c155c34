import { isJsonArray, isJsonObject, type Json, parseJson, printJson } from "../json/json.ts";
import type { Markdown } from "./markdown.ts";

/** What a report says about itself for Driftwright's next visit, invisible to people. Holds no values. */
export interface Marker {
  readonly kind:
    | "pull-request"
    | "issue"
    | "check-run"
    | "summary"
    | "dashboard"
    | "configuration"
    | "onboarding";
  /** The stack's name; null where the report is about several. */
  readonly stack: string | null;
  readonly fingerprints: readonly string[];
  /** The revision of each fingerprint, in the same order; none where there is no room for them. */
  readonly revisions: readonly string[];
  /** The fingerprint that it was opened for, where that is not the first of them any more; of onboarding, the hash of its file. */
  readonly name?: string;
  /** The id of the repository whose findings it tells of, where that is another one than the one that it is in. */
  readonly of?: number;
}

const KINDS: ReadonlySet<string> = new Set([
  "pull-request",
  "issue",
  "check-run",
  "summary",
  "dashboard",
  "configuration",
  "onboarding",
]);
const REPOSITORY_ID = /^[1-9]\d{0,14}$/;
const MARKER = /^<!-- driftwright:v1 (\{.*\}) -->$/;

/** One line, an HTML comment that its contents cannot close. Reads back with `parseMarker`. */
export function printMarker(marker: Marker): Markdown {
  const { kind, stack, fingerprints, revisions, name, of } = marker;
  const named = name === undefined ? {} : { name };
  const elsewhere = of === undefined ? {} : { of: String(of) };
  const json = printJson({ kind, stack, fingerprints, revisions, ...named, ...elsewhere }).replace(
    /[<>&]|-(?=-)|[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `<!-- driftwright:v1 ${json} -->` as Markdown;
}

/**
 * The marker of a body; null where there is none or it is damaged. It counts on the first or the last line alone, where
 * no value of a finding can stand; the caller makes sure that the App wrote the body.
 */
export function parseMarker(body: string): Marker | null {
  const lines = body.trim().split(/\r?\n/);
  for (const line of [lines[0], lines.at(-1)]) {
    const json = MARKER.exec(line?.trim() ?? "")?.[1];
    const marker = json === undefined ? null : readMarker(json);
    if (marker !== null) return marker;
  }
  return null;
}

/** Whether a line is a marker; no value of a finding can make one. */
export function isMarkerLine(line: string): boolean {
  return MARKER.test(line);
}

function readMarker(json: string): Marker | null {
  const data = parsed(json);
  if (!isJsonObject(data)) return null;
  const { kind, stack, fingerprints, revisions, name, of } = data;
  if (typeof kind !== "string" || !KINDS.has(kind)) return null;
  if (typeof stack !== "string" && stack !== null) return null;
  if (!isTexts(fingerprints) || !isTexts(revisions)) return null;
  if (revisions.length > 0 && fingerprints.length !== revisions.length) return null;
  if (name !== undefined && typeof name !== "string") return null;
  if (of !== undefined && (typeof of !== "string" || !REPOSITORY_ID.test(of))) return null;
  const named = name === undefined ? {} : { name };
  const elsewhere = of === undefined ? {} : { of: Number(of) };
  return { kind: kind as Marker["kind"], stack, fingerprints, revisions, ...named, ...elsewhere };
}

function parsed(json: string): Json {
  try {
    return parseJson(json);
  } catch {
    return null;
  }
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return isJsonArray(value) && value.every((item) => typeof item === "string");
}
