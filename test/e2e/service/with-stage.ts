import { cpSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { temporaryFolder } from "../shop.ts";
import { ServiceStage } from "./stage.ts";

/** Nothing that the service logs may hold a token or a key, and nothing may be an error. */
const NEVER_LOGGED = /ghs_|PRIVATE KEY|eyJ|"level":[56]0/;

/**
 * Runs a story on a stage of its own. Whatever it does, nothing may be asked of GitHub and AWS that they do not describe.
 * @param template a folder whose data the service begins with; null: it makes a database, which takes seconds
 * @param files of the repository, in place of those of the example
 */
export async function withStage(
  template: string | null,
  story: (stage: ServiceStage) => Promise<void>,
  files?: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = await temporaryFolder();
  if (template !== null) cpSync(join(template, "data"), join(folder, "data"), { recursive: true });
  const stage = await ServiceStage.open(folder, files);
  try {
    await stage.start();
    await story(stage);
    expect(stage.github.unexpected).toEqual([]);
    expect(stage.aws.unexpected).toEqual([]);
    expect(stage.output.filter((line) => NEVER_LOGGED.test(line))).toEqual([]);
  } finally {
    await stage.close();
    await rm(folder, { recursive: true, force: true });
  }
}
