import { type ChildProcess, fork } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { type Json, parseJson, printJson } from "../json/json.ts";
import type { FetchedModule } from "../terraform/code/installed-modules.ts";
import type { Snapshot } from "../terraform/source/snapshot.ts";
import type { EngineApi } from "./api.ts";
import { confinement } from "./confinement.ts";
import type { FromEngine, ToEngine, WantedModule } from "./protocol.ts";
import { Supplier, SupplyExceeded } from "./supply.ts";

/** The engine process for one snapshot. Close it when done. */
export interface Engine extends EngineApi {
  close(): void;
}

export interface EngineLimits {
  /** Of the engine's heap. */
  readonly memoryMegabytes: number;
  /** For one request, waiting for files included. */
  readonly timeoutMilliseconds: number;
}

const ENGINE_LIMITS: EngineLimits = { memoryMegabytes: 1024, timeoutMilliseconds: 120_000 };

/**
 * Room for young values, in megabytes. They live long, so that more of it would only take memory, and less at the start
 * time (https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib).
 */
const YOUNG_MEGABYTES = 8;

/** What part of its memory the heap grows to before old values are looked through: until then hardly one is garbage. */
const UNTOUCHED_PART = 3 / 8;

/** The engine process ended before it answered: the code took more time or memory than it may. */
export class EngineStopped extends Error {
  override readonly name = "EngineStopped";
}

/** A request that the engine answered with an error. `kind` is the name of the error in the engine. */
export class EngineFailure extends Error {
  override readonly name = "EngineFailure";
  readonly kind: string;

  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Fetches modules that are not in the repository, into folders of the snapshot that the engine was started with. */
export interface ModuleFetcher {
  /** Never throws: what cannot be had is an answer. Takes no longer than it is let. */
  fetch(wanted: WantedModule): Promise<FetchedModule>;
}

interface Waiting {
  resolve(result: Json): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

/**
 * Starts a process that evaluates the code of a snapshot. It has no environment, may read no file but its own program,
 * start no process, and sees only the files of the snapshot that it asks for; it is killed when it takes more than its
 * limits.
 * @param modules who fetches modules from elsewhere; without, they are left to the state
 */
export function startEngine(
  snapshot: Snapshot,
  limits: EngineLimits = ENGINE_LIMITS,
  modules: ModuleFetcher | null = null,
): Engine {
  const child = forkEngine(limits);
  const supplier = new Supplier(snapshot);
  const waiting = new Map<number, Waiting>();
  let ended: EngineStopped | null = null;
  let next = 0;

  function settle(id: number, action: (request: Waiting) => void): void {
    const request = waiting.get(id);
    if (request === undefined) return;
    clearTimeout(request.timer);
    waiting.delete(id);
    action(request);
  }

  function end(error: EngineStopped): void {
    ended ??= error;
    for (const id of [...waiting.keys()]) settle(id, ({ reject }) => reject(error));
    child.kill("SIGKILL");
  }

  child.on("message", (message: FromEngine) => {
    if (message.kind === "result") settle(message.id, ({ resolve }) => resolve(parseJson(message.json)));
    if (message.kind === "failure") {
      settle(message.id, ({ reject }) => reject(new EngineFailure(message.name, message.message)));
    }
    if (message.kind === "demand") void supply(message);
  });
  child.on("error", (error) =>
    end(new EngineStopped(`the evaluation could not be started: ${error.message}`)),
  );
  child.on("exit", (code) => end(new EngineStopped(whyEnded(code, limits))));

  async function supply({ id, demand, modules: wanted }: DemandMessage): Promise<void> {
    const fetched = await fetchAll(id, wanted);
    try {
      send({ kind: "supply", id, supply: supplier.answer(demand), modules: fetched });
    } catch (error) {
      if (!(error instanceof SupplyExceeded)) throw error;
      end(new EngineStopped(error.message));
    }
  }

  /** Modules take time of their own: the evaluation has all of its time once they are there. */
  async function fetchAll(id: number, wanted: readonly WantedModule[]): Promise<readonly FetchedModule[]> {
    if (modules === null || wanted.length === 0) return [];
    const request = waiting.get(id);
    clearTimeout(request?.timer);
    const fetched = await Promise.all(wanted.map((one) => modules.fetch(one)));
    if (request !== undefined && waiting.has(id)) request.timer = timeLimit();
    return fetched;
  }

  function timeLimit(): NodeJS.Timeout {
    const seconds = limits.timeoutMilliseconds / 1000;
    return setTimeout(
      () => end(new EngineStopped(`the evaluation was ended: it took longer than ${seconds} seconds`)),
      limits.timeoutMilliseconds,
    );
  }

  function send(message: ToEngine): void {
    if (child.connected) child.send(message);
  }

  function request(method: keyof EngineApi, args: readonly unknown[]): Promise<Json> {
    if (ended !== null) return Promise.reject(ended);
    next += 1;
    const id = next;
    return new Promise<Json>((resolve, reject) => {
      waiting.set(id, { resolve, reject, timer: timeLimit() });
      send({ kind: "request", id, method, json: printJson(args as Json) });
    });
  }

  function remote<Name extends keyof EngineApi>(method: Name): EngineApi[Name] {
    return ((...args: unknown[]) => request(method, args)) as unknown as EngineApi[Name];
  }

  return {
    open: remote("open"),
    evaluated: remote("evaluated"),
    compare: remote("compare"),
    adoptions: remote("adoptions"),
    adoptAll: remote("adoptAll"),
    dependents: remote("dependents"),
    trace: remote("trace"),
    deciding: remote("deciding"),
    close: () => end(new EngineStopped("the engine was closed")),
  };
}

type DemandMessage = Extract<FromEngine, { readonly kind: "demand" }>;

/** Exit code of a process that aborts, as a shell tells it. */
const ABORTED = 134;

/** Node aborts, by a signal, when its heap is full. */
function whyEnded(code: number | null, { memoryMegabytes }: EngineLimits): string {
  return code === null || code === ABORTED
    ? `the evaluation was ended: it needed more than the ${memoryMegabytes} MB of memory it may have`
    : `the evaluation ended by itself with exit code ${code}, which is a fault of Driftwright; please report it`;
}

function forkEngine(limits: EngineLimits): ChildProcess {
  const self = fileURLToPath(import.meta.url);
  const child = fork(fileURLToPath(new URL(`./child${extname(self)}`, import.meta.url)), [], {
    env: {},
    execArgv: [...heapOptions(limits), ...confinement(self)],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
  });
  child.unref();
  child.channel?.unref();
  return child;
}

/** What Node is told about memory. */
export function heapOptions({ memoryMegabytes }: EngineLimits = ENGINE_LIMITS): readonly string[] {
  const young = ["min", "max"].map((bound) => `--${bound}-semi-space-size=${YOUNG_MEGABYTES}`);
  const untouched = `--initial-old-space-size=${Math.floor(memoryMegabytes * UNTOUCHED_PART)}`;
  return [`--max-old-space-size=${memoryMegabytes}`, untouched, ...young];
}
