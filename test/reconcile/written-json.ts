import fc from "fast-check";
import { isJsonArray, isJsonObject, type Json } from "../../src/json/json.ts";
import type { Path } from "../../src/json/path.ts";

/** A document of JSON with any blanks between its signs, and the place of everything in it. */
export interface WrittenJson {
  readonly text: string;
  readonly value: Json;
  readonly items: readonly {
    readonly path: Path;
    readonly value: Json;
    readonly start: number;
    readonly end: number;
  }[];
}

const text = fc.constantFrom(
  "a",
  "b1",
  "two",
  "\u00e9",
  "${x}",
  'q"q',
  "back\\slash",
  "tab\t",

  "12",
);
const { document } = fc.letrec<{ document: Json }>((tie) => ({
  document: fc.oneof(
    { depthSize: "small" },
    text,
    fc.integer({ min: 1, max: 99 }),
    fc.constant(true),
    fc.array(tie("document"), { maxLength: 3 }),
    fc.dictionary(text, tie("document"), { maxKeys: 3, noNullPrototype: true }),
  ),
}));

const blanks = fc.array(fc.constantFrom("", "", "", " ", "  ", "\t", "\n", "\r\n", "\n\n  "), {
  minLength: 1,
  maxLength: 40,
});

export const writtenJson: fc.Arbitrary<WrittenJson> = fc
  .tuple(fc.dictionary(text, document, { minKeys: 1, maxKeys: 4, noNullPrototype: true }), blanks)
  .map(([value, spaces]) => write(value, spaces));

function write(value: Json, spaces: readonly string[]): WrittenJson {
  const items: { path: Path; value: Json; start: number; end: number }[] = [];
  let [written, used] = ["", 0];
  const sign = (token: string) => {
    written += (spaces[used % spaces.length] ?? "") + token;
    used += 1;
  };
  const all = (json: Json, path: Path): void => {
    const isList = isJsonArray(json);
    if (!isList && !isJsonObject(json)) {
      sign(JSON.stringify(json));
      return;
    }
    sign(isList ? "[" : "{");
    for (const [index, [name, item]] of Object.entries(json).entries()) {
      if (index > 0) sign(",");
      if (!isList) {
        sign(JSON.stringify(name));
        sign(":");
      }
      const at = [...path, isList ? index : name];
      // The blanks before a value are not its own.
      const before = written.length + (spaces[used % spaces.length] ?? "").length;
      all(item, at);
      items.push({ path: at, value: item, start: before, end: written.length });
    }
    sign(isList ? "]" : "}");
  };
  all(value, []);
  sign("");
  return { text: written, value, items };
}
