import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ruleSnippet } from "../../src/reports/rule-snippet.ts";
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

  it("ends, where it ignores", () => {
    expect(parse(ruleSnippet(deleted, shop, "ignore")).rules[0].until).toBe("2026-12-31");
    expect(
      parse(ruleSnippet({ ...deleted, detectedAt: "?" }, shop, "ignore")).rules[0].until,
    ).toBeUndefined();
  });

  it("keeps names that mean something in YAML, and no name excludes", () => {
    const odd = { ...deleted, address: "- {a: *b} # !c" };
    expect(parse(ruleSnippet(odd, { ...shop, name: "!prod" }, "ignore")).rules[0].match).toEqual({
      stack: "*prod",
      address: "- {a: *b} # !c",
    });
  });
});
