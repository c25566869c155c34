import {
  Conflict,
  Forbidden,
  type GitHubError,
  Gone,
  Invalid,
  NotFound,
  NotGitHub,
  Queued,
  RateLimited,
  Unavailable,
} from "./errors.ts";

/** A request as far as its failure is concerned. */
export interface Failed {
  readonly method: string;
  /** The route with its placeholders. */
  readonly route: string;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** What GitHub said. */
  readonly message: string;
  /** The body as the library read it: parsed where it is JSON; null where no answer came. */
  readonly body: unknown;
}

const READING = new Set(["GET", "HEAD", "OPTIONS"]);

/** How GitHub says that a permission was not granted: to a request, and to the wish for a token (422). */
const LACKING = /not accessible by integration|permissions requested are not granted/i;

/** How it says (422) that a token is asked for a repository that was deleted or taken away from the installation. */
const OUT_OF_REACH = /at least one repository that does not exist or is not accessible/i;

/** What other servers answer to requests that they do not know. */
const NOT_FOR_THE_APP: ReadonlySet<number> = new Set([400, 401, 404, 405]);

function isReading(method: string): boolean {
  return READING.has(method.toUpperCase());
}

/**
 * How a request is called in messages, and told from others: GraphQL has one route for what reads and what changes
 * something, so the latter is named.
 */
export function routeOf({ url, query }: { readonly url: string; readonly query?: unknown }): string {
  const isMutation = url.endsWith("/graphql") && typeof query === "string" && /^\s*mutation\b/.test(query);
  return isMutation ? `${url} (mutation)` : url;
}

/** Whether a request that is no reading by its method changes nothing all the same. */
export function changesNothing(method: string, route: string): boolean {
  return isReading(method) || isToken(route) || route.endsWith("/graphql");
}

/** The failure of a request as one of our errors. */
export function errorOf(failed: Failed, now: Date): GitHubError {
  const { status, message } = failed;
  const request = `${failed.method} ${failed.route}`;
  const said = `GitHub answered ${status} to ${request}: ${shortened(message)}`;
  if (status === null || status >= 500) return unavailable(failed, request);
  const until = limitedUntil(failed, now);
  if (until !== null) {
    const sentence = `${said}. The work is done again after ${until.toISOString()}`;
    return new RateLimited(sentence, request, status, until);
  }
  if (NOT_FOR_THE_APP.has(status) && isOfApp(failed.route) && !isByGitHub(failed)) {
    return notGitHub(failed, request);
  }
  if (status === 401) {
    const next = "Check the App's id and private key, and that this machine's clock is right";
    return new Forbidden(`${said}. ${next}`, request, status, null);
  }
  if (isQueued(message)) return new Queued(said, request, status);
  if (status === 403 || status === 451 || isRule(message) || LACKING.test(message)) {
    return forbidden(failed, request, said);
  }
  if (status === 404 || (isToken(failed.route) && OUT_OF_REACH.test(message))) {
    return new NotFound(said, request, status);
  }
  if (status === 410) return new Gone(said, request, status);
  if (status === 409 || (status === 422 && isConflict(message))) return new Conflict(said, request, status);
  return new Invalid(said, request, status);
}

function unavailable({ method, route, status, message }: Failed, request: string): Unavailable {
  const ambiguous = !changesNothing(method, route);
  const what =
    status === null
      ? `no answer from GitHub to ${request}: ${shortened(message)}`
      : `GitHub answered ${status} to ${request}`;
  const next = ambiguous ? ". It may have been done all the same" : "";
  return new Unavailable(`${what}${next}`, request, status, ambiguous);
}

/** Requests under the App's own key: who it is, its installations and their tokens, its deliveries. */
function isOfApp(route: string): boolean {
  return /^\/app(?:\/|$)/.test(route);
}

/**
 * Whether GitHub's API says it itself. A proxy's page and the web pages of a GitHub (which carry GitHub's headers, too)
 * have another body.
 * https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api
 */
function isByGitHub({ body, headers }: Failed): boolean {
  if (typeof body !== "object" || body === null || !("message" in body)) return false;
  const isMarked = "documentation_url" in body || headers["x-github-request-id"] !== undefined;
  return typeof body.message === "string" && isMarked;
}

/** What the page says is nobody's business: it is not GitHub's, and may be anything. */
function notGitHub({ method, route, status }: Failed, request: string): NotGitHub {
  const next =
    "correct GHE_HOST (the host alone) or GITHUB_API_URL (as a rule https://HOST/api/v3), or see what stands between";
  const sentence = `what answers ${status} to ${request} is not GitHub's API; ${next}`;
  return new NotGitHub(sentence, request, status, !changesNothing(method, route));
}

/** Asking for a token changes nothing, and may be repeated. */
export function isToken(route: string): boolean {
  return route.endsWith("/access_tokens");
}

function forbidden({ status, message, headers }: Failed, request: string, said: string): Forbidden {
  const accepted = text(headers["x-accepted-github-permissions"]);
  if (isRule(message)) {
    return new Forbidden(
      `${said}. Let the App bypass that rule, or leave its branches out`,
      request,
      status,
      null,
    );
  }
  if (!LACKING.test(message)) {
    return new Forbidden(said, request, status, accepted);
  }
  const needed = accepted === null ? "a permission" : `the permission ${accepted}`;
  const next = `The installation lacks ${needed}: an owner accepts it in the installation's settings`;
  return new Forbidden(`${said}. ${next}`, request, status, accepted);
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function limitedUntil({ status, headers, message }: Failed, now: Date): Date | null {
  if (status !== 403 && status !== 429) return null;
  const wait = number(headers["retry-after"]);
  if (wait !== null) return after(now, wait);
  const reset = number(headers["x-ratelimit-reset"]);
  if (number(headers["x-ratelimit-remaining"]) === 0 && reset !== null) {
    return new Date(Math.max(reset * 1000, now.getTime()) + 1000);
  }
  return status === 429 || /rate limit|abuse detection/i.test(message) ? after(now, 60) : null;
}

/** What GraphQL calls the error where the limit of an hour is reached. */
const LIMIT_TYPES: ReadonlySet<unknown> = new Set(["RATE_LIMITED", "RATE_LIMIT"]);

/** How its errors begin that are about a limit: of an hour, of less than that, or of what is written. */
const LIMIT_WORDS =
  /^(?:API rate limit|You have exceeded a secondary rate limit|You have triggered an abuse|was submitted too quickly)/i;

/**
 * GraphQL may answer 200 where a limit is reached, an hourly one or a secondary one, which has no type of its own. Null
 * where none is, and for the other API.
 * https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api#exceeding-the-rate-limit
 */
export function queryLimit(
  { headers, data }: { readonly headers: Failed["headers"]; readonly data: unknown },
  request: string,
  now: Date,
): RateLimited | null {
  if (!request.startsWith("POST /graphql")) return null;
  const all = errorsOf(data);
  if (!all.some(({ type, message }) => LIMIT_TYPES.has(type) || isLimit(message))) return null;
  const wait = number(headers["retry-after"]);
  const reset = number(headers["x-ratelimit-reset"]);
  const isOfHour =
    all.some(({ type }) => LIMIT_TYPES.has(type)) || number(headers["x-ratelimit-remaining"]) === 0;
  const byReset = isOfHour && reset !== null ? new Date(Math.max(reset * 1000, now.getTime()) + 1000) : null;
  const until = wait === null ? (byReset ?? after(now, 60)) : after(now, wait);
  return new RateLimited(`GitHub answers no more queries until ${until.toISOString()}`, request, 200, until);
}

interface QueryError {
  readonly type?: unknown;
  readonly message?: unknown;
}

/** The errors in an answer; one about all of it may stand there in the way of the other API. */
function errorsOf(data: unknown): readonly QueryError[] {
  const { errors, message } = (data ?? {}) as { readonly errors?: unknown; readonly message?: unknown };
  const listed = (Array.isArray(errors) ? errors : []) as readonly (QueryError | null)[];
  return [...listed.flatMap((error) => error ?? []), { message }];
}

function isLimit(message: unknown): boolean {
  return typeof message === "string" && LIMIT_WORDS.test(message.trim());
}

function after(now: Date, seconds: number): Date {
  return new Date(now.getTime() + (Math.min(Math.max(seconds, 0), 86_400) + 1) * 1000);
}

/** Said of the branch, as one that is protected. */
export function isQueued(message: string): boolean {
  return /queued for merging/i.test(message);
}

/** Rulesets and branch protection answer 403, 409 or 422, and name themselves in the message alone. */
function isRule(message: string): boolean {
  return /rule violations|protected branch|required status check|changes must be made through/i.test(message);
}

function isConflict(message: string): boolean {
  return /already exists|does not exist|not a fast.?forward|state cannot be changed|cannot be reopened|no commits between/i.test(
    message,
  );
}

function number(header: string | number | undefined): number | null {
  const value = header === undefined || header === "" ? Number.NaN : Number(header);
  return Number.isFinite(value) ? value : null;
}

function text(header: string | number | undefined): string | null {
  return header === undefined || header === "" ? null : String(header);
}

function shortened(message: string): string {
  const line = message.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}
