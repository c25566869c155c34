import { type ChildProcessByStdio, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { DatabaseSettings } from "../../src/store/database.ts";

export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, null>;
  /** What it printed, line by line. */
  readonly lines: readonly string[];
  /** Waits until it has printed that many lines. */
  printed(count: number): Promise<void>;
  /** Ends it without any chance to tidy up, and waits until it is gone. */
  kill(): Promise<void>;
}

/** Starts a program of the tests as a process of its own, on a database. */
export function startChild(program: URL, { dataDir, url }: DatabaseSettings): Child {
  const child = spawn(process.execPath, [fileURLToPath(program), dataDir, url ?? ""], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    for (const look of waiting) look();
  });
  return {
    process: child,
    lines,
    async printed(count) {
      await new Promise<void>((resolve, reject) => {
        const look = () => lines.length >= count && resolve();
        waiting.add(look);
        look();
        void ended.then(() => reject(new Error(`it ended after ${lines.length} lines`)));
      });
    },
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
