import { createHash } from "node:crypto";
import { Invalid } from "./errors.ts";

/** What people read of a pull request or an issue. */
export interface Written {
  /** Plain text, one line. */
  readonly title: string;
  /** Markdown. */
  readonly body: string;
}

/** What an update did: the hash is to be kept for the next one. */
export interface Updated {
  readonly changed: boolean;
  readonly hash: string;
}

/** GitHub's limits, in characters. */
const LONGEST_TITLE = 256;
const LONGEST_BODY = 65_536;

/** Names what is written. Line ends do not count, since GitHub may change them. */
export function contentHash({ title, body }: Written): string {
  const text = JSON.stringify([fittingTitle(title), normalized(body)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

/** Whether what is wanted is there already: by the hash of the last update, else by what is there now. */
export function isWritten(wanted: Written, now: Written, lastHash: string | null): boolean {
  return contentHash(wanted) === (lastHash ?? contentHash(now));
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
