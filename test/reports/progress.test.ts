import { describe, expect, it } from "vitest";
import { startProgress } from "../../src/reports/progress.ts";

function run(stream: { isTTY?: boolean; columns?: number }, ...steps: readonly string[]): readonly string[] {
  const written: string[] = [];
  let time = 1_000;
  const progress = startProgress({ ...stream, write: (text: string) => written.push(text) }, () => time);
  for (const step of steps) {
    time += 1_500;
    progress.step(step);
  }
  progress.done();
  return written;
}

describe("progress", () => {
  it("is one line a step in a log, with the seconds since the start", () => {
    expect(run({}, "read the state", "read AWS")).toEqual([
      "   1.5 s  read the state\n",
      "   3.0 s  read AWS\n",
    ]);
  });

  it("is one line that changes on a terminal, and is cleared at the end", () => {
    expect(run({ isTTY: true, columns: 80 }, "a", "b")).toEqual([
      "\r\u001b[2Ka",
      "\r\u001b[2Kb",
      "\r\u001b[2K",
    ]);
  });

  it("is cut to the terminal's width", () => {
    expect(run({ isTTY: true, columns: 10 }, "abcdefghijkl")[0]).toBe("\r\u001b[2Kabcdefgh…");
  });

  it("hands no control characters through", () => {
    expect(run({}, "a\n\u001b[2Jb")).toEqual(["   1.5 s  a\\n\\u001B[2Jb\n"]);
  });
});
