import { describe, expect, it, vi } from "vitest";
import { replyBody } from "../../src/jobs/command-replies.ts";
import { byteLength } from "../../src/reports/budget.ts";
import { cutAfterWork } from "../e2e/github/faults.ts";
import { shopFiles } from "../e2e/shop.ts";
import { answerTo, decisions, verdicts } from "./answers.ts";
import { commit, drifted, putRight, resize, retagged, states } from "./drift.ts";
import { FULL_NAME, type Stage, stagePerTest } from "./stage.ts";

vi.setConfig({ testTimeout: 60_000 });

const set = stagePerTest();
const DAY = 24 * 60 * 60 * 1000;

/** Decisions that count: who said what. */
async function decided(stage: Stage): Promise<string[]> {
  return (await decisions(stage)).map(({ by, verdict, until }) =>
    [by, verdict, ...(until ? [until] : [])].join(" "),
  );
}

describe("/drift adopt", () => {
  it("on an issue: a pull request takes its place, and the comment that answers says which", async () => {
    const stage = await retagged(set.stage);
    const comment = await stage.comment(1, "/drift adopt because we need it");
    await stage.run("command", stage.job);
    expect(stage.github.reactions(comment)).toEqual(["driftwright[bot] eyes"]);
    expect(await answerTo(stage, 1, comment)).toMatch(/^`\/drift adopt` \(alice\): noted\./);
    await stage.drain();
    expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 open"]);
    expect(await answerTo(stage, 1, comment)).toBe("`/drift adopt` (alice): #2 adopts it.");
    expect(await said(stage, 1)).toEqual([
      expect.stringContaining("so #2, which adopts it, takes the place of this issue."),
    ]);
    expect((await stage.issues())[1]?.body).toMatch(/alice said adopt on .*The reason: we need it/s);
    const before = stage.writes.length;
    await stage.scan();
    await stage.run("command", stage.job);
    expect(stage.writes.slice(before)).toEqual([]);
  });

  it("whose pull request is merged and applied: so it is said, and what was decided ends with the drift", async () => {
    const stage = await retagged(set.stage);
    await stage.comment(1, "/drift adopt");
    await stage.drain();
    await stage.github.person("alice").merge(FULL_NAME, 2, stage.now());
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 closed"]);
    expect((await stage.comments(2)).map((text) => text.slice(0, 9))).toEqual(["Verified:"]);
    // Only the state does not know yet; somebody applies.
    const state = (await shopFiles())["prod.tfstate"] ?? "";
    await commit(stage, { "prod.tfstate": state.replaceAll('"Schedule": "always"', '"Schedule": "nights"') });
    await stage.scan();
    expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 closed"]);
    expect(await stage.comments(2)).toHaveLength(1);
  });

  it("brings back a pull request that somebody closed", async () => {
    const stage = await drifted(set.stage);
    await stage.github.person("bob").closePullRequest(FULL_NAME, 1);
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 open"]);
    await stage.comment(1, "/drift adopt");
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open", "issue 3 closed"]);
    expect((await stage.comments(1)).join()).toContain("decided to adopt this after all");
  });

  it("whose edit cannot be proven says why", async () => {
    const stage = await drifted(set.stage);
    const comment = await stage.comment(2, "/drift adopt");
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
    expect(await answerTo(stage, 2, comment)).toMatch(/found no edit that can be made\..*be shared/);
  });

  it("of drift that is gone says so", async () => {
    const stage = await drifted(set.stage);
    putRight(stage);
    await stage.scan();
    const comment = await stage.comment(2, "/drift adopt");
    await stage.drain();
    expect(await answerTo(stage, 2, comment)).toContain("nothing to decide");
    expect(await decided(stage)).toEqual([]);
  });
});

describe("/drift ignore", () => {
  it("closes the issue as not planned until its day, and it comes back then", async () => {
    const stage = await drifted(set.stage);
    const day = new Date(Date.now() + 10 * DAY).toISOString().slice(0, 10);
    const comment = await stage.comment(2, `/drift ignore until ${day} because it is a test`);
    await stage.drain();
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 closed"]);
    const issue = await stage.github.person("alice").send("GET", `/repos/${FULL_NAME}/issues/2`);
    expect(issue["state_reason"]).toBe("not_planned");
    expect(await answerTo(stage, 2, comment)).toBe(
      `\`/drift ignore\` (alice): this drift is ignored until the end of ${day} (UTC), unless its values change. What is there then is told again. The reason: it is a test`,
    );
    expect(await decided(stage)).toEqual([`alice ignore ${day}`]);
    await stage.scan();
    expect((await states(stage))[1]).toBe("issue 2 closed");
    stage.ahead = 12 * DAY;
    await stage.scan();
    expect((await states(stage))[1]).toMatch(/^issue 2 open$/);
  });

  it("without a day is for 90 days, and on a pull request closes that", async () => {
    const stage = await drifted(set.stage);
    await stage.comment(1, "/drift ignore");
    await stage.drain();
    await stage.scan();
    expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
    const day = new Date(Date.now() + 90 * DAY).toISOString().slice(0, 10);
    expect(await decided(stage)).toEqual([`alice ignore ${day}`]);
  });
});

/** What is said where something is closed or opened again, but for answers. */
async function said(stage: Stage, number: number): Promise<string[]> {
  const own = await stage.comments(number);
  return own
    .filter((text) => !/comment:v1 command:|^\/drift/.test(text))
    .map((text) => text.split("\n")[0] ?? "");
}

it("/drift revert on a pull request: an issue with the plan takes its place, and is named there", async () => {
  const stage = await drifted(set.stage);
  const comment = await stage.comment(1, "/drift revert because it was an accident");
  await stage.run("command", stage.job);
  expect(await answerTo(stage, 1, comment)).toMatch(/^`\/drift revert` \(alice\): noted\./);
  await stage.drain();
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 open"]);
  expect(await answerTo(stage, 1, comment)).toBe(
    "`/drift revert` (alice): this is to be undone. #3 has the plan, in place of this pull request.",
  );
  expect(await said(stage, 1)).toEqual([
    expect.stringContaining("so #3 takes the place of this pull request"),
  ]);
  expect((await stage.issues())[2]?.body).toMatch(/The reason: it was an accident.*### To revert it/s);
});

it("a person who changes their mind: what is open again says that somebody decided so, and not that drift returned", async () => {
  const stage = await drifted(set.stage);
  await stage.comment(1, "/drift revert");
  await stage.drain();
  stage.ahead += 60_000;
  await stage.comment(1, "/drift adopt");
  await stage.drain();
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open", "issue 3 closed"]);
  expect((await said(stage, 1)).slice(1)).toEqual([
    expect.stringContaining("decided to adopt this after all"),
  ]);
  stage.ahead += 60_000;
  const comment = await stage.comment(1, "/drift revert");
  await stage.drain();
  expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open", "issue 3 open"]);
  expect((await said(stage, 3)).slice(1)).toEqual([expect.stringContaining("that this is to be undone")]);
  expect(await answerTo(stage, 1, comment)).toContain("#3 has the plan");
  // What comes back by itself is another matter.
  stage.ahead += 60_000;
  putRight(stage);
  await stage.scan();
  resize(stage);
  await stage.scan();
  expect((await said(stage, 1)).at(-1)).toContain("The drift is there again");
});

it("who says two contrary things at once is told which counts", async () => {
  const stage = await drifted(set.stage);
  const comment = await stage.comment(1, "/drift revert\n/drift adopt");
  await stage.drain();
  expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
  expect(await answerTo(stage, 1, comment)).toBe(
    "`/drift revert` (alice): something else was decided since then, and that counts.\n\n`/drift adopt` (alice): #1 adopts it.",
  );
});

describe("/drift explain", () => {
  it("tells what counts now, whatever the last scan knew", async () => {
    const stage = await retagged(set.stage);
    const explained = async () => {
      stage.ahead += 60_000;
      const comment = await stage.comment(1, "/drift explain");
      await stage.drain();
      return await answerTo(stage, 1, comment);
    };
    expect(await explained()).toMatch(/undecided\n- No rule decides\./);
    await stage.comment(1, "/drift ignore until 2099-01-01");
    await stage.drain();
    expect(await explained()).toMatch(
      /ignore, by `@alice`\n- alice said ignore on .*\n- It holds until .*\n- Said since the last scan\./,
    );
    await stage.scan();
    expect(await explained()).toMatch(/ignore, by `@alice`(?!.*since the last scan)/s);
    await stage.comment(1, "/drift adopt");
    await stage.run("command", stage.job);
    const comment = await stage.comment(1, "/drift explain");
    await stage.run("command", stage.job);
    expect(await answerTo(stage, 1, comment)).toContain(
      "`@alice` said adopt since the last scan, and the next one looks for the edit.",
    );
  });

  it("tells that what was said is over", async () => {
    const stage = await retagged(set.stage);
    await stage.comment(1, "/drift ignore until 2099-01-01");
    await stage.drain();
    await stage.scan();
    await stage.database.kysely.updateTable("decisions").set({ ended_at: stage.now() }).execute();
    const comment = await stage.comment(1, "/drift explain");
    await stage.drain();
    expect(await answerTo(stage, 1, comment)).toMatch(
      /does not hold any more since the last scan(?!.*alice said)/s,
    );
  });
});

describe("on a pull request that was merged", () => {
  it.each(["adopt", "revert"])(
    "/drift %s: nothing is left to decide, and what remains is said",
    async (name) => {
      const stage = await drifted(set.stage);
      await stage.github.person("alice").merge(FULL_NAME, 1, stage.now());
      const answered = async (said: string) => {
        const comment = await stage.comment(1, said);
        await stage.drain();
        return await answerTo(stage, 1, comment);
      };
      expect(await answered(`/drift ${name}`)).toMatch(/not done: this was merged.*The next scan looks/);
      await stage.scan();
      expect(await answered(`/drift ${name}`)).toMatch(
        /only the state is behind.*To take the change back, change/,
      );
      expect(await answered("/drift explain")).toMatch(
        /\*\*: nothing to decide, since the code and the cloud agree\n- Only the state is behind/,
      );
      expect(await decided(stage)).toEqual([]);
      expect(await states(stage)).toEqual(["pull 1 closed", "issue 2 open"]);
    },
  );
});

it("/drift rescan says what the scan found, in the comment that said that it was begun", async () => {
  const stage = await drifted(set.stage);
  const there = await stage.comment(2, "/drift rescan");
  await stage.drain();
  expect(await answerTo(stage, 2, there)).toMatch(/scanned at .* \(UTC\)\. The drift is still there\.$/);
  putRight(stage);
  const gone = await stage.comment(2, "/drift rescan");
  await stage.run("command", stage.job);
  expect(await answerTo(stage, 2, gone)).toContain("a scan is on its way");
  await stage.drain();
  expect(await answerTo(stage, 2, gone)).toContain("This drift is gone");
  expect((await states(stage))[1]).toBe("issue 2 closed");
});

describe("an answer", () => {
  it.each<[string, number, RegExp]>([
    ["/drift explain", 1, /\*\*.*`instance_type`.*adopt, by the rule.*\n.*Rule "/s],
    ["/drift explain", 2, /undecided\n- No rule decides\./],
    ["/drift help", 2, /`\/drift ignore`: nothing is said of it for 90 days/],
    ["/drift help", 2, /On the dashboard, .*`ignore` and `explain` always need that name/],
    ["/drift", 2, /^`\/drift help` \(alice\): see below\.\n\nThese commands are known/],
    ["/drift adpot @bob", 2, /`adpot` is no command; did you mean `\/drift adopt`\?\n\nThese commands/],
    ["/drift burn", 2, /`burn` is no command\.\n\nThese commands/],
    [
      "/drift ignore until next week",
      2,
      /`next week` is no day\. Write it as `\d{4}-\d\d-\d\d`, or how long: `for 14 days`\.\n\nThese/,
    ],
    ["/drift ignore until 2026-13-01", 2, /`2026-13-01` is no day\. Write/],
    ["/drift ignore forever", 2, /`forever` means nothing after `ignore`\. Write until when, as `\d{4}-/],
    [
      "/drift adopt it",
      2,
      /`it` means nothing after `adopt`\. A drift is named by the address of its resource, and a reason begins/,
    ],
    ["/drift rescan now", 2, /`now` means nothing after `rescan`\.\n\nThese/],
    ["/drift adopt because", 2, /there is no reason after `because`\./],
  ])("to %s on %i", async (body, number, expected) => {
    const stage = await drifted(set.stage);
    const comment = await stage.comment(number, body);
    await stage.drain();
    expect(await answerTo(stage, number, comment)).toMatch(expected);
    expect(stage.github.reactions(comment)).toEqual(["driftwright[bot] eyes"]);
    expect(await states(stage)).toEqual(["pull 1 open", "issue 2 open"]);
  });

  it("to several mistakes has a line for each, and the help once", async () => {
    const stage = await drifted(set.stage);
    const comment = await stage.comment(2, "/drift adpot\n/drift ignore until soon\n/drift help");
    await stage.drain();
    const answer = (await answerTo(stage, 2, comment)) ?? "";
    expect(answer.match(/`\/drift [^`]*` \(alice\): .*/g)).toEqual([
      "`/drift adpot` (alice): `adpot` is no command; did you mean `/drift adopt`?",
      expect.stringMatching(/^`\/drift ignore until soon` \(alice\): `soon` is no day/),
      "`/drift help` (alice): see below.",
    ]);
    expect(answer.split("These commands are known")).toHaveLength(2);
    expect(answer.trimEnd()).toMatch(/after the policy of the organization\.$/);
  });

  it("to several commands is one comment, in their order; those of an edit are added", async () => {
    const stage = await drifted(set.stage);
    const comment = await stage.comment(2, "/drift help\n\n/drift explain");
    await stage.drain();
    const before = stage.writes.length;
    await stage.comment(2, "/drift help\n\n/drift explain", { edits: comment });
    await stage.drain();
    expect(stage.writes.slice(before)).toEqual([]);
    await stage.comment(2, "/drift explain\n\n/drift rescan", { edits: comment, login: "bob" });
    await stage.drain();
    const parts = (await answerTo(stage, 2, comment))?.match(/^`\/drift [a-z]+` \([a-z]+\)/gm);
    expect(parts).toEqual(["`/drift help` (alice)", "`/drift explain` (alice)", "`/drift rescan` (bob)"]);
  });
});

describe("a comment that is edited again and again", () => {
  it("has one answer that GitHub takes, with the newest, and no more than thirty commands of it are taken", async () => {
    const stage = await retagged(set.stage);
    const ISSUE = 1;
    const words = (from: number) =>
      Array.from({ length: 10 }, (_, index) => `/drift word${from + index}`).join("\n");
    const id = await stage.comment(ISSUE, words(0));
    await stage.drain();
    for (const from of [10, 20, 30]) {
      await stage.comment(ISSUE, words(from), { edits: id });
      await stage.drain();
    }
    const answers = (await stage.comments(ISSUE)).filter((text) => text.includes("is no command"));
    expect(answers).toHaveLength(1);
    expect(answers[0]?.match(/`word\d+` is no command/g)).toHaveLength(30);
    expect(answers[0]).not.toContain("word30");
    expect(answers[0]).toContain("No more commands are taken from this comment");
  });

  it("leaves out the oldest answers where there is no room, and counts them", () => {
    const given = Array.from({ length: 8 }, (_, index) => ({
      command: { name: "explain" } as const,
      author: `person${index}`,
      outcome: "x".repeat(20_000),
    }));
    const body = replyBody(given as never);
    expect(body).toMatch(/^\*6 earlier answers had no room here\.\*/);
    expect(body.match(/person\d/g)).toEqual(["person6", "person7"]);
    expect(byteLength(body)).toBeLessThan(65_536);
  });
});

describe("nothing comes of a command", () => {
  it.each<[string, number, Parameters<Stage["comment"]>[2]]>([
    ["of a bot", 2, { login: "renovate[bot]", type: "Bot" }],
    ["on what is not ours", 3, {}],
  ])("%s", async (_what, number, by) => {
    const stage = await drifted(set.stage);
    await stage.github.person("bob").openIssue(FULL_NAME, "mine", "");
    await stage.comment(number, "/drift adopt", by);
    expect(stage.waiting).toEqual([]);
  });

  it("in a quote, or in code", async () => {
    const stage = await drifted(set.stage);
    await stage.comment(2, "> /drift adopt\n\n```\n/drift adopt\n```");
    expect(stage.waiting).toEqual([]);
  });

  it("of somebody who may not write, who is told", async () => {
    const stage = await drifted(set.stage);
    stage.github.permit("bob", "read");
    const comment = await stage.comment(2, "/drift adopt", { login: "bob" });
    await stage.drain();
    expect(await answerTo(stage, 2, comment)).toContain("only who may write to this repository");
    expect(await decided(stage)).toEqual([]);
  });

  it("of somebody who may not write to a public repository: a sign, and no answer", async () => {
    const stage = await drifted(set.stage);
    stage.github.change("shop", { private: false });
    stage.github.permit("bob", "read");
    const comment = await stage.comment(2, "/drift explain", { login: "bob" });
    await stage.drain();
    expect(await answerTo(stage, 2, comment)).toBeNull();
    expect(stage.github.reactions(comment)).toEqual(["driftwright[bot] -1"]);
  });

  it("in a public repository that tells no details", async () => {
    const stage = await drifted(set.stage);
    stage.github.change("shop", { private: false });
    const comment = await stage.comment(2, "/drift explain");
    await stage.run("command", stage.job);
    expect(await answerTo(stage, 2, comment)).toContain("everyone can read this repository");
    const asked = await stage.comment(2, "/drift help\n/drift burn");
    await stage.run("command", stage.job);
    const help = (await answerTo(stage, 2, asked)) ?? "";
    expect(help.match(/^- `\/drift \w+/gm)).toEqual([
      "- `/drift rescan",
      "- `/drift confirm",
      "- `/drift help",
    ]);
    expect(help).toContain("`burn` is no command.");
    expect(help.split("These commands are known")).toHaveLength(2);
  });
});

describe("opened access with code owners", () => {
  const owned = async (owners: string): Promise<Stage> => {
    const stage = await drifted(set.stage);
    await commit(stage, { ".github/CODEOWNERS": `*.md @bob\n*.tf ${owners}\n` });
    return stage;
  };

  it.each<[string, string, boolean]>([
    ["one of them", "@Alice @bob", true],
    ["a team of theirs", "@acme/platform", true],
    ["none of them", "@bob @acme/others ops@example.com", false],
  ])("is adopted by %s", async (_what, owners, isDone) => {
    const stage = await owned(owners);
    stage.github.joinTeam("platform", "alice");
    const comment = await stage.comment(2, "/drift adopt");
    await stage.drain();
    expect(await decided(stage)).toEqual(isDone ? ["alice adopt"] : []);
    const [decision] = await decisions(stage);
    expect(decision?.revision ?? null).toEqual(isDone ? expect.any(String) : null);
    if (!isDone)
      expect(await answerTo(stage, 2, comment)).toMatch(/only an owner of `.*\.tf`.*`bob`, `acme\/others`/);
  });

  it("and any other drift by everybody who may write", async () => {
    const stage = await owned("@bob");
    await stage.comment(1, "/drift ignore");
    await stage.comment(2, "/drift revert");
    await stage.drain();
    expect((await verdicts(stage)).toSorted()).toEqual(["ignore", "revert"]);
  });
});

describe("an issue closed as not planned by somebody who may not decide that", () => {
  it.each<[string, (stage: Stage) => unknown]>([
    ["since they may not write", ({ github }) => github.permit("bob", "read")],
    ["since others own the code", (stage) => commit(stage, { CODEOWNERS: "* @alice\n" })],
  ])("%s: it is told, and opens again", async (_what, prepare) => {
    const stage = await drifted(set.stage);
    await prepare(stage);
    await stage.github.person("bob").closeIssue(FULL_NAME, 2, "not_planned");
    await stage.run("reconcile", stage.job);
    expect(await decided(stage)).toEqual([]);
    expect((await stage.comments(2)).at(-1)).toContain("So the drift is not ignored");
    await stage.scan();
    expect((await states(stage))[1]).toBe("issue 2 open");
  });
});

it("the same comment, delivered and worked off again and again, is done once", async () => {
  const stage = await retagged(set.stage);
  const comment = await stage.comment(1, "/drift adopt");
  for (let after = 0; after < 3; after += 1) {
    stage.github.misbehave({ method: "POST", path: /reactions$|comments$/, after, fault: cutAfterWork() });
    await stage.run("command", stage.job).catch(({ name }: Error) => expect(name).toBe("Unavailable"));
    stage.github.behave();
  }
  await stage.comment(1, "/drift adopt", { edits: comment });
  await stage.drain();
  expect(await states(stage)).toEqual(["issue 1 closed", "pull 2 open"]);
  // The answer, and why the issue is closed.
  expect(await stage.comments(1)).toHaveLength(3);
});
