import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SetupGuard } from "../../src/web/setup-guard.ts";

const SECRETS = { token: "the-token", state: "the-state" };
const FORM = '<form action="https://github.com/organizations/acme/settings/apps/new" method="post">';
const COOKIE = "driftwright-setup=the-token";

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly location: string | undefined;
  readonly cookie: string;
}

let guard: SetupGuard;
let port: number;
let reached: string[];
let close: () => Promise<void>;

beforeEach(async () => {
  guard = new SetupGuard(SECRETS);
  reached = [];
  const server = createServer((request, response) => {
    if (guard.handle(request, response)) return;
    reached.push(`${request.method} ${request.url}`);
    response
      .writeHead(200)
      .end(request.url === "/probot" ? FORM : String(request.headers["x-forwarded-host"]));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
  close = () => new Promise((resolve) => server.close(() => resolve()));
});
afterEach(() => close());

function ask(path: string, { method = "GET", ...headers }: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = send({ host: "127.0.0.1", port, path, method, agent: false, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
      });
      response.on("end", () => {
        const { location, "set-cookie": cookies = [] } = response.headers;
        resolve({ status: response.statusCode ?? 0, text, location, cookie: cookies.join() });
      });
    });
    asked.on("error", reject).end();
  });
}

describe("the set-up page", () => {
  it("opens for the address that has the token, and for the browser that opened it", async () => {
    const entered = await ask("/?token=the-token");
    expect(entered).toMatchObject({ status: 302, location: "/probot" });
    expect(entered.cookie).toMatch(/^driftwright-setup=the-token; HttpOnly; SameSite=Lax/);
    const page = await ask("/probot", { cookie: `other=1; ${COOKIE}` });
    expect(page.text).toContain('/organizations/acme/settings/apps/new?state=the-state"');
    expect((await ask("/probot/import", { method: "POST", cookie: COOKIE })).status).toBe(200);
  });

  it.each<[string, string, Record<string, string>]>([
    ["no token", "/probot", {}],
    ["a wrong token in the address", "/?token=wrong", {}],
    ["a wrong token in the cookie", "/probot", { cookie: "driftwright-setup=wrong" }],
    ["credentials from elsewhere", "/probot/import", { method: "POST" }],
    [
      "credentials from another server on this machine",
      "/probot/import",
      { method: "POST", cookie: COOKIE, origin: "http://127.0.0.1:1" },
    ],
    ["a code from elsewhere", "/probot/setup?code=theirs", { cookie: COOKIE }],
    ["a code with a wrong state", "/probot/setup?code=theirs&state=wrong", { cookie: COOKIE }],
    ["a code with the token for a state", "/probot/setup?code=theirs&state=the-token", {}],
    ["a name that somebody gave this machine", "/probot", { host: "evil.example", cookie: COOKIE }],
    ["a name that looks like this machine's", "/probot", { host: "127.0.0.1.evil.example", cookie: COOKIE }],
  ])("is closed to %s", async (_what, path, headers) => {
    expect((await ask(path, headers)).status).toBe(403);
    expect(reached).toEqual([]);
  });

  it("takes the code of an App that it sent the wish for, whoever brings it", async () => {
    const url = "/probot/setup?code=ours&state=the-state";
    expect((await ask(url)).status).toBe(200);
    expect(reached).toEqual([`GET ${url}`]);
  });

  it("shows its style sheet to everyone", async () => {
    expect((await ask("/probot/static/primer.css")).status).toBe(200);
  });

  it("does not believe where a request says that it was sent", async () => {
    const headers = { cookie: COOKIE, "x-forwarded-host": "evil.example" };
    expect((await ask("/probot/import", headers)).text).toBe("undefined");
  });

  it("takes nothing more when an App is set up", async () => {
    guard.end();
    expect((await ask("/probot/setup?code=ours&state=the-state")).status).toBe(410);
    expect((await ask("/probot/import", { method: "POST", cookie: COOKIE })).status).toBe(410);
    expect((await ask("/probot/success", { cookie: COOKIE })).status).toBe(200);
  });
});
