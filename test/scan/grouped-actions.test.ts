import { expect, it } from "vitest";
import type { Grouping } from "../../src/config/model.ts";
import { type JudgedFinding, NO_COVERAGE, type StackStatus, type Verdict } from "../../src/drift/model.ts";
import { planActions } from "../../src/scan/actions.ts";
import { issueGroups } from "../../src/scan/issue-groups.ts";
import type { KnownObject, Situation, Standing, Wish } from "../../src/scan/wishes.ts";

const FROM = new Date("2026-03-01T00:00:00Z");
const TO = new Date("2026-03-04T00:00:00Z");
/** When the last scan began, and a while after it. */
const SCANNED = new Date("2026-03-05T00:00:00Z");
const AFTER = new Date("2026-03-06T00:00:00Z");

interface Given {
  readonly stack?: string;
  readonly verdict?: Verdict;
  readonly adopted?: true;
  readonly isApplied?: true;
  /** The days of March on which it was first seen, and was gone. */
  readonly since?: number;
  readonly gone?: number;
  /** A person decided after the scan to adopt it. */
  readonly pending?: true;
}

/** Drift at a place in the code that all share. */
function standing(fingerprint: string, given: Given = {}): Standing {
  const { verdict = given.adopted === true ? "adopt" : "undecided", since = 1 } = given;
  const isAdopted = given.adopted === true;
  const finding: JudgedFinding = {
    fingerprint,
    revision: "r",
    address: `aws_instance.${fingerprint}`,
    resource: { type: "aws_instance", id: `i-${fingerprint}`, account: null, region: null },
    kind: given.isApplied === true ? "unapplied" : "drift",
    category: "configuration",
    severity: "medium",
    changes: [
      {
        path: ["tags"],
        desired: "unknown",
        recorded: "unknown",
        observed: "unknown",
        source: { file: "main.tf", line: 3, column: 1 },
      },
    ],
    widensAccess: false,
    sensitive: false,
    concern: null,
    notes: [],
    declaredAt: null,
    actor: null,
    detectedAt: FROM.toISOString(),
    intent: { verdict, decidedBy: "default", because: [] },
    adoption: isAdopted
      ? { files: [{ path: "main.tf", diff: fingerprint }], effects: [], verdict: "exact", why: "" }
      : null,
    revert: null,
  };
  const said = {
    by: "alice",
    at: AFTER,
    until: null,
    because: null,
    via: "command",
    revision: null,
  } as const;
  return {
    stack: given.stack ?? "prod",
    finding,
    baseline: false,
    firstSeenAt: march(since),
    lastSeenAt: SCANNED,
    resolvedAt: given.gone === undefined ? null : march(given.gone),
    decision: given.pending === true ? { fingerprint, verdict: "adopt", ...said } : null,
    lapsed: null,
  };
}

function march(day: number): Date {
  return new Date(Date.UTC(2026, 2, day));
}

function situation(
  findings: readonly Standing[],
  more: Partial<Situation> & { grouping?: Grouping } = {},
): Situation {
  const { grouping = "stack" } = more;
  return {
    scannedAt: SCANNED,
    stacks: [stack("prod", "complete")],
    findings,
    objects: [],
    isFirst: false,
    config: { start: "new-only", public: "counts", dashboard: false, grouping },
    isPublic: false,
    unwritable: new Map(),
    ...more,
  };
}

function stack(name: string, status: StackStatus): Situation["stacks"][0] {
  const known = { path: name, environment: null, ref: "main", commit: "c", state: null, diagnostics: [] };
  return { name, status, evidence: "inventory", coverage: NO_COVERAGE, ...known };
}

const STACK = issueGroups([standing("x")], [], "stack")[0]?.key ?? "";
const CAUSE = "issue:cause:a";

function open(key: string, told: readonly string[], toldBefore: readonly string[] = []): KnownObject {
  return { key, state: "open", closedBy: null, closedAt: null, about: null, told, toldBefore };
}

function closed(key: string, told: readonly string[], at = TO): KnownObject {
  return { key, state: "closed", closedBy: "person", closedAt: at, about: null, told };
}

/** Each wish in a few words. */
function words(wish: Wish): string {
  const of = (findings: readonly { finding: JudgedFinding }[]) =>
    findings.map(({ finding }) => finding.fingerprint).join("+");
  switch (wish.kind) {
    case "open-adoption":
      return `pull ${of(wish.findings)}`;
    case "open-issue": {
      const left = wish.left.map(({ finding, why }) => ` -${finding.fingerprint} ${why.reason}`).join("");
      return `issue ${of(wish.findings)}${left}${wish.again === "untold" ? "" : `, ${wish.again}`}`;
    }
    case "close":
      return `close: ${wish.because.reason}`;
    case "forget":
      return wish.verified ? "verified" : "forget";
    default:
      return wish.kind;
  }
}

const TWO_STACKS = [stack("prod", "complete"), stack("test", "failed")];
const inTest = { stack: "test" } as const;

it.each<[string, Situation, string[]]>([
  ["drift of one stack: one issue", situation([standing("a"), standing("b")]), ["issue a+b"]],
  [
    "one is gone, one ignored, one has a pull request, one waits for its apply: it says so",
    situation(
      [
        standing("a"),
        standing("b", { gone: 4 }),
        standing("c", { verdict: "ignore" }),
        standing("d", { adopted: true }),
        standing("e", { isApplied: true }),
      ],
      { objects: [open(STACK, ["a", "c", "d", "e"], ["b"])] },
    ),
    ["pull d", "issue a -c ignored -d adopted -e settled -b gone"],
  ],
  [
    "one is of a stack that is not believed now: it is told on",
    situation([standing("a"), standing("b", inTest)], {
      grouping: "cause",
      stacks: TWO_STACKS,
      objects: [open(CAUSE, ["a", "b"])],
    }),
    ["issue a+b"],
  ],
  [
    "one is of a stack that is not believed, and was not told: it is not told",
    situation([standing("a"), standing("b", inTest)], {
      grouping: "cause",
      stacks: TWO_STACKS,
      objects: [open(CAUSE, ["a"])],
    }),
    ["issue a"],
  ],
  [
    "all are of a stack that is not believed: it stays as it is",
    situation([standing("a", inTest), standing("b", inTest)], {
      grouping: "cause",
      stacks: TWO_STACKS,
      objects: [open(CAUSE, ["a", "b"])],
    }),
    [],
  ],
  [
    "only the next scan knows about one: it is told on",
    situation([standing("a"), standing("b", { pending: true })], { objects: [open(STACK, ["a", "b"])] }),
    ["issue a+b"],
  ],
  [
    "only the next scan knows about all: it stays as it is",
    situation([standing("b", { pending: true })], { objects: [open(STACK, ["b"])] }),
    [],
  ],
  [
    "all are ignored",
    situation([standing("a", { verdict: "ignore" }), standing("b", { verdict: "ignore" })], {
      objects: [open(STACK, ["a", "b"])],
    }),
    ["close: ignored"],
  ],
  [
    "each has another reason not to be told",
    situation([standing("a", { verdict: "ignore" }), standing("b", { adopted: true })], {
      objects: [open(STACK, ["a", "b"])],
    }),
    ["pull b", "close: dissolved"],
  ],
  [
    "the setting is another one: others tell of it",
    situation([standing("a"), standing("b")], { grouping: "drift", objects: [open(STACK, ["a", "b"])] }),
    ["issue a", "issue b", "close: moved"],
  ],
  [
    "everyone can read the repository",
    situation([standing("a")], { isPublic: true, objects: [open(STACK, ["a"])] }),
    ["summary", "close: withheld"],
  ],
  [
    "a person closed it, and no scan has looked since",
    situation([standing("a"), standing("b")], { objects: [closed(STACK, ["a", "b"], AFTER)] }),
    [],
  ],
  [
    "a person closed it, and some of it is there",
    situation([standing("a"), standing("b", { gone: 5 })], { objects: [closed(STACK, ["a", "b"])] }),
    ["issue a, still-there"],
  ],
  [
    "a person closed it, and all of it is gone",
    situation([standing("a", { gone: 5 }), standing("b", { gone: 5 })], {
      objects: [closed(STACK, ["a", "b"])],
    }),
    ["verified"],
  ],
  [
    "a person had it ignored, and there is something new",
    situation([standing("a", { verdict: "ignore" }), standing("c")], { objects: [closed(STACK, ["a"])] }),
    ["issue c, joined"],
  ],
])("%s", (_what, given, expected) => {
  expect(planActions(given).map(words)).toEqual(expected);
});

it("what lasted is all that it told of: from the first that was seen to the last that is gone", () => {
  const all = [
    standing("a", { since: 2, gone: 3 }),
    standing("b", { since: 1, gone: 2 }),
    standing("c", { since: 3, gone: 5 }),
  ];
  const [wish] = planActions(situation(all, { objects: [open(STACK, ["a", "c"], ["b"])] }));
  expect(wish).toMatchObject({ kind: "close", because: { reason: "gone", from: march(1), to: march(5) } });
});

it("an issue whose drift pull requests adopt by now names all of those", () => {
  const adopted = situation([standing("a", { adopted: true }), standing("b", { adopted: true })], {
    objects: [open(STACK, ["a", "b"])],
  });
  const closing = planActions(adopted).find(({ kind }) => kind === "close");
  expect(closing).toMatchObject({
    because: { reason: "replaced", by: "pull-request", to: ["adoption:a", "adoption:b"] },
  });
});
