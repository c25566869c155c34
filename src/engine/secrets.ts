import { BudgetExceeded } from "../hcl/functions/function.ts";
import { isJsonArray, isJsonObject, isNumber, type Json, jsonAt, printJson } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { secretFieldsOf } from "../json/secret-fields.ts";
import { defaultTagsIn } from "../reconcile/default-tags.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import type { ProviderTags } from "../terraform/evaluation/provider-settings.ts";
import { OpenValues } from "./open-values.ts";
import { type Bond, hasSecretName, type SensitivePart, sensitiveParts } from "./sensitive-parts.ts";

/** Shorter texts are looked for nowhere, so it does not matter that one is shown openly too. */
const SHORTEST_SECRET = 6;

/**
 * The texts of everything sensitive in a stack: in its instances, in what its modules name (variables, locals, outputs)
 * and in its state, objects that are about to be destroyed included; the secrets inside of JSON texts too. Not of what
 * is shown openly as well (`Bond`).
 */
export function secretsOf(evaluation: Evaluation): string[] {
  const found = new Secrets(new OpenValues(evaluation));
  const { state } = evaluation.inputs;
  for (const part of sensitiveParts(evaluation)) found.add(part);
  for (const { attributes, sensitive } of [...evaluation.recorded.all(), ...(state?.deposed ?? [])]) {
    for (const path of sensitive) found.addJson(jsonAt(attributes, path), path, "attribute");
  }
  for (const [name, { value, sensitive }] of state?.outputs ?? [])
    if (sensitive) found.addJson(value, [name], "made");
  withinBudget(() => collectDefaultTags(evaluation, found));
  return [...found.texts];
}

class Secrets {
  readonly texts = new Set<string>();
  readonly #open: OpenValues;

  constructor(open: OpenValues) {
    this.#open = open;
  }

  add({ text, value, bond }: SensitivePart): void {
    this.#addText(value.kind === "string" ? value.value : text, bond);
  }

  /** Every text and number in a value that is sensitive as a whole. */
  addJson(json: Json | undefined, path: Path, bond: Bond): void {
    if (isJsonArray(json))
      for (const [index, item] of json.entries()) this.addJson(item, [...path, index], bond);
    else if (isJsonObject(json))
      for (const [name, item] of Object.entries(json)) this.addJson(item, [...path, name], bond);
    else if (typeof json === "string") this.#addText(json, hasSecretName(path) ? "own" : bond);
    else if (json !== undefined && json !== null && isNumber(json)) this.texts.add(printJson(json));
  }

  #addText(text: string, bond: Bond): void {
    if (bond !== "own" && text.trim().length >= SHORTEST_SECRET && this.#isOpen(text.trim(), bond)) return;
    for (const each of [text, ...secretFieldsOf(text)]) this.texts.add(each);
  }

  #isOpen(text: string, bond: Bond): boolean {
    if (this.#open.hasText(text)) return true;
    return bond === "made" && (this.#open.hasRecorded(text) || this.#open.isWithin(text));
  }
}

/** What costs more than evaluation may is left out: it was not evaluated for the instances either, and shows nowhere. */
function withinBudget(look: () => void): void {
  try {
    look();
  } catch (error) {
    if (!(error instanceof BudgetExceeded) && !(error instanceof RangeError)) throw error;
  }
}

function collectDefaultTags(evaluation: Evaluation, found: Secrets): void {
  const tagsOf = defaultTagsIn(evaluation);
  const seen = new Set<ProviderTags>();
  for (const instance of evaluation.instances.values()) {
    const tags = tagsOf(instance);
    if (seen.has(tags)) continue;
    seen.add(tags);
    for (const path of tags.sensitiveTags) found.addJson(jsonAt(tags.defaultTags ?? {}, path), path, "made");
  }
}
