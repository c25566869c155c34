import { describe, expect, it } from "vitest";
import { parse } from "../../../src/hcl/syntax/parser.ts";
import type { Body } from "../../../src/hcl/syntax/syntax.ts";
import { attributeOf, hasBlocks } from "../../../src/terraform/code/body-index.ts";

function bodyOf(text: string): Body {
  return parse({ path: "a.tf", text }).body;
}

/** A body that counts how often one of its items is looked at. */
function counted(body: Body): { readonly body: Body; looks(): number } {
  let count = 0;
  const items = new Proxy(body.items, {
    get(target, name, receiver) {
      if (typeof name === "string" && /^\d+$/.test(name)) count += 1;
      return Reflect.get(target, name, receiver);
    },
  });
  return { body: { ...body, items }, looks: () => count };
}

describe("what a body has by name", () => {
  it.each([3, 300])("is its arguments and blocks, of %d", (size) => {
    const lines = Array.from({ length: size }, (_, index) => `a${index} = ${index}\nb${index} {}\n`);
    const body = bodyOf(`${lines.join("")}dynamic "made" {}\n`);
    const last = attributeOf(body, `a${size - 1}`);
    expect(last).toBe(body.items[2 * size - 2]);
    expect([attributeOf(body, "b0"), attributeOf(body, "none"), attributeOf(body, "__proto__")]).toEqual([
      null,
      null,
      null,
    ]);
    expect(["b0", "made", "a0", "constructor"].map((name) => hasBlocks(body, name))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("is found without a look at all of a large one for each name", () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `a${index}`);
    const { body, looks } = counted(bodyOf(names.map((name) => `${name} = 1\n`).join("")));
    for (const name of names) {
      expect(attributeOf(body, name)?.name).toBe(name);
      expect(hasBlocks(body, name)).toBe(false);
    }
    expect(looks()).toBeLessThan(3 * names.length);
  });
});
