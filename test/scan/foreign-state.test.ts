import { describe, expect, test } from "vitest";
import type { InstanceOverview, StackOverview } from "../../src/engine/api.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { foreignState } from "../../src/scan/foreign-state.ts";
import { entry, FakeState, messagesOf, networksCode, scanWorld, stateText } from "./networks.ts";

type Environment = { readonly name: string; readonly net: number; readonly release?: string };

const PROD: Environment = { name: "prod", net: 20 };
const STAGING: Environment = { name: "staging", net: 30 };

/** What the code of a small stack says in an environment. */
function codeOf({ name, net, release = "1" }: Environment): Record<string, JsonObject> {
  return {
    "aws_vpc.main": {
      cidr_block: `10.${net}.0.0/16`,
      enable_dns: true,
      tags: { Name: `shop-${name}`, Release: release },
    },
    "aws_instance.api": { instance_type: "t3.small", tags: { Name: `shop-${name}-api`, Release: release } },
  };
}

function overview(
  name: string,
  code: Record<string, JsonObject>,
  recorded: Record<string, JsonObject>,
  lineage: string,
  hidden: Partial<Pick<InstanceOverview, "unknown" | "sensitive">> = {},
): StackOverview {
  const instances = Object.entries(code).map(
    ([address, desired]): InstanceOverview => ({
      address,
      type: address.split(".")[0] ?? "",
      desired,
      sensitive: [],
      unknown: [],
      ignored: [],
      lifecycle: { preventDestroy: false, createBeforeDestroy: false, replaceTriggeredBy: [] },
      unmade: [],
      defaultTags: {},
      recorded: { id: "i", ...recorded[address] },
      importId: null,
      undecided: false,
      ...hidden,
    }),
  );
  const nothing = { diagnostics: [], damaged: [], secrets: [], broken: [], root: ".", files: [] };
  return { name, state: { serial: 1, lineage }, instances, ...nothing };
}

const prod = codeOf(PROD);
const staging = codeOf(STAGING);

describe("a stack has the state of another one", () => {
  test("where both were given the same: only the one that it does not fit", () => {
    const all = [overview("prod", prod, staging, "s"), overview("staging", staging, staging, "s")];
    expect(all.map((each) => foreignState(each, all))).toEqual([
      expect.stringMatching(/^the state is that of the stack staging, which has been given the same one:/),
      null,
    ]);
  });

  test("where each was given the other's", () => {
    const all = [overview("prod", prod, staging, "s"), overview("staging", staging, prod, "p")];
    expect(all.map((each) => foreignState(each, all))).toEqual([
      expect.stringContaining("that of the stack staging, which has been given this one's"),
      expect.stringContaining("that of the stack prod, which has been given this one's"),
    ]);
  });
});

describe("a stack has its own state", () => {
  const own = (code: Record<string, JsonObject>, was: Record<string, JsonObject>) => [
    overview("prod", code, was, "p"),
    overview("staging", staging, staging, "s"),
  ];

  test.each<[string, readonly StackOverview[]]>([
    ["where all agrees", own(prod, prod)],
    ["where everything was renamed and is not applied", own(codeOf({ name: "live", net: 40 }), prod)],
    ["where it was made what the other one was, whose state is its own", own(staging, prod)],
    [
      "where a release waits that the other one has not",
      [
        overview("prod", prod, prod, "p"),
        overview("staging", codeOf({ ...STAGING, release: "2" }), staging, "s"),
      ],
    ],
    [
      "where stacks of the same code differ in a release that waits",
      [overview("eu", codeOf({ ...PROD, release: "2" }), prod, "e"), overview("us", prod, prod, "u")],
    ],
    [
      "where it is a copy that was left behind, of the same code",
      [overview("new", prod, prod, "p"), overview("old", prod, prod, "p")],
    ],
    [
      "where what differs is secret",
      [
        overview("prod", prod, staging, "s", { sensitive: [["cidr_block"], ["tags"]] }),
        overview("staging", staging, staging, "s"),
      ],
    ],
    [
      "where states say nothing of their lineage",
      [overview("prod", prod, staging, ""), overview("staging", staging, staging, "")],
    ],
  ])("%s", (_, all) => {
    expect(all.map((each) => foreignState(each, all))).toEqual(all.map(() => null));
  });
});

test("stacks of which each has its own state are not compared with each other", () => {
  let looks = 0;
  const stacks = [...Array(30).keys()].map((index) => {
    const code = codeOf({ name: `stack-${index}`, net: index });
    const stack = overview(`stack-${index}`, code, code, `${index}`);
    const instances = stack.instances.map((instance) => ({
      ...instance,
      get desired() {
        looks += 1;
        return code[instance.address] ?? null;
      },
    }));
    return { ...stack, instances };
  });
  expect(stacks.map((stack) => foreignState(stack, stacks))).toEqual(stacks.map(() => null));
  expect(looks).toBeLessThanOrEqual(2 * stacks.flatMap(({ instances }) => instances).length);
});

test("nothing is written from a stack that has the state of another", async () => {
  const [count, recorded] = [4, new FakeState([{ text: stateText({ count: 4 }) }])];
  const other = networksCode(count).replaceAll("shop", "bank");
  const { stacks } = await scanWorld({
    files: { "a/main.tf": other, "b/main.tf": networksCode(count) },
    states: { a: recorded, b: recorded },
    config: { stacks: [entry("a"), entry("b")] },
  });
  expect(stacks.map(({ name, status }) => [name, status])).toEqual([
    ["a", "suspect"],
    ["b", "complete"],
  ]);
  expect(stacks.flatMap(messagesOf)).toEqual([
    expect.stringContaining("the state is that of the stack b, which has been given the same one"),
  ]);
});

test("where all of a stack is at odds with its state, both explanations are told", async () => {
  const { stacks } = await scanWorld({
    files: { "a/main.tf": networksCode(4).replaceAll("shop", "bank") },
    states: { a: new FakeState([{ text: stateText({ count: 4 }) }]) },
    config: { stacks: [entry("a")] },
  });
  expect(stacks.map(({ status }) => status)).toEqual(["complete"]);
  expect(stacks.flatMap(messagesOf)).toEqual([
    expect.stringMatching(/about each of the 4 instances .* or this is the state of another stack$/),
  ]);
});
