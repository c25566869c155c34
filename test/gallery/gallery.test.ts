import { readFile, writeFile } from "node:fs/promises";
import { expect, it, vi } from "vitest";
import { ApiDescription } from "../e2e/github/description.ts";
import type { SeedRepository } from "../e2e/github/server.ts";
import { unconfiguredShop } from "../e2e/unconfigured-shop.ts";
import { Stage } from "../jobs/stage.ts";
import { emptyTables, openTestDatabase } from "../store/test-database.ts";
import { type Exhibit, galleryPage } from "./page.ts";
import { closedByPeople, configuration, grouped, mainLoop, onboarding, publicRepository } from "./stories.ts";

vi.setConfig({ testTimeout: 240_000 });

const PAGE = new URL("../../docs/gallery.md", import.meta.url);
const CLOCK = new Date("2026-11-02T09:00:00Z");

interface Story {
  readonly tell: (stage: Stage) => Promise<Exhibit[]>;
  readonly repository?: Partial<SeedRepository>;
}

const STORIES: readonly Story[] = [
  { tell: onboarding, repository: { files: await unconfiguredShop() } },
  { tell: mainLoop },
  { tell: grouped },
  { tell: closedByPeople },
  { tell: configuration },
  { tell: publicRepository },
];

it("docs/gallery.md is what the App writes", async () => {
  // Whatever has a time in it has the same at each run.
  vi.useFakeTimers({ toFake: ["Date"], now: CLOCK });
  const database = await openTestDatabase();
  const description = ApiDescription.read();
  const exhibits: Exhibit[] = [];
  try {
    for (const { tell, repository = {} } of STORIES) {
      await emptyTables(database);
      const stage = await Stage.open(repository, [], { database, description, seed: {} });
      try {
        await stage.install();
        exhibits.push(...(await tell(stage)));
        expect(stage.github.unexpected).toEqual([]);
      } finally {
        await stage.close();
      }
    }
  } finally {
    await database.close();
    vi.useRealTimers();
  }
  const page = galleryPage(exhibits);
  if (process.env["GALLERY"] === "write") await writeFile(PAGE, page);
  const told = "docs/gallery.md is not what the App writes: run `npm run gallery`";
  expect(page === (await readFile(PAGE, "utf8").catch(() => "")), told).toBe(true);
});
