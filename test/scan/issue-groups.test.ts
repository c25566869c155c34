import { describe, expect, it } from "vitest";
import type { Actor, Change, JudgedFinding } from "../../src/drift/model.ts";
import { issueGroups } from "../../src/scan/issue-groups.ts";
import type { KnownObject, Standing } from "../../src/scan/wishes.ts";

const DAY = new Date("2026-03-01T00:00:00Z");

interface Given {
  readonly stack?: string;
  readonly id?: string | null;
  readonly address?: string;
  /** Who, and at which time of a day: `alice 09:30`. */
  readonly by?: string;
  /** `main.tf:3` */
  readonly places?: readonly string[];
  readonly deletedAt?: string;
}

function standing(fingerprint: string, given: Given = {}): Standing {
  const { stack = "prod", id = "i-1", address = "aws_instance.web", places = [] } = given;
  const finding = {
    fingerprint,
    address,
    resource: { type: "aws_instance", id, account: null, region: null },
    kind: given.deletedAt === undefined ? "drift" : "deleted",
    changes: places.map((place): Change => ({ ...NO_VALUES, source: placeOf(place) })),
    declaredAt: given.deletedAt === undefined ? null : placeOf(given.deletedAt),
    actor: given.by === undefined ? null : actorOf(given.by),
  } as Partial<JudgedFinding> as JudgedFinding;
  const times = { firstSeenAt: DAY, lastSeenAt: DAY, resolvedAt: null };
  return { stack, finding, baseline: false, ...times, decision: null, lapsed: null };
}

const NO_VALUES = { path: ["a"], desired: "unknown", recorded: "unknown", observed: "unknown" } as const;

function placeOf(text: string) {
  const [file = "", line = ""] = text.split(":");
  return { file, line: Number(line), column: 1 };
}

function actorOf(text: string): Actor {
  const [name = "", time = ""] = text.split(" ");
  return { id: name, name, kind: "user", via: "console", at: `2026-03-01T${time}:00Z`, evidence: "e" };
}

function issue(key: string, state: KnownObject["state"], told: readonly string[]): KnownObject {
  const closed =
    state === "closed" ? ({ closedBy: "app", closedAt: DAY } as const) : { closedBy: null, closedAt: null };
  return { key, state, ...closed, about: null, told };
}

function grouped(
  grouping: Parameters<typeof issueGroups>[2],
  standings: readonly Standing[],
  objects: readonly KnownObject[] = [],
): string[] {
  return issueGroups(standings, objects, grouping)
    .map(({ standings: those }) =>
      those
        .map(({ finding }) => finding.fingerprint)
        .toSorted()
        .join("+"),
    )
    .toSorted();
}

function causeKeys(standings: readonly Standing[], objects: readonly KnownObject[]): string[] {
  return issueGroups(standings, objects, "cause")
    .map(({ key, standings: [first] }) => `${first.finding.fingerprint} ${key}`)
    .toSorted();
}

describe("by resource", () => {
  it.each<[string, Given, Given, boolean]>([
    [
      "the same id, and an address that moved",
      { address: "aws_instance.a" },
      { address: "aws_instance.b" },
      true,
    ],
    ["another id at the address", { id: "i-1" }, { id: "i-2" }, false],
    ["no id, and the same address", { id: null }, { id: null }, true],
    ["the same id in another stack", { stack: "prod" }, { stack: "test" }, false],
  ])("%s", (_what, one, other, isSame) => {
    const standings = [standing("a", one), standing("b", other)];
    expect(grouped("resource", standings)).toEqual(isSame ? ["a+b"] : ["a", "b"]);
  });
});

describe("by cause", () => {
  it.each<[string, readonly Standing[], readonly string[]]>([
    ["nothing known: each alone", [standing("a"), standing("b")], ["a", "b"]],
    [
      "one place, whatever stacks and resources",
      [
        standing("a", { places: ["main.tf:3"] }),
        standing("b", { places: ["main.tf:3"], stack: "test", id: "i-2" }),
      ],
      ["a+b"],
    ],
    [
      "the same places in another order",
      [standing("a", { places: ["a.tf:1", "b.tf:2"] }), standing("b", { places: ["b.tf:2", "a.tf:1"] })],
      ["a+b"],
    ],
    [
      "another place besides",
      [standing("a", { places: ["a.tf:1", "b.tf:2"] }), standing("b", { places: ["a.tf:1"] })],
      ["a", "b"],
    ],
    [
      "instances of one block that were deleted",
      [standing("a", { deletedAt: "a.tf:1" }), standing("b", { deletedAt: "a.tf:1", id: "i-2" })],
      ["a+b"],
    ],
    [
      "who did it counts before the place",
      [
        standing("a", { by: "alice 09:00", places: ["a.tf:1"] }),
        standing("b", { by: "bob 09:00", places: ["a.tf:1"] }),
      ],
      ["a", "b"],
    ],
    [
      "one session: no pause of more than an hour",
      [
        standing("a", { by: "alice 09:00" }),
        standing("b", { by: "alice 10:00" }),
        standing("c", { by: "alice 10:55" }),
      ],
      ["a+b+c"],
    ],
    [
      "two sessions of one person",
      [standing("a", { by: "alice 09:00" }), standing("b", { by: "alice 10:01" })],
      ["a", "b"],
    ],
  ])("%s", (_what, standings, expected) => {
    expect(grouped("cause", standings)).toEqual(expected);
  });

  it("a session whose middle is undone stays one issue", () => {
    const sides = [standing("a", { by: "alice 09:00" }), standing("c", { by: "alice 10:30" })];
    const told = issue("issue:cause:a", "open", ["a", "b", "c"]);
    expect(grouped("cause", sides, [told])).toEqual(["a+c"]);
    expect(grouped("cause", sides, [{ ...told, state: "closed" }])).toEqual(["a", "c"]);
  });

  it("an issue keeps what it told of when the place moved, and another cause is where it was", () => {
    const moved = standing("b", { places: ["a.tf:5"] });
    const other = standing("z", { places: ["a.tf:1"] });
    expect(causeKeys([moved, other], [issue("issue:cause:a", "open", ["a", "b"])])).toEqual([
      "b issue:cause:a",
      "z issue:cause:z",
    ]);
  });

  it("what is open comes before what is closed, and what is closed before a new one", () => {
    const standings = [standing("a", { places: ["a.tf:1"] }), standing("b", { places: ["a.tf:1"] })];
    const closed = issue("issue:cause:a", "closed", ["a"]);
    expect(causeKeys(standings, [closed])).toEqual(["a issue:cause:a"]);
    const open = issue("issue:cause:c", "open", ["b", "c"]);
    expect(causeKeys(standings, [closed, open])).toEqual(["a issue:cause:c"]);
  });
});
