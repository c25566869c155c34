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
export function randomNumbers(seed: number): () => number {
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

/** More of the language than single letters, so that what is put together is often right. */
const PIECES = [
  ...'${a} ${~ a ~} {a=1} (1) f(1) f(a...) a.*.b a[*].b a[0] [1] #c\n //c\n <<A\nA\n \\u00e9 \\x \\" e\u0301'.split(
    " ",
  ),
  ...'%{ if a }|%{ else }|%{ endif }|%{ for x in y }|%{ endfor }|%{~ if a ~}|/* c */|\n  |"b"'.split("|"),
  ..."[for x in y : x]|{for k, v in m : k => v...}|for|=|,|a|1|x|!|-".split("|"),
];

const PLACES: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `a = ${text}\n`,
  (text) => `a = "${text}"\n`,
  (text) => `a = <<EOT\n${text}\nEOT\n`,
  (text) => `a = <<-EOT\n  ${text}\n  EOT\n`,
  (text) => `a = [${text}]\n`,
  (text) => `a = {\n${text}\n}\n`,
  (text) => `a = f(${text})\nb = 1\n`,
  (text) => `b {\n${text}\n}\n`,
];

/** A short text put together from pieces of the language, in one of the places where such pieces stand. */
export function generate(seed: number): string {
  const random = randomNumbers(seed);
  const pick = <T>(items: readonly T[], otherwise: T): T =>
    items[Math.floor(random() * items.length)] ?? otherwise;
  const count = 1 + Math.floor(random() * 9);
  const pieces = Array.from({ length: count }, () => pick(random() < 0.3 ? FRAGMENTS : PIECES, "a"));
  const text = pieces.join(random() < 0.3 ? " " : "");
  return pick(PLACES, (inside) => inside)(text).toWellFormed();
}

/** The same text as other editors write it: with carriage returns, with a byte order mark. */
export function asWritten(text: string, seed: number): string {
  const lines = seed % 3 === 1 ? text.replaceAll("\n", "\r\n") : text;
  return seed % 11 === 3 ? `\ufeff${lines}` : lines;
}
