import { describe, expect, it } from "vitest";
import type { Affected, StackChange } from "../../src/reports/affected.ts";
import { PLAIN_CHANGE } from "../../src/reports/affected.ts";
import { md } from "../../src/reports/markdown.ts";
import { publicCheckRun } from "../../src/reports/public-counts.ts";
import { Reports } from "../../src/reports/reports.ts";
import { change, finding, known } from "./fixtures.ts";

const ACTOR = {
  id: "AIDA",
  name: "mallory|<b>",
  kind: "user",
  via: "console",
  at: "2026-10-01T10:00:00Z",
  evidence: "event 1",
} as const;

const CHANGED: Affected = {
  finding: finding({
    severity: "high",
    actor: ACTOR,
    changes: [change("instance_type", known("t3.micro"), known("t3.micro"), known("t3.large"))],
  }),
  stack: { name: "shop", path: ".", environment: "production" },
  effect: "reverts",
  places: [{ file: "main.tf", from: 3, to: 4 }],
};
const KNOWN = { ...CHANGED, acknowledged: { by: "alice", at: new Date("2026-11-22T07:30:00Z") } };
const FAIL = { severities: ["high"], environments: null } as const;

describe("the check run of a change", () => {
  it("says who made the change that it would undo, and when: in the summary, the text and the annotation", () => {
    const run = new Reports().checkRun([CHANGED]);
    expect(run.summary).toContain(
      "<br>by mallory&#124;&lt;b&gt; through the console on 2026-10-01 10:00 UTC |",
    );
    expect(run.text).toContain("Changed by");
    expect(run.annotations[0]?.message).toContain("through the console on 2026-10-01 10:00 UTC");
  });

  it("says what is neither undone nor kept, and warns of it", () => {
    const run = new Reports().checkRun([{ ...CHANGED, effect: "partly" }], { ...PLAIN_CHANGE, fail: FAIL });
    expect(run.conclusion).toBe("failure");
    expect(run.summary).toContain(
      "- 1 drift would be neither undone nor kept: the change itself says some of it, or the same in another form.",
    );
    expect(run.annotations[0]?.annotation_level).toBe("warning");
  });

  it("names nobody in the summary where nothing is undone", () => {
    expect(new Reports().checkRun([{ ...CHANGED, effect: "contains" }]).summary).not.toContain("<br>by");
  });

  it("names the stacks in the table where more than one is touched", () => {
    const other = { ...CHANGED, stack: { ...CHANGED.stack, name: "shop-staging" } };
    const { summary } = new Reports().checkRun([CHANGED, other]);
    expect(summary).toContain(
      "| Severity | Stack | Resource | Drift (code → cloud) | Applying this change |\n| --- | --- | --- | --- | --- |\n| high | `shop` |",
    );
    expect(summary).toContain("| high | `shop-staging` |");
    expect(new Reports().checkRun([CHANGED, CHANGED]).summary).toContain(
      "| Severity | Resource | Drift (code → cloud) | Applying this change |\n| --- | --- | --- | --- |\n",
    );
  });

  it("fails where the configuration says so, and says that it is the configuration", () => {
    const run = new Reports().checkRun([CHANGED], { ...PLAIN_CHANGE, fail: FAIL });
    expect(run.conclusion).toBe("failure");
    expect(run.summary).toContain(
      "This check fails because of 1 drift: `checks.fail` in the configuration says so.",
    );
    expect(run.annotations[0]?.annotation_level).toBe("warning");
  });

  it("says who acknowledged it, and warns of it no more", () => {
    const run = new Reports().checkRun([KNOWN], { ...PLAIN_CHANGE, fail: FAIL });
    expect(run).toMatchObject({
      conclusion: "neutral",
      title: "This change touches 1 drifted instance; acknowledged",
    });
    expect(run.summary).toContain("; acknowledged by `alice` |");
    expect(run.summary).not.toContain("Before you merge");
    expect(run.text).toContain("Acknowledged for this pull request by `alice` on 2026-11-22 07:30 UTC.");
    expect(run.annotations[0]).toMatchObject({ annotation_level: "notice" });
  });

  it("names the pull request that adopts it already: in the summary, the text and the annotation", () => {
    const adopted = { ...CHANGED, adoptedBy: 12 };
    const run = new Reports().checkRun([adopted]);
    expect(run.summary).toContain("; #12 adopts it |");
    expect(run.summary).toContain(
      "Before you merge: #12 adopts drift that this would undo; merge what is on purpose first.\n",
    );
    expect(run.text).toContain("\n#12 adopts it.\n");
    expect(run.annotations[0]?.message).toContain("\n#12 adopts it.");
    const other = { ...CHANGED, finding: { ...CHANGED.finding, fingerprint: "other" } };
    expect(new Reports().checkRun([adopted, other]).summary).toContain(
      "on purpose first. Of the others, adopt what was changed on purpose.",
    );
  });

  it("names twenty such pull requests at most, and counts the others", () => {
    const all = Array.from({ length: 25 }, (_, index) => ({ ...CHANGED, adoptedBy: index + 1 }));
    expect(new Reports().checkRun(all).summary).toContain("#19, #20 and 5 more adopt drift");
  });

  it("is called acknowledged only where all of it is", () => {
    const other = { ...CHANGED, finding: { ...CHANGED.finding, fingerprint: "other" } };
    const run = new Reports().checkRun([KNOWN, other], { ...PLAIN_CHANGE, fail: FAIL });
    expect(run).toMatchObject({ conclusion: "failure", title: "This change touches 1 drifted instance" });
  });

  it("says what was asked for with its buttons, in public too, where it says no more", () => {
    const asked = [md`\`alice\`, Rescan: scanned.`];
    const section = "### Asked for here\n\n- `alice`, Rescan: scanned.\n";
    expect(new Reports().checkRun([CHANGED], { ...PLAIN_CHANGE, asked }).summary).toContain(section);
    const run = publicCheckRun({ asked });
    expect(run.summary).toContain(section);
    expect(run.conclusion).toBe("neutral");
  });
});

describe("before a merge", () => {
  const advice = (...effects: Affected["effect"][]) => {
    const all = effects.map((effect, index) => {
      return { ...CHANGED, effect, finding: { ...CHANGED.finding, fingerprint: `f${index}` } };
    });
    return new Reports().checkRun(all).summary;
  };
  const ADOPT = "Before you merge: adopt what was changed on purpose";

  it("nobody is asked to adopt what the change destroys", () => {
    expect(advice("destroys")).toContain(
      "Before you merge: make sure that nobody needs these resources any more.",
    );
    expect(advice("destroys")).not.toContain("adopt");
  });

  it("what is undone is told apart from what is destroyed", () => {
    expect(advice("destroys", "reverts")).toContain(ADOPT);
    expect(advice("destroys", "reverts")).toContain(
      "Of what would be destroyed, make sure that nobody needs it",
    );
    expect(advice("replaces")).toContain(ADOPT);
    expect(advice("replaces")).not.toContain("destroyed, make sure");
  });
});

describe("the instances that a change of the code changes", () => {
  const SHOP: StackChange = {
    stack: "shop",
    instances: [
      { what: "added", address: "aws_instance.web[…]", count: 2 },
      { what: "changed", address: 'aws_instance.db["a|b<i>"]', count: 1 },
      { what: "removed", address: "aws_instance.old", count: 1 },
    ],
    undecided: 0,
    why: null,
  };
  const told = (
    changes: readonly StackChange[],
    notEvaluated: readonly { stack: string; why: string }[] = [],
  ) => new Reports().checkRun([], { ...PLAIN_CHANGE, notEvaluated, changes }).summary;

  it("are counted for each stack, and listed where a reader opens the list", () => {
    const summary = told([SHOP, { ...SHOP, stack: "<b>", instances: [] }]);
    expect(summary).toContain("\n`[…]` stands for the key of an instance that is not in the state yet");
    expect(told([{ ...SHOP, instances: SHOP.instances.slice(1) }])).not.toContain("stands for the key");
    expect(summary).toContain("- `shop`: 2 added, 1 changed, 1 removed\n- `<b>`: no instance\n");
    expect(summary).toContain("| `shop` | `aws_instance.web[…]` (2 times) | added |\n");
    expect(summary).toContain("| `shop` | `aws_instance.old` | removed |\n");
    const [before, list] = summary.split("<details>");
    expect(before).not.toContain("aws_instance");
    expect(list).not.toMatch(/a\|b|<i>/);
  });

  it("make no section where no stack reads what is changed, and no list where no instance is", () => {
    expect(told([])).not.toContain("###");
    expect(told([{ ...SHOP, instances: [] }])).not.toContain("<details>");
  });

  it("are said not to be all where they are not", () => {
    expect(told([{ ...SHOP, instances: [], why: "a.tf does not parse" }])).toContain(
      "- `shop`: not compared in full: a.tf does not parse\n",
    );
    expect(told([{ ...SHOP, undecided: 2, why: "an <i>" }])).toContain(
      "- `shop`: 2 added, 1 changed, 1 removed; 2 that may be there are not known; not compared in full: an &lt;i&gt;\n",
    );
    const why = "a.tf does not parse";
    const summary = told([{ ...SHOP, instances: [], why }], [{ stack: "shop", why }]);
    expect(summary.split(why)).toHaveLength(2);
  });

  it("stay within what a body has room for, the first of them", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({
      what: "added" as const,
      address: `aws_instance.web${String(index).padStart(4, "0")}`,
      count: 1,
    }));
    const all = Array.from({ length: 80 }, () => ({ ...SHOP, instances: many }));
    const summary = told(all);
    expect(summary).toContain("| `aws_instance.web0099` | added |");
    expect(summary).not.toContain("web0100");
    expect(summary).toContain("*399,900 more are left out here.*");
    expect(summary).toContain("- 30 more stacks\n");
    expect(Buffer.byteLength(summary)).toBeLessThan(58_000);
  });

  it("do not touch the conclusion or the title", () => {
    const run = new Reports().checkRun([], { ...PLAIN_CHANGE, changes: [{ ...SHOP, why: "x" }] });
    expect(run).toMatchObject({
      conclusion: "success",
      title: "Nothing that this change touches has drifted",
    });
  });

  it("are numbers alone in public", () => {
    const changes = [SHOP, { ...SHOP, stack: "other", why: "a.tf does not parse", undecided: 1 }];
    const { summary, conclusion } = publicCheckRun({ changes });
    expect(summary).toContain(
      "instances in the code of 2 stacks: 4 added, 2 changed, 2 removed; 1 that may be there is not known (1 stack not compared in full).",
    );
    expect(summary).not.toMatch(/aws_|shop|other\b|a\.tf/);
    expect(conclusion).toBe("neutral");
  });
});
