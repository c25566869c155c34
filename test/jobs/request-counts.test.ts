import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { RequestCounts } from "../../src/jobs/request-counts.ts";

const JOB = { id: "1", data: {}, signal: new AbortController().signal, attempt: 1, isLastAttempt: false };

describe("requests", () => {
  test("belong to the job that sends them, however many run at once", async () => {
    const counts = new RequestCounts();
    const sending = (requests: number) => async () => {
      for (let sent = 0; sent < requests; sent += 1) {
        await sleep(1);
        counts.note();
      }
    };
    await Promise.all([
      counts.of("scan", sending(3))(JOB),
      counts.of("scan", sending(0))(JOB),
      counts.of("reconcile", sending(7))(JOB),
    ]);
    const scan = counts.all.find(({ queue }) => queue === "scan");
    expect(scan).toMatchObject({ jobs: 2, requests: 3 });
    expect([0, 1, 2, 5, 500].map((most) => scan?.atMost.get(most))).toEqual([1, 1, 1, 2, 2]);
    expect(counts.all.find(({ queue }) => queue === "reconcile")).toMatchObject({ jobs: 1, requests: 7 });
  });

  test("of a job that fails count too, and so does the job", async () => {
    const counts = new RequestCounts();
    const failing = counts.of("scan", async () => {
      counts.note();
      throw new Error("no answer");
    });
    await expect(failing(JOB)).rejects.toThrow("no answer");
    expect(counts.all).toMatchObject([{ queue: "scan", jobs: 1, requests: 1 }]);
  });

  test("of nobody's job are counted nowhere", () => {
    const counts = new RequestCounts();
    counts.note();
    expect(counts.all).toEqual([]);
  });
});
