import { afterEach } from "vitest";
import type { StackOverview, StackRequest } from "../../src/engine/api.ts";
import { type Engine, type EngineLimits, startEngine } from "../../src/engine/engine.ts";
import { memorySnapshot, type Snapshot } from "../../src/terraform/source/snapshot.ts";

/** Starts engines that are closed when the test is over. */
export function engines(): (files: Files | Snapshot, limits?: EngineLimits) => Engine {
  const open: Engine[] = [];
  afterEach(() => {
    for (const engine of open.splice(0)) engine.close();
  });
  return (files, limits) => {
    const snapshot = isSnapshot(files) ? files : memorySnapshot(files);
    const engine = limits === undefined ? startEngine(snapshot) : startEngine(snapshot, limits);
    open.push(engine);
    return engine;
  };
}

type Files = Readonly<Record<string, string>>;

function isSnapshot(files: Files | Snapshot): files is Snapshot {
  return typeof files["read"] === "function";
}

/** A stack in a folder, with nothing but its files. */
export function request(root = ".", parts: Partial<StackRequest> = {}): StackRequest {
  return { name: root, root, settings: [], workspace: "default", state: null, ...parts };
}

/** Opens the stack in the root. */
export async function openOne(engine: Engine, parts: Partial<StackRequest> = {}): Promise<StackOverview> {
  const [overview] = await engine.open([request(".", parts)]);
  if (overview === undefined) throw new Error("no stack was opened");
  return overview;
}
