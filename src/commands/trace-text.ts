import { isJsonArray, isJsonObject, type Json, type JsonObject, printJson } from "../json/json.ts";
import { palette } from "../reports/color.ts";
import { cut, visible, visibleLines } from "../reports/visible.ts";

const LONGEST_LINE = 120;

/** What `trace` prints for people: the value, the way to the literal that decides it, and the edits, the best first. */
export function traceText(document: JsonObject, { color }: { readonly color: boolean }): string {
  const paint = palette(color);
  const { address, path, value } = document;
  const lines = [`${paint.address(`${text(address)} ${text(path)}`)} = ${shown(value)}`];
  lines.push(...chainLines(objects(document["chain"])));
  const edits = objects(document["edits"]);
  for (const [index, edit] of edits.entries()) {
    const verdict = text(edit["verdict"]);
    const title =
      verdict === "refused" ? "no edit" : edits.length > 1 ? `edit ${index + 1} of ${edits.length}` : "edit";
    const mark = verdict === "exact" ? paint.good : verdict === "shared" ? paint.warning : paint.error;
    lines.push("", `${paint.heading(title)}: ${mark(verdict)}, ${text(edit["why"])}`);
    lines.push(...diffLines(edit, paint), ...effectLines(edit));
  }
  return `${lines.join("\n")}\n`;
}

function chainLines(chain: readonly JsonObject[]): readonly string[] {
  const rows = chain.map((step) => ({
    place: `${text(step["file"])}:${text(step["line"])}:${text(step["column"])}`,
    kind: text(step["kind"]),
    source: cut(text(step["text"]).split("\\n")[0] ?? "", LONGEST_LINE),
  }));
  const widest = (cells: readonly string[]) => Math.max(0, ...cells.map((cell) => cell.length));
  const places = widest(rows.map(({ place }) => place));
  const kinds = widest(rows.map(({ kind }) => kind));
  return rows.map(({ place, kind, source }) => `  ${place.padEnd(places)}  ${kind.padEnd(kinds)}  ${source}`);
}

function diffLines(edit: JsonObject, paint: ReturnType<typeof palette>): readonly string[] {
  const diff = edit["diff"];
  if (typeof diff !== "string" || diff === "") return [];
  return visibleLines(diff.trimEnd())
    .split("\n")
    .map((line) => {
      if (line.startsWith("@@")) return paint.hunk(line);
      if (line.startsWith("---") || line.startsWith("+++")) return paint.dim(line);
      return line.startsWith("+") ? paint.added(line) : line.startsWith("-") ? paint.removed(line) : line;
    });
}

function effectLines(edit: JsonObject): readonly string[] {
  const effects = objects(edit["effects"]).map((effect) => {
    const where = [effect["stack"], effect["address"], effect["path"]]
      .map(text)
      .filter((part) => part !== "");
    return `  ${where.join(" ")}: ${shown(effect["before"])} -> ${shown(effect["after"])}`;
  });
  return effects.length === 0 ? [] : ["what changes:", ...effects];
}

function shown(value: Json | undefined): string {
  return cut(visible(printJson(value ?? null)), LONGEST_LINE);
}

function objects(json: Json | undefined): readonly JsonObject[] {
  return isJsonArray(json) ? json.filter(isJsonObject) : [];
}

function text(json: Json | undefined): string {
  if (json === undefined || json === null) return "";
  return visible(typeof json === "string" ? json : printJson(json));
}
