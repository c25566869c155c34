import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../src/json/json.ts";
import { type ListStep, nextInAnyOrder, nextInOrder } from "../../src/reconcile/list-steps.ts";

function made(items: readonly Json[], step: ListStep): readonly Json[] {
  switch (step.kind) {
    case "replace":
      return items.with(step.at, step.value);
    case "remove":
      return items.toSpliced(step.at, 1);
    case "insert":
      return items.toSpliced(step.behind + 1, 0, step.value);
    case "reorder":
      return step.order.map((at) => items[at] ?? null);
  }
}

function stepsTo(next: typeof nextInOrder, given: readonly Json[], wanted: readonly Json[]) {
  const kinds: string[] = [];
  let items = given;
  for (let step = next(items, wanted); step !== null; step = next(items, wanted)) {
    kinds.push(step.kind);
    items = made(items, step);
    if (kinds.length > given.length + wanted.length + 1) throw new Error("the steps never end");
  }
  return { kinds, items };
}

describe("the steps to a wanted list", () => {
  it.each([
    { given: ["a", "c"], wanted: ["a", "b", "c"], kinds: ["insert"] },
    { given: ["b"], wanted: ["a", "b"], kinds: ["insert"] },
    { given: ["a", "b", "c"], wanted: ["a", "x", "c"], kinds: ["replace"] },
    { given: ["a", "b", "a"], wanted: ["b", "a"], kinds: ["remove"] },
    { given: ["a", "b"], wanted: ["b", "x"], kinds: ["remove", "insert"] },
    { given: ["a", "b", "c"], wanted: ["c", "a", "b"], kinds: ["reorder"] },
    { given: ["a", "b", "c"], wanted: ["c", "x", "b"], kinds: ["remove", "insert", "reorder"] },
  ])("$given to $wanted: $kinds", ({ given, wanted, kinds }) => {
    expect(stepsTo(nextInOrder, given, wanted)).toEqual({ kinds, items: wanted });
  });

  const list = fc.array(fc.constantFrom("a", "b", "c", "d", 1, true), { maxLength: 7 });

  it("lead to just that list, and move nothing that is in order", () => {
    fc.assert(
      fc.property(list, list, (given, wanted) => {
        const { kinds, items } = stepsTo(nextInOrder, given, wanted);
        expect(items).toEqual(wanted);
        expect(kinds.filter((kind) => kind === "reorder").length).toBeLessThan(2);
      }),
    );
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat()), fc.array(fc.boolean()), (wanted, kept) => {
        const given = wanted.filter((_, index) => kept[index] !== false);
        expect(stepsTo(nextInOrder, given, wanted).kinds).not.toContain("reorder");
      }),
    );
  });

  it("where the order means nothing, what is right stays where it is", () => {
    expect(stepsTo(nextInAnyOrder, ["b", "a"], ["a", "b"])).toEqual({ kinds: [], items: ["b", "a"] });
    fc.assert(
      fc.property(list, list, (given, wanted) => {
        const { items } = stepsTo(nextInAnyOrder, given, wanted);
        expect(items.toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });
});
