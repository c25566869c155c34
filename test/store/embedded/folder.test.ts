import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EnvironmentError } from "../../../src/config/environment-error.ts";
import { openDatabase } from "../../../src/store/database.ts";
import { folderProblem } from "../../../src/store/folder-problem.ts";
import { newPlace, type TestPlace } from "../test-place.ts";

let place: TestPlace;
beforeEach(async () => {
  place = await newPlace();
});
afterEach(() => place.remove());

async function problemOf(dataDir: string): Promise<string> {
  const problem: unknown = await openDatabase({ ...place, dataDir }).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(EnvironmentError);
  return (problem as Error).message;
}

describe("a folder that cannot be used is one sentence", () => {
  it("a file", async () => {
    const file = join(place.dataDir, "file");
    await writeFile(file, "");
    expect(await problemOf(file)).toBe(
      `DATA_DIR: ${file} is no folder: name another one, or move away what is there`,
    );
    expect(await problemOf(join(file, "below"))).toMatch(/^DATA_DIR: .* is no folder/);
  });

  it("a file in the place of the database", async () => {
    const folder = join(place.dataDir, "other");
    await mkdir(folder);
    await writeFile(join(folder, "database"), "a file");
    expect(await problemOf(folder)).toMatch(/^DATA_DIR: .*database\/PG_VERSION is no folder/);
  });

  it("a circle of links", async () => {
    const link = join(place.dataDir, "link");
    await symlink(link, link);
    expect(await problemOf(join(link, "data"))).toMatch(/^DATA_DIR: .*(circle|cannot be made)/);
  });

  it.each([
    ["EACCES", /may not be written: give it to the user that runs Driftwright/],
    ["EROFS", /on a file system that is read-only/],
    ["ENOSPC", /on a disk that is full/],
  ])("%s", (code, sentence) => {
    const error = Object.assign(new Error(code), { code, syscall: "open" });
    expect((folderProblem("./data", error) as Error).message).toMatch(sentence);
  });

  it("any other error stays as it is", () => {
    const error = Object.assign(new Error("57014"), { code: "57014" });
    expect(folderProblem("./data", error)).toBe(error);
  });
});
