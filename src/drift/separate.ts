import { equalJson, type JsonObject } from "../json/json.ts";
import type { InstanceTruths } from "./instance.ts";
import type { ObservedResource } from "./model.ts";
import type { AttributeRule, RuleBook, SeparateResource, TypeRules } from "./rules.ts";
import { statedAttributes, valueAt } from "./view.ts";

/** The rules of a type, undefined where there are none. */
export function rulesOf(book: RuleBook, type: string): TypeRules | undefined {
  return Object.hasOwn(book, type) ? book[type] : undefined;
}

/** What an attribute of one resource may be held by instead: declared or recorded instances by the id they refer to. */
export interface SeparateIndex {
  /** Attributes of the instance that resources of their own hold, so that they are not compared there. */
  heldElsewhere(truths: InstanceTruths): ReadonlySet<string>;
  /**
   * The resource is already seen inside of an instance: as a rule that a security group with inline rules compares
   * itself, and so not a finding of its own.
   */
  isSeenInside(resource: ObservedResource): boolean;
}

/** Finds out, for all instances of a stack at once, which of two ways to write the same thing the code uses. */
export function indexSeparate(instances: readonly InstanceTruths[], book: RuleBook): SeparateIndex {
  const referring = indexReferring(instances, book);
  const byId = new Map(instances.flatMap((truths) => idsOf(truths).map((id) => [id, truths] as const)));

  function isHeld(truths: InstanceTruths, rule: AttributeRule): boolean {
    return (rule.separate ?? []).some((separate) =>
      idsOf(truths).some((id) =>
        referring
          .get(referenceKey(separate.type, separate.refers, id))
          ?.some((attributes) => matches(attributes, separate)),
      ),
    );
  }

  function isSeenIn(owner: InstanceTruths, resource: ObservedResource, refers: string): boolean {
    return Object.entries(rulesOf(book, owner.type)?.attributes ?? {}).some(
      ([attribute, rule]) =>
        (rule.separate ?? []).some(
          (separate) =>
            separate.type === resource.type &&
            separate.refers === refers &&
            matches(resource.attributes, separate),
        ) &&
        isCompared(owner, attribute, rule) &&
        !isHeld(owner, rule),
    );
  }

  return {
    heldElsewhere: (truths) =>
      new Set(
        Object.entries(rulesOf(book, truths.type)?.attributes ?? {}).flatMap(([name, rule]) =>
          isHeld(truths, rule) ? [name] : [],
        ),
      ),
    isSeenInside: (resource) =>
      Object.entries(resource.attributes).some(([name, id]) => {
        const owner = typeof id === "string" ? byId.get(id) : undefined;
        return owner !== undefined && isSeenIn(owner, resource, name);
      }),
  };
}

/** What instances say of themselves, by their type, an attribute that refers to another resource, and that one's id. */
function indexReferring(
  instances: readonly InstanceTruths[],
  book: RuleBook,
): ReadonlyMap<string, readonly JsonObject[]> {
  const references = new Map<string, Set<string>>();
  for (const rules of Object.values(book)) {
    for (const { type, refers } of Object.values(rules.attributes).flatMap((rule) => rule.separate ?? [])) {
      references.set(type, (references.get(type) ?? new Set()).add(refers));
    }
  }
  const index = new Map<string, JsonObject[]>();
  for (const truths of instances) {
    const names = references.get(truths.type);
    if (names === undefined) continue;
    const attributes = statedAttributes(truths);
    for (const name of names) {
      const id = valueAt(attributes, name);
      if (typeof id !== "string") continue;
      const key = referenceKey(truths.type, name, id);
      index.set(key, [...(index.get(key) ?? []), attributes]);
    }
  }
  return index;
}

function referenceKey(type: string, attribute: string, id: string): string {
  return JSON.stringify([type, attribute, id]);
}

function isCompared(owner: InstanceTruths, attribute: string, rule: AttributeRule): boolean {
  const isBoth = owner.desired !== null && owner.recorded !== null && owner.observation?.status === "found";
  return isBoth && (rule.watch !== undefined || valueAt(owner.desired?.attributes, attribute) !== undefined);
}

function idsOf(truths: InstanceTruths): readonly string[] {
  const id = truths.recorded?.id ?? null;
  return id === null ? [] : [id];
}

function matches(attributes: JsonObject, { where }: SeparateResource): boolean {
  return Object.entries(where ?? {}).every(([name, wanted]) => {
    const value = valueAt(attributes, name);
    return value !== undefined && equalJson(value, wanted);
  });
}
