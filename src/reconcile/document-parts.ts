import { isJsonArray, isJsonObject, type Json, jsonAt, printJson } from "../json/json.ts";
import { printPath } from "../json/path.ts";
import { allDifferences, type PartDifference, withPart } from "./json-difference.ts";
import { jsonIn } from "./json-texts.ts";
import { toldDifference } from "./policy-difference.ts";
import { firstDifference, isCloserPolicy, nextPolicyText, policyPartsBetween } from "./policy-text.ts";

// A text that is a document may be made what is wanted part by part: a policy by what it means, other JSON by its values.

/** The text with the first of its differences from the wanted document made up for; null where there is none. */
export function nextDocument(text: Json | undefined, wanted: Json): string | null {
  const policy = nextPolicyText(text, wanted);
  if (policy !== null) return policy;
  const [first] = jsonDifferences(text, wanted);
  const now = jsonIn(text);
  return first === undefined || now === null ? null : printJson(withPart(now, first));
}

/** Whether a text is a document that is not yet the wanted one. */
export function isOtherDocument(text: Json | undefined, wanted: Json): boolean {
  return firstDifference(text, wanted) !== null || jsonDifferences(text, wanted).length > 0;
}

/** How many parts of a document are not the wanted ones. */
export function partsBetween(text: Json | undefined, wanted: Json): number {
  return policyPartsBetween(text, wanted) ?? jsonDifferences(text, wanted).length;
}

/** Whether a document of JSON differs from the wanted one in several parts. */
export function hasSeveralParts(text: Json | undefined, wanted: Json): boolean {
  return firstDifference(text, wanted) === null && jsonDifferences(text, wanted).length > 1;
}

/** Whether a document has less to be made up for than before. */
export function isCloserDocument(before: Json | undefined, after: Json | undefined, wanted: Json): boolean {
  if (firstDifference(before, wanted) !== null) return isCloserPolicy(before, after, wanted);
  const isDocument = jsonIn(after) !== null;
  return isDocument && jsonDifferences(after, wanted).length < jsonDifferences(before, wanted).length;
}

/** In which part a document is not the wanted one, in words and without values; null where it is none. */
export function toldPart(text: Json | undefined, wanted: Json): string | null {
  const inPolicy = firstDifference(text, wanted);
  if (inPolicy !== null) return `in the policy ${toldDifference(inPolicy)}`;
  const [first] = jsonDifferences(text, wanted);
  return first === undefined || first.path.length === 0 ? null : `in the document ${printPath(first.path)}`;
}

function jsonDifferences(text: Json | undefined, wanted: Json): readonly PartDifference[] {
  const [now, asked] = [jsonIn(text), jsonIn(wanted)];
  if (now === null || asked === null || isPolicy(now) || isPolicy(asked)) return [];
  return isJsonObject(now) === isJsonObject(asked) && isJsonArray(now) === isJsonArray(asked)
    ? allDifferences(now, asked)
    : [];
}

function isPolicy(json: Json): boolean {
  return jsonAt(json, ["Statement"]) !== undefined;
}
