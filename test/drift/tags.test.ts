import { describe, expect, it, test } from "vitest";
import type { JsonObject } from "../../src/json/json.ts";
import { compareAll, compareOne, desired, found, instance, paths, recorded, summary } from "./example.ts";

interface Tags {
  readonly own?: JsonObject;
  readonly defaults?: JsonObject | null;
  readonly recorded?: JsonObject;
  readonly recordedAll?: JsonObject;
  readonly live: JsonObject;
}

function compareTags(tags: Tags, ignored: { keys?: string[]; keyPrefixes?: string[] } = {}) {
  return compareAll([
    instance({
      desired: desired(tags.own === undefined ? {} : { tags: tags.own }, {
        defaultTags: tags.defaults === undefined ? {} : tags.defaults,
        ignoreTags: { keys: ignored.keys ?? [], keyPrefixes: ignored.keyPrefixes ?? [] },
      }),
      recorded: recorded({
        ...(tags.recorded === undefined ? {} : { tags: tags.recorded }),
        ...(tags.recordedAll === undefined ? {} : { tags_all: tags.recordedAll }),
      }),
      observation: found({ tags: tags.live, tags_all: tags.live }),
    }),
  ]);
}

describe("tags", () => {
  const own = { Name: "web" };

  test.each<readonly [string, Tags, readonly string[]]>([
    ["the same", { own, recorded: own, recordedAll: own, live: own }, []],
    ["changed", { own, recorded: own, recordedAll: own, live: { Name: "x" } }, ["drift tags.Name"]],
    ["removed", { own, recorded: own, recordedAll: own, live: {} }, ["drift tags.Name"]],
    ["added", { own, recorded: own, recordedAll: own, live: { ...own, Who: "me" } }, ["drift tags.Who"]],
    [
      "added where the code has none",
      { recorded: {}, recordedAll: {}, live: { Who: "me" } },
      ["drift tags.Who"],
    ],
    [
      "the cloud's own",
      { own, recorded: own, recordedAll: own, live: { ...own, "aws:cloudformation:stack-name": "s" } },
      [],
    ],
    [
      "default tags are no difference",
      {
        own,
        defaults: { Team: "shop" },
        recorded: own,
        recordedAll: { ...own, Team: "shop" },
        live: { ...own, Team: "shop" },
      },
      [],
    ],
    [
      "a default tag changed is reported once, under tags",
      {
        own,
        defaults: { Team: "shop" },
        recorded: own,
        recordedAll: { ...own, Team: "shop" },
        live: { ...own, Team: "x" },
      },
      ["drift tags.Team"],
    ],
    [
      "an own tag over a default tag",
      {
        own: { Team: "web" },
        defaults: { Team: "shop" },
        recorded: { Team: "web" },
        recordedAll: { Team: "web" },
        live: { Team: "web" },
      },
      [],
    ],
    [
      "default tags that only the state tells",
      {
        own,
        defaults: null,
        recorded: own,
        recordedAll: { ...own, Team: "shop" },
        live: { ...own, Team: "x" },
      },
      ["drift tags.Team"],
    ],
    [
      "a state without tags_all",
      { own, defaults: { Team: "shop" }, recorded: own, live: { ...own, Team: "shop" } },
      [],
    ],
    [
      "a new default tag, not applied",
      { own, defaults: { Team: "shop" }, recorded: own, recordedAll: own, live: own },
      ["absorbed tags.Team"],
    ],
    [
      "values that are no text",
      {
        own: { Port: 80, On: true },
        recordedAll: { Port: "80", On: "true" },
        live: { Port: "80", On: "true" },
      },
      [],
    ],
    [
      "a null is no tag",
      { own: { Name: "web", Gone: null }, recorded: own, recordedAll: own, live: own },
      [],
    ],
    [
      "an empty value is a tag",
      { own: { A: "" }, recorded: { A: "" }, recordedAll: { A: "" }, live: {} },
      ["drift tags.A"],
    ],
  ])("%s", (_why, tags, expected) => {
    expect(summary(compareTags(tags))).toEqual(expected);
  });

  it("honours the provider's ignore_tags", () => {
    const live = { ...own, Scanned: "today", "kubernetes.io/cluster/a": "owned" };
    const tags = { own, recorded: own, recordedAll: own, live };
    expect(summary(compareTags(tags))).toEqual([
      "drift tags.Scanned",
      'drift tags["kubernetes.io/cluster/a"]',
    ]);
    expect(compareTags(tags, { keys: ["Scanned"], keyPrefixes: ["kubernetes.io/"] }).findings).toEqual([]);
  });

  it("is low, configuration even on a firewall, and shows what is absent", () => {
    const result = compareOne(
      "tags",
      { desired: {}, recorded: {}, observed: { Who: "me" } },
      { type: "net_group" },
    );
    expect(result.findings).toMatchObject([
      {
        severity: "low",
        category: "configuration",
        widensAccess: false,
        changes: [
          { path: ["tags", "Who"], desired: "absent", recorded: "absent", observed: { known: "me" } },
        ],
      },
    ]);
  });

  it("compares a tag that is not known yet with the state", () => {
    const unknown = { desired: { unknown: paths("tags.Id") } };
    const values = { desired: { Id: null }, recorded: { Id: "1" }, observed: { Id: "2" } };
    expect(compareOne("tags", values, unknown).findings).toMatchObject([
      { kind: "drift", changes: [{ path: ["tags", "Id"], desired: "unknown" }] },
    ]);
    expect(compareOne("tags", { ...values, observed: { Id: "1" } }, unknown).findings).toEqual([]);
  });

  it("compares with the state where all tags are unknown", () => {
    const unknown = { desired: { unknown: paths("tags") } };
    const values = { desired: null, recorded: { A: "1" }, observed: { A: "1" } };
    expect(compareOne("tags", values, unknown).findings).toEqual([]);
    expect(summary(compareOne("tags", { ...values, observed: { A: "2" } }, unknown))).toEqual([
      "drift tags.A",
    ]);
  });
});
