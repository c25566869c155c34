import { alignBlocks } from "../drift/block-alignment.ts";
import { blocksOf, withSelf } from "../drift/block-sets.ts";
import { touchesPath } from "../drift/path-match.ts";
import { rulesAlong } from "../drift/rule-path.ts";
import type { AttributeRule, RuleBook } from "../drift/rules.ts";
import { equalJson, isJsonArray, isJsonObject, type Json, type JsonObject, jsonAt } from "../json/json.ts";
import type { Path } from "../json/path.ts";
import type { Code } from "./declared-code.ts";

/** A value of the code before a change, as the code says it after the change. */
export interface FollowedValue {
  /** Where it stands then, as far as it stands in one place. */
  readonly path: Path;
  readonly value: Json | undefined;
}

/** The values of one instance's code before a change, looked for in its code after the change. */
export class FollowedValues {
  readonly #before: Code | null;
  readonly #after: Code;
  readonly #type: string;
  readonly #book: RuleBook;
  /** The blocks of the code after the change that are those before it, by place and resource: they may be many. */
  readonly #paired = new Map<string, readonly (JsonObject | undefined)[]>();

  constructor(before: Code | null, after: Code, type: string, book: RuleBook) {
    this.#before = before;
    this.#after = after;
    this.#type = type;
    this.#book = book;
  }

  /**
   * The same place in the changed code. A value of a nested block is looked for in the block that is the same, wherever
   * it stands and however the blocks of a set are grouped by then; in none where the block is gone.
   * @param ownId the id of the resource: a firewall rule may name its own group
   */
  at(path: Path, ownId: string | null): FollowedValue {
    const [before, after] = [this.#before, this.#after];
    const index = path.findIndex((step, at) => typeof step === "number" && at < path.length - 1);
    const here = { path, value: jsonAt(after.attributes, path) };
    if (index === -1 || before === null) return here;
    const list = path.slice(0, index);
    const rule = rulesAlong(this.#book, this.#type, list).at(-1);
    const isKnown = !touchesPath(after.unknown, list, "exact");
    if (rule?.kind === "block-set" && isKnown) {
      const block = this.#pairedAt(list, rule, ownId)[Number(path[index])];
      return { path, value: jsonAt(block, path.slice(index + 1)) };
    }
    const alike = placeOfAlike(path, index, before.attributes, after.attributes);
    return alike === null ? here : { path: alike, value: jsonAt(after.attributes, alike) };
  }

  #pairedAt(list: Path, rule: AttributeRule, ownId: string | null): readonly (JsonObject | undefined)[] {
    const key = JSON.stringify([list, ownId]);
    const known = this.#paired.get(key);
    if (known !== undefined) return known;
    const [was, is] = [this.#before, this.#after].map((code) => {
      const given = { desired: jsonAt(code?.attributes, list), recorded: undefined, observed: undefined };
      return blocksOf((ownId === null ? given : withSelf(given, rule, ownId)).desired);
    });
    const options = { rule, counts: () => true, bases: [], pairsChanged: true };
    const { paired } = alignBlocks(was ?? [], is ?? [], options);
    this.#paired.set(key, paired);
    return paired;
  }
}

/** The place of the value in the nested block that is alike but for the attribute. */
function placeOfAlike(path: Path, at: number, was: JsonObject, is: JsonObject): Path | null {
  const list = path.slice(0, at);
  const [attribute, ...deeper] = path.slice(at + 1);
  const block = jsonAt(was, path.slice(0, at + 1));
  const items = jsonAt(is, list);
  if (!isJsonArray(items) || !isJsonObject(block) || attribute === undefined) return null;
  const now = items.findIndex((item) => isJsonObject(item) && isAlike(item, block, String(attribute)));
  return now === -1 ? null : [...list, now, attribute, ...deeper];
}

function isAlike(a: JsonObject, b: JsonObject, attribute: string): boolean {
  const rest = (block: JsonObject) =>
    Object.fromEntries(Object.entries(block).filter(([name]) => name !== attribute));
  return equalJson(rest(a), rest(b));
}
