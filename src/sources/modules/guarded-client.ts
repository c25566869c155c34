import { type LookupAddress, lookup as systemLookup } from "node:dns";
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { ModuleHosts } from "./module-hosts.ts";
import type { ReachableNetworks } from "./public-address.ts";
import { quoted, Unobtainable } from "./unobtainable.ts";

export interface Answer {
  readonly status: number;
  /** Where the answer came from, after all redirects. */
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

export interface Question {
  readonly method?: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly mostBytes: number;
  readonly signal: AbortSignal;
}

/** Gives the addresses of a name. */
export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

export interface ClientSettings {
  readonly hosts: ModuleHosts;
  readonly networks: ReachableNetworks;
  readonly resolve?: Resolve;
  /** Milliseconds for one request, its redirects and its body included, and for a silence within. */
  readonly timeout?: number;
  readonly silence?: number;
}

const TIMEOUT = 60_000;
const SILENCE = 15_000;
const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Asks the hosts that modules are fetched from, and nobody else. The address of a host is looked at when a connection to
 * it is made, so that a name that leads into a private network, at first or later, is of no use; so is every redirect.
 * Nothing that identifies anybody is ever sent, and no proxy is used.
 */
export class GuardedClient {
  readonly #hosts: ModuleHosts;
  readonly #networks: ReachableNetworks;
  readonly #resolve: Resolve;
  readonly #timeout: number;
  readonly #silence: number;

  constructor({
    hosts,
    networks,
    resolve = resolveBySystem,
    timeout = TIMEOUT,
    silence = SILENCE,
  }: ClientSettings) {
    this.#hosts = hosts;
    this.#networks = networks;
    this.#resolve = resolve;
    this.#timeout = timeout;
    this.#silence = silence;
  }

  /**
   * The answer, whatever its status.
   * @throws Unobtainable; what `signal` is aborted with
   */
  async ask(url: URL, question: Question): Promise<Answer> {
    const limit = AbortSignal.timeout(this.#timeout);
    const signal = AbortSignal.any([question.signal, limit]);
    try {
      return await this.#follow(url, { ...question, signal });
    } catch (error) {
      question.signal.throwIfAborted();
      if (error instanceof Unobtainable) throw error;
      if (limit.aborted)
        throw new Unobtainable(`${quoted(url.host)} took longer than ${this.#timeout / 1000} seconds`);
      throw new Unobtainable(
        `${quoted(url.host)} cannot be reached (${codeOf(error)}); look at the network, or try again`,
      );
    }
  }

  async #follow(start: URL, question: Question): Promise<Answer> {
    let url = this.#hosts.admit(start);
    for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
      const answer = await this.#once(url, question);
      const location = REDIRECTS.has(answer.status) ? answer.headers.location : undefined;
      if (location === undefined) return answer;
      const next = URL.parse(location, url.href);
      if (next === null)
        throw new Unobtainable(`${quoted(url.host)} leads on to an address that is not well-formed`);
      url = this.#hosts.admit(next);
    }
    throw new Unobtainable(`${quoted(start.host)} leads on more than ${MOST_REDIRECTS} times`);
  }

  #once(url: URL, { method = "GET", headers = {}, body, mostBytes, signal }: Question): Promise<Answer> {
    // A name that is an address is connected to without being looked up.
    const literal = url.hostname.replace(/^\[|\]$/g, "");
    if (isIP(literal) !== 0 && !this.#networks.allows(literal)) return Promise.reject(notPublic(url.host));
    const isPlain = url.protocol === "http:";
    const agent = isPlain ? new HttpAgent({ keepAlive: false }) : new HttpsAgent({ keepAlive: false });
    const options: RequestOptions = {
      method,
      agent,
      signal,
      lookup: this.#lookup,
      timeout: this.#silence,
      headers: { "user-agent": "driftwright", accept: "*/*", "accept-encoding": "identity", ...headers },
    };
    return new Promise((resolve, reject) => {
      const request = (isPlain ? httpRequest : httpsRequest)(url, options, (response) => {
        const { statusCode: status = 0, headers: received } = response;
        const wanted = REDIRECTS.has(status) ? 0 : mostBytes;
        bodyOf(response, wanted, url).then(
          (bytes) => resolve({ status, url, headers: received, body: bytes }),
          reject,
        );
      });
      request.on("timeout", () =>
        request.destroy(
          new Unobtainable(`${quoted(url.host)} was silent for ${this.#silence / 1000} seconds`),
        ),
      );
      request.on("error", reject);
      request.end(body);
    });
  }

  /** Given to each connection: what it gets is what it connects to. */
  readonly #lookup: LookupFunction = (name, { all }, done) => {
    this.#addressesOf(name).then(
      (addresses) => {
        const [first] = addresses;
        if (all === true || first === undefined) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };

  async #addressesOf(name: string): Promise<readonly LookupAddress[]> {
    const addresses = await this.#resolve(name);
    if (addresses.length === 0) throw new Unobtainable(`${quoted(name)} has no address`);
    if (addresses.some(({ address }) => !this.#networks.allows(address))) throw notPublic(name);
    return addresses;
  }
}

/** Without the address: whoever writes code shall not learn from it what names stand for inside. */
function notPublic(host: string): Unobtainable {
  return new Unobtainable(
    `${quoted(host)} is not on the public internet; whoever runs Driftwright can allow its network with MODULE_NETWORKS`,
  );
}

/** Of a redirect nothing is read. */
async function bodyOf(response: IncomingMessage, mostBytes: number, url: URL): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (mostBytes === 0) break;
    if (bytes > mostBytes)
      throw new Unobtainable(`${quoted(url.host)} answers with more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function resolveBySystem(name: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    systemLookup(name, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "no code";
}
