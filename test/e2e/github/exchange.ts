import type { IncomingMessage, ServerResponse } from "node:http";
import type { Json, JsonObject } from "../../../src/json/json.ts";

export interface Request {
  readonly method: string;
  /** Still encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
  /** Null where there is none. */
  readonly body: Json;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Json | Uint8Array;
}

export async function readRequest(incoming: IncomingMessage): Promise<Request> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString();
  const { method = "GET", url = "/", headers } = incoming;
  const { pathname: path, searchParams: query } = new URL(url, "http://github.test");
  return { method, path, query, headers, body: text === "" ? null : JSON.parse(text) };
}

export function writeAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  if (body instanceof Uint8Array) response.writeHead(status, headers).end(body);
  else if (body === null) response.writeHead(status, headers).end();
  else {
    const json = { "content-type": "application/json; charset=utf-8", ...headers };
    response.writeHead(status, json).end(JSON.stringify(body));
  }
}

export function answer(status: number, body: Json = null, headers: Record<string, string> = {}): Answer {
  return { status, headers, body };
}

/** An error as GitHub words it. */
export function refusal(status: number, message: string, more: JsonObject = {}): Answer {
  return answer(status, { message, ...more, documentation_url: "https://docs.github.com/rest" });
}

/** One page of a list, with the links to the others. */
export function page(
  items: readonly Json[],
  request: Request,
  url: string,
  wrap: (items: readonly Json[]) => Json = (all) => all,
): Answer {
  const size = Number(request.query.get("per_page") ?? 30);
  const number = Number(request.query.get("page") ?? 1);
  const query = new URLSearchParams(request.query);
  query.set("page", String(number + 1));
  const more = number * size < items.length;
  const next = { link: `<${url}${request.path}?${query}>; rel="next"` };
  return answer(200, wrap(items.slice((number - 1) * size, number * size)), more ? next : {});
}

/** Sends requests to the emulator behind. */
export class Upstream {
  readonly #origin: string;

  constructor(origin: string) {
    this.#origin = origin;
  }

  async send(request: {
    readonly method: string;
    readonly path: string;
    readonly query?: URLSearchParams;
    readonly authorization: string | undefined;
    readonly accept?: string | undefined;
    readonly body?: Json;
  }): Promise<Answer> {
    const { method, path, query, authorization, accept, body = null } = request;
    const response = await fetch(`${this.#origin}${path}${query === undefined ? "" : `?${query}`}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(accept === undefined ? {} : { accept }),
        "content-type": "application/json",
        // One that is kept is closed by the other side after a while, which a busy process learns too late.
        connection: "close",
      },
      ...(body === null ? {} : { body: JSON.stringify(body) }),
    });
    const bytes = new Uint8Array(await response.arrayBuffer());
    const type = response.headers.get("content-type") ?? "";
    const isJson = type.startsWith("application/json") && bytes.length > 0;
    const kept = ["content-type", "link", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"];
    const headers = Object.fromEntries(
      kept.flatMap((name) => (response.headers.has(name) ? [[name, response.headers.get(name) ?? ""]] : [])),
    );
    return {
      status: response.status,
      headers,
      body: bytes.length === 0 ? null : isJson ? JSON.parse(Buffer.from(bytes).toString()) : bytes,
    };
  }
}
