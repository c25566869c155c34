/** A part of a budget that somebody holds. */
export interface Share {
  /** Gives back all but so many bytes. */
  shrink(bytes: number): void;
  /** Gives back what is left of it. */
  release(): void;
}

interface Waiting {
  readonly bytes: number;
  readonly enter: (share: Share) => void;
}

/**
 * How many bytes may be held at once. Who wants some waits in line until there is room, and takes all that it may come
 * to need in one piece: two that hold something and wait for more would wait for each other.
 */
export class ByteBudget {
  readonly #most: number;
  readonly #line: Waiting[] = [];
  #held = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Waits for a share. One that is larger than the whole budget gets all of it.
   * @throws what `signal` is aborted with
   */
  async take(bytes: number, signal: AbortSignal): Promise<Share> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<Share>();
    const waiting: Waiting = { bytes: Math.min(bytes, this.#most), enter: resolve };
    const stop = () => {
      const place = this.#line.indexOf(waiting);
      if (place === -1) return;
      this.#line.splice(place, 1);
      reject(signal.reason);
      this.#admit();
    };
    signal.addEventListener("abort", stop, { once: true });
    this.#line.push(waiting);
    this.#admit();
    try {
      return await promise;
    } finally {
      signal.removeEventListener("abort", stop);
    }
  }

  #admit(): void {
    for (let next = this.#line[0]; next !== undefined; next = this.#line[0]) {
      if (this.#held + next.bytes > this.#most) return;
      this.#line.shift();
      this.#held += next.bytes;
      next.enter(this.#share(next.bytes));
    }
  }

  #share(bytes: number): Share {
    let mine = bytes;
    const shrink = (to: number) => {
      const left = Math.min(mine, Math.max(0, to));
      this.#held -= mine - left;
      mine = left;
      this.#admit();
    };
    return { shrink, release: () => shrink(0) };
  }
}
