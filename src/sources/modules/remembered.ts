interface Known<T> {
  readonly value: Promise<T>;
  readonly until: number;
}

/**
 * Answers that hold for some time, so that one question asked by many is asked once. What failed is asked again by the
 * next.
 */
export class Remembered<T> {
  readonly #milliseconds: number;
  readonly #most: number;
  readonly #known = new Map<string, Known<T>>();

  constructor(milliseconds: number, most = 2_000) {
    this.#milliseconds = milliseconds;
    this.#most = most;
  }

  get(key: string, now: Date, ask: () => Promise<T>): Promise<T> {
    const known = this.#known.get(key);
    if (known !== undefined && known.until > now.getTime()) return known.value;
    const value = ask();
    this.#known.delete(key);
    this.#known.set(key, { value, until: now.getTime() + this.#milliseconds });
    value.catch(() => {
      if (this.#known.get(key)?.value === value) this.#known.delete(key);
    });
    // The oldest stands first.
    const [oldest] = this.#known.keys();
    if (this.#known.size > this.#most && oldest !== undefined) this.#known.delete(oldest);
    return value;
  }
}
