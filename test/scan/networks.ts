import { DEFAULT_CONFIG, type RepositoryConfig } from "../../src/config/model.ts";
import { CloudUnreachable, type Inventory, type Wanted } from "../../src/drift/inventory.ts";
import type { Observation, ObservedResource, StackResult } from "../../src/drift/model.ts";
import { type Engine, EngineFailure } from "../../src/engine/engine.ts";
import { Workbench } from "../../src/engine/workbench.ts";
import { FUNCTIONS } from "../../src/hcl/functions/index.ts";
import type { Decision } from "../../src/intent/decision.ts";
import { type Json, type JsonObject, parseJson, printJson } from "../../src/json/json.ts";
import type { PlannedStack } from "../../src/scan/plan.ts";
import type { ScanPorts } from "../../src/scan/ports.ts";
import { type ScanResult, scan } from "../../src/scan/scan.ts";
import { DEFAULT_LIMITS } from "../../src/terraform/evaluation/evaluation.ts";
import { memorySnapshot, type Snapshot } from "../../src/terraform/source/snapshot.ts";
import { StateError } from "../../src/terraform/state/state-error.ts";
import type { StateSource, StateText } from "../../src/terraform/state/state-source.ts";

// Stacks of networks (aws_vpc), a fake cloud that has them, and fake places for their states. The engine is the real one,
// without a process of its own.

const ACCOUNT = "111111111111";
const REGION = "eu-west-1";
const NOW = new Date("2026-05-04T12:00:00Z");

/** Code that declares `count` networks, each with the tag Team. */
export function networksCode(count: number, team = "shop"): string {
  return `resource "aws_vpc" "net" {
  count      = ${count}
  cidr_block = "10.\${count.index}.0.0/16"
  tags       = { Team = "${team}" }
}
`;
}

export const addressOf = (index: number) => `aws_vpc.net[${index}]`;
const idOf = (index: number, prefix = "vpc") => `${prefix}-${String(index).padStart(8, "0")}`;

export interface Recorded {
  readonly count: number;
  readonly team?: string;
  readonly serial?: number;
  readonly lineage?: string;
  /** Of the network with this index. */
  readonly account?: (index: number) => string;
  readonly ids?: string;
}

function attributesOf(index: number, recorded: Recorded): JsonObject {
  const { team = "shop", account = () => ACCOUNT, ids = "vpc" } = recorded;
  const id = idOf(index, ids);
  return {
    id,
    arn: `arn:aws:ec2:${REGION}:${account(index)}:vpc/${id}`,
    owner_id: account(index),
    cidr_block: `10.${index}.0.0/16`,
    tags: { Team: team },
    tags_all: { Team: team },
  };
}

/** A state of version 4 that records the networks. */
export function stateText(recorded: Recorded): string {
  const { count, serial = 1, lineage = "11111111-2222-3333-4444-555555555555" } = recorded;
  const instances = Array.from({ length: count }, (_, index) => ({
    index_key: index,
    schema_version: 1,
    attributes: attributesOf(index, recorded),
    sensitive_attributes: [],
  }));
  const resources = [
    {
      mode: "managed",
      type: "aws_vpc",
      name: "net",
      provider: 'provider["registry.terraform.io/hashicorp/aws"]',
      instances,
    },
  ];
  return JSON.stringify({ version: 4, terraform_version: "1.11.4", serial, lineage, outputs: {}, resources });
}

export function found(index: number, team = "shop", ids = "vpc"): Observation {
  const { tags_all: _, ...attributes } = attributesOf(index, { count: 1, team, ids });
  const resource: ObservedResource = {
    type: "aws_vpc",
    id: idOf(index, ids),
    account: ACCOUNT,
    region: REGION,
    attributes,
    unread: [],
  };
  return { status: "found", resource };
}

export const GONE: Observation = { status: "not-found" };

/** What the cloud says of a network (`seen` by its id) at the first, second, … time it is read. */
export type Answer = (wanted: Wanted, time: number) => Observation | "unreachable";

/** A cloud that answers from a function, and notes what it was asked. */
export class FakeCloud implements Inventory {
  readonly cloud = "aws" as const;
  readonly reads: (readonly string[])[] = [];
  identities = 0;
  account = ACCOUNT;
  problems: readonly string[] = [];
  strays: readonly (readonly string[])[] = [];
  known: ReadonlySet<string>[] = [];
  readonly #answer: Answer;

  constructor(answer: Answer = ({ recorded }) => ({ ...foundAs(recorded) })) {
    this.#answer = answer;
  }

  covers(type: string): boolean {
    return type === "aws_vpc";
  }

  async identity() {
    this.identities += 1;
    if (this.account === "") throw new CloudUnreachable("AWS did not answer; check the network");
    return { account: this.account, principal: "someone" };
  }

  async read(wanted: readonly Wanted[]) {
    this.reads.push(wanted.map(({ address }) => address));
    const observations = new Map<string, Observation>();
    for (const each of wanted) {
      const times = this.reads.filter((addresses) => addresses.includes(each.address)).length;
      const answer = this.#answer(each, times);
      if (answer === "unreachable") throw new CloudUnreachable("AWS did not answer; check the network");
      observations.set(each.address, answer);
    }
    return { observations, problems: this.problems };
  }

  async unmanaged(_wanted: readonly Wanted[], known: ReadonlySet<string>) {
    const now = this.strays[Math.min(this.known.length, this.strays.length - 1)] ?? [];
    this.known.push(known);
    return now.map((id): ObservedResource => ({ ...strayOf(id) }));
  }
}

/** As the state recorded it. */
export function foundAs(recorded: JsonObject): Observation {
  const { tags_all: _, ...attributes } = recorded;
  const id = String(recorded["id"]);
  return {
    status: "found",
    resource: { type: "aws_vpc", id, account: ACCOUNT, region: REGION, attributes, unread: [] },
  };
}

function strayOf(id: string): ObservedResource {
  const attributes = { id, cidr_block: "10.99.0.0/16", tags: {} };
  return { type: "aws_vpc", id, account: ACCOUNT, region: REGION, attributes, unread: [] };
}

/** A place whose state is another one at each read; the last stays. */
export class FakeState implements StateSource {
  readonly describe: string;
  reads = 0;
  readonly #texts: readonly (Partial<StateText> | StateError)[];

  constructor(texts: readonly (Partial<StateText> | StateError)[], describe = "terraform.tfstate") {
    this.#texts = texts;
    this.describe = describe;
  }

  async read(): Promise<StateText> {
    const now = this.#texts[Math.min(this.reads, this.#texts.length - 1)] ?? {};
    this.reads += 1;
    if (now instanceof StateError) throw now;
    return { text: "", writtenAt: null, locked: false, ...now };
  }
}

/** The work of the engine process, done in this one. Arguments and results cross as JSON all the same. */
export function engineHere(snapshot: Snapshot): Engine {
  const bench = new Workbench(snapshot, FUNCTIONS, DEFAULT_LIMITS);
  async function answer(compute: () => unknown): Promise<Json> {
    try {
      return parseJson(printJson(compute() as Json));
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      throw new EngineFailure(name, message);
    }
  }
  const engine = {
    open: (...args: Parameters<Engine["open"]>) => answer(() => bench.open(...args)),
    evaluated: (...args: Parameters<Engine["evaluated"]>) => answer(() => bench.evaluated(...args)),
    compare: (request: Parameters<Engine["compare"]>[0]) => answer(() => bench.compare(request)),
    adoptions: (...args: Parameters<Engine["adoptions"]>) => answer(() => bench.adoptions(...args)),
    adoptAll: (...args: Parameters<Engine["adoptAll"]>) => answer(() => bench.adoptAll(...args)),
    dependents: (...args: Parameters<Engine["dependents"]>) => answer(() => bench.dependents(...args)),
    trace: (request: Parameters<Engine["trace"]>[0]) => answer(() => bench.trace(request)),
    deciding: (request: Parameters<Engine["deciding"]>[0]) => answer(() => bench.deciding(request)),
    close: () => undefined,
  };
  return engine as unknown as Engine;
}

export interface World {
  readonly files: Readonly<Record<string, string>>;
  readonly cloud?: Inventory | null;
  /** By the stack's name. */
  readonly states?: Readonly<Record<string, StateSource>>;
  readonly config?: Partial<RepositoryConfig>;
  readonly historyOf?: ScanPorts["historyOf"];
  readonly startEngine?: (snapshot: Snapshot) => Engine;
  readonly folder?: string;
  readonly takenOver?: ReadonlySet<string>;
  readonly decisions?: ReadonlyMap<string, Decision>;
  /** As `confirmable` names it. */
  readonly expected?: ReadonlySet<string>;
}

/** One stack in the folder `net`, in the state that is given. */
export function oneStack(count: number, state: StateSource, cloud: Inventory): World {
  return { files: { "net/main.tf": networksCode(count) }, states: { net: state }, cloud, config: ONE };
}

const place = { file: ".github/driftwright.yml", line: 1, column: 1 };

/** An entry of the configuration, with what is not named left open. */
export function entry(path: string, settings: Partial<RepositoryConfig["stacks"][number]> = {}) {
  const nothing = {
    name: null,
    varFiles: [],
    vars: {},
    envVars: {},
    environment: null,
    workspace: null,
    state: null,
    backendConfig: {},
  };
  return { ...nothing, path, place, ...settings };
}

const ONE = { stacks: [entry("net")] };

export async function scanWorld(
  world: World,
): Promise<ScanResult & { readonly progress: readonly string[] }> {
  const snapshot = memorySnapshot(world.files);
  const progress: string[] = [];
  const result = await scan(
    { folder: world.folder ?? ".", only: null, repository: "repository" },
    {
      repository: "1",
      ref: null,
      commit: null,
      config: { ...DEFAULT_CONFIG, ...world.config },
      takenOver: world.takenOver ?? new Set(),
      decisions: world.decisions ?? new Map(),
      expected: world.expected ?? new Set(),
      key: "key",
    },
    {
      snapshot,
      startEngine: () => (world.startEngine ?? engineHere)(snapshot),
      stateOf: ({ name }: PlannedStack) => world.states?.[name] ?? null,
      inventories: world.cloud === null ? [] : [world.cloud ?? new FakeCloud()],
      historyOf:
        world.historyOf ?? (() => ({ literalChangedAt: null, stateWrittenAt: null, agreedAt: null })),
      now: () => NOW,
      progress: (message) => progress.push(message),
    },
  );
  return { ...result, progress };
}

export const kindsOf = ({ findings }: StackResult) => findings.map(({ kind }) => kind);
export const messagesOf = ({ diagnostics }: StackResult) => diagnostics.map(({ message }) => message);
/** The one stack of a result. */
export function only({ stacks }: ScanResult): StackResult {
  const [stack] = stacks;
  if (stack === undefined || stacks.length !== 1) throw new Error(`there are ${stacks.length} stacks, not 1`);
  return stack;
}
