import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What tells a process from every other one, also from those that later have its number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in a unit of the system's; null where the system does not tell. */
  readonly started: string | null;
  /** Where its number means something: one boot of one machine and, in a container, that container. */
  readonly scope: string;
  /** For people. */
  readonly host: string;
}

/** The identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    started: startOf(process.pid),
    scope: [
      read("/proc/sys/kernel/random/boot_id") ?? hostname(),
      readLink("/proc/self/ns/pid") ?? process.platform,
    ].join(" "),
    host: hostname(),
  };
}

/** Whether a process of this scope is alive. */
export function isAlive({ pid, started }: ProcessIdentity): boolean {
  if (started !== null) return startOf(pid) === started;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** Field 22 of Linux's `/proc/<pid>/stat` (proc(5)), counted from behind the name, which may hold anything. */
function startOf(pid: number): string | null {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8").trim();
  } catch {
    return null;
  }
}

function readLink(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
