import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { parseConfig } from "../../src/config/parse.ts";
import { ruleSnippet, rulesSnippet } from "../../src/reports/rule-snippet.ts";
import { change, deleted, finding, known, resized, shop, sshOpen } from "./fixtures.ts";

describe("the rule that decides a finding", () => {
  it("can be pasted as it is", () => {
    expect(ruleSnippet(resized, shop, "adopt")).toBe(
      [
        "version: 1",
        "rules:",
        '  - name: adopt instance_type of module.web["api"].aws_instance.this',
        "    match:",
        "      stack: shop-prod",
        '      address: module.web["api"].aws_instance.this',
        "      attribute: instance_type",
        "    verdict: adopt",
        "    because: (say why, for those who read it later)",
        "",
      ].join("\n"),
    );
  });

  it.each([
    ["one attribute", resized, "instance_type"],
    ["an element of a list by the list, since its number does not last", sshOpen, "ingress"],
    [
      "attributes",
      finding({
        changes: [change("a.b", "absent", "absent", known(1)), change("c", "absent", "absent", known(1))],
      }),
      ["a", "c"],
    ],
    ["a whole instance by its address alone", deleted, undefined],
  ])("matches %s", (_, one, attribute) => {
    expect(parse(ruleSnippet(one, shop, "revert")).rules[0].match.attribute).toEqual(attribute);
  });

  it("ends, where it ignores, on a day that the reader gives: nothing in it moves with the clock", () => {
    const snippet = ruleSnippet(deleted, shop, "ignore");
    expect(parse(snippet).rules[0].until).toBe("YYYY-MM-DD");
    expect(ruleSnippet({ ...deleted, detectedAt: "2031-01-01T00:00:00Z" }, shop, "ignore")).toBe(snippet);
    const problems = (text: string) => parseConfig(text, "f", new Date(0)).diagnostics;
    expect(problems(snippet).map(({ message }) => message)).toEqual([
      expect.stringContaining("a day of the calendar written as 2027-03-31"),
    ]);
    expect(problems(snippet.replace("YYYY-MM-DD", "2099-12-31"))).toEqual([]);
  });

  it("is one for several that differ in their address alone", () => {
    const at = (address: string) => ({ finding: { ...resized, address }, stack: shop });
    const other = { finding: deleted, stack: shop };
    const { rules } = parse(rulesSnippet([at("a.a"), at("b.b"), other, at("c.c")], "revert"));
    expect(rules).toMatchObject([
      {
        name: "revert instance_type of a.a and 2 more",
        match: { stack: "shop-prod", address: ["a.a", "b.b", "c.c"], attribute: "instance_type" },
      },
      { match: { address: "aws_subnet.spare" } },
    ]);
  });

  it("keeps names that mean something in YAML, and no name excludes", () => {
    const odd = { ...deleted, address: "- {a: *b} # !c" };
    expect(parse(ruleSnippet(odd, { ...shop, name: "!prod" }, "ignore")).rules[0].match).toEqual({
      stack: "*prod",
      address: "- {a: *b} # !c",
    });
  });
});
