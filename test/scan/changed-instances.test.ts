import { describe, expect, it, test } from "vitest";
import { ruleBook } from "../../src/providers/index.ts";
import { changedInstances } from "../../src/scan/changed-instances.ts";
import type { DeclaredInstance } from "../../src/scan/declared-code.ts";
import { NO_LIFECYCLE } from "../../src/terraform/evaluation/lifecycle.ts";
import { declaredInstance } from "./declared-instance.ts";

/** `2 changed aws_instance.web[…]`, one text an entry. */
function told(base: readonly DeclaredInstance[], head: readonly DeclaredInstance[], hasState = false) {
  const { instances } = changedInstances(base, head, ruleBook, { hasState });
  return instances.map(({ what, address, count }) => `${count} ${what} ${address}`);
}

const WEB = "aws_instance.web";
const small = { instance_type: "t3.small" };
const large = { instance_type: "t3.large" };
const recorded = (id: string) => ({ recorded: { id } });

describe("what a change of the code does to instances", () => {
  test.each<readonly [string, readonly DeclaredInstance[], readonly DeclaredInstance[], readonly string[]]>([
    ["nothing", [declaredInstance(WEB, small)], [declaredInstance(WEB, small)], []],
    ["one comes", [], [declaredInstance(WEB, small)], [`1 added ${WEB}`]],
    ["one goes", [declaredInstance(WEB, small)], [], [`1 removed ${WEB}`]],
    [
      "one goes that the state has",
      [declaredInstance(WEB, small, recorded("i-1"))],
      [declaredInstance(WEB, null, recorded("i-1"))],
      [`1 removed ${WEB}`],
    ],
    [
      "a value is another",
      [declaredInstance(WEB, small)],
      [declaredInstance(WEB, large)],
      [`1 changed ${WEB}`],
    ],
    [
      "a value that is ignored",
      [declaredInstance(WEB, small, { ignored: "all" })],
      [declaredInstance(WEB, large, { ignored: "all" })],
      [],
    ],
    ["only the state has it", [declaredInstance(WEB, null)], [declaredInstance(WEB, null)], []],
    [
      "another address for the same resource",
      [declaredInstance(WEB, small, recorded("i-1"))],
      [declaredInstance("aws_instance.api", small, recorded("i-1"))],
      ["1 moved aws_instance.api"],
    ],
    [
      "another address, and another value",
      [declaredInstance(WEB, small, recorded("i-1"))],
      [declaredInstance("aws_instance.api", large, recorded("i-1"))],
      ["1 changed aws_instance.api"],
    ],
    [
      "another resource in its place",
      [declaredInstance(WEB, small, recorded("i-1"))],
      [declaredInstance(WEB, null, recorded("i-1")), declaredInstance("aws_instance.api", small)],
      ["1 added aws_instance.api", `1 removed ${WEB}`],
    ],
    [
      "what its trigger names is another",
      [declaredInstance(WEB, small), declaredInstance("aws_instance.db", small)],
      [
        declaredInstance(WEB, small, {
          lifecycle: { ...NO_LIFECYCLE, replaceTriggeredBy: [{ address: "aws_instance.db", path: [] }] },
        }),
        declaredInstance("aws_instance.db", large),
      ],
      ["1 changed aws_instance.db", `1 changed ${WEB}`],
    ],
  ])("%s", (_what, base, head, expected) => {
    expect(told(base, head)).toEqual(expected);
  });

  it("claims nothing of what the code may declare or not", () => {
    const unsure = declaredInstance(WEB, null, { undecided: true });
    expect(changedInstances([declaredInstance(WEB, small)], [unsure], ruleBook, { hasState: false })).toEqual(
      {
        instances: [],
        undecided: 1,
      },
    );
  });

  it("shows no key that code could have made of what the state holds, and counts instead", () => {
    const keys = ["k1", "k2"].map((key) =>
      declaredInstance(`module.web["${key}"].aws_instance.this["${key}.x]"]`, small),
    );
    const known = [
      declaredInstance('aws_instance.web["a"]', small, recorded("i-1")),
      declaredInstance('aws_instance.web["a"]', large, recorded("i-1")),
    ];
    const [was, is] = known.map((one) => [one]);
    expect(told(was ?? [], [...(is ?? []), ...keys], true)).toEqual([
      "2 added module.web[…].aws_instance.this[…]",
      '1 changed aws_instance.web["a"]',
    ]);
    expect(told([], keys.slice(0, 1))).toEqual(['1 added module.web["k1"].aws_instance.this["k1.x]"]']);
  });
});
