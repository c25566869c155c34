import { describe, expect, it } from "vitest";
import {
  type FindingKind,
  type JudgedFinding,
  NO_COVERAGE,
  type StackStatus,
  type Verdict,
} from "../../src/drift/model.ts";
import type { Decision } from "../../src/intent/decision.ts";
import { planActions } from "../../src/scan/actions.ts";
import type { KnownObject, Situation, Standing, Wish } from "../../src/scan/wishes.ts";

const FROM = new Date("2026-03-01T00:00:00Z");
const TO = new Date("2026-03-04T00:00:00Z");
/** When the last scan began, and a while after it. */
const SCANNED = new Date("2026-03-05T00:00:00Z");
const AFTER = new Date("2026-03-06T00:00:00Z");

interface Given {
  readonly verdict?: Verdict;
  readonly kind?: FindingKind;
  /** The diff of the proven edit; null where none proves. */
  readonly edit?: string | null;
  readonly sensitive?: boolean;
  readonly stack?: string;
  readonly baseline?: boolean;
  readonly gone?: boolean;
  readonly since?: Date;
  readonly lastSeen?: Date;
  /** What a person decided after the last scan. */
  readonly decision?: Decision["verdict"];
  readonly lapsed?: Standing["lapsed"];
  readonly decidedBy?: string;
}

function decided(fingerprint: string, verdict: Decision["verdict"]): Decision {
  const by = { by: "alice", at: AFTER, until: null, because: null, via: "command" } as const;
  return { fingerprint, revision: null, verdict, ...by };
}

function standing(fingerprint: string, given: Given = {}): Standing {
  const { verdict = "undecided", kind = "drift", edit = null, sensitive = false } = given;
  const finding: JudgedFinding = {
    fingerprint,
    revision: "r",
    address: "aws_instance.web",
    resource: { type: "aws_instance", id: "i-1", account: null, region: null },
    kind,
    category: "configuration",
    severity: "medium",
    changes: [],
    widensAccess: false,
    sensitive,
    concern: null,
    notes: [],
    declaredAt: null,
    actor: null,
    detectedAt: FROM.toISOString(),
    intent: { verdict, decidedBy: given.decidedBy ?? "default", because: [] },
    adoption:
      edit === null
        ? { files: [], effects: [], verdict: "refused", why: "" }
        : { files: [{ path: "main.tf", diff: edit }], effects: [], verdict: "exact", why: "" },
    revert: null,
  };
  return {
    stack: given.stack ?? "prod",
    finding,
    baseline: given.baseline ?? false,
    firstSeenAt: given.since ?? FROM,
    lastSeenAt: given.lastSeen ?? SCANNED,
    resolvedAt: given.gone === true ? TO : null,
    decision: given.decision === undefined ? null : decided(fingerprint, given.decision),
    lapsed: given.lapsed ?? null,
  };
}

function stack(name: string, status: StackStatus): Situation["stacks"][0] {
  return {
    name,
    path: name,
    environment: null,
    ref: "main",
    commit: "c",
    status,
    evidence: "inventory",
    state: null,
    diagnostics: [],
    coverage: NO_COVERAGE,
  };
}

function situation(findings: readonly Standing[], more: Partial<Situation> = {}): Situation {
  return {
    scannedAt: SCANNED,
    stacks: [stack("prod", "complete")],
    findings,
    objects: [],
    isFirst: false,
    config: { start: "new-only", public: "counts", dashboard: false, grouping: "drift" },
    isPublic: false,
    unwritable: new Map(),
    ...more,
  };
}

/** @param about the stack and the fingerprints that its marker names */
function open(key: string, about: KnownObject["about"] = null): KnownObject {
  return { key, state: "open", closedBy: null, closedAt: null, about };
}

function closed(key: string, closedBy: NonNullable<KnownObject["closedBy"]>, at = FROM): KnownObject {
  return { key, state: "closed", closedBy, closedAt: at, about: null };
}

/** Each wish in a few words. */
function words(wish: Wish): string {
  switch (wish.kind) {
    case "open-adoption":
      return `pull ${wish.findings.map(({ finding }) => finding.fingerprint).join("+")}`;
    case "open-issue":
      return `issue ${wish.findings.map(({ finding }) => finding.fingerprint).join("+")}${wish.again === "untold" ? "" : `, ${wish.again}`}`;
    case "summary":
      return `summary of ${wish.stacks.flatMap(({ findings }) => findings).length}${wish.countsOnly ? " in numbers" : ""}`;
    case "close":
      return `close ${wish.key}: ${wish.because.reason}`;
    case "forget":
      return `${wish.verified ? "verified" : "forget"} ${wish.key}`;
  }
}

const adopted = { verdict: "adopt", edit: "-a\n+b" } as const;

describe("what should be on GitHub after a scan", () => {
  it.each<[string, Situation, string[]]>([
    ["nothing found: nothing", situation([]), []],
    ["drift: an issue", situation([standing("a")]), ["issue a"]],
    ["drift to be reverted: an issue", situation([standing("a", { verdict: "revert" })]), ["issue a"]],
    ["drift on purpose, with a proven edit: a pull request", situation([standing("a", adopted)]), ["pull a"]],
    [
      "on purpose, and no edit proves: an issue",
      situation([standing("a", { verdict: "adopt" })]),
      ["issue a"],
    ],
    [
      "on purpose, and sensitive: an issue",
      situation([standing("a", { ...adopted, sensitive: true })]),
      ["issue a"],
    ],
    ["ignored: nothing", situation([standing("a", { verdict: "ignore" })]), []],
    ["no drift, only not applied yet: nothing", situation([standing("a", { kind: "unapplied" })]), []],
    [
      "the same edit for two: one pull request",
      situation([standing("b", adopted), standing("a", adopted)]),
      ["pull a+b"],
    ],
    [
      "the same edit, and one of them has the pull request already: it keeps its name",
      situation([standing("a", adopted), standing("b", adopted)], { objects: [open("adoption:b")] }),
      ["pull b+a"],
    ],
    [
      "the same edit in another stack: one pull request",
      situation([standing("a", adopted), standing("b", { ...adopted, stack: "test" })], {
        stacks: [stack("prod", "complete"), stack("test", "incomplete")],
      }),
      ["pull a+b"],
    ],
    ...(["suspect", "failed"] as const).map((status): [string, Situation, string[]] => [
      `a stack that is ${status}: nothing is opened, nothing closed`,
      situation([standing("a"), standing("b", { verdict: "ignore" })], {
        stacks: [stack("prod", status)],
        objects: [open("issue:b")],
      }),
      [],
    ]),
  ])("%s", (_what, given, expected) => {
    expect(planActions(given).map(words)).toEqual(expected);
  });
});

describe("the first scan", () => {
  it.each<[string, Situation, string[]]>([
    [
      "a summary and nothing else",
      situation([standing("a"), standing("b", adopted)], { isFirst: true }),
      ["summary of 2"],
    ],
    ["nothing where nothing is found", situation([], { isFirst: true }), []],
    [
      "a summary of what went wrong",
      situation([], { isFirst: true, stacks: [stack("prod", "failed")] }),
      ["summary of 0"],
    ],
    [
      "all of it with `start: all`",
      situation([standing("a"), standing("b", adopted)], {
        isFirst: true,
        config: { start: "all", public: "counts", dashboard: false, grouping: "drift" },
      }),
      ["summary of 2", "pull b", "issue a"],
    ],
    [
      "later: what was there stays in the summary, what is new is single",
      situation([standing("a", { baseline: true }), standing("b")], { objects: [open("summary")] }),
      ["summary of 1", "issue b"],
    ],
    [
      "later: the summary is closed when nothing of it is left",
      situation([standing("b")], { objects: [open("summary")] }),
      ["close summary: nothing-left", "issue b"],
    ],
    [
      "later: not while a stack could not be scanned",
      situation([], {
        objects: [open("summary")],
        stacks: [stack("prod", "complete"), stack("test", "failed")],
      }),
      ["summary of 0"],
    ],
    [
      "later: a summary that a person closed stays closed",
      situation([standing("a", { baseline: true })], { objects: [closed("summary", "person")] }),
      [],
    ],
    [
      "later: what a stack tells that could not be scanned before joins the summary",
      situation([standing("a", { baseline: true, stack: "test", since: TO })], {
        objects: [open("summary")],
        stacks: [stack("prod", "complete"), stack("test", "complete")],
      }),
      ["summary of 1"],
    ],
    [
      "later: and begins a summary where there was nothing to tell",
      situation([standing("a", { baseline: true, since: TO })]),
      ["summary of 1"],
    ],
    [
      "later: and is single where a person had closed the summary before",
      situation([standing("a", { baseline: true, since: TO })], { objects: [closed("summary", "person")] }),
      ["issue a"],
    ],
    [
      "nothing again of what has an issue or pull request of its own, as after a lost database",
      situation([standing("a"), standing("b", adopted)], {
        isFirst: true,
        objects: [open("issue:a"), open("adoption:b")],
      }),
      ["pull b", "issue a"],
    ],
    [
      "what has nothing of its own, as after a lost database",
      situation([standing("a"), standing("c")], { isFirst: true, objects: [open("issue:a")] }),
      ["summary of 1", "issue a"],
    ],
    [
      "later: a summary that could not be written before",
      situation([standing("a", { baseline: true })]),
      ["summary of 1"],
    ],
    [
      "later: all of it with `start: all`, whatever has an issue of its own by then",
      situation([standing("a", { baseline: true })], {
        config: { start: "all", public: "counts", dashboard: false, grouping: "drift" },
        objects: [open("issue:a"), open("summary")],
      }),
      ["summary of 1", "issue a"],
    ],
    [
      "a summary where too much changed at once to be believed",
      situation([], { isFirst: true, stacks: [stack("prod", "suspect")] }),
      ["summary of 0"],
    ],
  ])("%s", (_what, given, expected) => {
    expect(planActions(given).map(words)).toEqual(expected);
  });
});

describe("with a dashboard", () => {
  const config = { start: "new-only", public: "counts", dashboard: true, grouping: "drift" } as const;

  it.each<[string, Situation, string[]]>([
    [
      "the first scan has no summary",
      situation([standing("a"), standing("b", adopted)], { isFirst: true, config }),
      [],
    ],
    [
      "a summary of before closes",
      situation([standing("a", { baseline: true })], { config, objects: [open("summary")] }),
      ["close summary: on-dashboard"],
    ],
    [
      "what was there at first has nothing of its own, also where a person closed the dashboard",
      situation([standing("a", { baseline: true })], {
        config,
        objects: [closed("dashboard", "person", AFTER)],
      }),
      [],
    ],
    [
      "what is found at first in a stack after somebody closed the dashboard is single",
      situation([standing("a", { baseline: true, since: TO })], {
        config,
        objects: [closed("dashboard", "person")],
      }),
      ["issue a"],
    ],
    [
      "who closed the dashboard gets no summary when it is switched off",
      situation([standing("a", { baseline: true })], {
        config: { ...config, dashboard: false, grouping: "drift" },
        objects: [closed("dashboard", "person", AFTER)],
      }),
      [],
    ],
    [
      "a public repository has nothing else",
      situation([standing("a")], { config, isPublic: true, objects: [open("summary")] }),
      ["close summary: on-dashboard"],
    ],
  ])("%s", (_what, given, expected) => {
    expect(planActions(given).map(words)).toEqual(expected);
  });
});

describe("what is open already", () => {
  it.each<[string, Situation, string[]]>([
    [
      "gone: both close",
      situation([standing("a", { gone: true }), standing("b", { gone: true })], {
        objects: [open("adoption:a"), open("issue:b")],
      }),
      ["close adoption:a: gone", "close issue:b: gone"],
    ],
    [
      "judged the other way: the pull request takes the issue's place",
      situation([standing("a", adopted)], { objects: [open("issue:a")] }),
      ["pull a", "close issue:a: replaced"],
    ],
    [
      "and the other way round",
      situation([standing("a", { verdict: "revert" })], { objects: [open("adoption:a")] }),
      ["issue a", "close adoption:a: replaced"],
    ],
    [
      "ignored now",
      situation([standing("a", { verdict: "ignore" })], { objects: [open("issue:a")] }),
      ["close issue:a: ignored"],
    ],
    [
      "not drift any more",
      situation([standing("a", { kind: "unapplied" })], { objects: [open("issue:a")] }),
      ["close issue:a: settled"],
    ],
    [
      "two pull requests with the same edit become one",
      situation([standing("a", adopted), standing("b", adopted)], {
        objects: [open("adoption:a"), open("adoption:b")],
      }),
      ["pull a+b", "close adoption:b: joined"],
    ],
    [
      "what was there at first and has an issue keeps it, and the summary leaves it out",
      situation([standing("a", { baseline: true }), standing("b", { baseline: true })], {
        objects: [open("issue:a"), open("summary")],
      }),
      ["summary of 1", "issue a"],
    ],
    [
      "what is in a pull request with others is left out of the summary too",
      situation([standing("a", adopted), standing("b", { ...adopted, baseline: true })], {
        objects: [open("adoption:a", { stack: "prod", fingerprints: ["a", "b"] }), open("summary")],
      }),
      ["close summary: nothing-left", "pull a+b"],
    ],
    [
      "of a stack that is not there any more",
      situation([standing("a", { gone: true, stack: "old" })], { objects: [open("issue:a")] }),
      ["close issue:a: stack-gone"],
    ],
    [
      "without any stack left: the summary too",
      situation([standing("a", { gone: true })], { stacks: [], objects: [open("issue:a"), open("summary")] }),
      ["close summary: stack-gone", "close issue:a: stack-gone"],
    ],
  ])("%s", (_what, given, expected) => {
    expect(planActions(given).map(words)).toEqual(expected);
  });
});

describe("a pull request about several findings", () => {
  const all = ["a", "b", "c"].map((name) => standing(name, adopted));
  const about = (...fingerprints: string[]) => ({ stack: "prod", fingerprints });
  const [a, b, c] = all as [Standing, Standing, Standing];
  const stacks = [stack("prod", "complete"), stack("test", "failed")];
  const inTest = standing("b", { ...adopted, stack: "test" });
  const otherEdit = { ...adopted, edit: "-x\n+y" };

  it.each<[string, Situation, string[]]>([
    [
      "another one joins it, first in order: it keeps its name",
      situation(all, { objects: [open("adoption:b", about("b", "c"))] }),
      ["adoption:b about b+a+c"],
    ],
    [
      "the one that it is named after leaves it: it keeps its name",
      situation([b, c], { objects: [open("adoption:a", about("a", "b", "c"))] }),
      ["adoption:a about b+c"],
    ],
    [
      "the one that it is named after is resolved: it is not closed",
      situation([standing("a", { gone: true }), b, c], {
        objects: [open("adoption:a", about("a", "b", "c"))],
      }),
      ["adoption:a about b+c"],
    ],
    [
      "the one that it is named after has another edit now: it takes the pull request with it",
      situation([standing("a", otherEdit), b, c], { objects: [open("adoption:a", about("a", "b", "c"))] }),
      ["adoption:a about a", "adoption:b about b+c"],
    ],
    [
      "two become one: the first is kept",
      situation(all, { objects: [open("adoption:a", about("a", "b")), open("adoption:c", about("c"))] }),
      ["adoption:a about a+b+c", "close adoption:c: joined"],
    ],
    [
      "two of which one is named after what is gone become one",
      situation([b, c], { objects: [open("adoption:a", about("a", "b")), open("adoption:c", about("c"))] }),
      ["adoption:c about c+b", "close adoption:a: joined"],
    ],
    [
      "all of it is gone",
      situation([standing("a", { gone: true }), standing("b", { gone: true })], {
        objects: [open("adoption:a", about("a", "b"))],
      }),
      ["close adoption:a: gone"],
    ],
    [
      "all of it is gone, and it was named after something that nobody knows any more",
      situation([standing("b", { gone: true })], { objects: [open("adoption:a", about("b"))] }),
      ["close adoption:a: gone"],
    ],
    [
      "of several stacks, and nothing else is known of it",
      situation([], { objects: [open("adoption:a", { stack: null, fingerprints: ["a", "b"] })] }),
      ["close adoption:a: unseen"],
    ],
    [
      "of several stacks, and one of them could not be scanned: all of it stays as it is",
      situation([standing("a", otherEdit), inTest], {
        stacks,
        objects: [open("adoption:a", { stack: null, fingerprints: ["a", "b"] })],
      }),
      [],
    ],
    [
      "of several stacks, and one of them could not be scanned: nobody gets an issue in its place",
      situation([standing("a"), inTest, c], {
        stacks,
        objects: [open("adoption:a", { stack: null, fingerprints: ["a", "b"] })],
      }),
      ["adoption:c about c"],
    ],
    [
      "one of which was there at first, and so is told in the summary: the pull request tells it",
      situation([standing("a", { ...adopted, baseline: true }), b], { objects: [open("summary")] }),
      ["close summary: nothing-left", "adoption:a about a+b"],
    ],
    [
      "all of which were there at first: the summary tells them",
      situation([standing("a", { ...adopted, baseline: true })], { objects: [open("summary")] }),
      ["summary of 1"],
    ],
    [
      "one of which had an issue: that is closed",
      situation([a, b], { objects: [open("adoption:a", about("a")), open("issue:b", about("b"))] }),
      ["adoption:a about a+b", "close issue:b: replaced"],
    ],
  ])("%s", (_what, given, expected) => {
    const told = planActions(given).map((wish) =>
      wish.kind === "open-adoption" ? `${wish.key} about ${words(wish).replace("pull ", "")}` : words(wish),
    );
    expect(told).toEqual(expected);
  });
});

describe("what is open about drift that nothing else is known of, as after a lost database", () => {
  const about = (stack: string | null) => [open("issue:a", { stack, fingerprints: ["a"] })];

  it.each<[string, Situation, string[]]>([
    [
      "closes where its stack was scanned whole",
      situation([], { objects: about("prod") }),
      ["close issue:a: unseen"],
    ],
    [
      "stays where a part of its stack could not be read",
      situation([], { objects: about("prod"), stacks: [stack("prod", "incomplete")] }),
      [],
    ],
    [
      "closes where there is no such stack",
      situation([], { objects: about("old") }),
      ["close issue:a: stack-gone"],
    ],
    [
      "stays where a stack could not be scanned, which may be the one",
      situation([], { objects: about("old"), stacks: [stack("prod", "complete"), stack("test", "failed")] }),
      [],
    ],
    ["stays where its marker is not known", situation([], { objects: [open("issue:a")] }), []],
  ])("%s", (_what, given, expected) => {
    expect(planActions(given).map(words)).toEqual(expected);
  });
});

it.each<[string, Standing, ReadonlyMap<string, string>, boolean]>([
  ["it is not on purpose any more", standing("a"), new Map(), false],
  ["no edit can be written", standing("a", adopted), new Map([["a", "GitHub refuses it"]]), true],
  ["no edit proves", standing("a", { ...adopted, edit: null }), new Map(), true],
])("a pull request that an issue takes the place of says why: %s", (_what, one, unwritable, isWanted) => {
  const wishes = planActions(situation([one], { unwritable, objects: [open("adoption:a")] }));
  expect(wishes.find(({ kind }) => kind === "close")).toMatchObject({
    because: { reason: "replaced", by: "issue", to: ["issue:a"], isWanted },
  });
});

describe("a pull request that cannot be made", () => {
  const unwritable = new Map([["a", "GitHub refuses it"]]);

  it.each<[string, Situation, string[]]>([
    ["is an issue", situation([standing("a", adopted)], { unwritable }), ["issue a"]],
    [
      "is replaced by the issue where it is there already",
      situation([standing("a", adopted)], { unwritable, objects: [open("adoption:a")] }),
      ["issue a", "close adoption:a: replaced"],
    ],
    [
      "leaves its issue as it is",
      situation([standing("a", adopted)], { unwritable, objects: [open("issue:a")] }),
      ["issue a"],
    ],
    [
      "takes the issue's place once it can be made",
      situation([standing("a", adopted)], { objects: [open("issue:a"), closed("adoption:a", "app")] }),
      ["pull a", "close issue:a: replaced"],
    ],
    [
      "keeps no other from being made",
      situation([standing("a", adopted), standing("b", { ...adopted, edit: "-b\n+c" })], { unwritable }),
      ["pull b", "issue a"],
    ],
    [
      "is left alone where a person closed it",
      situation([standing("a", adopted)], { unwritable, objects: [closed("adoption:a", "person")] }),
      [],
    ],
  ])("%s", (_what, given, expected) => {
    expect(planActions(given).map(words)).toEqual(expected);
  });

  it("has the reason in its issue", () => {
    const [wish] = planActions(situation([standing("a", adopted)], { unwritable }));
    expect(wish?.kind === "open-issue" && wish.findings[0].finding.notes[0]).toContain("GitHub refuses it");
  });
});

describe("what a person closed", () => {
  it.each<[string, Situation, string[]]>([
    [
      "a pull request: an issue in its place",
      situation([standing("a", { ...adopted, decision: "revert" })], {
        objects: [closed("adoption:a", "person")],
      }),
      ["issue a"],
    ],
    [
      "a pull request, and a person wants it back: once a scan has looked for the edit",
      situation([standing("a", { verdict: "revert", decidedBy: "@bob", decision: "adopt" })], {
        objects: [closed("adoption:a", "person"), open("issue:a")],
      }),
      [],
    ],
    [
      "a pull request, and a person wants it back, and the edit is there",
      situation([standing("a", { ...adopted, decision: "adopt" })], {
        objects: [closed("adoption:a", "person"), open("issue:a")],
      }),
      ["pull a", "close issue:a: replaced"],
    ],
    [
      "a branch of ours that somebody took over: neither a pull request nor an issue is opened",
      situation([standing("a", adopted)], { objects: [closed("adoption:a", "person")] }),
      [],
    ],
    [
      "such a branch, and no edit proves now: still nothing",
      situation([standing("a", { verdict: "adopt" })], { objects: [closed("adoption:a", "person")] }),
      [],
    ],
    [
      "such a branch, and an issue that is open: it is kept up to date",
      situation([standing("a"), standing("b", adopted)], {
        objects: ["a", "b"].flatMap((name) => [closed(`adoption:${name}`, "person"), open(`issue:${name}`)]),
      }),
      ["issue a", "issue b"],
    ],
    [
      "such a branch, and an issue that a person closed: still nothing",
      situation([standing("a")], {
        objects: [closed("adoption:a", "person"), closed("issue:a", "person")],
      }),
      [],
    ],
    [
      "a pull request of two, somebody opened it again, and one has an issue: that closes",
      situation([standing("a", adopted), standing("b", adopted)], {
        objects: [open("adoption:a"), closed("adoption:b", "person"), open("issue:b")],
      }),
      ["pull a+b", "close issue:b: replaced"],
    ],
    [
      "such a branch, and what drifted since has an edit with it: an issue",
      situation([standing("a", adopted), standing("b", adopted)], {
        objects: [closed("adoption:a", "person")],
      }),
      ["issue b"],
    ],
    [
      "such a branch, and what drifted since has an edit of its own: a pull request",
      situation([standing("a", adopted), standing("b", { verdict: "adopt", edit: "-c\n+d" })], {
        objects: [closed("adoption:a", "person"), open("issue:b")],
      }),
      ["pull b", "close issue:b: replaced"],
    ],
    [
      "such a branch, and a rule says revert now: an issue",
      situation([standing("a", { verdict: "revert" })], { objects: [closed("adoption:a", "person")] }),
      ["issue a"],
    ],
    [
      "a pull request of two: neither is proposed again, nor a third with the same edit",
      situation(
        [
          standing("a", { ...adopted, decision: "revert" }),
          standing("b", { ...adopted, decision: "revert" }),
          standing("c", adopted),
        ],
        { objects: [closed("adoption:a", "person")] },
      ),
      ["issue a", "issue b"],
    ],
    [
      "a pull request of two, and somebody opened it again",
      situation([standing("a", adopted), standing("b", adopted)], {
        objects: [open("adoption:a"), closed("adoption:b", "person")],
      }),
      ["pull a+b"],
    ],
    [
      "an issue, and no scan has looked since: it stays closed",
      situation([standing("a")], { objects: [closed("issue:a", "person", AFTER)] }),
      [],
    ],
    [
      "an issue, and the last scan could not see whether it is so: it stays closed",
      situation([standing("a", { lastSeen: TO })], { objects: [closed("issue:a", "person", TO)] }),
      [],
    ],
    [
      "an issue, and a scan found it still there",
      situation([standing("a")], { objects: [closed("issue:a", "person", TO)] }),
      ["issue a, still-there"],
    ],
    [
      "an issue, and the time is over for which it was to be ignored",
      situation([standing("a", { lapsed: { kind: "expired", until: "2099-01-01" } })], {
        objects: [closed("issue:a", "person")],
      }),
      ["issue a, expired"],
    ],
    [
      "an issue as completed, long after the time was over for which it was to be ignored",
      situation([standing("a", { lapsed: { kind: "expired", until: "2026-01-01" } })], {
        objects: [closed("issue:a", "person", TO)],
      }),
      ["issue a, still-there"],
    ],
    [
      "an issue as not planned, and its values are others now",
      situation([standing("a", { lapsed: { kind: "outdated" } })], {
        objects: [closed("issue:a", "person", TO)],
      }),
      ["issue a, outdated"],
    ],
    [
      "nothing: we closed it as ignored, and the time is over for that",
      situation([standing("a", { lapsed: { kind: "expired", until: "2099-01-01" } })], {
        objects: [closed("issue:a", "app", TO)],
      }),
      ["issue a, expired"],
    ],
    [
      "nothing: we closed it as its drift was gone, and it is there again",
      situation([standing("a")], { objects: [{ ...closed("issue:a", "app", TO), wasGone: true }] }),
      ["issue a, returned"],
    ],
    [
      "an issue as not planned: it stays closed",
      situation([standing("a", { verdict: "ignore", decidedBy: "@alice", decision: "ignore" })], {
        objects: [closed("issue:a", "person")],
      }),
      [],
    ],
    [
      "an issue as not planned, and somebody opened it again: only the next scan can say what it is",
      situation([standing("a", { verdict: "ignore", decidedBy: "@alice" })], { objects: [open("issue:a")] }),
      [],
    ],
    [
      "an issue, and the drift is gone: so it is said",
      situation([standing("a", { gone: true })], { objects: [closed("issue:a", "person")] }),
      ["verified issue:a"],
    ],
    [
      "an issue as not planned, and the drift is gone: forgotten",
      situation([standing("a", { gone: true, decision: "ignore" })], {
        objects: [closed("issue:a", "person")],
      }),
      ["forget issue:a"],
    ],
    [
      "a pull request that was merged, and the drift is gone: so it is said",
      situation([standing("a", { gone: true })], { objects: [closed("adoption:a", "merge")] }),
      ["verified adoption:a"],
    ],
    [
      "a pull request that was merged, and only the state has to learn of it: so it is said",
      situation([standing("a", { kind: "stale-state" })], { objects: [closed("adoption:a", "merge", TO)] }),
      ["verified adoption:a"],
    ],
    [
      "a pull request that was merged, and no scan has looked since: nothing is said",
      situation([standing("a", { kind: "stale-state" })], {
        objects: [closed("adoption:a", "merge", AFTER)],
      }),
      [],
    ],
    [
      "a pull request without merging, and the drift is gone: forgotten",
      situation([standing("a", { gone: true })], { objects: [closed("adoption:a", "person")] }),
      ["forget adoption:a"],
    ],
    [
      "what we closed, or somebody merged, is opened again",
      situation([standing("a", adopted), standing("b")], {
        objects: [closed("adoption:a", "merge"), closed("issue:b", "app")],
      }),
      ["pull a", "issue b"],
    ],
  ])("%s", (_what, given, expected) => {
    expect(planActions(given).map(words)).toEqual(expected);
  });
});

describe("what people decided since the last scan", () => {
  it.each<[string, Situation, string[]]>([
    [
      "to ignore: the issue closes at once",
      situation([standing("a", { decision: "ignore" })], { objects: [open("issue:a")] }),
      ["close issue:a: ignored"],
    ],
    [
      "to revert: an issue takes the pull request's place",
      situation([standing("a", { ...adopted, decision: "revert" })], { objects: [open("adoption:a")] }),
      ["issue a", "close adoption:a: replaced"],
    ],
    [
      "to adopt: all stays as it is until a scan has looked for the edit",
      situation([standing("a", { decision: "adopt" })], { objects: [open("issue:a")] }),
      [],
    ],
    [
      "to adopt what was there at first: it gets a pull request of its own",
      situation([standing("a", { ...adopted, baseline: true, decision: "adopt" })]),
      ["pull a"],
    ],
    [
      "against what the organisation's policy says: nothing",
      situation([standing("a", { verdict: "revert", decidedBy: 'policy "p"', decision: "ignore" })]),
      ["issue a"],
    ],
  ])("%s", (_what, given, expected) => {
    expect(planActions(given).map(words)).toEqual(expected);
  });
});

describe("a public repository", () => {
  const details = { start: "new-only", public: "details", dashboard: false, grouping: "drift" } as const;

  it.each<[string, Situation, string[]]>([
    [
      "is told numbers, and nothing else",
      situation([standing("a"), standing("b", adopted)], { isPublic: true }),
      ["summary of 2 in numbers"],
    ],
    ["is told nothing where there is nothing", situation([], { isPublic: true }), []],
    [
      "is told when nothing is left",
      situation([], { isPublic: true, objects: [open("summary")] }),
      ["close summary: nothing-left"],
    ],
    [
      "has every issue and pull request of before closed",
      situation([standing("a"), standing("b", { gone: true })], {
        isPublic: true,
        objects: [open("issue:a"), open("issue:b")],
      }),
      ["summary of 1 in numbers", "close issue:a: withheld", "close issue:b: withheld"],
    ],
    [
      "is told all with `public: details`",
      situation([standing("a")], { isPublic: true, config: details }),
      ["issue a"],
    ],
  ])("%s", (_what, given, expected) => {
    expect(planActions(given).map(words)).toEqual(expected);
  });
});
