import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type SlashCommand, slashCommands } from "../../src/intent/slash-command.ts";

const TODAY = "2026-05-01";

function only(comment: string): SlashCommand | undefined {
  const [first, ...others] = slashCommands(comment, TODAY);
  expect(others).toEqual([]);
  return first?.command;
}

describe("a command", () => {
  it.each<[string, SlashCommand]>([
    ["/drift adopt", { name: "adopt", because: null }],
    ["/drift revert because it is a test", { name: "revert", because: "it is a test" }],
    ["/DRIFT Adopt Because Of All", { name: "adopt", because: "Of All" }],
    ["/drift ignore", { name: "ignore", until: null, because: null }],
    ["/drift ignore until 2026-06-30", { name: "ignore", until: "2026-06-30", because: null }],
    ["/drift ignore until 2026-05-01", { name: "ignore", until: "2026-05-01", because: null }],
    [
      "  /drift   ignore  until 2026-06-30   because:  we move ",
      { name: "ignore", until: "2026-06-30", because: "we move" },
    ],
    ["/drift ignore because we move", { name: "ignore", until: null, because: "we move" }],
    ["/drift rescan", { name: "rescan" }],
    ["/drift confirm", { name: "confirm", stack: null, because: null }],
    ["/drift confirm `shop-prod`, thanks", { name: "confirm", stack: "shop-prod", because: null }],
    ["/drift confirm because we moved", { name: "confirm", stack: null, because: "we moved" }],
    ["/drift confirm a b because we moved", { name: "confirm", stack: "a b", because: "we moved" }],
    ["/drift explain", { name: "explain" }],
    ["/drift help", { name: "help" }],
    ["/drift", { name: "help" }],
    ["/drift destroy", { name: "unknown", problem: { kind: "word", word: "destroy" } }],
    ["/drift ignore until tomorrow", { name: "unknown", problem: { kind: "date", word: "tomorrow" } }],
    ["/drift ignore until next week", { name: "unknown", problem: { kind: "date", word: "next week" } }],
    [
      "/drift ignore until next week because we move",
      { name: "unknown", problem: { kind: "date", word: "next week" } },
    ],
    ["/drift ignore until 2026-13-01", { name: "unknown", problem: { kind: "date", word: "2026-13-01" } }],
    [
      "/drift ignore until 2026-06-30, because we move",
      { name: "ignore", until: "2026-06-30", because: "we move" },
    ],
    [
      "/drift ignore until 2026-06-30 we move",
      { name: "unknown", problem: { kind: "rest", name: "ignore", rest: "we move" } },
    ],
    ["/drift ignore until", { name: "unknown", problem: { kind: "rest", name: "ignore", rest: "until" } }],
    ["/drift ignore for 30d", { name: "ignore", until: "2026-05-31", because: null }],
    ["/drift ignore for ad", { name: "unknown", problem: { kind: "rest", name: "ignore", rest: "for ad" } }],
    ["/drift ignore 2w because we move", { name: "ignore", until: "2026-05-15", because: "we move" }],
    ["/drift ignore until 31.12.2027", { name: "ignore", until: "2027-12-31", because: null }],
    ["/drift ignore until 1.6.2026.", { name: "ignore", until: "2026-06-01", because: null }],
    ["/drift ignore until 31.4.2027", { name: "unknown", problem: { kind: "date", word: "31.4.2027" } }],
    ["/drift ignore until 30.4.2026", { name: "unknown", problem: { kind: "past", word: "30.4.2026" } }],
    [
      "/drift ignore because of the freeze until 2099-12-31.",
      { name: "ignore", until: "2099-12-31", because: "of the freeze until 2099-12-31." },
    ],
    [
      "/drift ignore because it was open until 2026-04-30",
      { name: "ignore", until: null, because: "it was open until 2026-04-30" },
    ],
    [
      "/drift ignore for 3 days because of the freeze until 2099-12-31",
      { name: "ignore", until: "2026-05-04", because: "of the freeze until 2099-12-31" },
    ],
    ["/drift ignore 2 weeks", { name: "ignore", until: "2026-05-15", because: null }],
    [
      "/drift ignore for 14 days because we move",
      { name: "ignore", until: "2026-05-15", because: "we move" },
    ],
    ["/drift ignore for a month.", { name: "ignore", until: "2026-05-31", because: null }],
    ["/drift ignore for 1 day", { name: "ignore", until: "2026-05-02", because: null }],
    [
      "/drift ignore for 0 days",
      { name: "unknown", problem: { kind: "rest", name: "ignore", rest: "for 0 days" } },
    ],
    [
      "/drift ignore for ever",
      { name: "unknown", problem: { kind: "rest", name: "ignore", rest: "for ever" } },
    ],
    [
      "/drift ignore aws_instance.web in the shop for 3 weeks because we move",
      {
        name: "ignore",
        until: "2026-05-22",
        because: "we move",
        target: { address: "aws_instance.web", attribute: null, stack: "the shop" },
      },
    ],
    [
      "/drift ignore aws_instance.web 10 days",
      {
        name: "ignore",
        until: "2026-05-11",
        because: null,
        target: { address: "aws_instance.web", attribute: null, stack: null },
      },
    ],
    [
      "/drift ignore aws_instance.web in shop for 30d, because we move",
      {
        name: "ignore",
        until: "2026-05-31",
        because: "we move",
        target: { address: "aws_instance.web", attribute: null, stack: "shop" },
      },
    ],
    [
      "/drift adopt aws_instance.web in shop, because we move",
      {
        name: "adopt",
        because: "we move",
        target: { address: "aws_instance.web", attribute: null, stack: "shop" },
      },
    ],
    [
      "/drift ignore aws_instance.web tags.Note in shop until 2020-01-01",
      {
        name: "unknown",
        problem: { kind: "past", word: "2020-01-01" },
        target: { address: "aws_instance.web", attribute: "tags.Note", stack: "shop" },
      },
    ],
    [
      "/drift adopt aws_instance.web because",
      {
        name: "unknown",
        problem: { kind: "reason", name: "adopt" },
        target: { address: "aws_instance.web", attribute: null, stack: null },
      },
    ],
    ["/drift  Adopt ", { name: "adopt", because: null }],
    ["/drift adopt please", { name: "adopt", because: null }],
    ["/drift adopt, please!", { name: "adopt", because: null }],
    ["/drift adopt.", { name: "adopt", because: null }],
    ["/drift rescan, thank you.", { name: "rescan" }],
    ["/drift adopt because we need it, please!", { name: "adopt", because: "we need it, please!" }],
    ["/drift adopt because", { name: "unknown", problem: { kind: "reason", name: "adopt" } }],
    ["/drift adopt?", { name: "unknown", problem: { kind: "word", word: "adopt?" } }],
    ["/drift please", { name: "unknown", problem: { kind: "word", word: "please" } }],
    [
      "/drift adopt /drift rescan",
      { name: "unknown", problem: { kind: "rest", name: "adopt", rest: "/drift rescan" } },
    ],
    ["/driftwright adopt", { name: "adopt", because: null }],
    ["/Driftwright", { name: "help" }],
    ["/drift ignore until 2026-02-30", { name: "unknown", problem: { kind: "date", word: "2026-02-30" } }],
    ["/drift ignore until 2026-04-30", { name: "unknown", problem: { kind: "past", word: "2026-04-30" } }],
    ["/drift adopt it", { name: "unknown", problem: { kind: "rest", name: "adopt", rest: "it" } }],
    ["/drift rescan now", { name: "unknown", problem: { kind: "rest", name: "rescan", rest: "now" } }],
    ["I looked at it.\n\n/drift adopt\n\nThanks!", { name: "adopt", because: null }],
    ["I looked at it.\r\n/drift adopt\r\nThanks!", { name: "adopt", because: null }],
    ["> a quote\n\n/drift adopt", { name: "adopt", because: null }],
    ["```\ncode\n```\n/drift adopt", { name: "adopt", because: null }],
    ["```js``` is code\n/drift adopt", { name: "adopt", because: null }],
    ["<!-- a remark -->\n/drift adopt", { name: "adopt", because: null }],
  ])("%j", (comment, expected) => {
    expect(only(comment)).toEqual(expected);
  });

  it("is none in the middle of a line, in a quote, or in code", () => {
    for (const comment of [
      "please /drift adopt",
      "`/drift adopt`",
      "/drifting adopt",
      "> /drift adopt",
      ">/drift adopt",
      "> somebody said\n/drift adopt",
      "    /drift adopt",
      "\t/drift adopt",
      "```\n/drift adopt\n```",
      "```sh\n/drift adopt",
      "~~~~\n/drift adopt\n~~~\n/drift adopt\n~~~~",
      "````\n```\n/drift adopt\n````",
      "- ```\n  /drift adopt\n  ```",
      "<pre>\n/drift adopt\n</pre>",
      "<blockquote>\n/drift adopt\n</blockquote>",
      "<!--\n/drift adopt\n-->",
      "",
    ])
      expect(slashCommands(comment, TODAY), comment).toEqual([]);
  });

  it("is one however often it stands in a comment; different ones are several, ten at most", () => {
    const lines = slashCommands("/drift adopt\n/drift  adopt\n/drift rescan", TODAY).map(({ line }) => line);
    expect(lines).toEqual(["/drift adopt", "/drift rescan"]);
    const many = Array.from({ length: 50 }, (_, index) => `/drift adopt because ${index}`).join("\n");
    expect(slashCommands(many, TODAY)).toHaveLength(10);
  });
});

it("any comment is read, and none is long", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "/drift ",
      "adopt",
      "ignore until ",
      "because ",
      "\n",
      "```",
      "> ",
      "    ",
      "<!--",
      "-->",
    ),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      for (const { line, command } of slashCommands(pieces.join(""), TODAY)) {
        expect(line).toMatch(/^\/drift/i);
        expect(JSON.stringify(command).length).toBeLessThan(4_000);
      }
    }),
  );
});

it("long comments are read in no time that anybody notices", () => {
  for (const comment of ["`".repeat(60_000), "- ".repeat(30_000), " ".repeat(60_000), "1. ".repeat(20_000)]) {
    expect(slashCommands(`${comment}\n/drift help`, TODAY).length).toBeLessThanOrEqual(1);
  }
});
