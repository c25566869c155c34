import { expect, test } from "vitest";
import { Queues } from "../../src/jobs/queues.ts";
import { openDatabase } from "../../src/store/database.ts";
import { startChild } from "../store/child.ts";
import { silent } from "../store/logs.ts";
import { newPlace } from "../store/test-place.ts";

test("jobs of a process that was killed are resumed by the next one", async () => {
  const place = await newPlace();
  const worker = startChild(new URL("worker.ts", import.meta.url), place);
  await worker.printed(2);
  await worker.kill();
  const next = await openDatabase(place);
  const queues = await Queues.start(next, silent);
  const attempts = new Map<number, number>();
  await queues.work("scan", async ({ data, attempt }) => void attempts.set(data.repositoryId, attempt));
  await expect
    .poll(() => attempts, { timeout: 50_000 })
    .toEqual(
      new Map([
        [1, 2],
        [2, 2],
      ]),
    );
  await queues.stop(5);
  await next.close();
  await place.remove();
}, 60_000);
