import { createAppAuth } from "@octokit/auth-app";
import { Octokit } from "@octokit/rest";
import { changesNothing, errorOf, isToken, queryLimit, routeOf } from "./answers.ts";
import { Forbidden, GitHubError, RateLimited, Unavailable } from "./errors.ts";
import { type AppIdentity, type GitHub, readAppIdentity } from "./github.ts";
import { Budget, type Clock, GITHUB_PACE, type Pace } from "./pacing.ts";
import type { Permissions } from "./permissions.ts";

export interface AppSettings {
  readonly appId: number;
  /** PEM, with real line ends. */
  readonly privateKey: string;
  /** Where the API is, see `apiBaseUrl`. */
  readonly baseUrl: string;
  readonly clock: Clock;
  readonly pace?: Pace;
  /** Milliseconds after which a request without an end counts as failed; a tarball included. */
  readonly timeout?: number;
  /** Told of each request when it ended; neither query nor body, which may hold what no log may have. */
  readonly onRequest?: (request: EndedRequest) => void;
}

export interface EndedRequest {
  readonly method: string;
  readonly path: string;
  /** Null where no answer came. */
  readonly status: number | null;
}

const TIMEOUT = 120_000;
/** Waits before a read is tried again, in milliseconds. */
const READ_AGAIN_AFTER = [1_000, 3_000];

/**
 * The GitHub App: clients that act as the App itself, as an installation, or for one repository alone. Every client
 * keeps to GitHub's limits on writing, repeats reads that failed inside GitHub and nothing else, and throws the errors of
 * `errors.ts`.
 */
export class GitHubApp {
  /** Acts as the App: its installations, its webhook deliveries. */
  readonly app: GitHub;
  readonly #settings: AppSettings;
  readonly #auth: ReturnType<typeof createAppAuth>;
  readonly #budgets = new Map<number, Budget>();
  #identity: Promise<AppIdentity> | null = null;

  constructor(settings: AppSettings) {
    this.#settings = settings;
    const app = this.#client(new Budget(settings.clock, settings.pace), async () => {
      const { token } = await this.#auth({ type: "app" });
      return `bearer ${token}`;
    });
    this.#auth = createAppAuth({
      appId: settings.appId,
      privateKey: settings.privateKey,
      request: app.request,
      log: SILENT,
    });
    this.app = app;
  }

  /** Who the App is; asked for once. */
  identity(): Promise<AppIdentity> {
    this.#identity ??= readAppIdentity(this.app).catch((error: unknown) => {
      this.#identity = null;
      throw error;
    });
    return this.#identity;
  }

  /** Acts as an installation in all its repositories, with these permissions; with all that it has where none are named. */
  installation(installationId: number, permissions?: Permissions): GitHub {
    return this.#installationClient(installationId, permissions === undefined ? {} : { permissions });
  }

  /** Acts as an installation in one repository, with these permissions and no others. */
  repository(installationId: number, repositoryId: number, permissions: Permissions): GitHub {
    return this.#installationClient(installationId, { repositoryId, permissions });
  }

  #installationClient(
    installationId: number,
    narrow: { readonly repositoryId?: number; readonly permissions?: Permissions },
  ): GitHub {
    const { repositoryId, permissions } = narrow;
    return this.#client(this.#budgetOf(installationId), async (refresh) => {
      // The library's own hook ignores what narrows a token; asked for directly it does not.
      const { token } = await this.#auth({
        type: "installation",
        installationId,
        refresh,
        ...(repositoryId === undefined ? {} : { repositoryIds: [repositoryId] }),
        ...(permissions === undefined ? {} : { permissions: { ...permissions } }),
      });
      return `token ${token}`;
    });
  }

  #budgetOf(installationId: number): Budget {
    const { clock, pace = GITHUB_PACE } = this.#settings;
    const known = this.#budgets.get(installationId);
    if (known !== undefined) return known;
    const budget = new Budget(clock, pace);
    this.#budgets.set(installationId, budget);
    return budget;
  }

  #client(budget: Budget, authorize: (refresh: boolean) => Promise<string>): Octokit {
    const { baseUrl, clock, timeout = TIMEOUT, onRequest = silent } = this.#settings;
    const octokit = new Octokit({
      baseUrl,
      userAgent: "driftwright",
      log: SILENT,
      request: { fetch: fetchWithin(timeout) },
    });
    octokit.hook.wrap("request", async (request, options) => {
      const { method } = options;
      const route = routeOf(options);
      const { authorization: given } = options.headers;
      const attempt = async (refresh: boolean) => {
        // In place: the hooks below this one get these very options, whatever is handed on to them.
        options.headers.authorization = given ?? (await authorize(refresh));
        const path = URL.parse(octokit.request.endpoint(options).url)?.pathname ?? options.url;
        const answer = await told(request(options), (status) => onRequest({ method, path, status }));
        const limit = queryLimit(answer, `${method} ${route}`, clock.now());
        if (limit !== null) throw limit;
        return answer;
      };
      return careful({ method, route, budget, clock }, attempt);
    });
    return octokit;
  }
}

interface Circumstances {
  readonly method: string;
  readonly route: string;
  readonly budget: Budget;
  readonly clock: Clock;
}

/** One request within the budget, its failures turned into our errors, reads repeated. */
async function careful<T>(about: Circumstances, attempt: (refresh: boolean) => Promise<T>): Promise<T> {
  const { method, route, budget, clock } = about;
  const waits = changesNothing(method, route) ? [...READ_AGAIN_AFTER] : [];
  await budget.take(kindOf(method, route), `${method} ${route}`);
  let refresh = false;
  for (;;) {
    try {
      return await attempt(refresh);
    } catch (reason) {
      const error = asOurs(reason, about);
      if (error instanceof RateLimited) budget.pause(error.until);
      // A new token is not known everywhere at once, and an old one may be revoked: nothing was done.
      const isStale: boolean =
        error instanceof Forbidden && error.status === 401 && !refresh && !isToken(route);
      const wait = isStale ? 1_000 : error instanceof Unavailable ? waits.shift() : undefined;
      if (wait === undefined) throw error;
      refresh ||= isStale;
      await clock.wait(wait);
    }
  }
}

/** Tells what came of a request; what comes of it stays the same. */
async function told<T>(request: T | Promise<T>, tell: (status: number | null) => void): Promise<T> {
  try {
    const answer = await request;
    tell(statusOf(answer));
    return answer;
  } catch (error) {
    // The library gives 500 to a request that had no answer.
    tell(error instanceof Error && "response" in error && error.response ? statusOf(error) : null);
    throw error;
  }
}

function statusOf(answer: unknown): number | null {
  const status =
    typeof answer === "object" && answer !== null && "status" in answer ? answer.status : undefined;
  return typeof status === "number" ? status : null;
}

/** Issues, pull requests and comments are what GitHub counts as content. */
function kindOf(method: string, route: string): "read" | "write" | "create" {
  if (changesNothing(method, route)) return "read";
  return method === "POST" && /\/(issues|pulls|comments)$/.test(route) ? "create" : "write";
}

function asOurs(reason: unknown, { method, route, clock }: Circumstances): unknown {
  if (reason instanceof GitHubError || !(reason instanceof Error)) return reason;
  // The caller gave up, which is not GitHub's doing; a time-out of ours has another name.
  if (reason.name === "AbortError") return reason;
  const { status, response } = reason as Error & { status?: unknown; response?: unknown };
  if (typeof status !== "number") return reason;
  const { headers, data: body = null } = (response ?? {}) as {
    headers?: Record<string, string | number | undefined>;
    data?: unknown;
  };
  // The library gives 500 to a request that had no answer.
  const answered = headers === undefined ? null : status;
  const { message } = reason;
  return errorOf({ method, route, status: answered, headers: headers ?? {}, message, body }, clock.now());
}

function fetchWithin(milliseconds: number): typeof fetch {
  return (input, init) => {
    const signals = [AbortSignal.timeout(milliseconds), ...(init?.signal ? [init.signal] : [])];
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };
}

function silent(): void {}
const SILENT = { debug: silent, info: silent, warn: silent, error: silent };
