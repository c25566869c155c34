const PLAIN = /^[\x20-\x7e]*$/;

/** The characters a reader sees (grapheme clusters, UAX #29), which is how Terraform counts text. */
export function graphemesOf(text: string): string[] {
  if (PLAIN.test(text)) return text.split("");
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

export function countGraphemes(text: string): number {
  return PLAIN.test(text) ? text.length : graphemesOf(text).length;
}
