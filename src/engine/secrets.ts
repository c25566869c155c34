import type { Value } from "../hcl/values/value.ts";
import { writtenOrigin } from "../hcl/values/written-origin.ts";
import {
  equalJson,
  isJsonArray,
  isJsonObject,
  isNumber,
  type Json,
  jsonAt,
  printJson,
} from "../json/json.ts";
import type { Path } from "../json/path.ts";
import { secretFieldsOf } from "../json/secret-fields.ts";
import { defaultTagsIn } from "../reconcile/default-tags.ts";
import { withWholeBudget } from "../reconcile/whole-budget.ts";
import type { Evaluation } from "../terraform/evaluation/evaluation.ts";
import type { ProviderTags } from "../terraform/evaluation/provider-settings.ts";
import { ComputedSecrets } from "./computed-secrets.ts";
import { isLiteral, literalText } from "./literal-text.ts";
import { OpenValues } from "./open-values.ts";
import { hasSecretName, isNamedSecretAt, type SensitivePart, sensitiveParts } from "./sensitive-parts.ts";
import { withinBudget } from "./within-budget.ts";

/** Shorter texts are looked for nowhere, so it does not matter that one is shown openly too. */
const SHORTEST_SECRET = 6;

/**
 * The texts of everything sensitive in a stack: in its instances, in what its modules name (variables, locals, outputs)
 * and in its state, objects that are about to be destroyed included; the secrets inside of JSON texts too. Not of what
 * is shown openly as well (`Bond`).
 */
export function secretsOf(evaluation: Evaluation): string[] {
  const found = new Secrets(evaluation);
  for (const part of sensitiveParts(evaluation)) found.add(part);
  found.addUnreadable();
  collectRecorded(evaluation, found);
  for (const [name, { value, sensitive }] of evaluation.inputs.state?.outputs ?? [])
    if (sensitive) found.addJson(value, [name], "output");
  // What costs more than evaluation may was not evaluated for the instances either, and shows nowhere.
  withinBudget(() => collectDefaultTags(evaluation, found));
  withinBudget(() => withWholeBudget(evaluation, () => found.addLiterals()));
  return [...found.texts];
}

/**
 * The texts of what the state, or a schema, calls sensitive in what is recorded, but for what code writes itself: those
 * that `nonsensitive()` shows nowhere. Too short ones are left out.
 */
export function recordedSecrets(evaluation: Evaluation): ReadonlySet<string> {
  const found = new Secrets(evaluation);
  collectRecorded(evaluation, found);
  return new Set([...found.texts].filter((text) => isLong(text.trim())));
}

function collectRecorded(evaluation: Evaluation, found: Secrets): void {
  for (const { address, attributes, sensitive } of evaluation.recorded.all()) {
    const written = evaluation.instances.get(address)?.content.written().json ?? null;
    for (const path of sensitive) found.addRecorded(jsonAt(attributes, path), jsonAt(written, path), path);
  }
  for (const { attributes, sensitive } of evaluation.inputs.state?.deposed ?? [])
    for (const path of sensitive) found.addRecorded(jsonAt(attributes, path), undefined, path);
}

/** Where a text is from that the state records: it is not known what it is made of. */
type Recorded = "state" | "output";

class Secrets {
  readonly texts = new Set<string>();
  readonly #evaluation: Evaluation;
  readonly #open: OpenValues;
  readonly #computed: ComputedSecrets;
  readonly #perhapsReadable: SensitivePart[] = [];

  constructor(evaluation: Evaluation) {
    this.#evaluation = evaluation;
    this.#open = new OpenValues(evaluation);
    this.#computed = new ComputedSecrets(this.#open);
  }

  /** Those that may be readable in something open have to be asked for: `addUnreadable`. */
  add(part: SensitivePart): void {
    const { text, bond, value } = part;
    const mayBeOpen = bond !== "own" && isLong(text);
    if (mayBeOpen && this.#isOpen(part)) return;
    const mayBeReadable = mayBeOpen && bond === "made" && writtenOrigin(value).kind !== "state";
    if (mayBeReadable) this.#perhapsReadable.push(part);
    else this.#keep(part);
  }

  /** Each may cost as much as evaluation does, so they share one budget; what is not found out by then is secret. */
  addUnreadable(): void {
    const readable = new Set<SensitivePart>();
    withinBudget(() =>
      withWholeBudget(this.#evaluation, () => {
        for (const part of this.#perhapsReadable) if (this.#open.isReadable(part)) readable.add(part);
      }),
    );
    for (const part of this.#perhapsReadable) if (!readable.has(part)) this.#keep(part);
  }

  #keep(part: SensitivePart): void {
    const { text, value } = part;
    if (!isWrittenDown(value)) this.#computed.add(part);
    if (text !== "") this.#register(value.kind === "string" ? value.value : text);
  }

  /**
   * What the state calls sensitive.
   * @param written what the code says in its place: where it is the same, that was looked at with the code's own parts
   */
  addRecorded(json: Json | undefined, written: Json | undefined, path: Path): void {
    if (json === undefined || (written !== undefined && equalJson(json, written))) return;
    this.addJson(json, path, "state");
  }

  /** Every text and number in a value that is sensitive as a whole. */
  addJson(json: Json | undefined, path: Path, from: Recorded): void {
    if (isJsonArray(json))
      for (const [index, item] of json.entries()) this.addJson(item, [...path, index], from);
    else if (isJsonObject(json))
      for (const [name, item] of Object.entries(json)) this.addJson(item, [...path, name], from);
    else if (typeof json === "string") {
      const isOpen = !hasSecretName(path) && isLong(json.trim()) && this.#isShown(json.trim(), from);
      if (!isOpen) this.#register(json);
    } else if (json !== undefined && json !== null && isNumber(json)) this.texts.add(printJson(json));
  }

  /** The literals that computed secrets are made of. */
  addLiterals(): void {
    for (const literal of this.#computed.find().literals) {
      const text = literalText(literal);
      if (text === null || !isLong(text)) continue;
      if (isNamedSecretAt(literal) || !this.#open.hasText(text)) this.#register(text);
    }
  }

  #register(text: string): void {
    for (const each of [text, ...secretFieldsOf(text)]) this.texts.add(each);
  }

  /** What comes from the state stays secret, whatever `nonsensitive()` makes of it. */
  #isOpen(part: SensitivePart): boolean {
    const { text, value, bond } = part;
    if (writtenOrigin(value).kind === "state") return this.#isShown(text, "state");
    if (this.#open.hasText(text)) return true;
    return bond === "made" && this.#isShown(text, "output");
  }

  #isShown(text: string, from: Recorded): boolean {
    if (this.#open.hasWritten(text)) return true;
    return from === "output" && (this.#open.hasRecorded(text) || this.#open.hasWord(text));
  }
}

/** Whether it is long enough to be looked for. */
function isLong(text: string): boolean {
  return text.length >= SHORTEST_SECRET;
}

/** Whether a value is a literal or a part of a document itself. */
function isWrittenDown(value: Value): boolean {
  const origin = writtenOrigin(value);
  return origin.kind === "document" || (origin.kind === "expression" && isLiteral(origin.at));
}

function collectDefaultTags(evaluation: Evaluation, found: Secrets): void {
  const tagsOf = defaultTagsIn(evaluation);
  const seen = new Set<ProviderTags>();
  for (const instance of evaluation.instances.values()) {
    const tags = tagsOf(instance);
    if (seen.has(tags)) continue;
    seen.add(tags);
    for (const path of tags.sensitiveTags)
      found.addJson(jsonAt(tags.defaultTags ?? {}, path), path, "output");
  }
}
