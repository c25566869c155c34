import fc from "fast-check";
import type { Json } from "../../src/json/json.ts";
import type { Path } from "../../src/json/path.ts";

// A resource as people write it, whatever its blanks, with comments that are unlike all others.

/** Something in the resource, and where it is written. */
export interface PlacedCode {
  readonly path: Path;
  readonly kind: "text" | "map" | "list";
  readonly comments: readonly string[];
  /** The value. */
  readonly start: number;
  readonly end: number;
}

export interface WrittenCode {
  readonly text: string;
  readonly value: { readonly [name: string]: Json };
  readonly items: readonly PlacedCode[];
}

interface Argument {
  readonly name: string;
  readonly kind: "text" | "map" | "list" | "heredoc";
  readonly lines: boolean;
  readonly trailing: boolean;
  readonly parts: readonly (readonly [name: string, text: string, comment: boolean])[];
  readonly above: boolean;
  readonly beside: boolean;
  readonly gap: boolean;
}

const word = fc.constantFrom("a", "b1", "two words", "$${x}", 'q\\"q', "\u00e9", "tab\\t");
const argument: fc.Arbitrary<Argument> = fc.record({
  name: fc.constantFrom("a", "name", "instance_type", "x1", "tags"),
  kind: fc.constantFrom("text", "text", "map", "list", "heredoc"),
  lines: fc.boolean(),
  trailing: fc.boolean(),
  parts: fc.uniqueArray(fc.tuple(fc.constantFrom("k", "long_key", "é x", "Name"), word, fc.boolean()), {
    minLength: 1,
    maxLength: 3,
    selector: ([name]) => name,
  }),
  above: fc.boolean(),
  beside: fc.boolean(),
  gap: fc.boolean(),
});

const layout = fc.record({
  /** Around each `=`. */
  blanks: fc.array(fc.constantFrom("", " ", "  ", "\t"), { minLength: 1, maxLength: 9 }),
  indent: fc.constantFrom("  ", "    ", "\t"),
  ending: fc.constantFrom("\n", "\r\n"),
  mark: fc.boolean(),
});
type Layout = typeof layout extends fc.Arbitrary<infer T> ? T : never;

export const writtenCode: fc.Arbitrary<WrittenCode> = fc
  .tuple(fc.uniqueArray(argument, { minLength: 1, maxLength: 5, selector: ({ name }) => name }), layout)
  .map(([items, how]) => write(items, how));

function write(items: readonly Argument[], { blanks, indent, ending, mark }: Layout): WrittenCode {
  const placed: PlacedCode[] = [];
  const value: Record<string, Json> = {};
  let [text, blank, comments] = [mark ? "\ufeff" : "", 0, 0];
  const comment = () => {
    comments += 1;
    return `# \u00e9 ${comments}.`;
  };
  const equals = () => {
    blank += 2;
    return `${blanks[blank % blanks.length]}=${blanks[(blank + 1) % blanks.length]}`;
  };
  const line = (content: string) => {
    text += content + ending;
  };
  line("# the head");
  line("");
  line('resource "a_b" "c" {');
  for (const [index, item] of items.entries()) {
    if (item.gap && index > 0) line("");
    const said: string[] = [];
    if (item.above) {
      said.push(comment());
      line(`${indent}${said[0]}`);
    }
    text += indent + item.name + equals();
    const start = text.length;
    const at = [item.name];
    const inner = indent + indent;
    const spelled = item.parts.map(([name]) => (/^\w+$/.test(name) ? name : JSON.stringify(name)));
    const parts: PlacedCode[] = [];
    if (item.kind === "heredoc") {
      line("<<-EOT");
      for (const [name] of item.parts) line(`${inner}${name}`);
      text += `${indent}EOT`;
      value[item.name] = item.parts.map(([name]) => `${name}${ending}`).join("");
    } else if (item.kind === "text") {
      const [, first = ""] = item.parts[0] ?? [];
      text += `"${first}"`;
      value[item.name] = plainText(first);
    } else {
      const isMap = item.kind === "map";
      text += isMap ? "{" : "[";
      if (item.lines) line("");
      else if (isMap) text += " ";
      for (const [number, [name, written, hasComment]] of item.parts.entries()) {
        const key = spelled[number] ?? "";
        text += item.lines ? inner : "";
        if (isMap) text += key + (item.lines ? equals() : " = ");
        const from = text.length;
        text += `"${written}"`;
        const part = {
          path: [...at, isMap ? name : number],
          kind: "text" as const,
          start: from,
          end: text.length,
        };
        const isLast = number === item.parts.length - 1;
        if (isLast ? item.lines && item.trailing : !(isMap && item.lines) || item.trailing) text += ",";
        const mine = item.lines && hasComment ? comment() : null;
        parts.push({ ...part, comments: mine === null ? [] : [mine] });
        if (item.lines) line(mine === null ? "" : ` ${mine}`);
        else if (!isLast) text += " ";
      }
      text += item.lines ? `${indent}${isMap ? "}" : "]"}` : isMap ? " }" : "]";
      value[item.name] = isMap
        ? Object.fromEntries(item.parts.map(([name, written]) => [name, plainText(written)]))
        : item.parts.map(([, written]) => plainText(written));
    }
    const end = text.length;
    if (item.beside && item.kind !== "heredoc") said.push(comment());
    line(item.beside && item.kind !== "heredoc" ? ` ${said.at(-1)}` : "");
    placed.push(...parts, {
      path: at,
      kind: item.kind === "heredoc" ? "text" : item.kind,
      comments: said,
      start,
      end,
    });
  }
  line("}");
  line("");
  line("# the end");
  return { text, value, items: placed };
}

function plainText(written: string): string {
  return written.replace("$${", "${").replace('\\"', '"').replace("\\t", "\t");
}
