/** Markers are for Driftwright alone, and no reader on GitHub sees them. */
const MARKER = /^<!-- driftwright/;

/** One document of the gallery. */
export interface Exhibit {
  readonly title: string;
  /** Where it comes from, in a sentence or two. */
  readonly about: string;
  /** What GitHub shows above the body. */
  readonly heading: string;
  readonly body: string;
}

/** The gallery as Markdown: each body as a quotation, so that nothing of it belongs to the page. */
export function galleryPage(exhibits: readonly Exhibit[]): string {
  const parts = exhibits.map(
    ({ title, about, heading, body }) => `## ${title}\n\n${about}\n\n**${heading}**\n\n${quoted(body)}\n`,
  );
  return `${INTRODUCTION}\n${parts.join("\n")}`;
}

const INTRODUCTION = `# Gallery

Each document that Driftwright writes on GitHub, as the App wrote it on the example (\`examples/shop\`) in a run on an
emulated GitHub and an emulated AWS. \`npm run gallery\` makes this page; \`npm test\` compares it.
`;

function quoted(body: string): string {
  const lines = body
    .replace(/\r\n?/g, "\n")
    .split("\n")
    .filter((line) => !MARKER.test(line));
  return lines
    .join("\n")
    .trim()
    .split("\n")
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
}
