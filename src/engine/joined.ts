/** Numbers that belong together, and whatever belongs together with one of them. */
export class Joined {
  readonly #parents: number[] = [];

  /** Gives the next number, which belongs to none of the others yet. */
  add(): number {
    this.#parents.push(this.#parents.length);
    return this.#parents.length - 1;
  }

  /** The one that stands for all that belong together with this one: the lowest. */
  of(one: number): number {
    let at = one;
    for (let parent = this.#parents[at] ?? at; parent !== at; parent = this.#parents[at] ?? at) at = parent;
    this.#parents[one] = at;
    return at;
  }

  join(one: number, other: number): void {
    const [a, b] = [this.of(one), this.of(other)];
    this.#parents[Math.max(a, b)] = Math.min(a, b);
  }

  joinAll(all: Iterable<number>): void {
    const [first, ...others] = all;
    if (first !== undefined) for (const other of others) this.join(first, other);
  }

  /** All numbers, those together that belong together. */
  groups(): readonly (readonly number[])[] {
    return [...Map.groupBy(this.#parents.keys(), (one) => this.of(one)).values()];
  }
}
