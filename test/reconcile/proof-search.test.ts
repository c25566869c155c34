import { describe, expect, it } from "vitest";
import type { Effect } from "../../src/drift/model.ts";
import { provenAmong } from "../../src/reconcile/proof-search.ts";
import { ProvenEdit } from "../../src/reconcile/proven-edit.ts";
import { repositoryOf } from "../adoption/repository.ts";

const EFFECT: Effect = { stack: "main", address: "a_b.c", path: "d", before: 1, after: 2 };

/** How far each candidate is looked at, by its cost; `others`: what those of that cost change beside. */
function looksAt(others: ReadonlyMap<number, readonly Effect[]>, enough: number): readonly string[] {
  const looks: string[] = [];
  const candidates = [...others.keys()].map((cost) => ({ edits: [], cost }));
  const found = provenAmong(
    candidates,
    enough,
    ({ cost }, mayChange) => {
      const aside = others.get(cost) ?? [];
      const isLeft = mayChange !== "any" && !aside.every(mayChange);
      looks.push(`${cost}${isLeft ? " in part" : ""}`);
      const judgement = { effects: aside, told: aside, aside, cost };
      return isLeft ? "shared" : new ProvenEdit(repositoryOf({}, {}), [], judgement);
    },
    ({ address }) => address === "a_b.wanted",
  );
  return [...looks, `found: ${found.map(({ cost }) => cost).join()}`];
}

describe("candidates", () => {
  const WANTED = { ...EFFECT, address: "a_b.wanted" };

  it.each([
    ["the first changes nothing beside", [[], [EFFECT]], 1, ["1", "found: 1"]],
    ["a later one changes nothing beside", [[EFFECT], []], 1, ["1 in part", "2", "found: 2"]],
    ["each changes others", [[EFFECT], [EFFECT]], 1, ["1 in part", "2 in part", "1", "found: 1"]],
    ["alternatives change what nobody wants", [[EFFECT], []], 5, ["1 in part", "2", "1 in part", "found: 2"]],
    ["alternatives change what others want", [[WANTED], []], 5, ["1 in part", "2", "1", "found: 2,1"]],
  ] as const)("%s", (_, others, enough, expected) => {
    const byCost = new Map(others.map((effects, index) => [index + 1, effects] as const));
    expect(looksAt(byCost, enough)).toEqual(expected);
  });
});
