import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { code, fence, text } from "../../src/reports/markdown.ts";
import { visible } from "../../src/reports/visible.ts";
import { hostile } from "./hostile.ts";
import { htmlTags, LINKING, prose, rendered, tableShapes, withoutFences } from "./markdown-rules.ts";

describe("a value as inline code", () => {
  it.each([
    ["a plain value", '"t3.large"', '`"t3.large"`'],
    ["a mention", "@octocat", "`@octocat`"],
    ["a line break", "a\nb", "`a\\nb`"],
    ["a backtick", "a`b", "<code>a&#96;b</code>"],
    ["a pipe", "a|b", "<code>a&#124;b</code>"],
    ["a comment", "<!-- x", "<code>&#60;&#33;&#45;&#45; x</code>"],
    ["nothing", "", "<code></code>"],
  ])("shows %s", (_, value, markdown) => {
    expect(code(value)).toBe(markdown);
  });

  it("is cut, and says its length outside of the code", () => {
    expect(code("x".repeat(5000), 5)).toBe("`xxxxx…` (5,000 characters)");
  });

  it("is one cell of a table, whatever it holds", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const table = `| a | b |\n| --- | --- |\n| ${code(value)} | end |\n`;
        expect(tableShapes(table)).toEqual([[2, 2, 2]]);
        expect(prose(table)).toBe("| a | b |\n| --- | --- |\n| CODE | end |\n");
      }),
    );
  });
});

describe("an untrusted sentence", () => {
  it.each([
    ["emphasis", "*a* __b__", "\\*a\\* \\_\\_b\\_\\_"],
    ["a name with underscores", "aws_security_group", "aws_security_group"],
    ["a link", "[a](https://b.c)", "\\[a\\](https:&#8203;//b.c)"],
    ["HTML", "<details>&amp;", "&lt;details&gt;&amp;amp;"],
    ["a mention", "ask @octocat", "ask @&#8203;octocat"],
    ["a reference", "fixes #12 and GH-3", "fixes \\#&#8203;12 and GH-&#8203;3"],
    ["a commit", "see 3f786850e387", "see 3f7868&#8203;50e387"],
    ["a list item", "- a", "\\- a"],
    ["a numbered item", "1. a", "1\\. a"],
    ["mathematics", "$x$", "&#36;x&#36;"],
    ["a pipe", "a|b", "a&#124;b"],
    ["lines", "a\n\n# b", "a\\\\n\\\\n\\# b"],
  ])("shows %s as it is written", (_, sentence, markdown) => {
    expect(text(sentence)).toBe(markdown);
  });

  it("reads as what it was, and nothing in it links, mentions or is HTML", () => {
    fc.assert(
      fc.property(hostile, (sentence) => {
        const markdown = text(sentence);
        const shown = rendered(markdown);
        expect(shown.replaceAll("\u200b", "")).toBe(visible(sentence).trim());
        expect(htmlTags(markdown)).toEqual([]);
        for (const pattern of LINKING) expect(shown).not.toMatch(pattern);
        expect(tableShapes(`| a |\n| --- |\n| ${markdown} |\n`)).toEqual([[1, 1, 1]]);
      }),
    );
  });
});

describe("a code block", () => {
  it("has a fence longer than any in it, also inside a list", () => {
    expect(fence("a\n````\nb", "", 2)).toBe("  `````\n  a\n  ````\n  b\n  `````");
  });

  it("cannot be left by its content, and holds no marker", () => {
    fc.assert(
      fc.property(fc.array(hostile), fc.integer({ min: 0, max: 4 }), (lines, indent) => {
        const block = fence(lines.join("\n"), "diff", indent);
        expect(withoutFences(`before\n${block}\nafter`)).toBe("before\nafter");
        expect(block).not.toMatch(/<!--\s*driftwright/i);
      }),
    );
  });
});
