import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import type { Redaction } from "../reports/redaction.ts";

/**
 * A `trace` document without secrets. An edit whose diff has the text of one is refused: what could be shown of it
 * would not apply.
 */
export function cleanedTrace(document: JsonObject, redaction: Redaction): JsonObject {
  const cleaned = redaction.cleanJson(document) as JsonObject;
  const [edits, shown] = [document["edits"] ?? null, cleaned["edits"] ?? null];
  if (!isJsonArray(edits) || !isJsonArray(shown)) return cleaned;
  const open = shown.filter((edit, index) => diffOf(edit) === diffOf(edits[index]));
  return { ...cleaned, edits: open.length > 0 ? open : shown.slice(0, 1).map(refused) };
}

function diffOf(edit: Json | undefined): Json {
  return edit !== undefined && isJsonObject(edit) ? (edit["diff"] ?? null) : null;
}

function refused(edit: Json): Json {
  if (!isJsonObject(edit)) return edit;
  const why = "the edit or a line beside it has the text of a secret, so it is not shown; edit that by hand";
  return { ...edit, diff: "", effects: [], verdict: "refused", why };
}
