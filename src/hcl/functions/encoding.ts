import { Buffer } from "node:buffer";
import { STRING } from "../values/type.ts";
import { unknownValue, type Value } from "../values/value.ts";
import { textAt, textParameter, textResult } from "./arguments.ts";
import { decodeBase64 } from "./base64.ts";
import { gzip } from "./deflate/gzip.ts";
import { type FunctionDefinition, FunctionError, type FunctionTable } from "./function.ts";
import { decodeText, encodeText } from "./text-encoding.ts";

const base64encode: FunctionDefinition = {
  parameters: [textParameter("str")],
  returns: STRING,
  call(args, budget) {
    const bytes = Buffer.from(textAt(args, 0), "utf8");
    budget.text(Math.ceil(bytes.length / 3) * 4);
    return textResult(bytes.toString("base64"));
  },
};

const base64decode: FunctionDefinition = {
  parameters: [textParameter("str")],
  returns: STRING,
  call(args, budget) {
    budget.text(textAt(args, 0).length);
    const text = textOfBytes(bytesAt(args, 0));
    if (text !== null) return textResult(text);
    throw new FunctionError("is not text in UTF-8; only text can be decoded", 0);
  },
};

/** The time of a call without a text, in bytes that are read in that time: its tables are made anew. */
const GZIP_CALL = 4096;
/** So many bytes are compared in the time of one that is read. */
const COMPARED_PER_BYTE = 16;

const base64gzip: FunctionDefinition = {
  parameters: [textParameter("str")],
  returns: STRING,
  call(args, budget) {
    const bytes = Buffer.from(textAt(args, 0), "utf8");
    budget.text(GZIP_CALL + bytes.length);
    const packed = gzip(bytes, (compared) => budget.text(Math.ceil(compared / COMPARED_PER_BYTE)));
    budget.text(Math.ceil(packed.length / 3) * 4);
    return textResult(Buffer.from(packed.buffer, packed.byteOffset, packed.length).toString("base64"));
  },
};

const textencodebase64: FunctionDefinition = {
  parameters: [textParameter("string"), textParameter("encoding")],
  returns: STRING,
  call(args, budget) {
    const text = textAt(args, 0);
    budget.text(text.length * 4);
    const bytes = encodeText(text, textAt(args, 1));
    return bytes === null ? unknownValue(STRING) : textResult(bytes.toString("base64"));
  },
};

const textdecodebase64: FunctionDefinition = {
  parameters: [textParameter("source"), textParameter("encoding")],
  returns: STRING,
  call(args, budget) {
    budget.text(textAt(args, 0).length);
    const text = decodeText(bytesAt(args, 0), textAt(args, 1));
    return text === null ? unknownValue(STRING) : textResult(text);
  },
};

const urlencode: FunctionDefinition = {
  parameters: [textParameter("str")],
  returns: STRING,
  call(args, budget) {
    const text = textAt(args, 0);
    budget.text(text.length * 3);
    const encoded = encodeURIComponent(text.toWellFormed())
      .replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll("%20", "+");
    return textResult(encoded);
  },
};

function bytesAt(args: readonly Value[], index: number): Buffer {
  const bytes = decodeBase64(textAt(args, index));
  if (bytes !== null) return bytes;
  throw new FunctionError("is not base64 with its padding", index);
}

function textOfBytes(bytes: Buffer): string | null {
  const text = bytes.toString("utf8");
  return Buffer.from(text, "utf8").equals(bytes) ? text : null;
}

/** Text from and to base64 and URLs. */
export const ENCODING_FUNCTIONS: FunctionTable = new Map(
  Object.entries({ base64decode, base64encode, base64gzip, textdecodebase64, textencodebase64, urlencode }),
);
