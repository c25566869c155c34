import { CONFIG_PATH } from "../../../src/config/model.ts";
import { isWrite } from "../github/layer.ts";
import { type SeenIssue, SeenRepository } from "../service/seen.ts";
import type { ServiceStage } from "../service/stage.ts";
import type { Claim } from "./claim.ts";
import { excerpt } from "./excerpt.ts";
import { narrate } from "./narration.ts";
import type { Page } from "./page.ts";

/** The repository that nobody has configured. */
export const UNCONFIGURED = "warehouse";

/** What is there after the App was given that repository. */
interface OnboardingOutcome {
  readonly made: readonly SeenIssue[];
  readonly files: readonly string[];
  readonly writes: readonly string[];
}

/** How the App begins in a repository: it proposes a configuration, and writes nothing else. */
export async function showOnboarding(page: Page, stage: ServiceStage): Promise<OnboardingOutcome> {
  const endNarration = narrate(page, stage);
  const { github } = stage;
  const { owner, name } = github.repository(UNCONFIGURED);
  const seen = new SeenRepository(github, `${owner}/${name}`);
  page.heading("A repository that nobody has configured");
  page.step(`alice gives the App ${owner}/${name} too; in AWS the role is not open to it yet`);
  const before = github.requests.length;
  await stage.give(UNCONFIGURED);
  await stage.quiet();
  endNarration();
  const made = await seen.issues();
  const [pull] = made;
  if (pull === undefined) return { made, files: [], writes: [] };
  page.heading("One pull request that proposes how, and nothing else");
  page.say(`#${pull.number} ${pull.title}`);
  page.say(`by ${pull.author}\n`);
  page.quote(excerpt(pull.body, ["What was found", "What is still missing"]));
  const files = await seen.files(pull.number);
  for (const { path, patch } of files) page.diff(`--- /dev/null\n+++ b/${path}\n${patch}`);
  const writes = github.requests.slice(before).filter((request) => isWrite(request));
  return {
    made,
    files: files.map(({ path }) => path),
    writes: writes
      .filter(({ path }) => path.includes(`/${name}/`))
      .map(({ method, path }) => `${method} ${path}`),
  };
}

export function claimsAboutOnboarding({ made, files, writes }: OnboardingOutcome): readonly Claim[] {
  const [pull, ...others] = made;
  return [
    {
      text: `the repository that nobody has configured has one pull request, which adds ${CONFIG_PATH} alone, and nothing else but the check of that`,
      holds:
        others.length === 0 &&
        pull?.isPull === true &&
        pull.title === "Set up Driftwright" &&
        files.join() === CONFIG_PATH &&
        writes.length > 0 &&
        writes.every((write) => /\/(git\/(trees|commits|refs)|pulls|check-runs(\/\d+)?)$/.test(write)),
    },
    {
      text: "it says that the role is not open to the repository yet, and how to open it",
      holds: /driftwright-\d+/.test(pull?.body ?? "") && pull?.body.includes("sts:AssumeRole") === true,
    },
  ];
}
