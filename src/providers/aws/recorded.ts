import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../json/json.ts";

/** The nested blocks of a recorded attribute; none where it is something else. */
export function rows(value: Json | undefined): readonly JsonObject[] {
  return isJsonArray(value) ? value.filter((row) => isJsonObject(row)) : [];
}

/** The texts of a recorded list or set, without empty ones; none where it is something else. */
export function texts(value: Json | undefined): readonly string[] {
  return isJsonArray(value)
    ? value.filter((item) => typeof item === "string").filter((item) => item !== "")
    : [];
}

/** A recorded text; null where it is empty or something else. */
export function text(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
