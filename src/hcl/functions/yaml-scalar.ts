import { ExactDecimal } from "../../json/json.ts";
import { boolValue, nullValue, numberValue, type Origin, stringValue, type Value } from "../values/value.ts";
import { decodeBase64 } from "./base64.ts";
import { FunctionError } from "./function.ts";
import { formatTimestamp, parseYamlTimestamp } from "./timestamp.ts";

const WORDS = new Map<string, boolean | null>([
  ...spellings(true, ["y", "yes", "true", "on"]),
  ...spellings(false, ["n", "no", "false", "off"]),
  ...spellings(null, ["", "~", "null"]),
]);

/** Each word in small letters, with a capital, and in capitals. */
function spellings(value: boolean | null, words: readonly string[]): [string, boolean | null][] {
  return words.flatMap((word) =>
    [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()].map(
      (spelling) => [spelling, value] as [string, boolean | null],
    ),
  );
}

const INTEGER = /^(?:[-+]?\d+|0o[0-7]+|0x[0-9a-fA-F]+)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d{1,6})?$/;
const NO_NUMBER = /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

const TAGS = new Map<string, (text: string, origin: Origin) => Value | null>([
  ["str", stringValue],
  ["binary", (text, origin) => (decodeBase64(text) !== null ? stringValue(text, origin) : null)],
  ["bool", (text, origin) => (typeof WORDS.get(text) === "boolean" ? wordValue(text, origin) : null)],
  ["int", numberOf],
  ["float", numberOf],
  ["null", (_, origin) => nullValue(undefined, origin)],
  ["timestamp", timestampOf],
]);

/**
 * The value of a scalar as Terraform reads it, which is YAML 1.2 with the words of YAML 1.1: `yes` is true, a date is
 * a timestamp. `tag` is its tag without `tag:yaml.org,2002:`, or "" where it has none.
 * @throws FunctionError where it is not what its tag says.
 */
export function scalarValue(text: string, tag: string, quoted: boolean, origin: Origin): Value {
  const typed = TAGS.get(tag);
  if (tag !== "" && typed === undefined)
    throw new FunctionError(`has a tag that is not supported: ${tag}`, 0);
  if (tag === "str" || tag === "binary") return checked(typed?.(text, origin), tag);
  if (quoted) return stringValue(text, origin);
  const plain = plainValue(text, tag, origin);
  return plain ?? (typed === undefined ? stringValue(text, origin) : checked(typed(text, origin), tag));
}

/** What text without quotes means by itself; null where it is just text. */
function plainValue(text: string, tag: string, origin: Origin): Value | null {
  if (WORDS.has(text)) return wordValue(text, origin);
  if (NO_NUMBER.test(text)) throw new FunctionError("has a number that is infinite or none at all", 0);
  const timestamp = tag === "" || tag === "timestamp" ? timestampOf(text, origin) : null;
  if (timestamp !== null) return timestamp;
  return INTEGER.test(text) || FLOAT.test(text) ? numberOf(text, origin) : null;
}

function wordValue(text: string, origin: Origin): Value {
  const meant = WORDS.get(text);
  return typeof meant === "boolean" ? boolValue(meant, origin) : nullValue(undefined, origin);
}

function numberOf(text: string, origin: Origin): Value | null {
  const digits = text.replaceAll("_", "");
  if (!INTEGER.test(digits) && !FLOAT.test(digits)) return null;
  return numberValue(new ExactDecimal(/^0[xo]/.test(digits) ? BigInt(digits).toString() : digits), origin);
}

function timestampOf(text: string, origin: Origin): Value | null {
  const timestamp = parseYamlTimestamp(text);
  return timestamp === null ? null : stringValue(formatTimestamp(timestamp), origin);
}

function checked(value: Value | null | undefined, tag: string): Value {
  if (value) return value;
  throw new FunctionError(`has a value that is no ${tag}, as its tag says`, 0);
}
