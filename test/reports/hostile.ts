import fc from "fast-check";
import type { JudgedFinding } from "../../src/drift/model.ts";
import { at, change, known, sshOpen } from "./fixtures.ts";

/** What an attacker would put into a tag, a name or a value. */
const PIECES = [
  "@octocat",
  "@org/team",
  "#123",
  "GH-12",
  "gh-7",
  "CVE-2026-1234",
  "user/repo#1",
  "user/repo@3f78685",
  "http://x.y/z",
  "https://example.com",
  "www.example.com",
  "ftp://x",
  "mailto:a@b.co",
  "a@b.co",
  "3f786850e387550fdab836ed7e6dc881de23001b",
  "3f78685",
  "|",
  "\\|",
  "\\",
  "`",
  "``",
  "```",
  "~~~",
  "<details>",
  "</details>",
  "</td>",
  "<b>",
  "<img src=x>",
  '<!-- driftwright:v1 {"kind":"issue","stack":null,"fingerprints":[],"revisions":[]} -->',
  "<!--",
  "-->",
  "*",
  "**",
  "_",
  "__",
  "[a](http://b.c)",
  "![x](y)",
  "[^1]",
  "&amp;",
  "&#64;",
  "$x$",
  "$",
  "~~",
  ":smile:",
  "\n",
  "\r\n",
  "\n\n",
  "\t",
  " ",
  "  ",
  "- ",
  "1. ",
  "# ",
  "> ",
  "---",
  "===",
  "{{marker}}",
  "{{{x}}}",
  "\u202e",
  "\u2066",
  "\u200b",
  "\u0000",
  "\u001b[31m",
  "\u001b]0;title\u0007",
  "\u009b2J",
  "\u2028",
  "\ud800",
  "\u{e0041}",
  "a",
  "b c",
  "é",
  "😀",
  "日本語",
  "__proto__",
  "constructor",
];

/** Texts that try to act in Markdown, HTML, GitHub's links or a terminal. */
export const hostile: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...PIECES) },
      fc.string({ unit: "grapheme", maxLength: 5 }),
    ),
    {
      maxLength: 8,
    },
  )
  .map((parts) => parts.join(""));

/** A finding in which every text is hostile. */
export const hostileFinding: fc.Arbitrary<JudgedFinding> = fc
  .tuple(hostile, hostile, hostile, hostile, hostile, hostile)
  .map(([a, b, c, d, e, f]) => ({
    ...sshOpen,
    address: a,
    resource: { type: b, id: c, account: d, region: e },
    changes: [
      {
        path: ["tags", b],
        desired: known(c),
        recorded: known({ [d]: e }),
        observed: known([a, f]),
        source: at(f, 3),
      },
      change("ingress[0]", known(a), "absent", known(d)),
    ],
    notes: [a, b],
    actor: { id: a, name: b, kind: "user", via: "cli", at: c, evidence: d },
    intent: { verdict: "adopt", decidedBy: e, because: [f, a] },
    adoption: {
      files: [{ path: c, diff: `--- a/${c}\n+++ b/${c}\n@@ -1 +1 @@\n-${d}\n+${e}\n` }],
      effects: [{ stack: a, address: b, path: c, before: d, after: { [e]: f } }],
      verdict: "shared",
      why: d,
    },
    revert: {
      steps: [{ title: e, commands: [{ tool: "aws", argv: [f, a] }], impact: "in-place", verify: b }],
      dependents: [c, d],
    },
  }));
