import fc from "fast-check";
import type { Json } from "../../src/json/json.ts";
import type { Path } from "../../src/json/path.ts";

// Documents of YAML as people write them, with the place of everything that stands in them: each element may have a
// comment above it and one beside it, which are unlike all others, so that an edit can be seen to leave them alone.

/** A value as it is spelled. Terraform reads texts in Unicode's composed form; here they are decomposed. */
interface Scalar {
  readonly kind: "scalar";
  readonly written: string;
  readonly value: Json;
}
/** A text on lines of its own. */
interface Block {
  readonly kind: "block";
  readonly header: string;
  readonly lines: readonly string[];
  readonly value: string;
}
interface Mapping {
  readonly kind: "map";
  readonly flow: boolean;
  readonly lines: boolean;
  readonly items: readonly Item[];
}
interface List {
  readonly kind: "list";
  readonly flow: boolean;
  readonly lines: boolean;
  readonly items: readonly Item[];
}
type Shape = Scalar | Block | Mapping | List;

interface Item {
  /** As it is written; of elements of a list it means nothing. */
  readonly key: Scalar;
  readonly shape: Shape;
  readonly above: boolean;
  readonly beside: boolean;
  readonly gap: boolean;
}

interface Layout {
  readonly step: "  " | "    ";
  readonly deepLists: boolean;
  readonly ending: "\n" | "\r\n";
  readonly mark: boolean;
  readonly ended: boolean;
  /** Whether accents are characters of their own. */
  readonly decomposed: boolean;
}

/** Something in a document, and where it is written. */
export interface Placed {
  readonly path: Path;
  readonly shape: Shape;
  readonly flow: boolean;
  /** Whether its comments and itself have their lines to themselves. */
  readonly ownLines: boolean;
  readonly comments: readonly string[];
  /** With the comments and the line end. */
  readonly outer: readonly [start: number, end: number];
  /** From the key to the end of the value. */
  readonly inner: readonly [start: number, end: number];
}

export interface WrittenYaml {
  readonly text: string;
  readonly value: Json;
  readonly items: readonly Placed[];
}

function scalar(written: string, value: Json): Scalar {
  return { kind: "scalar", written, value };
}

const SCALARS: readonly Scalar[] = [
  scalar("a", "a"),
  scalar("b1", "b1"),
  scalar("eu-west-1", "eu-west-1"),
  scalar("two words", "two words"),
  scalar("ete\u0301", "et\u00e9"),
  scalar("a:b#c", "a:b#c"),
  scalar("'it''s'", "it's"),
  scalar("'# none'", "# none"),
  scalar('"q\\t\\u0041"', "q\tA"),
  scalar('"e\u0301 - x: y"', "\u00e9 - x: y"),
  scalar("'12'", "12"),
  scalar("12", 12),
  scalar("-3", -3),
  scalar("0x1F", 31),
  scalar("2.50", 2.5),
  scalar("true", true),
  scalar("no", false),
];

const TAGGED: readonly Scalar[] = [scalar("!!str 7", "7"), scalar("!!str true", "true")];

const KEYS: readonly Scalar[] = [
  scalar("a", "a"),
  scalar("b", "b"),
  scalar("size-of", "size-of"),
  scalar('"q: k"', "q: k"),
  scalar("'n'", "n"),
  scalar("e\u0301", "\u00e9"),
  scalar("x y", "x y"),
];

const block: fc.Arbitrary<Block> = fc
  .record({
    style: fc.constantFrom("|", "|-", ">", ">-"),
    lines: fc.array(fc.constantFrom("one", "two e\u0301", "# three", "four: 4", "- five"), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ style, lines }) => {
    const text = lines.join(style.startsWith("|") ? "\n" : " ").normalize();
    return { kind: "block", header: style, lines, value: style.endsWith("-") ? text : `${text}\n` };
  });

const { nested } = fc.letrec<{ flow: Shape; nested: Shape }>((tie) => {
  const items = (shape: keyof { flow: 0; nested: 0 }, unique: boolean, minLength: number) =>
    fc.uniqueArray(
      fc.record({
        key: fc.constantFrom(...KEYS),
        shape: tie(shape) as fc.Arbitrary<Shape>,
        above: fc.boolean(),
        beside: fc.boolean(),
        gap: fc.boolean(),
      }),
      {
        minLength,
        maxLength: 3,
        ...(unique ? { selector: ({ key }: Item) => key.value } : { comparator: () => false }),
      },
    );
  const collection = (shape: "flow" | "nested") => {
    const isFlow = fc.constant(shape === "flow");
    return [
      fc.record({
        kind: fc.constant("map" as const),
        flow: isFlow,
        lines: fc.boolean(),
        items: items(shape, true, shape === "flow" ? 0 : 1),
      }),
      fc.record({
        kind: fc.constant("list" as const),
        flow: isFlow,
        lines: fc.boolean(),
        items: items(shape, false, shape === "flow" ? 0 : 1),
      }),
    ];
  };
  const plain = fc.constantFrom(...SCALARS);
  const tagged = fc.constantFrom(...TAGGED);
  return {
    flow: fc.oneof({ maxDepth: 2, depthIdentifier: "flow" }, plain, ...collection("flow")),
    nested: fc.oneof(
      { maxDepth: 3, depthIdentifier: "nested" },
      plain,
      plain,
      tagged,
      block,
      ...collection("nested"),
      tie("flow"),
    ),
  };
});

export const yamlShape: fc.Arbitrary<Mapping> = fc
  .uniqueArray(
    fc.record({
      key: fc.constantFrom(...KEYS),
      shape: nested,
      above: fc.boolean(),
      beside: fc.boolean(),
      gap: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4, selector: ({ key }) => key.value },
  )
  .map((items) => ({ kind: "map", flow: false, lines: true, items }));

export const yamlLayout: fc.Arbitrary<Layout> = fc.record({
  step: fc.constantFrom("  ", "    "),
  deepLists: fc.boolean(),
  ending: fc.constantFrom("\n", "\r\n"),
  mark: fc.boolean(),
  ended: fc.boolean(),
  decomposed: fc.constantFrom(false, false, false, true),
});

/** What a shape says. */
export function saidBy(shape: Shape): Json {
  switch (shape.kind) {
    case "scalar":
    case "block":
      return shape.value;
    case "list":
      return shape.items.map((item) => saidBy(item.shape));
    case "map":
      return Object.fromEntries(shape.items.map((item) => [String(item.key.value), saidBy(item.shape)]));
  }
}

/** Writes a document. */
export function writeYaml(shape: Mapping, layout: Layout): WrittenYaml {
  const writer = new Writer(layout);
  writer.document(shape);
  return { text: writer.text, value: saidBy(shape), items: writer.items };
}

class Writer {
  #text = "";
  readonly items: Placed[] = [];
  readonly #layout: Layout;
  #comments = 0;

  constructor(layout: Layout) {
    this.#layout = layout;
  }

  get text(): string {
    return this.#text;
  }

  set text(text: string) {
    this.#text = this.#layout.decomposed ? text : text.normalize();
  }

  document(shape: Mapping): void {
    this.text += this.#layout.mark ? "\ufeff" : "";
    this.#line("# the head e\u0301");
    this.#line("");
    this.#entries(shape, "", [], false);
    this.text += this.#layout.ended ? `# the end${this.#layout.ending}` : "# the end";
  }

  #line(text: string): void {
    this.text += text + this.#layout.ending;
  }

  #comment(): string {
    this.#comments += 1;
    const comment = `# e\u0301 ${this.#comments}.`;
    return this.#layout.decomposed ? comment : comment.normalize();
  }

  /** The items of a collection on lines of their own; the first one may stand behind a dash. */
  #entries(shape: Mapping | List, indentation: string, path: Path, behindDash: boolean): void {
    for (const [index, item] of shape.items.entries()) {
      const at = [...path, shape.kind === "map" ? String(item.key.value) : index];
      const isBehindDash = behindDash && index === 0;
      const comments: string[] = [];
      if (!isBehindDash && item.gap && index > 0) this.#line("");
      const outer = this.text.length;
      if (!isBehindDash) {
        if (item.above) {
          comments.push(this.#comment());
          this.#line(`${indentation}${comments.at(-1)}`);
        }
        this.text += indentation;
      }
      const inner = this.text.length;
      this.text += shape.kind === "map" ? `${item.key.written}:` : "-";
      const end = this.#value(item, indentation, at, shape.kind === "list", comments);
      this.items.push({
        path: at,
        shape: item.shape,
        flow: false,
        ownLines: !isBehindDash,
        comments,
        outer: [outer, this.text.length],
        inner: [inner, end],
      });
    }
  }

  /** What follows a key or dash up to the line end; gives where the value ends. */
  #value(
    { shape, beside }: Item,
    indentation: string,
    path: Path,
    inList: boolean,
    comments: string[],
  ): number {
    const comment = beside ? this.#comment() : null;
    const behind = comment === null ? "" : `  ${comment}`;
    const { step, deepLists } = this.#layout;
    const isBlock = (shape.kind === "map" || shape.kind === "list") && !shape.flow;
    // Comments within come later in the text, but are numbered when they are written.
    if (comment !== null) comments.push(comment);
    if (shape.kind === "block") {
      this.#line(` ${shape.header}${behind}`);
      for (const line of shape.lines) this.#line(`${indentation}${step}${line}`);
      return this.text.length;
    }
    if (!isBlock) {
      this.text += " ";
      this.#flow(shape, indentation, path);
      const end = this.text.length;
      this.#line(behind);
      return end;
    }
    const isCompact = inList && comment === null;
    if (isCompact) this.text += " ";
    else this.#line(behind);
    const deeper = inList ? "  " : shape.kind === "list" && !deepLists ? "" : step;
    this.#entries(shape, indentation + deeper, path, isCompact);
    return this.text.length;
  }

  /** In a collection on one line those within stand on that line too. */
  #flow(shape: Shape, indentation: string, path: Path, mayHaveLines = true): void {
    if (shape.kind === "scalar" || shape.kind === "block") {
      this.text += shape.kind === "scalar" ? shape.written : '""';
      return;
    }
    const [open, close] = shape.kind === "map" ? "{}" : "[]";
    this.text += open;
    const inLines = mayHaveLines && shape.lines && shape.items.length > 0;
    const deeper = indentation + this.#layout.step;
    if (inLines) this.#line("");
    for (const [index, item] of shape.items.entries()) {
      const at = [...path, shape.kind === "map" ? String(item.key.value) : index];
      const comments: string[] = [];
      const isLast = index === shape.items.length - 1;
      const outer = this.text.length;
      if (inLines) {
        if (item.above) {
          comments.push(this.#comment());
          this.#line(`${deeper}${comments.at(-1)}`);
        }
        this.text += deeper;
      }
      const inner = this.text.length;
      if (shape.kind === "map") this.text += `${item.key.written}: `;
      this.#flow(item.shape, inLines ? deeper : indentation, at, inLines);
      const end = this.text.length;
      if (!isLast || (inLines && item.gap)) this.text += ",";
      if (inLines) {
        const comment = item.beside ? this.#comment() : null;
        if (comment !== null) comments.push(comment);
        this.#line(comment === null ? "" : ` ${comment}`);
      } else if (!isLast) this.text += " ";
      this.items.push({
        path: at,
        shape: item.shape,
        flow: true,
        ownLines: inLines,
        comments,
        outer: [outer, this.text.length],
        inner: [inner, end],
      });
    }
    this.text += inLines ? `${indentation}${close}` : close;
  }
}
