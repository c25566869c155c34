import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Asked, Question, Replied } from "./clock-hand.ts";

const BIN = fileURLToPath(new URL("../../../bin/driftwright-server.js", import.meta.url));
const CLOCK_HAND = new URL("./clock-hand.ts", import.meta.url).href;

/** One line of the log. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [name: string]: unknown;
}

/** The service as `npm start` runs it, in a process of its own. */
export interface ServiceProcess {
  readonly url: string;
  readonly pid: number;
  /** Everything that it logged, as it stands there. */
  readonly output: readonly string[];
  /** Makes the daily scan come now. */
  makeDue(): Promise<void>;
  /** Waits until no job waits or runs. */
  idle(): Promise<void>;
  /** Tells it to stop, and waits until it has. Gives the exit code. */
  stop(): Promise<number | null>;
  /** Ends it without any chance to tidy up. */
  kill(): Promise<void>;
  /** Settles when the process is gone. */
  readonly ended: Promise<number | null>;
}

export interface ServiceSettings {
  /** Where it is started: `.env` is looked for there. */
  readonly folder: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly onLog?: (line: LogLine) => void;
}

/** Time that it may take until it listens, in milliseconds. */
const PATIENCE = 60_000;

/**
 * Starts the service and waits until it listens. Of this machine's environment it gets the path alone.
 * @throws with what it said, where it ends before
 */
export async function startProcess({
  folder,
  environment,
  onLog = () => {},
}: ServiceSettings): Promise<ServiceProcess> {
  const child = spawn(process.execPath, ["--import", CLOCK_HAND, BIN], {
    cwd: folder,
    // Ctrl-C reaches only whoever started it, who then tells it to stop.
    detached: true,
    env: {
      PATH: process.env["PATH"],
      PORT: "0",
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_CONFIG_FILE: "/nonexistent/config",
      AWS_SHARED_CREDENTIALS_FILE: "/nonexistent/credentials",
      ...environment,
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const output: string[] = [];
  const url = Promise.withResolvers<string>();
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
  eachLine(child.stdout, (text) => {
    output.push(text);
    const line = lineOf(text);
    if (line?.msg === "Driftwright is running") url.resolve(String(line["url"]));
    if (line !== null) onLog(line);
  });
  eachLine(child.stderr, (text) => void output.push(text));
  void ended.then(() => url.reject(new Error(`the service ended:\n${output.slice(-20).join("\n")}`)));
  const late = setTimeout(() => url.reject(new Error("the service does not start")), PATIENCE);
  try {
    return { url: await url.promise, output, ended, pid: child.pid ?? 0, ...controls(child, ended) };
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(late);
  }
}

function controls(child: ChildProcess, ended: Promise<number | null>) {
  const ask = questionsTo(child, ended);
  const end = (signal: NodeJS.Signals) => {
    child.kill(signal);
    return ended;
  };
  return {
    makeDue: async () => void (await ask("due")),
    idle: async () => {
      while ((await ask("busy")) > 0) await sleep(100);
    },
    stop: () => end("SIGTERM"),
    kill: async () => void (await end("SIGKILL")),
  };
}

function questionsTo(child: ChildProcess, ended: Promise<unknown>) {
  const waiting = new Map<number, (value: number) => void>();
  let last = 0;
  child.on("message", (message) => {
    const { id, value } = message as Replied;
    waiting.get(id)?.(value);
    waiting.delete(id);
  });
  return (question: Question): Promise<number> => {
    last += 1;
    const asked: Asked = { id: last, question };
    return new Promise((resolve, reject) => {
      waiting.set(asked.id, resolve);
      void ended.then(() => reject(new Error(`the service ended before it answered "${question}"`)));
      child.send(asked, (error) => error !== null && reject(error));
    });
  };
}

function eachLine(input: Readable | null, use: (line: string) => void): void {
  if (input !== null) createInterface({ input }).on("line", use);
}

function lineOf(text: string): LogLine | null {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return null;
  }
}
