import type { ApplyEffect } from "../drift/apply-effect.ts";
import { alignBlocks } from "../drift/block-alignment.ts";
import { atomKey, atomsOf, blockOfAtoms, sameBlock, sameNested } from "../drift/block-atoms.ts";
import { blocksOf, withSelf } from "../drift/block-sets.ts";
import { accessChange, type FirewallRule, firewallRules, overlap } from "../drift/firewall.ts";
import type { Change, Reading } from "../drift/model.ts";
import { elementRule, nestedRule } from "../drift/normal-form.ts";
import type { AttributeRule } from "../drift/rules.ts";
import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../json/json.ts";
import { says } from "./said-value.ts";

/** What the code says of a list or a set before and after a change of it. */
export interface Lists {
  readonly was: Json | undefined;
  readonly is: Json | undefined;
  readonly isSame: boolean;
  readonly rule: AttributeRule | null;
  /** The id of the resource: a firewall rule may name its own group. */
  readonly ownId: string | null;
}

/** A block as the code has it, and as the cloud does. */
export interface ChangedBlock {
  readonly desired: JsonObject;
  readonly observed: JsonObject;
}

/**
 * A list or a set of the code before and after a change of it. Elements are told by what they are, since their positions
 * move, and the code may group what the blocks of a set expand to in its own way.
 */
export class ListChange {
  readonly #before: readonly Json[];
  readonly #after: readonly Json[];
  readonly #isSame: boolean;
  readonly #rule: AttributeRule | null;
  readonly #ownId: string | null;
  /** Made when they are first asked for: a list may be long. */
  #index: ReadonlyMap<string, readonly Json[]> | null = null;
  #opened: readonly FirewallRule[] | null = null;
  #written: readonly (readonly [number, Json])[] | null = null;

  constructor({ was, is, isSame, rule, ownId }: Lists) {
    this.#isSame = isSame;
    this.#rule = rule;
    this.#ownId = ownId;
    this.#before = this.#partsOf(was);
    this.#after = this.#partsOf(is);
  }

  /**
   * What applying the change does to an element that either the code or the cloud does not have. Where the change itself
   * writes a part of it, or the same in another form, it is neither undone nor kept.
   */
  effectOn({ path, desired, recorded, observed }: Change): ApplyEffect {
    const saysAll = (reading: Reading) => {
      const parts = this.#read(reading);
      return parts.length > 0 && parts.every((part) => this.#has(part));
    };
    if (this.#isSame && saysAll(desired)) return "reverts";
    if (observed === "absent") {
      if (this.#isSame || saysAll(desired) || saysAll(recorded)) return "reverts";
      const gone = this.#read(desired === "absent" ? recorded : desired);
      const effects = gone.map((part) =>
        this.#has(part) ? "reverts" : this.#orThird(part, path, "contains"),
      );
      return together(effects) ?? "contains";
    }
    if (saysAll(observed)) return "contains";
    if (desired !== "absent") return this.#isSame || saysAll(desired) ? "reverts" : "conflicts";
    const effects = this.#read(observed).map((part): ApplyEffect => {
      if (this.#has(part)) return "contains";
      if (this.#isFirewall()) return this.#opens(this.#access([part])) ? "partly" : "reverts";
      return this.#orThird(part, path, "reverts");
    });
    return together(effects) ?? "reverts";
  }

  /**
   * Whether the change lets in what one firewall rule of the code was widened to in the cloud, so that setting the rule
   * back does not close it.
   */
  opensAgain({ desired, observed }: ChangedBlock): boolean {
    if (!this.#isFirewall()) return false;
    const [own, live] = [desired, observed].map((block) => this.#access(this.#partsOf([block])));
    return this.#opens(accessChange(own ?? [], live ?? []).opened);
  }

  /** Something of it is let in that the code did not let in before: saying it in other words opens nothing. */
  #opens(access: readonly FirewallRule[]): boolean {
    this.#opened ??= accessChange(this.#access(this.#before), this.#access(this.#after)).opened;
    return this.#opened.some((one) => access.some((other) => overlap(one, other)));
  }

  /** @param otherwise what becomes of the element where the change writes no other form of it */
  #orThird(part: Json, path: Change["path"], otherwise: ApplyEffect): ApplyEffect {
    this.#written ??= this.#news();
    // Blocks in order are told by where they stand.
    const isThere = (index: number) => this.#rule?.kind !== "block" || index === path.at(-1);
    const isThird = this.#written.some(([index, one]) => isThere(index) && this.#concerns(one, part));
    if (!isThird) return otherwise;
    return this.#isFirewall() ? "partly" : "conflicts";
  }

  /** What the code did not say before, with its position. */
  #news(): readonly (readonly [number, Json])[] {
    const rule = this.#rule;
    if (rule?.kind === "block-set") {
      const [before, after] = [this.#before, this.#after].map((parts) => parts.filter(isJsonObject));
      const options = { rule, counts: () => true, bases: [], pairsChanged: false };
      return [...alignBlocks(before ?? [], after ?? [], options).added.entries()];
    }
    const isNew = (one: Json) => !this.#before.some((other) => this.#isSamePart(other, one));
    return [...this.#after.entries()].filter(([, one]) => isNew(one));
  }

  #has(part: Json): boolean {
    this.#index ??= Map.groupBy(this.#after, (own) => this.#keyOf(own));
    return this.#index.get(this.#keyOf(part))?.some((own) => this.#isSamePart(own, part)) ?? false;
  }

  /** Equal for parts that may be the same. */
  #keyOf(part: Json): string {
    const rule = this.#rule;
    const [atom] = rule?.kind === "block-set" && isJsonObject(part) ? atomsOf(part, rule) : [];
    return atom === undefined ? "" : atomKey(atom);
  }

  #read(reading: Reading): readonly Json[] {
    return typeof reading === "object" && "known" in reading ? this.#partsOf([reading.known]) : [];
  }

  #partsOf(list: Json | undefined): readonly Json[] {
    const items = isJsonArray(list) ? list : [];
    const rule = this.#rule;
    if (rule?.kind !== "block-set") return items;
    const given = { desired: items, recorded: undefined, observed: undefined };
    const { desired } = this.#ownId === null ? given : withSelf(given, rule, this.#ownId);
    return blocksOf(desired).flatMap((block) =>
      atomsOf(block, rule).map((atom) => blockOfAtoms([atom], rule)),
    );
  }

  /** @param own of the code, which may leave out what is empty, a default, or left to the provider */
  #isSamePart(own: Json, part: Json): boolean {
    const rule = this.#rule;
    if (rule === null || (rule.kind !== "block" && rule.kind !== "block-set")) {
      return says(own, { known: part }, rule === null ? null : elementRule(rule));
    }
    if (!isJsonObject(own) || !isJsonObject(part)) return false;
    if (rule.kind === "block-set") return sameBlock(own, part, rule, undefined, () => true);
    const counts = (name: string) => Object.hasOwn(own, name) || nestedRule(rule, name)?.unset !== "kept";
    return says(own, { known: part }, null) || sameBlock(own, part, rule, undefined, counts);
  }

  /** Whether what the code writes is the same element in another form, or decides about some of what it decides. */
  #concerns(written: Json, part: Json): boolean {
    const rule = this.#rule;
    if (rule === null || !isJsonObject(written) || !isJsonObject(part)) return false;
    if (rule.kind === "block") return true;
    if (this.#isFirewall()) {
      const other = this.#access([part]);
      return this.#access([written]).some((one) => other.some((two) => overlap(one, two)));
    }
    const { identity = [] } = rule;
    const isAlike = (name: string) => {
      const inner = nestedRule(rule, name);
      return inner !== undefined && sameNested(written, part, name, inner, undefined);
    };
    return identity.length > 0 && identity.every(isAlike);
  }

  #access(parts: readonly Json[]): readonly FirewallRule[] {
    const attributes = this.#rule?.attributes ?? {};
    return parts.filter(isJsonObject).flatMap((block) => firewallRules(block, attributes));
  }

  #isFirewall(): boolean {
    return this.#rule?.access === "ingress" || this.#rule?.access === "egress";
  }
}

/** Of the parts of one element: where one stays and another is undone, neither is said of the whole. */
function together(effects: readonly ApplyEffect[]): ApplyEffect | null {
  const [first] = effects;
  if (first === undefined) return null;
  if (effects.every((effect) => effect === first)) return first;
  return effects.includes("conflicts") ? "conflicts" : "partly";
}
