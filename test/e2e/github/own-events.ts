import { subscribe, unsubscribe } from "node:diagnostics_channel";

/**
 * The emulator, which runs in this process, sends what happened to a path of ours, and answers without waiting for that:
 * until it has arrived it is on its way, which this tells.
 * https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md
 */
export class OwnEvents {
  readonly #underway = new Set<object>();
  readonly #origin: string;
  readonly #path: string;

  constructor(url: string, path: string) {
    const { origin, pathname } = new URL(url);
    this.#origin = origin;
    this.#path = `${pathname === "/" ? "" : pathname}${path}`;
    subscribe(BEGUN, this.#begin);
    for (const channel of ENDED) subscribe(channel, this.#end);
  }

  get isUnderway(): boolean {
    return this.#underway.size > 0;
  }

  close(): void {
    unsubscribe(BEGUN, this.#begin);
    for (const channel of ENDED) unsubscribe(channel, this.#end);
  }

  readonly #begin = (message: unknown): void => {
    const { request } = message as Published;
    if (String(request.origin) === this.#origin && request.path === this.#path) this.#underway.add(request);
  };

  readonly #end = (message: unknown): void => {
    this.#underway.delete((message as Published).request);
  };
}

const BEGUN = "undici:request:create";
const ENDED = ["undici:request:trailers", "undici:request:error"];

interface Published {
  readonly request: { readonly origin?: unknown; readonly path?: unknown };
}
