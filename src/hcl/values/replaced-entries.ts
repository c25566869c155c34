/**
 * A map with other values for a few of its keys, made without copying the rest: an edit of one entry of thousands costs
 * what one entry costs. Its keys and their order are those of `base`.
 */
export class ReplacedEntries<K, V> implements ReadonlyMap<K, V> {
  readonly base: ReadonlyMap<K, V>;
  /** Keys of `base` with their new values. */
  readonly replaced: ReadonlyMap<K, V>;

  constructor(base: ReadonlyMap<K, V>, replaced: ReadonlyMap<K, V>) {
    this.base = base;
    this.replaced = replaced;
  }

  get size(): number {
    return this.base.size;
  }

  has(key: K): boolean {
    return this.base.has(key);
  }

  get(key: K): V | undefined {
    return this.replaced.get(key) ?? this.base.get(key);
  }

  keys(): MapIterator<K> {
    return this.base.keys();
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, value] of this.base) yield [key, this.replaced.get(key) ?? value];
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(action: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) action(value, key, this);
  }
}

/** The keys whose values may differ between two maps; null where nothing is known of that. */
export function replacedKeys<K, V>(before: ReadonlyMap<K, V>, after: ReadonlyMap<K, V>): Iterable<K> | null {
  if (before === after) return [];
  return after instanceof ReplacedEntries && after.base === before ? after.replaced.keys() : null;
}
