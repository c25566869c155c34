import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Random texts that nobody else knows. */
export interface SetupSecrets {
  /** In the address that whoever starts the process is given. */
  readonly token: string;
  /** Goes to GitHub with the wish for an App, and comes back with its code. */
  readonly state: string;
}

const COOKIE = "driftwright-setup";
/** Where Probot's page is. */
const PAGE = "/probot";
const CALLBACK = "/probot/setup";
const SUCCESS = "/probot/success";
const STATIC = "/probot/static/";

/**
 * Stands before the set-up page, which by itself takes whatever a browser on the machine brings, from any page that it
 * is on: an App of somebody else's, for one. Who opens the page shows a token, and so does every request from it; the
 * code of a new App counts only with the state that was sent along.
 * https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest
 */
export class SetupGuard {
  readonly #secrets: SetupSecrets;
  #isOver = false;

  constructor(secrets: SetupSecrets) {
    this.#secrets = secrets;
  }

  /** From here on the page takes nothing more. */
  end(): void {
    this.#isOver = true;
  }

  /** True where the request was answered, false where it is for the page. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    const url = URL.parse(request.url ?? "/", "http://loopback");
    const path = url?.pathname ?? "/";
    if (!isLoopback(request.headers.host))
      return refuse(response, 403, "This page is for this machine alone.");
    // The page would believe it.
    delete request.headers["x-forwarded-host"];
    if (path.startsWith(STATIC)) return false;
    const token = url?.searchParams.get("token") ?? null;
    if (path === "/" && token !== null && isSame(token, this.#secrets.token)) return this.#enter(response);
    const isCallback = path === CALLBACK;
    const isTheirs = isCallback
      ? isSame(url?.searchParams.get("state") ?? "", this.#secrets.state)
      : isSame(cookieOf(request) ?? "", this.#secrets.token) && isOwnPage(request);
    if (!isTheirs) return refuse(response, 403, isCallback ? NO_STATE : NO_TOKEN);
    if (path === SUCCESS) return false;
    if (this.#isOver) return refuse(response, 410, "An App is set up. Start Driftwright again.");
    if (path === PAGE) sendState(response, this.#secrets.state);
    return false;
  };

  #enter(response: ServerResponse): boolean {
    const cookie = `${COOKIE}=${this.#secrets.token}; HttpOnly; SameSite=Lax; Path=/`;
    response.writeHead(302, { location: PAGE, "set-cookie": cookie, "referrer-policy": "no-referrer" }).end();
    return true;
  }
}

const NO_TOKEN = "Open the address that the log shows; it ends in a token.";
const NO_STATE =
  "This does not come from the page that was opened here. Open the address that the log shows, and begin again.";

function refuse(response: ServerResponse, status: number, sentence: string): boolean {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${sentence}\n`);
  return true;
}

/** A name that somebody else gave this machine's address would let their page ask here. */
function isLoopback(host: string | undefined): boolean {
  const name = URL.parse(`http://${host ?? ""}`)?.hostname ?? "";
  return name === "localhost" || name === "[::1]" || /^127(\.\d+){3}$/.test(name);
}

function cookieOf({ headers }: IncomingMessage): string | null {
  const cookies = (headers.cookie ?? "").split(";").map((each) => each.trim().split("="));
  return cookies.find(([name]) => name === COOKIE)?.[1] ?? null;
}

/** Another server on this machine counts as the same site, and gets the cookie. */
function isOwnPage({ headers }: IncomingMessage): boolean {
  return headers.origin === undefined || headers.origin === `http://${headers.host}`;
}

function isSame(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** The page's form does not say a state, so its address gets one. */
function sendState(response: ServerResponse, state: string): void {
  const end = response.end.bind(response);
  const form = /(<form action="[^"?]*\/settings\/apps\/new)"/;
  response.end = ((page: unknown) =>
    end(typeof page === "string" ? page.replace(form, `$1?state=${state}"`) : page)) as typeof end;
}
