/** Pieces of the language, and of what people take for it. */
export const FRAGMENTS = [
  ..."\"{}[]()=:,.?!-+*/%<>#\\$_a1 \n\t~&|;'`@^\r\0",
  ..."é 😀 \u00a0 \ufeff 名".split(" "),
  ..."${ %{ ~} ${~ $${ %%{ == => :: ... .* [*] .0 .0.1 1e5 1. .5 0x1 // /* */ && || >= != \r\n \\u12 \\n $$ %%".split(
    " ",
  ),
  ..."for if in else endif endfor true null a.b f( EOT".split(" "),
  "<<EOT\n",
  "<<-EOT\nx\n  EOT\n",
  "\nEOT\n",
  "\r\n",
];

/** Numbers in [0, 1) that depend on the seed alone. */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A text with one or two small changes: something removed, inserted, replaced, copied or swapped. */
export function mutate(text: string, seed: number): string {
  const random = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  let result = text;
  for (let left = 1 + below(2); left > 0; left -= 1) {
    const at = below(result.length);
    const end = at + 1 + below(random() < 0.7 ? 3 : 40);
    const fragment = FRAGMENTS[below(FRAGMENTS.length)] ?? "";
    const other = below(result.length);
    const changes = [
      () => result.slice(0, at) + result.slice(end),
      () => result.slice(0, at) + fragment + result.slice(at),
      () => result.slice(0, at) + fragment + result.slice(end),
      () => result.slice(0, other) + result.slice(at, end) + result.slice(other),
      () =>
        result.slice(0, at) +
        result.slice(at + 1, end + 1) +
        result.slice(at, at + 1) +
        result.slice(end + 1),
    ];
    result = changes[below(changes.length)]?.() ?? result;
  }
  return result.toWellFormed();
}
