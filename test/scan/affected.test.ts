import { describe, expect, it, test } from "vitest";
import type { Change } from "../../src/drift/model.ts";
import type { JsonObject } from "../../src/json/json.ts";
import { printPath } from "../../src/json/path.ts";
import { affected } from "../../src/scan/affected.ts";
import { change, finding } from "../intent/findings.ts";

const WEB = "aws_instance.web";
const base: JsonObject = {
  instance_type: "t3.small",
  disk: 20,
  tags: { Team: "shop", Tier: "web" },
  ingress: [
    { from_port: 443, cidr_blocks: ["10.0.0.0/8"] },
    { from_port: 80, cidr_blocks: ["10.0.0.0/8"] },
  ],
  groups: ["sg-1", "sg-2"],
};

const known = <T>(value: T) => ({ known: value });
const ssh = { from_port: 22, cidr_blocks: ["0.0.0.0/0"], description: "", self: false };

/** Each drift with what the code says before. */
const DRIFTS = {
  resized: change("instance_type", { desired: known("t3.small"), observed: known("t3.large") }),
  retagged: change("tags.Team", { desired: known("shop"), observed: known("ops") }),
  tagAdded: change("tags.Owner", { desired: "absent", observed: known("bob") }),
  tagRemoved: change("tags.Team", { desired: known("shop"), observed: "absent" }),
  opened: change("ingress[2]", { desired: "absent", observed: known(ssh) }),
  closed: change("ingress[1]", {
    desired: known({ from_port: 80, cidr_blocks: ["10.0.0.0/8"] }),
    observed: "absent",
  }),
  widened: change("ingress[1].cidr_blocks", {
    desired: known(["10.0.0.0/8"]),
    observed: known(["10.0.0.0/8", "0.0.0.0/0"]),
  }),
  groupAdded: change("groups[2]", { desired: "absent", observed: known("sg-3") }),
  secret: change("password", { desired: { hidden: "1" }, observed: { hidden: "2" } }),
  computed: change("instance_type", { desired: "unknown", observed: known("t3.large") }),
} satisfies Record<string, Change>;

function effectOf(
  drift: Change | readonly Change[],
  head: JsonObject | null,
  before: JsonObject | null = base,
) {
  const found = affected(
    [{ address: WEB, desired: before }],
    [{ address: WEB, desired: head }],
    [finding({ address: WEB, changes: [drift].flat() })],
  );
  return found.map(({ effect }) => effect)[0] ?? "not affected";
}

const blocks = (...ingress: JsonObject[]): JsonObject => ({ ...base, ingress });
const [https, http] = [
  { from_port: 443, cidr_blocks: ["10.0.0.0/8"] },
  { from_port: 80, cidr_blocks: ["10.0.0.0/8"] },
];

describe("what a change of the code does to a drift", () => {
  test.each<readonly [string, Change | readonly Change[], JsonObject | null, string]>([
    ["the instance is not touched", DRIFTS.resized, base, "not affected"],
    ["something else of the instance is touched", DRIFTS.resized, { ...base, disk: 30 }, "reverts"],
    ["the value follows the cloud", DRIFTS.resized, { ...base, instance_type: "t3.large" }, "contains"],
    ["a third value", DRIFTS.resized, { ...base, instance_type: "m6i.large" }, "conflicts"],
    ["the argument goes", DRIFTS.resized, { ...base, instance_type: null }, "conflicts"],
    ["the instance goes", DRIFTS.resized, null, "conflicts"],
    ["a tag follows", DRIFTS.retagged, { ...base, tags: { Team: "ops" } }, "contains"],
    ["another tag changes", DRIFTS.retagged, { ...base, tags: { Team: "shop", Tier: "db" } }, "reverts"],
    ["an added tag follows", DRIFTS.tagAdded, { ...base, tags: { Owner: "bob" } }, "contains"],
    ["an added tag stays out", DRIFTS.tagAdded, { ...base, tags: {} }, "reverts"],
    ["an added tag gets another value", DRIFTS.tagAdded, { ...base, tags: { Owner: "eve" } }, "conflicts"],
    ["a removed tag goes", DRIFTS.tagRemoved, { ...base, tags: { Tier: "web" } }, "contains"],
    ["a removed tag stays", DRIFTS.tagRemoved, { ...base, tags: { Team: "shop" } }, "reverts"],
    ["a rule of the cloud follows", DRIFTS.opened, blocks({ ...ssh, description: null }, https), "contains"],
    ["another rule takes its place", DRIFTS.opened, blocks(https, http, { from_port: 53 }), "reverts"],
    ["a rule that is gone goes", DRIFTS.closed, blocks(https), "contains"],
    ["a rule that is gone stays, elsewhere", DRIFTS.closed, blocks(http, https, ssh), "reverts"],
    [
      "a list of sources follows in another order, and the rule moves",
      DRIFTS.widened,
      blocks({ from_port: 80, cidr_blocks: ["0.0.0.0/0", "10.0.0.0/8"] }, https),
      "contains",
    ],
    ["the rule only moves", DRIFTS.widened, blocks(http, https), "reverts"],
    [
      "other sources",
      DRIFTS.widened,
      blocks(https, { from_port: 80, cidr_blocks: ["192.168.0.0/16"] }),
      "conflicts",
    ],
    ["an element follows", DRIFTS.groupAdded, { ...base, groups: ["sg-3", "sg-2", "sg-1"] }, "contains"],
    ["an element stays out", DRIFTS.groupAdded, { ...base, groups: ["sg-1"] }, "reverts"],
    ["a secret is not looked at", DRIFTS.secret, { ...base, password: "(sensitive)", disk: 1 }, "reverts"],
    ["unknown before and after", DRIFTS.computed, { ...base, disk: 1 }, "reverts"],
    [
      "two values, one follows",
      [DRIFTS.resized, DRIFTS.retagged],
      { ...base, tags: { Team: "ops" } },
      "reverts",
    ],
    [
      "two values, one becomes a third",
      [DRIFTS.resized, DRIFTS.retagged],
      { ...base, instance_type: "m6i.large", tags: { Team: "ops" } },
      "conflicts",
    ],
  ])("%s", (_what, drift, head, expected) => {
    expect(effectOf(drift, head)).toBe(expected);
  });

  it("goes by the address: a change that declares it counts, also where the base does not", () => {
    expect(effectOf(DRIFTS.resized, { ...base, instance_type: "t3.large" }, null)).toBe("contains");
    expect(affected([], [{ address: "aws_instance.other", desired: base }], [finding()])).toEqual([]);
  });

  test.each([
    ["deleted", base, { ...base, disk: 1 }, "reverts"],
    ["deleted", base, null, "contains"],
    ["unmanaged", null, base, "contains"],
  ] as const)("%s: what happens to the instance as a whole", (kind, before, head, expected) => {
    const whole = finding({ kind, changes: [] });
    const [found] = affected([{ address: WEB, desired: before }], [{ address: WEB, desired: head }], [whole]);
    expect(found?.effect).toBe(expected);
  });

  test("what is not drift is not affected", () => {
    const head = [{ address: WEB, desired: { ...base, disk: 1 } }];
    const kinds = ["unapplied", "stale-state", "pending-create", "unreadable"] as const;
    const found = kinds.flatMap((kind) =>
      affected([{ address: WEB, desired: base }], head, [finding({ kind })]),
    );
    expect(found).toEqual([]);
  });
});

describe("where a change touches a drifted instance", () => {
  const touched = (head: JsonObject | null) =>
    affected(
      [{ address: WEB, desired: base }],
      [{ address: WEB, desired: head }],
      [finding()],
    )[0]?.touched.map(printPath);

  test.each<readonly [string, JsonObject | null, readonly string[]]>([
    ["a value", { ...base, disk: 30 }, ["disk"]],
    ["a value of another shape", { ...base, disk: [1] }, ["disk"]],
    ["a new argument", { ...base, monitoring: true }, ["monitoring"]],
    ["an entry of a map", { ...base, tags: { Team: "shop", Tier: "db" } }, ["tags.Tier"]],
    ["a further block", blocks(https, http, ssh), ["ingress[2]"]],
    ["an argument of a block", blocks(https, { ...http, cidr_blocks: [] }), ["ingress[1].cidr_blocks[0]"]],
    ["the instance goes", null, []],
  ])("%s", (_what, head, expected) => {
    expect(touched(head)).toEqual(expected);
  });

  it("lists no more places than a reader can use", () => {
    const tags = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, "v"]));
    expect(touched({ ...base, tags })).toHaveLength(50);
  });
});
