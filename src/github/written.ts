import { createHash } from "node:crypto";
import { Invalid } from "./errors.ts";

/** What people read of a pull request or an issue. */
export interface Written {
  /** Plain text, one line. */
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** What they are to read. */
export interface Wanted extends Written {
  /** Comments of ours below the body that hold what it has no room for, in order; Markdown. */
  readonly continuations: readonly string[];
}

/** What an update did: the hash is to be kept for the next one. */
export interface Updated {
  readonly changed: boolean;
  readonly hash: string;
}

/** GitHub's limits, in characters. */
const LONGEST_TITLE = 256;
const LONGEST_BODY = 65_536;

/** Names what is wanted. Line ends do not count, since GitHub may change them. */
export function contentHash({ title, body, continuations }: Wanted): string {
  const text = JSON.stringify([fittingTitle(title), ...[body, ...continuations].map(normalized)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Whether title and body are there as they are wanted. */
export function isWritten(wanted: Written, now: Written): boolean {
  return fittingTitle(wanted.title) === fittingTitle(now.title) && isSameBody(wanted.body, now.body);
}

/** Whether two bodies say the same. */
export function isSameBody(one: string, other: string): boolean {
  return normalized(one) === normalized(other);
}

/**
 * The title and body as GitHub takes them.
 * @throws Invalid when the body is too long; the reports keep theirs far below
 */
export function fitting(written: Written, request: string): { title: string; body: string } {
  return { title: fittingTitle(written.title), body: fittingBody(written.body, request) };
}

/** @throws Invalid when the body is too long */
export function fittingBody(body: string, request: string): string {
  if (body.length <= LONGEST_BODY) return body;
  const message = `a body of ${body.length} characters is longer than GitHub's ${LONGEST_BODY}; ${request} was not sent`;
  throw new Invalid(message, request, null);
}

function fittingTitle(title: string): string {
  const line = title.replace(/\s+/g, " ").trim();
  return line.length <= LONGEST_TITLE ? line : `${line.slice(0, LONGEST_TITLE - 1)}…`;
}

function normalized(body: string): string {
  return body.replace(/\r\n?/g, "\n").trim();
}
