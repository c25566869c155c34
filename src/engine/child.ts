import { FUNCTIONS } from "../hcl/functions/index.ts";
import { type Json, parseJson, printJson } from "../json/json.ts";
import { DEFAULT_LIMITS } from "../terraform/evaluation/evaluation.ts";
import type { EngineApi } from "./api.ts";
import { DemandModules } from "./demand-modules.ts";
import { DemandSnapshot, Unsupplied } from "./demand-snapshot.ts";
import type { Demand, FromEngine, ToEngine } from "./protocol.ts";
import { Workbench } from "./workbench.ts";

// The engine process: evaluates code that nobody vouches for. It gets files from the service when it asks for them, and
// has no other way to the outside.

type Methods = { readonly [Name in keyof EngineApi]: (...args: Parameters<EngineApi[Name]>) => unknown };

type SupplyMessage = Extract<ToEngine, { readonly kind: "supply" }>;

const NO_FILES: Demand = { files: [], folders: [], trees: [] };

/** Each round knows the files of the one before, so that only names that come out of files ask for another. */
const MOST_ROUNDS = 200;

function start(): void {
  const snapshot = new DemandSnapshot();
  const modules = new DemandModules();
  const settle = () => {
    snapshot.settle();
    if (modules.isWanting) throw new Unsupplied();
  };
  const workbench: Methods = new Workbench(snapshot, FUNCTIONS, DEFAULT_LIMITS, settle, modules);
  const waiting = new Map<number, (message: SupplyMessage) => void>();

  async function answer(id: number, method: keyof EngineApi, json: string): Promise<void> {
    const compute = workbench[method] as (...args: readonly Json[]) => unknown;
    const args = parseJson(json) as readonly Json[];
    try {
      const result = await untilSupplied(id, () => compute.apply(workbench, [...args]));
      send({ kind: "result", id, json: printJson(result as Json) });
    } catch (error) {
      const { name, message } = failureOf(error);
      send({ kind: "failure", id, name, message });
    }
  }

  /** Computes again until everything that was asked for has been seen. */
  async function untilSupplied(id: number, compute: () => unknown): Promise<unknown> {
    let last = "";
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const outcome = outcomeOf(compute);
      const demand = snapshot.demand() ?? NO_FILES;
      const wanted = modules.demand();
      last = demand.files.at(-1) ?? demand.trees.at(-1) ?? demand.folders.at(-1) ?? last;
      if (demand === NO_FILES && wanted.length === 0) {
        if ("error" in outcome) throw outcome.error;
        return outcome.result;
      }
      const supplied = new Promise<SupplyMessage>((resolve) => waiting.set(id, resolve));
      send({ kind: "demand", id, demand, modules: wanted });
      const { supply, modules: fetched } = await supplied;
      snapshot.supply(supply);
      modules.supply(wanted, fetched);
    }
    throw new Error(
      `the code reads files whose names come out of other files, more than ${MOST_ROUNDS} times over; the last one that it asked for is ${JSON.stringify(last)}`,
    );
  }

  process.on("message", (message: ToEngine) => {
    if (message.kind === "supply") waiting.get(message.id)?.(message);
    else void answer(message.id, message.method, message.json);
  });
  process.on("disconnect", () => process.exit(0));
  send({ kind: "ready" });
}

/** What V8 says where a text or the stack is full means nothing to who runs this. */
function failureOf(error: unknown): { readonly name: string; readonly message: string } {
  if (error instanceof RangeError && /^(?:Invalid string length|Maximum call stack)/.test(error.message)) {
    const message = "the values of the code or the state are too large or nested too deeply; split the stack";
    return { name: error.name, message };
  }
  return error instanceof Error ? error : new Error(String(error));
}

function outcomeOf(compute: () => unknown): { readonly result: unknown } | { readonly error: unknown } {
  try {
    return { result: compute() };
  } catch (error) {
    return { error };
  }
}

function send(message: FromEngine): void {
  process.send?.(message);
}

start();
