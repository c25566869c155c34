/**
 * A text of GitHub as one looks at it first: markers are not seen, details are folded, and of the sections only those
 * that are named stand open. Lines that are empty are left out.
 * @param sections titles of the sections that are shown; what comes before the first title is always shown
 */
export function excerpt(text: string, sections: readonly string[]): string {
  const visible = text.replace(/<!--[\s\S]*?-->\s*/g, "").replace(DETAILS, folded);
  const [start = "", ...parts] = visible.split(/^(?=### )/m);
  const shown = parts.map((part) => {
    const [title = "", ...lines] = part.trimEnd().split("\n");
    if (sections.includes(title.replace(/^### /, ""))) return part.trimEnd();
    return `${title}  ${counted(lines)}`;
  });
  return [start.trimEnd(), ...shown].join("\n").replace(/\n{2,}/g, "\n");
}

const DETAILS = /<details>\s*<summary>([^<]*)<\/summary>([\s\S]*?)<\/details>/g;

function folded(_all: string, summary: string, content: string): string {
  return `▸ ${summary}  ${counted(content.split("\n"))}`;
}

function counted(lines: readonly string[]): string {
  const { length } = lines.filter((line) => line !== "");
  return `[${length} ${length === 1 ? "line" : "lines"}]`;
}
