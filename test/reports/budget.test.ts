import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Allowance, BODY_BUDGET, byteLength, fitBody } from "../../src/reports/budget.ts";

function list(items: readonly string[]): (allowance: Allowance) => string {
  return (allowance) => {
    const { shown, left } = allowance.take(items);
    return ["head", ...shown, ...(left > 0 ? [`${left} left out`] : [])].join("\n");
  };
}

describe("the budget of a body", () => {
  it("leaves a body that fits as it is", () => {
    expect(fitBody(list(["a", "b"]), 100)).toEqual({ body: "head\na\nb", overflow: null });
  });

  it("leaves out rows from the end, says how many, and gives the complete text", () => {
    expect(fitBody(list(["aaaaaaaaaa", "bbbbbbbbbb", "cccccccccc"]), 30)).toEqual({
      body: "head\naaaaaaaaaa\n2 left out",
      overflow: "head\naaaaaaaaaa\nbbbbbbbbbb\ncccccccccc",
    });
  });

  it("serves the lists in the order in which they ask", () => {
    const render = (allowance: Allowance) => {
      const first = allowance.take(["1", "2", "3"]);
      const second = allowance.take(["x".repeat(50)]);
      return `${first.shown.join("")}|${second.shown.join("")}|${first.left}|${second.left}`;
    };
    expect(fitBody(render, 20).body).toBe("123||0|1");
  });

  it("counts bytes and not characters", () => {
    const rows = ["日本", "日本"];
    expect(fitBody(list(rows), 18).body).toBe("head\n日本\n日本");
    expect(fitBody(list(rows), 17).overflow).not.toBeNull();
  });

  it("always holds, with as many whole rows as there is room for", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme", maxLength: 40 })),
        fc.integer({ min: 20, max: 400 }),
        (rows, budget) => {
          const { body, overflow } = fitBody(list(rows), budget);
          expect(byteLength(body)).toBeLessThanOrEqual(budget);
          const complete = ["head", ...rows].join("\n");
          expect(overflow ?? body).toBe(complete);
          if (overflow !== null) expect(body).toMatch(/\d+ left out$/);
        },
      ),
    );
  });

  it("stays under GitHub's limit", () => {
    expect(BODY_BUDGET).toBeLessThan(65_536);
  });
});
