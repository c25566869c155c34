/** How many names are kept at once. */
const PLACES = 256;

/**
 * The names that were read in a text. A name that comes again is the same string mostly, which takes no memory of its own
 * and is found faster in maps.
 */
export class KnownNames {
  #places: string[] | null = null;

  /** The name that stands at `[start, end)`. */
  at(text: string, start: number, end: number): string {
    let hash = end - start;
    for (let at = start; at < end; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
    const place = hash & (PLACES - 1);
    this.#places ??= new Array<string>(PLACES).fill("");
    const known = this.#places[place] ?? "";
    if (known.length === end - start && text.startsWith(known, start)) return known;
    const name = text.slice(start, end);
    this.#places[place] = name;
    return name;
  }
}
