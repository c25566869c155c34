import { type Logger, pino } from "pino";
import type { LogLevel } from "./config/environment.ts";
import type { Redaction } from "./reports/redaction.ts";

/**
 * The log of the process: a JSON object a line. Of an error its name, message and stack are said: errors of requests
 * carry the request with its token. Whatever is secret is cleaned from every line.
 */
export function createLog(
  level: LogLevel,
  redaction: Redaction,
  write: (line: string) => void = (line) => void process.stdout.write(line),
): Logger {
  const stream = { write: (line: string) => write(redaction.clean(line)) };
  return pino({ level, base: undefined as never, serializers: { err: plainError } }, stream);
}

/** Probot logs whole webhooks, and each failure three times over: what counts of both is said elsewhere. */
export function logForProbot(log: Logger): Logger {
  return log.child({}, { level: "silent" });
}

function plainError(error: unknown, depth = 0): object {
  if (!(error instanceof Error)) return plainObject(error);
  const { name, message, stack, cause } = error;
  const inner = error instanceof AggregateError ? error.errors : cause === undefined ? [] : [cause];
  return {
    type: name,
    message,
    stack,
    ...(inner.length === 0 || depth > 2
      ? {}
      : { because: inner.slice(0, 5).map((each) => plainError(each, depth + 1)) }),
  };
}

/** The queues hand on errors as objects with the same fields. */
function plainObject(error: unknown): object {
  if (typeof error !== "object" || error === null || !("message" in error)) return { message: String(error) };
  const stack = "stack" in error ? { stack: String(error.stack) } : {};
  return { message: String(error.message), ...stack };
}
