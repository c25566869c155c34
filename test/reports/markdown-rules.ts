/** What GitHub would read in a document, by the rules of CommonMark and GFM that matter here. */

/** Fenced code blocks taken out. Throws where one is not closed. */
export function withoutFences(body: string): string {
  const kept: string[] = [];
  let open: string | null = null;
  for (const line of body.split("\n")) {
    const mark = /^ *(`{3,})([^`]*)$/.exec(line);
    if (open === null && mark?.[1] !== undefined) open = mark[1];
    else if (open === null) kept.push(line);
    else if (mark?.[1] !== undefined && mark[1].length >= open.length && mark[2]?.trim() === "") open = null;
  }
  if (open !== null) throw new Error(`a fence of ${open.length} backticks is not closed:\n${body}`);
  return kept.join("\n");
}

/** Inline code taken out too: a run of backticks up to the next run of the same length, and `<code>` elements. */
export function prose(body: string): string {
  return withoutFences(body)
    .split("\n")
    .map((line) =>
      line.replace(/<code>[^<]*<\/code>/g, "CODE").replace(/(?<![`\\])(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "CODE"),
    )
    .join("\n");
}

/** What a reader of the rendered prose sees, and what GitHub searches for mentions and references. */
export function rendered(body: string): string {
  return prose(body)
    .replace(/\\([!-/:-@[-`{-~])/g, "$1")
    .replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");
}

/** What GitHub makes a link or a notification of. */
export const LINKING: readonly RegExp[] = [
  /@[A-Za-z0-9]/,
  /#\d/,
  /(?<![A-Za-z0-9])gh-\d/i,
  /:\/\//,
  /www\./i,
  /(?<![A-Za-z0-9])[0-9a-f]{7,40}(?![A-Za-z0-9])/i,
];

/** The HTML tags and comments outside of code. */
export function htmlTags(body: string): readonly string[] {
  return withoutFences(body)
    .split("\n")
    .flatMap((line) => line.replace(/(?<![`\\])(`+)(?!`)(.*?)(?<!`)\1(?!`)/g, "").match(/<[^>]*>?/g) ?? []);
}

/** For every table: how many cells its lines have. GFM splits cells before it looks for code. */
export function tableShapes(body: string): readonly (readonly number[])[] {
  const blocks = withoutFences(body).split(/\n(?!\|)/);
  return blocks
    .map((block) => block.split("\n").filter((line) => line.startsWith("|")))
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => line.replace(/\\\|/g, "").split("|").length - 2));
}
