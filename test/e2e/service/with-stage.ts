import { rm } from "node:fs/promises";
import { expect } from "vitest";
import { newPlace, type TestPlace } from "../../store/test-place.ts";
import { temporaryFolder } from "../shop.ts";
import { ServiceStage } from "./stage.ts";

/** Nothing that the service logs may hold a token or a key, and nothing may be an error. */
const NEVER_LOGGED = /ghs_|PRIVATE KEY|eyJ|"level":[56]0/;

/**
 * Runs a story on a stage of its own. Whatever it does, nothing may be asked of GitHub and AWS that they do not describe.
 * @param template the data that the service begins with; null: none
 * @param files of the repository, in place of those of the example
 */
export async function withStage(
  template: TestPlace | null,
  story: (stage: ServiceStage) => Promise<void>,
  files?: Readonly<Record<string, string>>,
): Promise<void> {
  const folder = await temporaryFolder();
  const place = await newPlace(template);
  const stage = await ServiceStage.open(folder, files, place);
  try {
    await stage.start();
    await story(stage);
    expect(stage.github.unexpected).toEqual([]);
    expect(stage.aws.unexpected).toEqual([]);
    expect(stage.output.filter((line) => NEVER_LOGGED.test(line))).toEqual([]);
  } finally {
    await stage.close();
    await place.remove();
    await rm(folder, { recursive: true, force: true });
  }
}
