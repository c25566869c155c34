import { documentOf } from "../hcl/editing/document-text.ts";
import type { Located } from "../hcl/evaluation/context.ts";
import type { Range } from "../hcl/syntax/source.ts";
import type { Expression } from "../hcl/syntax/syntax.ts";
import { isMapping, isSequence, type Origin, type Value } from "../hcl/values/value.ts";
import { writtenOrigin } from "../hcl/values/written-origin.ts";
import { isJsonArray, isJsonObject, type Json } from "../json/json.ts";
import { type Path, printPath } from "../json/path.ts";
import { isSecretName } from "../json/secret-fields.ts";
import { withWholeBudget } from "../reconcile/whole-budget.ts";
import type { EvaluatedBody } from "../terraform/evaluation/evaluated-body.ts";
import { type Evaluation, modulesFrom } from "../terraform/evaluation/evaluation.ts";
import { secretPaths } from "../terraform/state/hidden-state.ts";
import { isPrefix } from "../terraform/state/recorded-value.ts";
import { ContentsSearch } from "./contents.ts";
import { isLiteral, literalText, saysSomething } from "./literal-text.ts";
import { type SensitivePart, textOf } from "./sensitive-parts.ts";
import { withinBudget } from "./within-budget.ts";

/** So many characters are looked through for texts; what is not found by then counts as not there. */
const MOST_CHARACTERS = 200_000_000;

/** The length of a text that is found inside of another: a shorter one may be any word. */
export const LONGER_THAN_CHANCE = 12;

/** Between texts that are looked through together: nothing is found that reaches from one into the next. */
const BETWEEN = "\u0000";

/**
 * What a stack shows openly: arguments of resources and providers and outputs of the root that are not sensitive, and
 * do not stand under a name that tells a secret. Collected when first asked for.
 */
export class OpenValues {
  readonly contents: ContentsSearch;
  readonly #evaluation: Evaluation;
  #texts: ReadonlySet<string> | null = null;
  #sources: Sources | null = null;
  #written: ReadonlySet<string> | null = null;
  #recorded: ReadonlySet<string> | null = null;
  #keys: ReadonlySet<string> | null = null;
  #parts: ReadonlySet<string> | null = null;
  #all: string | null = null;
  #literals: string | null = null;
  #left = MOST_CHARACTERS;

  constructor(evaluation: Evaluation) {
    this.contents = new ContentsSearch(evaluation.inputs.root);
    this.#evaluation = evaluation;
  }

  /** Whether an open value is the very same, wherever it was handed through. */
  isWhole({ text, value }: Pick<SensitivePart, "text" | "value">): boolean {
    const key = keyOf(writtenOrigin(value));
    return key !== null && this.#open().wholes.get(key)?.has(text) === true;
  }

  /** Whether an open value of the code says the same. */
  hasText(text: string): boolean {
    return this.#said().has(text);
  }

  /**
   * Whether one that says the same is written down: a literal, a part of a document, what is given to a variable. Not
   * what `nonsensitive()` or anything else makes of a secret of the state.
   */
  hasWritten(text: string): boolean {
    return this.#writtenDown().has(text);
  }

  /** The same of an attribute that the state records. */
  hasRecorded(text: string): boolean {
    this.#recorded ??= recordedTexts(this.#evaluation);
    return this.#recorded.has(text);
  }

  /** Whether an address shows it: as the key of an instance. */
  isKey(text: string): boolean {
    this.#keys ??= keysOf(this.#evaluation);
    return this.#keys.has(text);
  }

  /** Whether an open value that is written down has the text as a word of its own, too long to be there by chance. */
  hasWord(text: string): boolean {
    if (text.length < LONGER_THAN_CHANCE) return false;
    this.#literals ??= [...this.#writtenDown()].join(BETWEEN);
    return this.#isIn(this.#literals, text) && standsAlone(this.#literals, text);
  }

  /** Whether an open value is made of the same literals, and so that the text can be read there. */
  isReadable(part: SensitivePart): boolean {
    if (!this.#isWithin(part.text)) return false;
    const place = part.located();
    if (place === null) return false;
    const { literals, complete } = this.contents.contentsOf([place]);
    const telling = literals.filter(saysSomething);
    return complete && telling.length > 0 && telling.every((literal) => this.isPart(literal));
  }

  /** Whether an open value is the literal, or is made of it so that it can be read there. */
  showsLiteral(literal: Expression): boolean {
    const text = literalText(literal);
    if (text !== null && this.isKey(text)) return true;
    if (text !== null && this.#open().wholes.get(literal)?.has(text) === true) return true;
    return (text === null || this.#isWithin(text)) && this.isPart(literal);
  }

  /** Whether an open value is made of the literal that is written in a range. */
  isPart(range: Range): boolean {
    this.#parts ??= this.#madeOf();
    return this.#parts.has(keyOfRange(range));
  }

  /** What is not found within the budget counts as nothing that they are made of. */
  #madeOf(): ReadonlySet<string> {
    const { made } = this.#open();
    const { literals } = withWholeBudget(this.#evaluation, () => this.contents.contentsOf(made));
    return new Set(literals.filter(saysSomething).map(keyOfRange));
  }

  #isWithin(text: string): boolean {
    this.#all ??= [...this.#said()].join(BETWEEN);
    return this.#isIn(this.#all, text);
  }

  #isIn(all: string, text: string): boolean {
    this.#left -= all.length;
    return this.#left > 0 && !text.includes(BETWEEN) && all.includes(text);
  }

  #said(): ReadonlySet<string> {
    this.#texts ??= textsIn(this.#evaluation);
    return this.#texts;
  }

  #open(): Sources {
    this.#sources ??= sourcesOf(this.#evaluation);
    return this.#sources;
  }

  #writtenDown(): ReadonlySet<string> {
    this.#written ??= textsIn(this.#evaluation, isWritten);
    return this.#written;
  }
}

/** Where open values come from. */
interface Sources {
  /**
   * By what gives them (an expression, a part of a document), what they say: an expression that is evaluated for
   * several instances, or decodes a document, gives more than one text.
   */
  readonly wholes: Map<Expression | string, Set<string>>;
  /** Those that are computed. */
  readonly made: Located[];
}

/** Called with each text or number that is open, and a path that its argument or output begins. */
type Visit = (text: string, value: Value, path: Path, from: Omit<Located, "path">) => void;

/** A literal's place, in a document or in the code. */
function keyOfRange(range: Range): string {
  const { file, start, end } = range;
  return `${documentOf(range)?.format ?? ""} ${file.path} ${start}-${end}`;
}

function keyOf(origin: Origin): Expression | string | null {
  if (origin.kind === "expression") return origin.at;
  if (origin.kind !== "document") return null;
  return `${origin.format} ${origin.file} ${printPath(origin.path)}`;
}

function textsIn(
  evaluation: Evaluation,
  counts: (value: Value) => boolean = () => true,
): ReadonlySet<string> {
  const texts = new Set<string>();
  visitAll(evaluation, (text, value) => {
    if (counts(value)) texts.add(text);
  });
  return texts;
}

function isWritten(value: Value): boolean {
  const origin = writtenOrigin(value);
  if (origin.kind === "expression") return isPlain(origin);
  return origin.kind === "document" || origin.kind === "setting";
}

function keysOf({ instances }: Evaluation): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const { address } of instances.values()) {
    for (const { key } of [...address.module, address]) if (typeof key === "string") keys.add(key.trim());
  }
  return keys;
}

function standsAlone(all: string, text: string): boolean {
  for (let at = all.indexOf(text); at !== -1; at = all.indexOf(text, at + 1)) {
    const isLonger = [all[at - 1], all[at + text.length]].some((next) => /\w/.test(next ?? ""));
    if (!isLonger) return true;
  }
  return false;
}

function sourcesOf(evaluation: Evaluation): Sources {
  const { wholes, made }: Sources = { wholes: new Map(), made: [] };
  visitAll(evaluation, (text, value, path, from) => {
    const origin = writtenOrigin(value);
    const key = keyOf(origin);
    if (key === null) return;
    const texts = wholes.get(key) ?? new Set();
    if (texts.size === 0) wholes.set(key, texts);
    texts.add(text);
    if (origin.kind === "expression" && !isPlain(origin)) made.push({ ...from, path: path.slice(1) });
  });
  return { wholes, made };
}

function visitAll(evaluation: Evaluation, visit: Visit): void {
  for (const instance of evaluation.instances.values())
    visitBody(instance.body(), instance.content.written().sensitive, visit);
  for (const module of modulesFrom(evaluation.root)) {
    for (const provider of module.providers) visitBody(provider.body(), [], visit);
  }
  visitOutputs(evaluation, visit);
}

function visitBody(body: EvaluatedBody, sensitive: readonly Path[], visit: Visit): void {
  for (const [name, { attribute, value }] of body.attributes) {
    const from = { expression: attribute.value, context: body.context };
    visitParts({ value, path: [name] }, sensitive, from, visit);
  }
  for (const [type, { blocks }] of body.blocks) {
    if (isSecretName(type)) continue;
    blocks.forEach(({ content }, index) => {
      const inside = sensitive.flatMap((path) =>
        path.length === 0 ? [[]] : path[0] === type && (path[1] ?? index) === index ? [path.slice(2)] : [],
      );
      visitBody(content, inside, visit);
    });
  }
}

function visitOutputs({ root }: Evaluation, visit: Visit): void {
  for (const name of root.module.outputs.keys()) {
    const output = root.output(name);
    const located = output?.definition()?.located;
    if (output === null || located === undefined) continue;
    const value = withinBudget(() => output.value());
    if (value === null) continue;
    visitParts({ value, path: [name] }, [], located, visit);
  }
}

interface Part {
  readonly value: Value;
  readonly path: Path;
}

function visitParts(part: Part, sensitive: readonly Path[], from: Omit<Located, "path">, visit: Visit): void {
  const open = [part];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    const step = path.at(-1);
    if (value.sensitive || (typeof step === "string" && isSecretName(step))) continue;
    if (sensitive.some((each) => isPrefix(each, path))) continue;
    if (isMapping(value))
      for (const [key, child] of value.entries) open.push({ value: child, path: [...path, key] });
    if (isSequence(value))
      for (const [index, child] of value.items.entries()) open.push({ value: child, path: [...path, index] });
    const text = textOf(value);
    if (text !== null) visit(text, value, path, from);
  }
}

/** A literal, which is made of nothing else. */
function isPlain({ at }: Extract<Origin, { kind: "expression" }>): boolean {
  return isLiteral(at);
}

/** What the state records, but for what is secret there, or may be by its name. */
function recordedTexts({ recorded }: Evaluation): ReadonlySet<string> {
  const texts = new Set<string>();
  for (const instance of recorded.all()) {
    const secret = secretPaths(instance);
    collectJson(instance.attributes, [], secret, texts);
  }
  return texts;
}

/** As deep as values are nested in earnest. */
const DEEPEST = 100;

function collectJson(json: Json, path: Path, secret: readonly Path[], texts: Set<string>): void {
  if (secret.some((each) => isPrefix(each, path)) || path.length > DEEPEST) return;
  if (typeof json === "string") texts.add(json.trim());
  else if (isJsonArray(json))
    json.forEach((item, index) => void collectJson(item, [...path, index], secret, texts));
  else if (isJsonObject(json))
    for (const [name, item] of Object.entries(json)) collectJson(item, [...path, name], secret, texts);
}
