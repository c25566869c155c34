import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach } from "vitest";
import { GuardedClient } from "../../../src/sources/modules/guarded-client.ts";
import { ModuleHosts } from "../../../src/sources/modules/module-hosts.ts";
import { ReachableNetworks } from "../../../src/sources/modules/public-address.ts";

// Real servers on loopback, under names of their own: `registry.test:PORT`. What the operator's settings allow decides
// whether they are reached.

export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** The answer stops here without an end. */
  readonly hang?: boolean;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface Host {
  /** `NAME:PORT` */
  readonly host: string;
  readonly origin: string;
  readonly asked: readonly Asked[];
}

export type Replies = (asked: Asked) => Reply | null;

/** Starts servers that are closed when the test is over. */
export function hosts(): (name: string, replies: Replies) => Promise<Host> {
  const open: Server[] = [];
  afterEach(() => {
    for (const server of open.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  return async (name, replies) => {
    const asked: Asked[] = [];
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const { method = "", url = "", headers } = request;
      const question = { method, path: url, headers, body: Buffer.concat(chunks) };
      asked.push(question);
      const {
        status = 200,
        headers: given = {},
        body = "",
        hang = false,
      } = replies(question) ?? { status: 404 };
      response.writeHead(status, given);
      if (hang) response.write(body);
      else response.end(body);
    });
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const host = `${name}:${(server.address() as AddressInfo).port}`;
    return { host, origin: `http://${host}`, asked };
  };
}

export interface ClientOptions {
  readonly networks?: readonly string[];
  /** The address of each name, where it is not loopback. */
  readonly addresses?: Readonly<Record<string, readonly string[]>>;
  readonly timeout?: number;
  readonly silence?: number;
}

/** A client that may ask these hosts; loopback is a network that the operator allows, unless said otherwise. */
export function clientFor(allowed: readonly (Host | string)[], options: ClientOptions = {}): GuardedClient {
  const { networks = ["127.0.0.0/8"], addresses = {}, ...times } = options;
  return new GuardedClient({
    hosts: new ModuleHosts(allowed.map((one) => (typeof one === "string" ? one : one.origin))),
    networks: new ReachableNetworks(networks),
    resolve: async (name) =>
      (addresses[name] ?? ["127.0.0.1"]).map((address) => ({
        address,
        family: address.includes(":") ? 6 : 4,
      })),
    ...times,
  });
}
