import { describe, expect, it, test } from "vitest";
import type { Json } from "../../src/json/json.ts";
import {
  compareAll,
  compareOne,
  desired,
  found,
  instance,
  paths,
  recorded,
  summary,
  type Three,
} from "./example.ts";

type Row = readonly [why: string, attribute: string, values: Three, findings: readonly string[]];

const three = (desiredValue: Json, recordedValue: Json, observedValue: Json): Three => ({
  desired: desiredValue,
  recorded: recordedValue,
  observed: observedValue,
});
/** The code and the state agree; the cloud may differ. */
const live = (declared: Json, observed: Json): Three => three(declared, declared, observed);

describe("the kind of a difference (desired, recorded, observed)", () => {
  test.each<Row>([
    ["a a a", "name", three("a", "a", "a"), []],
    ["a a b", "name", three("a", "a", "b"), ["drift name"]],
    ["a b b", "name", three("a", "b", "b"), ["absorbed name"]],
    ["a b a", "name", three("a", "b", "a"), ["stale-state name"]],
    ["a b c", "name", three("a", "b", "c"), ["conflict name"]],
    ["a, not in the state, b", "name", { desired: "a", observed: "b" }, ["drift name"]],
    ["a, not in the state, a", "name", { desired: "a", observed: "a" }, []],
    ["a, null, null: new in the code", "name", three("a", null, null), ["absorbed name"]],
    ["a a null: removed", "name", three("a", "a", null), ["drift name"]],
  ])("%s (%s)", (_why, attribute, values, expected) => {
    expect(summary(compareOne(attribute, values))).toEqual(expected);
  });

  it("sees drift under an unknown desired value, and says that no edit can follow", () => {
    const unknown = { desired: { unknown: paths("name") } };
    const { findings } = compareOne("name", three(null, "a", "b"), unknown);
    expect(findings).toMatchObject([
      {
        kind: "drift",
        changes: [{ desired: "unknown", recorded: { known: "a" }, observed: { known: "b" } }],
      },
    ]);
    expect(findings[0]?.notes.join(" ")).toContain("value of name is not known");
    expect(compareOne("name", three(null, "a", "a"), unknown).findings).toEqual([]);
    expect(compareOne("name", { desired: null, observed: "a" }, unknown).findings).toEqual([]);
  });

  it("names the unknown element of a collection", () => {
    const unknown = { desired: { unknown: paths("groups[1]") } };
    const same = compareOne("groups", three(["g-1", null], ["g-1", "g-2"], ["g-2", "g-1"]), unknown);
    expect(same.findings).toEqual([]);
    const { findings } = compareOne("groups", three(["g-1", null], ["g-1", "g-2"], ["g-1", "g-3"]), unknown);
    expect(findings).toMatchObject([{ kind: "drift", changes: [{ desired: "unknown" }] }]);
    expect(findings[0]?.notes.join(" ")).toContain("value of groups[1] is");
  });

  it("counts what the cloud did not tell as unreadable, says it once, and never takes it for equal", () => {
    const result = compareOne("name", live("a", "a"), { unread: paths("name") });
    expect(result.findings).toMatchObject([
      { kind: "unreadable", severity: "info", changes: [{ path: ["name"], observed: "unread" }] },
    ]);
    expect(result.coverage).toMatchObject({ unreadable: 1, attributes: 7, notCompared: 0 });
  });

  it("says where a changed value is decided, and asks only about changes", () => {
    const asked: string[] = [];
    const truths = instance({
      desired: desired({ name: "a", size: "s" }),
      recorded: recorded({ name: "a", size: "s" }),
      observation: found({ name: "b", size: "s" }),
      sourceOf: (path) => {
        asked.push(path.join("."));
        return { file: "prod.tfvars", line: 7, column: 3 };
      },
    });
    expect(compareAll([truths]).findings[0]?.changes[0]?.source).toEqual({
      file: "prod.tfvars",
      line: 7,
      column: 3,
    });
    expect(asked).toEqual(["name"]);
  });
});

describe("values that mean the same", () => {
  test.each<Row>([
    ["a number as text", "port", live("8080", 8080), []],
    ["a number with a zero behind", "port", live("1.50", 1.5), []],
    ["another number", "port", live(8080, 8081), ["drift port"]],
    ["a text that looks like a number", "name", live("8080", 8080), []],
    ["texts are not numbers", "name", live("1.0", "1"), ["drift name"]],
    ["a boolean as text", "enabled", live("true", true), []],
    ["another boolean", "enabled", live("true", false), ["drift enabled"]],
    ["case, where it means nothing", "zone", live("EU-West", "eu-west"), []],
    ["case, where it means something", "name", live("A", "a"), ["drift name"]],
    ["IPv6 in another form", "range", live("2001:DB8:0::/32", "2001:db8::/32"), []],
    ["an address range with host bits", "range", live("10.1.2.3/16", "10.1.0.0/16"), []],
    ["another prefix", "range", live("10.1.0.0/16", "10.1.0.0/17"), ["drift range"]],
    ["an account in front of a group", "group", live("123456789012/sg-1", "sg-1"), []],
    ["another group", "group", live("123456789012/sg-1", "sg-2"), ["drift group"]],
    ["the order of a set", "groups", live(["a", "b"], ["b", "a"]), []],
    ["an element twice in a set", "groups", live(["a", "a"], ["a"]), []],
    ["another element in a set", "groups", live(["a", "b"], ["a"]), ["drift groups"]],
    ["address ranges in a set", "ranges", live(["::/0", "10.0.0.0/8"], ["10.0.0.0/8", "0::0/0"]), []],
    ["the order of a list", "steps", live(["a", "b"], ["b", "a"]), ["drift steps"]],
    ["numbers in a map", "numbers", live({ a: "1" }, { a: 1 }), []],
    [
      "a script and its hash",
      "script",
      three("#!/bin/sh\n", "#!/bin/sh\n", "76bb9b68d4e9a6c91b50a7f4cc0eb3f5be83f9a4"),
      ["drift script"],
    ],
    ["a script and what it is in Base64", "script", live("hello", "aGVsbG8="), []],
    ["a script and its SHA-1", "script", live("hello", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d"), []],
  ])("%s (%s)", (_why, attribute, values, expected) => {
    expect(summary(compareOne(attribute, values))).toEqual(expected);
  });
});

describe("what a provider records under another name", () => {
  it.each<[what: string, state: Json | null, live: Json | null, expected: readonly string[]]>([
    ["an empty list in the state", [], null, []],
    ["nothing in the state", null, null, []],
    ["an empty list in the state and other values live", [], ["g-2"], []],
    ["something in the state", ["g-1"], ["g-2"], ["drift old_groups"]],
  ])("is compared only where it is recorded: %s", (_what, state, live, expected) => {
    const result = compareOne("old_groups", three(["g-1"], state, live));
    expect(summary(result)).toEqual(expected);
    expect(result.coverage.notCompared).toBe(expected.length === 0 ? 1 : 0);
  });
});

describe("empty values", () => {
  const EMPTY: readonly Json[] = ["", [], {}, false, 0];

  test.each(EMPTY.map((empty) => [empty]))(
    "the code leaves out what is null and %j: no difference",
    (empty) => {
      expect(compareOne("profile", { recorded: null, observed: empty }).findings).toEqual([]);
      expect(compareOne("profile", { recorded: empty, observed: null }).findings).toEqual([]);
    },
  );

  test.each<Row>([
    ["said, and not there", "name", live("", null), ["drift name"]],
    ["said false, and not there", "enabled", live(false, null), ["drift enabled"]],
    ["said 0, and not there", "port", live(0, null), ["drift port"]],
    ["said false, and true", "enabled", live(false, true), ["drift enabled"]],
    ["said, and not recorded", "name", three("", null, ""), []],
    ["an empty list, and none", "steps", live([], null), []],
    ["an empty list, and an element", "steps", live([], ["a"]), ["drift steps"]],
    ["an empty tag is a tag", "labels", live({ a: "" }, {}), ["drift labels.a"]],
    ["null in the code is left out", "name", three(null, "a", "b"), []],
    ["left out and not watched", "port", { recorded: 1, observed: 2 }, []],
    ["the default, left out", "checked", { recorded: null, observed: true }, []],
    ["off, where on is the default", "checked", { recorded: true, observed: false }, ["drift checked"]],
    ["a default counts only where the code leaves it out", "count_of", live(4, 8), ["drift count_of"]],
  ])("%s (%s)", (_why, attribute, values, expected) => {
    expect(summary(compareOne(attribute, values))).toEqual(expected);
  });
});

describe("what the code leaves out", () => {
  test.each<Row>([
    ["always watched, added", "profile", { recorded: "", observed: "admin" }, ["drift profile"]],
    ["always watched, changed", "profile", { recorded: "a", observed: "b" }, ["drift profile"]],
    ["always watched, removed", "profile", { recorded: "a", observed: "" }, ["drift profile"]],
    ["additions: added", "endpoint", { recorded: null, observed: "x" }, ["drift endpoint"]],
    ["additions: removed", "endpoint", { recorded: "x", observed: null }, []],
    ["additions: an element more", "groups", { recorded: ["a"], observed: ["b", "a"] }, ["drift groups"]],
    ["additions: an element less", "groups", { recorded: ["a", "b"], observed: ["b"] }, []],
    [
      "watched inside of a block",
      "disk",
      { recorded: [{ encrypted: true }], observed: [{ encrypted: false }] },
      ["drift disk[0].encrypted"],
    ],
    ["not watched inside of a block", "disk", { recorded: [{ size: 1 }], observed: [{ size: 2 }] }, []],
    ["a block the state does not have", "disk", { recorded: [], observed: [{ encrypted: true }] }, []],
    ["an attribute the state knows nothing of", "profile", { observed: "admin" }, []],
    [
      "an attribute of a block that the state knows nothing of",
      "disk",
      { recorded: [{ size: 1 }], observed: [{ size: 1, encrypted: true }] },
      [],
    ],
  ])("%s (%s)", (_why, attribute, values, expected) => {
    const result = compareOne(attribute, values);
    expect(summary(result)).toEqual(expected);
    for (const { changes } of result.findings)
      expect(changes.map((change) => change.desired)).toEqual(["absent"]);
  });

  it("is counted where the code sets it and the rules do not know it", () => {
    const truths = instance({
      desired: desired({ name: "a", provider_only: "x", timeouts: [{}], left_out: null }),
      recorded: recorded({ name: "a", provider_only: "x", timeouts: [{}], left_out: "b" }),
      observation: found({ name: "a", left_out: "c" }),
    });
    const { findings, coverage } = compareAll([truths]);
    expect(findings).toEqual([]);
    // Compared: name, tags, and the four attributes that are watched (groups, profile, endpoint, checked, disk).
    expect(coverage).toEqual({
      instances: 1,
      instancesRead: 1,
      attributes: 9,
      compared: 7,
      notCompared: 2,
      unreadable: 0,
    });
  });
});

describe("nested blocks in order", () => {
  test.each<Row>([
    ["one value", "disk", live([{ size: 8, kind: "a" }], [{ size: 9, kind: "a" }]), ["drift disk[0].size"]],
    [
      "two values are two findings",
      "disk",
      live([{ size: 8, kind: "a" }], [{ size: 9, kind: "b" }]),
      ["drift disk[0].kind", "drift disk[0].size"],
    ],
    ["a value the code leaves out", "disk", live([{ size: 8 }], [{ size: 8, kind: "b" }]), []],
    ["a computed value", "disk", live([{ size: 8, id: "a" }], [{ size: 8, id: "b" }]), []],
    [
      "deeper",
      "disk",
      live([{ inner: [{ depth: 1 }] }], [{ inner: [{ depth: 2 }] }]),
      ["drift disk[0].inner[0].depth"],
    ],
    ["a block less", "disk", live([{ size: 8 }, { size: 9 }], [{ size: 8 }]), ["drift disk[1]"]],
    ["a block more", "disk", live([{ size: 8 }], [{ size: 8 }, { size: 9 }]), ["drift disk[1]"]],
    [
      "watched, in a block that the state does not have yet",
      "disk",
      { desired: [{ size: 8 }], recorded: [], observed: [{ size: 8, encrypted: true }] },
      [],
    ],
    ["a block that says nothing, and none", "disk", live([{ encrypted: false, kind: "" }], []), []],
    [
      "each with its own kind",
      "disk",
      three([{ size: 1, kind: "a" }], [{ size: 1, kind: "b" }], [{ size: 2, kind: "b" }]),
      ["absorbed disk[0].kind", "drift disk[0].size"],
    ],
  ])("%s", (_why, attribute, values, expected) => {
    expect(summary(compareOne(attribute, values))).toEqual(expected);
  });
});

describe("maps", () => {
  it("gives a finding for each entry", () => {
    const result = compareOne("labels", live({ a: "1", b: "2", "c/d": "3" }, { a: "1", b: "9", e: "5" }));
    expect(summary(result)).toEqual(["drift labels.b", "drift labels.e", 'drift labels["c/d"]']);
    expect(result.findings[1]?.changes[0]).toMatchObject({ desired: "absent", observed: { known: "5" } });
  });

  it("takes no harm from keys that mean something to JavaScript", () => {
    const observed = JSON.parse('{"__proto__":"x","constructor":"y"}') as Json;
    const result = compareOne("labels", live({}, observed));
    expect(summary(result)).toEqual(["drift labels.__proto__", "drift labels.constructor"]);
  });
});

describe("lifecycle.ignore_changes", () => {
  test.each<readonly [string, string, Three]>([
    ["name", "name", live("a", "b")],
    ["disk", "disk", live([{ size: 1 }], [{ size: 2 }])],
    ["disk[0].size", "disk", live([{ size: 1 }], [{ size: 2 }])],
    ["disk[0]", "disk", live([{ size: 1 }], [])],
    ["steps[1]", "steps", live(["a", "b"], ["a", "c"])],
    ["groups[0]", "groups", live(["a"], ["b"])],
    ["labels.a", "labels", live({ a: "1" }, {})],
    ["tags", "tags", live({ Name: "a" }, { Name: "b" })],
    ['tags["Name"]', "tags", live({ Name: "a" }, { Name: "b" })],
    ['tags_all["Name"]', "tags", live({ Name: "a" }, { Name: "b" })],
    ["volume", "volume", live([{ device: "a" }], [])],
  ])("%s", (ignored, attribute, values) => {
    expect(compareOne(attribute, values).findings).toHaveLength(1);
    expect(compareOne(attribute, values, { desired: { ignoreChanges: paths(ignored) } }).findings).toEqual(
      [],
    );
    expect(compareOne(attribute, values, { desired: { ignoreChanges: "all" } }).findings).toEqual([]);
  });

  it("ignores nothing beside", () => {
    const ignoreChanges = paths("disk[0].kind", "tags.Other", "steps[0]");
    const result = compareAll([
      instance({
        desired: desired({ disk: [{ size: 1 }], tags: { Name: "a" }, steps: ["a", "b"] }, { ignoreChanges }),
        recorded: recorded({ disk: [{ size: 1 }], tags: { Name: "a" }, steps: ["a", "b"] }),
        observation: found({ disk: [{ size: 2 }], tags: { Name: "b", Other: "c" }, steps: ["x", "c"] }),
      }),
    ]);
    expect(summary(result)).toEqual(["drift disk[0].size", "drift steps", "drift tags.Name"]);
  });

  it("does not hide that the instance is gone", () => {
    const truths = instance({
      desired: desired({}, { ignoreChanges: "all" }),
      recorded: recorded({}),
      observation: { status: "not-found" },
    });
    expect(summary(compareAll([truths]))).toEqual(["deleted"]);
  });
});
