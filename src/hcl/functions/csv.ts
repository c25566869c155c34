import { objectOf, STRING } from "../values/type.ts";
import { listValue, objectValue, stringValue, type Value } from "../values/value.ts";
import { argumentAt, textAt, textParameter } from "./arguments.ts";
import { decodedFrom, originsIn } from "./document-origin.ts";
import { type Budget, type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";

/** A list of objects; the first row names their attributes. */
const csvdecode: FunctionDefinition = {
  parameters: [textParameter("str")],
  call(args, budget) {
    const text = textAt(args, 0);
    budget.text(text.length);
    const source = argumentAt(args, 0);
    return decodedFrom(source, () => decodeCsv(text, source, budget));
  },
};

function decodeCsv(text: string, source: Value, budget: Budget): Value {
  const [header, ...rows] = rowsOf(text);
  if (header === undefined) throw new FunctionError("has no header row with the names of the columns", 0);
  const names = header.fields;
  if (new Set(names).size < names.length) throw new FunctionError("has two columns of the same name", 0);
  budget.elements(rows.length * names.length);
  const originOf = originsIn(source, "csv");
  const items = rows.map(({ line, fields }, row) => {
    if (fields.length !== names.length) {
      throw new FunctionError(
        `has ${fields.length} fields in line ${line} where the header has ${names.length}`,
        0,
      );
    }
    const entries = names.map(
      (name, column) => [name, stringValue(fields[column] ?? "", originOf([row, name]))] as const,
    );
    return objectValue(entries, originOf([row]));
  });
  return listValue(objectOf(names.map((name) => [name, STRING])), items, originOf([]));
}

interface Row {
  readonly line: number;
  readonly fields: readonly string[];
}

/** A field, quoted or not, and what ends it. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"|([^",\n]*))(,|\n|$)/y;

/** The rows as RFC 4180 has them, empty lines left out. */
function rowsOf(given: string): Row[] {
  const text = given.replaceAll("\r\n", "\n").replace(/\r$/, "");
  const rows: Row[] = [];
  let fields: string[] = [];
  let line = 1;
  FIELD.lastIndex = 0;
  for (let at = 0; at < text.length || fields.length > 0; at = FIELD.lastIndex) {
    if (fields.length === 0 && text.startsWith("\n", at)) {
      line += 1;
      FIELD.lastIndex = at + 1;
      continue;
    }
    FIELD.lastIndex = at;
    const found = FIELD.exec(text);
    if (found === null)
      throw new FunctionError(`has a quote out of place in line ${line}; double quotes within quotes`, 0);
    const [, quoted, plain = "", end] = found;
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    if (end === ",") continue;
    rows.push({ line, fields });
    fields = [];
    line += found[0].split("\n").length - 1;
  }
  return rows;
}

/** Comma-separated values from text. */
export const CSV_FUNCTIONS: FunctionTable = new Map(Object.entries({ csvdecode }));
