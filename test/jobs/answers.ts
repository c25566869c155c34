import { expect } from "vitest";
import type { Decision } from "../../src/intent/decision.ts";
import { latestDecisions } from "../../src/store/decisions.ts";
import type { Stage } from "./stage.ts";

// What is answered to commands, and what they decide.

/** What the App answered to a comment, without the line that is for itself; null where it did not. */
export async function answerTo(stage: Stage, number: number, comment: number): Promise<string | null> {
  const own = (await stage.comments(number)).filter((text) =>
    text.includes(`comment:v1 command:${comment} `),
  );
  expect(own.length).toBeLessThanOrEqual(1);
  return own[0]?.replace(/\n*<!--.*-->\s*$/, "") ?? null;
}

/** Somebody comments; gives what is answered when nothing is left to be done, "" where nothing is. */
export async function answered(
  stage: Stage,
  number: number,
  said: string,
  by: Parameters<Stage["comment"]>[2] = {},
): Promise<string> {
  const comment = await stage.comment(number, said, by);
  await stage.drain();
  return (await answerTo(stage, number, comment)) ?? "";
}

/** The decisions that count. */
export async function decisions(stage: Stage): Promise<readonly Decision[]> {
  return [...(await latestDecisions(stage.database.kysely, stage.repositoryId)).values()];
}

/** What they say. */
export async function verdicts(stage: Stage): Promise<readonly Decision["verdict"][]> {
  return (await decisions(stage)).map(({ verdict }) => verdict);
}
