import { parse, type Scalar, YAMLError } from "yaml";
import { wordEdits } from "./word-edits.ts";
import { type YamlStyle, yamlBlockText } from "./yaml-text.ts";

/**
 * Another text for a block scalar, in its style: lines that were folded stay folded where they were. Without the last
 * line end; null where no block can say it. `written`: the scalar as it stands there, from its `|` or `>` on.
 */
export function otherBlockText(
  { type, source }: Scalar,
  written: string,
  value: string,
  indentation: string,
  style: YamlStyle,
): string | null {
  const folded =
    type === "BLOCK_FOLDED" ? foldedText(source ?? "", written, value, indentation, style) : null;
  return folded ?? yamlBlockText(value, indentation, style) ?? lineText(value, indentation, style);
}

/** A text of one line as a literal block. */
function lineText(value: string, indentation: string, style: YamlStyle): string | null {
  if (value.includes("\n") || value.trim() === "") return null;
  const text = yamlBlockText(`${value}\n`, indentation, style);
  return text?.replace(/^\|/, "|-") ?? null;
}

function foldedText(
  before: string,
  written: string,
  value: string,
  indentation: string,
  { ending }: YamlStyle,
): string | null {
  const [header = "", ...lines] = written.split(/\r?\n/);
  if (!/^>[-+]?(?:[ \t]+#.*)?$/.test(header) || value.trim() === "") return null;
  const body = lines.slice(0, lines.findLastIndex((line) => line.trim() !== "") + 1);
  const places = foldedPlaces(body, indentation);
  const [was, is] = [withoutLast(before), withoutLast(value)];
  const sign = value.endsWith("\n") ? ">" : ">-";
  const kept = places === null || places.text !== was ? null : spliced(places, was, is, indentation);
  const anew = is
    .split("\n")
    .map((line) => `${indentation}${line}`)
    .join("\n\n");
  const found = [kept, anew].find((text) => text !== null && readsAs(`${sign}\n${text}\n`, value));
  return found === undefined || found === null ? null : `${sign}\n${found}`.replaceAll("\n", ending);
}

function withoutLast(text: string): string {
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}

/** The lines of a folded block as one text, what they give, and where each character of that stands. */
interface Places {
  readonly written: string;
  readonly text: string;
  readonly offsets: readonly number[];
}

/** Null where lines stand deeper than others: those are not folded. */
function foldedPlaces(lines: readonly string[], indentation: string): Places | null {
  const offsets: number[] = [];
  let [text, at, blank] = ["", 0, 0];
  for (const line of lines) {
    const own = line.slice(indentation.length);
    if (line.trim() === "") {
      blank += 1;
      at += line.length + 1;
      continue;
    }
    if (!line.startsWith(indentation) || /^[ \t]/.test(own)) return null;
    const between = text === "" ? "" : blank === 0 ? " " : "\n".repeat(blank);
    // Each of them stands in the line ends before this line.
    for (let index = between.length; index > 0; index -= 1) offsets.push(at - index);
    for (let index = 0; index < own.length; index += 1) offsets.push(at + indentation.length + index);
    text += between + own;
    at += line.length + 1;
    blank = 0;
  }
  return { written: lines.join("\n"), text, offsets };
}

/** The same lines with other words; a line end goes with the words around it alone. */
function spliced(
  { written, offsets }: Places,
  before: string,
  after: string,
  indentation: string,
): string | null {
  let [result, at] = ["", 0];
  for (const { start, end, text } of wordEdits(before, after)) {
    const from = offsets[start] ?? written.length;
    const to = start === end ? from : (offsets[end - 1] ?? written.length) + 1;
    result += written.slice(at, from) + text.replaceAll("\n", `\n\n${indentation}`);
    at = to;
  }
  return result + written.slice(at);
}

function readsAs(written: string, value: string): boolean {
  try {
    return parse(`key: ${written}`)?.key === value;
  } catch (error) {
    if (error instanceof YAMLError) return false;
    throw error;
  }
}
