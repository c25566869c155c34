import { describe, expect, it } from "vitest";
import { md } from "../../src/reports/markdown.ts";
import { Templates } from "../../src/reports/templates.ts";

describe("templates", () => {
  it("refuse a view that lacks what they print", () => {
    const lacking = { text: null, summary: { counts: [], affected: null } } as never;
    expect(() => new Templates().render("check-run", lacking)).toThrow(/"marker" not defined/);
  });

  it("print nothing that a view inherits", () => {
    const summary = Object.assign(Object.create({ marker: md`inherited` }), { counts: [], affected: null });
    expect(new Templates().render("check-run", { text: null, summary })).not.toContain("inherited");
  });
});
