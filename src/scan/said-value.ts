import type { Reading } from "../drift/model.ts";
import { sameValue } from "../drift/normal-form.ts";
import type { AttributeRule } from "../drift/rules.ts";
import type { Json } from "../json/json.ts";
import { isEmpty } from "../reconcile/meaning-key.ts";
import { means } from "../reconcile/wanted.ts";

/** Whether a value of the code says what a reading does. */
export function says(value: Json | undefined, reading: Reading, rule: AttributeRule | null): boolean {
  if (reading === "absent") return value === undefined || isEmpty(value);
  if (typeof reading !== "object" || !("known" in reading) || value === undefined) return false;
  return (
    means(value, reading.known) || (rule !== null && value !== null && sameValue(value, reading.known, rule))
  );
}
