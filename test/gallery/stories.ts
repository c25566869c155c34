import { retag } from "../e2e/aws/changes.ts";
import { instanceIdOf, shopFiles } from "../e2e/shop.ts";
import { changeConfig, commit, letEverybodyIn, putRight, resize } from "../jobs/drift.ts";
import { FULL_NAME, type Stage } from "../jobs/stage.ts";
import type { Exhibit } from "./page.ts";

const CONFIG = ".github/driftwright.yml";
const HOUR = 60 * 60_000;

/** The App is installed where nobody has configured it. */
export async function onboarding(stage: Stage): Promise<Exhibit[]> {
  resize(stage);
  await stage.scan();
  const about =
    "The first thing that the App writes in a repository without a configuration, and the only one until it is merged.";
  return [await thread(stage, 1, { title: "Onboarding", about })];
}

/** From the first scan to everything closed. */
export async function mainLoop(stage: Stage): Promise<Exhibit[]> {
  const { model } = stage;
  await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: true"));
  retag(model, instanceIdOf(model, "shop-prod-worker"), "Schedule", "always");
  await stage.scan();
  resize(stage);
  letEverybodyIn(stage);
  retag(model, instanceIdOf(model, "shop-prod-api"), "LastPatched", "2026-11-01");
  later(stage, 6);
  await stage.scan();
  const exhibits = [
    await thread(stage, 2, {
      title: "Adoption",
      about: "Somebody resized an instance in the console, and a rule says that sizes are on purpose.",
    }),
    await thread(stage, 3, {
      title: "Issue with the plan to revert",
      about: "Somebody opened a port to the world, and nobody said that this is on purpose.",
    }),
    await checkRun(stage, "office", await letTheOfficeIn(), {
      title: "Check run",
      about: "A pull request of somebody else changes the rules of the same security group.",
    }),
  ];
  await stage.scan();
  exhibits.push(
    await thread(stage, 1, {
      title: "Dashboard",
      about: "It is there from the first scan on, and changes with what it tells of.",
    }),
  );
  for (const said of ["/drift explain", "/drift help", "/drift ignore until tomorrow"]) {
    await stage.comment(3, said);
    await stage.drain();
    const about = `\`${said}\` in a comment on the issue.`;
    exhibits.push(await lastComment(stage, 3, { title: `Answer to \`${said}\``, about }));
  }
  await stage.github.person("alice").merge(FULL_NAME, 2, stage.now());
  putRight(stage);
  resize(stage);
  later(stage, 30);
  await stage.scan();
  exhibits.push(
    await lastComment(stage, 2, {
      title: "Verified after the merge",
      about: "The pull request was merged, and the next scan looked.",
    }),
    await lastComment(stage, 3, {
      title: "Closing note",
      about: "The port is closed again; the issue closes by itself.",
    }),
  );
  return exhibits;
}

/** Drift that shares an issue. */
export async function grouped(stage: Stage): Promise<Exhibit[]> {
  const { model } = stage;
  const api = instanceIdOf(model, "shop-prod-api");
  await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ngrouping: resource"));
  await stage.scan();
  for (const [key, value] of GROUPED_TAGS) retag(model, api, key, value);
  await stage.scan();
  retag(model, api, "Project", "shop");
  later(stage, 30);
  await stage.scan();
  const exhibits = [
    await thread(stage, 1, {
      title: "Issue about several drifts",
      about:
        "`grouping: resource` in the configuration: three tags of one instance were changed, and one is right again.",
    }),
  ];
  await stage.comment(1, "/drift ignore aws_instance.api");
  await stage.drain();
  exhibits.push(
    await lastComment(stage, 1, {
      title: "Answer to a command that names what is not there",
      about: "`/drift ignore aws_instance.api` in a comment on that issue.",
    }),
  );
  return exhibits;
}

const GROUPED_TAGS = [
  ["Schedule", "nights"],
  ["Service", "orders"],
  ["Project", "shops"],
] as const;

/** What a person closes is explained. */
export async function closedByPeople(stage: Stage): Promise<Exhibit[]> {
  const alice = stage.github.person("alice");
  await stage.scan();
  resize(stage);
  letEverybodyIn(stage);
  await stage.scan();
  await alice.closePullRequest(FULL_NAME, 1);
  await alice.closeIssue(FULL_NAME, 2, "not_planned");
  await stage.scan();
  return [
    await lastComment(stage, 1, {
      title: "Pull request closed by a person",
      about: "It was closed without merging.",
    }),
    await lastComment(stage, 2, {
      title: "Issue closed as not planned",
      about: "Somebody does not want to hear of it for now.",
    }),
  ];
}

/** A configuration with mistakes. */
export async function configuration(stage: Stage): Promise<Exhibit[]> {
  await stage.scan();
  const text = (await shopFiles())[CONFIG] ?? "";
  const wrong = text.replace("verdict: adopt", "verdict: adpot").replace("2032-12-31", "2032-13-31");
  const exhibits = [
    await checkRun(
      stage,
      "rules",
      { [CONFIG]: wrong },
      { title: "Check of the configuration", about: "A pull request changes the file, with mistakes." },
      "Driftwright configuration",
    ),
  ];
  await commit(stage, { [CONFIG]: wrong });
  await stage.scan();
  const number = (await stage.issues()).find(({ isPull }) => !isPull)?.number ?? 0;
  exhibits.push(
    await thread(stage, number, {
      title: "Issue about the configuration",
      about: "The mistakes reached the default branch.",
    }),
  );
  await commit(stage, { [CONFIG]: text });
  await stage.scan();
  exhibits.push(
    await lastComment(stage, number, {
      title: "Configuration repaired",
      about: "The issue closes by itself.",
    }),
  );
  return exhibits;
}

/** Everyone can read the repository. */
export async function publicRepository(stage: Stage): Promise<Exhibit[]> {
  stage.github.change("shop", { private: false });
  await changeConfig(stage, (text) => text.replace("version: 1", "version: 1\ndashboard: true"));
  resize(stage);
  letEverybodyIn(stage);
  await stage.scan();
  const about = "Everyone can read it, so it has numbers alone.";
  return [
    await thread(stage, 1, { title: "Dashboard of a public repository", about }),
    await checkRun(stage, "office", await letTheOfficeIn(), {
      title: "Check run of a public repository",
      about,
    }),
  ];
}

type Label = Pick<Exhibit, "title" | "about">;

async function thread(stage: Stage, number: number, label: Label): Promise<Exhibit> {
  const found = (await stage.issues()).find((one) => one.number === number);
  if (found === undefined) throw new Error(`there is no #${number} for the gallery`);
  const kind = found.isPull ? "Pull request" : "Issue";
  return { ...label, heading: `${kind} #${number}: ${found.title}`, body: found.body };
}

async function lastComment(stage: Stage, number: number, label: Label): Promise<Exhibit> {
  const body = (await stage.comments(number)).at(-1);
  if (body === undefined) throw new Error(`#${number} has no comment for the gallery`);
  return { ...label, heading: `Comment on #${number}`, body };
}

interface Output {
  readonly title: string;
  readonly summary: string;
  readonly text: string | null;
}

interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly annotation_level: string;
  readonly title: string | null;
  readonly message: string;
}

async function checkRun(
  stage: Stage,
  branch: string,
  files: Readonly<Record<string, string>>,
  label: Label,
  name = "Driftwright",
): Promise<Exhibit> {
  const bob = stage.github.person("bob");
  const headSha = await bob.commit(FULL_NAME, { branch, files });
  const pullRequest = await bob.openPullRequest(FULL_NAME, branch);
  await stage.run("annotate", { ...stage.job, headSha, pullRequest });
  const { check_runs: runs } = (await bob.send(
    "GET",
    `/repos/${FULL_NAME}/commits/${headSha}/check-runs`,
  )) as unknown as { check_runs: { id: number; name: string; conclusion: string; output: Output }[] };
  const run = runs.find((one) => one.name === name);
  if (run === undefined) throw new Error(`there is no check run called ${name} for the gallery`);
  const { title, summary, text } = run.output;
  const { body } = await bob.try("GET", `/repos/${FULL_NAME}/check-runs/${run.id}/annotations`);
  const notes = (body as unknown as Annotation[]).map(annotationText);
  return {
    ...label,
    heading: `${name}: ${title} (${run.conclusion})`,
    body: [summary, text ?? "", ...(notes.length === 0 ? [] : ["**Annotations**", ...notes])]
      .map((part) => part.trim())
      .filter((part) => part !== "")
      .join("\n\n"),
  };
}

/** As it stands beside the line. Plain text, so in a block of its own. */
function annotationText({ path, start_line: line, annotation_level: level, title, message }: Annotation) {
  return `\`\`\`text\n${path}:${line} (${level}) ${title ?? ""}\n${message}\n\`\`\``;
}

async function letTheOfficeIn(): Promise<Record<string, string>> {
  const path = "environments/prod.tfvars";
  const text = (await shopFiles())[path] ?? "";
  return { [path]: text.replace('["10.20.0.0/16"]', '["10.20.0.0/16", "10.99.0.0/24"]') };
}

function later(stage: Stage, hours: number): void {
  stage.ahead += hours * HOUR;
}
