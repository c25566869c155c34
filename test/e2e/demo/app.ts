import type { SeenCheck, SeenIssue, SeenPull } from "../service/seen.ts";
import { FULL_NAME, type ServiceStage } from "../service/stage.ts";
import { shopFiles } from "../shop.ts";
import {
  closeAsTheIssueSays,
  openSshToTheWorld,
  resizeTheApi,
  retagTheWorker,
  tagTheWorkerBack,
} from "./console.ts";
import { excerpt } from "./excerpt.ts";
import { narrate } from "./narration.ts";
import type { Page } from "./page.ts";

/** What people found on GitHub, after each part of the story. */
export interface AppOutcome {
  readonly forged: number;
  readonly afterFirst: readonly SeenIssue[];
  readonly afterDrift: readonly SeenIssue[];
  readonly pull: SeenPull;
  readonly edit: readonly string[];
  readonly check: SeenCheck | undefined;
  readonly checkAtTheEnd: SeenCheck | undefined;
  readonly afterMerge: readonly SeenIssue[];
  readonly atTheEnd: readonly SeenIssue[];
  readonly merged: SeenPull;
  /** By number. */
  readonly comments: ReadonlyMap<number, readonly string[]>;
}

/** The GitHub App's whole loop. All that is shown of GitHub was read over its API. */
export async function showApp(page: Page, stage: ServiceStage): Promise<AppOutcome> {
  const endNarration = narrate(page, stage);
  try {
    const first = await install(page, stage);
    const drift = await drifted(page, stage);
    const office = await somebodyElse(page, stage);
    const end = await putRight(page, stage, drift, office.headSha);
    return { ...first, ...drift, check: office.check, ...end };
  } finally {
    endNarration();
  }
}

async function install(page: Page, stage: ServiceStage) {
  const { github, aws, service, seen } = stage;
  page.heading("The App: npm start, as a process of its own");
  page.list([
    `the service, process ${service.pid}, at ${service.url}: embedded database, queues, webhooks`,
    `an emulated GitHub at ${github.url}, with ${FULL_NAME} in it; it refuses every request that GitHub's own API description does not know`,
    `the built-in AWS at ${aws.url}, with a role that may read alone; the operator's access file gives it to acme/*`,
  ]);
  page.say("");
  for (const change of retagTheWorker(stage.model)) page.step(`in the console: ${change}`);
  const forged = await forgedWebhook(stage);
  page.step(`somebody sends a webhook with a wrong signature: answered ${forged}`);
  page.step("alice installs the App: GitHub sends `installation`, signed");
  await stage.install();
  await stage.quiet();
  const afterFirst = await seen.issues();
  page.heading("The first scan: a dashboard with all that is there already");
  for (const issue of afterFirst) showIssue(page, issue, ["Waiting for a decision", "Stacks"]);
  return { forged, afterFirst };
}

async function drifted(page: Page, stage: ServiceStage) {
  const { seen, model } = stage;
  page.heading("People use the console, and the daily scan comes");
  page.step(`in the console: ${resizeTheApi(model)}`);
  page.step(`in the console: ${openSshToTheWorld(model)}`);
  page.step("nobody waits for a day here: the clock's hand is turned until the repository is due");
  await stage.dailyScan();
  const afterDrift = await seen.issues();
  const number = afterDrift.find(({ isPull }) => isPull)?.number ?? 0;
  const pull = await seen.pull(number);
  page.heading("On purpose, says a rule: a pull request that edits the code");
  showIssue(page, pull, ["What merging does"]);
  const edit: string[] = [];
  page.say(`\nBranch ${pull.branch}, its only change:\n`);
  for (const { path, patch } of await seen.files(number)) {
    page.diff(`--- a/${path}\n+++ b/${path}\n${patch}`);
    edit.push(path, ...patch.split("\n").filter((line) => /^[-+]/.test(line)));
  }
  page.heading("Not on purpose, as far as anybody said: an issue with the plan to revert it");
  for (const issue of afterDrift.filter(isCritical)) showIssue(page, issue, ["To revert it"]);
  return { afterDrift, pull, edit };
}

async function somebodyElse(page: Page, stage: ServiceStage) {
  const { github, seen } = stage;
  page.heading("bob opens a pull request that touches the same security group");
  const path = "environments/prod.tfvars";
  const text = (await shopFiles())[path] ?? "";
  const files = { [path]: text.replace('["10.20.0.0/16"]', '["10.20.0.0/16", "10.99.0.0/24"]') };
  const bob = github.person("bob");
  const headSha = await bob.commit(FULL_NAME, { branch: "office", files, message: "Let the office in" });
  const number = await bob.openPullRequest(FULL_NAME, "office", "Let the office in");
  await stage.quiet();
  page.say("");
  for (const { patch } of await seen.files(number)) page.diff(patch);
  const check = await checkOf(stage, headSha);
  page.say("\nThe check run on it:\n");
  if (check !== undefined) showCheck(page, check);
  return { headSha, check };
}

async function putRight(
  page: Page,
  stage: ServiceStage,
  { pull, afterDrift }: { readonly pull: SeenPull; readonly afterDrift: readonly SeenIssue[] },
  officeSha: string,
) {
  const { github, seen, model } = stage;
  page.heading("alice merges, and somebody closes what is open");
  page.step(`alice merges #${pull.number}`);
  await github.person("alice").merge(FULL_NAME, pull.number, new Date());
  await stage.quiet();
  const afterMerge = await seen.issues();
  const critical = afterDrift.find(isCritical);
  const command = closeAsTheIssueSays(model, critical?.body ?? "");
  page.step(`with the issue's own command: ${command.split(" --")[0]} …`);
  page.step(`in the console: ${tagTheWorkerBack(model)}`);
  await stage.dailyScan();
  const atTheEnd = await seen.issues();
  const comments = new Map<number, readonly string[]>();
  page.say("");
  for (const { number, title, state, isPull } of atTheEnd) {
    const said = await seen.comments(number);
    comments.set(number, said);
    const merged = isPull && (await seen.pull(number)).merged;
    page.list([`#${number} ${merged ? "merged" : state}: ${title}`]);
    for (const text of said) page.quote(excerpt(text, []));
  }
  const checkAtTheEnd = await checkOf(stage, officeSha);
  page.list([`The check run on bob's pull request: ${checkAtTheEnd?.title}`]);
  return { afterMerge, atTheEnd, comments, checkAtTheEnd, merged: await seen.pull(pull.number) };
}

export function isCritical({ title, isPull }: SeenIssue): boolean {
  return !isPull && title.startsWith("Critical");
}

async function forgedWebhook({ service }: ServiceStage): Promise<number> {
  const response = await fetch(`${service.url}/api/github/webhooks`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "x-github-event": "installation",
      "x-github-delivery": crypto.randomUUID(),
      "x-hub-signature-256": `sha256=${"0".repeat(64)}`,
    },
    body: JSON.stringify({ action: "deleted", installation: { id: 1001 } }),
  });
  await response.arrayBuffer();
  return response.status;
}

async function checkOf({ seen }: ServiceStage, commit: string): Promise<SeenCheck | undefined> {
  return (await seen.checks(commit)).find(({ name }) => name === "Driftwright");
}

function showIssue(
  page: Page,
  { number, title, author, body }: SeenIssue,
  sections: readonly string[],
): void {
  page.say(`#${number} ${title}`);
  page.say(`by ${author}\n`);
  page.quote(excerpt(body, sections));
}

function showCheck(page: Page, { name, conclusion, title, summary, annotations }: SeenCheck): void {
  page.quote(`${name}: ${title} (${conclusion})\n\n${excerpt(summary, [])}`);
  for (const { path, line, level, title: heading, message } of annotations) {
    page.quote(`\n${level} on ${path}:${line}: ${heading}\n${message}`);
  }
}
