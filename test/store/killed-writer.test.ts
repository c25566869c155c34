import { expect, test } from "vitest";
import { openDatabase } from "../../src/store/database.ts";
import { startChild } from "./child.ts";
import { newPlace } from "./test-place.ts";

test("a process that is killed while it writes loses no row that was acknowledged, and leaves the place usable", async () => {
  const place = await newPlace();
  for (const rows of [40, 250]) {
    const writer = startChild(new URL("writer.ts", import.meta.url), place);
    await writer.printed(rows);
    await writer.kill();
    const database = await openDatabase(place);
    const stored = await database.kysely.selectFrom("deliveries").select("id").execute();
    await database.kysely.deleteFrom("deliveries").execute();
    await database.close();
    const ids = new Set(stored.map(({ id }) => id));
    expect(writer.lines.filter((row) => !ids.has(`row-${row}`))).toEqual([]);
    expect(ids.size).toBeGreaterThanOrEqual(rows);
  }
  await place.remove();
}, 60_000);
