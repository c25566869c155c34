import { stringify } from "yaml";

/** YAML 1.1 has more words for true and false, numbers and days, and many programs still read that. */
export const FOR_ALL_READERS = { lineWidth: 0, compat: "yaml-1.1" } as const;

/** A text as YAML on one line, whatever is in it: the same text for readers of YAML 1.1 and 1.2. */
export function yamlScalar(text: string): string {
  const isPlain = /^[\w./-]+$/.test(text) && stringify(text, FOR_ALL_READERS) === `${text}\n`;
  if (isPlain) return text;
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
