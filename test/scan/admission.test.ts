import { describe, expect, it } from "vitest";
import { DEFAULT_CONFIG, type Freeze, type Limits } from "../../src/config/model.ts";
import type { JudgedFinding, Severity } from "../../src/drift/model.ts";
import { admit } from "../../src/scan/admission.ts";
import type { KnownObject, StackHead, Wish } from "../../src/scan/wishes.ts";

const NOW = new Date("2026-05-01T12:00:00Z");
const MINUTE = 60_000;

function opening(key: string, severity: Severity): Wish {
  const finding = { fingerprint: key.split(":")[1], severity } as JudgedFinding;
  const stack = { name: "shop" } as StackHead;
  return key.startsWith("adoption:")
    ? { kind: "open-adoption", key, findings: [{ stack, finding }] }
    : {
        kind: "open-issue",
        key,
        grouping: "drift",
        findings: [{ stack, finding, firstSeenAt: NOW }],
        left: [],
        again: "returned",
      };
}

function known(key: string, state: KnownObject["state"]): KnownObject {
  return { key, state, closedBy: state === "closed" ? "app" : null, closedAt: null, about: null };
}

interface Given {
  readonly limits?: Partial<Limits>;
  readonly freezes?: readonly Freeze[];
  readonly objects?: readonly KnownObject[];
  /** Minutes ago. */
  readonly begun?: readonly number[];
}

function admitted(wishes: readonly Wish[], { limits, freezes = [], objects = [], begun = [] }: Given) {
  const config = { limits: { ...DEFAULT_CONFIG.limits, ...limits }, freezes };
  const times = begun.map((minutes) => new Date(NOW.getTime() - minutes * MINUTE));
  const admission = admit(wishes, config, { now: NOW, objects, begun: times });
  const keysOf = (list: readonly Wish[]) => list.map(({ key }) => key);
  return { now: keysOf(admission.wishes), later: keysOf(admission.waiting), again: admission.again };
}

const A = opening("adoption:a", "low");
const B = opening("adoption:b", "high");
const I = opening("issue:i", "medium");
const CLOSE: Wish = { kind: "close", key: "adoption:gone", because: { reason: "unseen" }, about: [] };
const freeze = (from: string, until: string): Freeze => ({
  from: new Date(from),
  until: new Date(until),
  because: null,
});

describe("without limits that are reached", () => {
  it("everything is granted, in order", () => {
    expect(admitted([A, B, I, CLOSE], {})).toEqual({
      now: ["adoption:a", "adoption:b", "issue:i", "adoption:gone"],
      later: [],
      again: null,
    });
  });
});

describe("the limit of open pull requests", () => {
  it.each<[string, Given, readonly string[]]>([
    ["lets the most severe in", { limits: { openPullRequests: 1 } }, ["adoption:a"]],
    [
      "counts those that are open",
      { limits: { openPullRequests: 1 }, objects: [known("adoption:z", "open")] },
      ["adoption:a", "adoption:b"],
    ],
    [
      "does not count those that are closed",
      { limits: { openPullRequests: 2 }, objects: [known("adoption:z", "closed")] },
      [],
    ],
    [
      "does not hold up what is open already",
      { limits: { openPullRequests: 1 }, objects: [known("adoption:a", "open")] },
      ["adoption:b"],
    ],
    [
      "goes on with what was begun",
      { limits: { openPullRequests: 1 }, objects: [known("adoption:a", "creating")] },
      ["adoption:b"],
    ],
    [
      "counts what is opened again",
      { limits: { openPullRequests: 0 }, objects: [known("adoption:a", "closed")] },
      ["adoption:a", "adoption:b"],
    ],
  ])("%s", (_what, given, later) => {
    expect(admitted([A, B, I], given)).toMatchObject({ later, again: null });
  });
});

describe("the limit of an hour", () => {
  it("counts what was begun in the last hour, and says when there is room", () => {
    expect(admitted([A, I], { limits: { newPerHour: 2 }, begun: [10, 50, 61] })).toEqual({
      now: [],
      later: ["adoption:a", "issue:i"],
      again: new Date(NOW.getTime() + 10 * MINUTE),
    });
  });

  it("lets the most severe in first, issue or pull request", () => {
    expect(admitted([A, B, I], { limits: { newPerHour: 2 } })).toEqual({
      now: ["adoption:b", "issue:i"],
      later: ["adoption:a"],
      again: new Date(NOW.getTime() + 60 * MINUTE),
    });
  });
});

describe("a freeze", () => {
  const now = freeze("2026-05-01", "2026-05-02");

  it("holds up pull requests, those that are open too, and nothing else", () => {
    expect(admitted([A, B, I, CLOSE], { freezes: [now], objects: [known("adoption:a", "open")] })).toEqual({
      now: ["issue:i", "adoption:gone"],
      later: ["adoption:a", "adoption:b"],
      again: now.until,
    });
  });

  it.each([
    ["is over at its end", [freeze("2026-04-01", "2026-05-01T12:00:00Z")], null],
    ["begins at its beginning", [freeze("2026-05-01T12:00:00Z", "2026-05-03")], new Date("2026-05-03")],
    ["lasts as long as the longest", [now, freeze("2026-04-30", "2026-05-09")], new Date("2026-05-09")],
  ])("%s", (_what, freezes, again) => {
    expect(admitted([A], { freezes }).again).toEqual(again);
  });
});

it("what waits says for what, and until when", () => {
  const holdsOf = (wish: Wish, limits: Partial<Limits>, freezes: readonly Freeze[] = []) => {
    const config = { limits: { ...DEFAULT_CONFIG.limits, ...limits }, freezes };
    return [...admit([wish], config, { now: NOW, objects: [], begun: [NOW] }).holds.values()];
  };
  const until = new Date("2026-05-02");
  expect(holdsOf(A, {}, [freeze("2026-05-01", "2026-05-02")])).toEqual([{ by: "freeze", until }]);
  expect(holdsOf(A, { openPullRequests: 0 })).toEqual([{ by: "openPullRequests", limit: 0 }]);
  const inAnHour = new Date(NOW.getTime() + 60 * MINUTE);
  expect(holdsOf(I, { newPerHour: 1 })).toEqual([{ by: "newPerHour", until: inAnHour }]);
  expect(holdsOf(A, {})).toEqual([]);
});
