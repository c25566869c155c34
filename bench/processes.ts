import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A program to be run, and what it may take. */
export interface Run {
  readonly program: string;
  readonly args: readonly string[];
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly limitMilliseconds: number;
}

/** What a program and all processes that it started have cost. */
export interface Cost {
  readonly exitCode: number | null;
  /** It took longer than it may, and was ended. */
  readonly timedOut: boolean;
  readonly wallMilliseconds: number;
  /** User and system time of all its processes, as the kernel counts it; null where there is no /proc. */
  readonly cpuMilliseconds: number | null;
  /** The peaks of all its processes added up, so never too little; null where there is no /proc. */
  readonly peakBytes: number | null;
  readonly stdout: string;
}

/** How often processes are looked at. What a process does after the last look is not counted. */
const LOOK_MILLISECONDS = 10;

/** The kernel's unit of processor time (`getconf CLK_TCK`), the same on every Linux of today. */
const MILLISECONDS_A_TICK = 10;

/** Runs a program to its end. What it prints to standard output is read through a pipe, as a script would. */
export function run({ program, args, folder, environment, limitMilliseconds }: Run): Promise<Cost> {
  const started = performance.now();
  const child = spawn(program, args, {
    cwd: folder,
    env: environment,
    stdio: ["ignore", "pipe", "ignore"],
    // A group of its own, so that what it has started can be ended with it.
    detached: true,
  });
  const seen = new Map<number, Process>();
  const look = setInterval(() => {
    if (child.pid !== undefined) lookAt(child.pid, seen);
  }, LOOK_MILLISECONDS);
  let timedOut = false;
  const limit = setTimeout(() => {
    timedOut = true;
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
  }, limitMilliseconds);
  const stdout: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  return new Promise((resolve, reject) => {
    const end = () => {
      clearInterval(look);
      clearTimeout(limit);
    };
    child.on("error", (error) => {
      end();
      reject(error);
    });
    child.on("close", (exitCode) => {
      end();
      const found = [...seen.values()];
      resolve({
        exitCode,
        timedOut,
        wallMilliseconds: performance.now() - started,
        cpuMilliseconds: found.length === 0 ? null : sum(found.map(({ cpu }) => cpu)),
        peakBytes: found.length === 0 ? null : sum(found.map(({ peak }) => peak)),
        stdout: Buffer.concat(stdout).toString(),
      });
    });
  });
}

interface Process {
  readonly cpu: number;
  readonly peak: number;
}

/** Notes what a process and those that it started have used up to now. */
function lookAt(root: number, seen: Map<number, Process>): void {
  const open = [root];
  for (let pid = open.pop(); pid !== undefined; pid = open.pop()) {
    const now = usageOf(pid);
    if (now === null) continue;
    seen.set(pid, now);
    open.push(...childrenOf(pid));
  }
}

/** Null for a process that is no more. */
function usageOf(pid: number): Process | null {
  const stat = textOf(`/proc/${pid}/stat`);
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/status`) ?? "")?.[1];
  if (stat === null || peak === undefined) return null;
  // The name in parentheses may hold anything; the fields after it are counted from the third.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = Number(fields[11]) + Number(fields[12]);
  return { cpu: ticks * MILLISECONDS_A_TICK, peak: Number(peak) * 1024 };
}

function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) => {
    const children = textOf(`/proc/${pid}/task/${thread}/children`) ?? "";
    return children.split(" ").filter(Boolean).map(Number);
  });
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
