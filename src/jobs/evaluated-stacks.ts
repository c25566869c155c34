import type { Diagnostic } from "../drift/model.ts";
import type { StackOverview, StackRequest } from "../engine/api.ts";
import { type Engine, EngineFailure, EngineStopped } from "../engine/engine.ts";
import { counted, cut } from "../reports/visible.ts";
import type { PlannedStack } from "../scan/plan.ts";
import type { ScanPorts } from "../scan/ports.ts";

/** What the code says of one stack. */
export interface EvaluatedStack {
  readonly instances: StackOverview["instances"];
  readonly environment: string | null;
  /** Terraform would stop at these. */
  readonly errors: readonly Diagnostic[];
  /** That its evaluation has read. */
  readonly files: readonly string[];
  readonly hasState: boolean;
}

/** A side that does not have the stack declares nothing. */
export const NO_STACK: EvaluatedStack = {
  instances: [],
  environment: null,
  errors: [],
  files: [],
  hasState: false,
};

export type Outcome = EvaluatedStack | { readonly why: string };
/** By the names of the stacks; one of which there is no code is not among them. */
export type Outcomes = ReadonlyMap<string, Outcome>;

/** Stacks of one commit, and what the engine is asked about them. */
export interface Asked {
  readonly stacks: readonly PlannedStack[];
  readonly requests: readonly StackRequest[];
  /** Why the others cannot be evaluated, by name. */
  readonly failed: ReadonlyMap<string, string>;
}

/** Evaluates stacks, and hands the engine with what became of each of them to `use`. */
export async function evaluated<T>(
  ports: ScanPorts,
  { stacks, requests, failed }: Asked,
  use: (engine: Engine, stacks: Outcomes) => Promise<T>,
): Promise<T> {
  const engine = ports.startEngine();
  try {
    const outcome = new Map<string, Outcome>([...failed].map(([name, why]) => [name, { why }]));
    const overviews = await engine.open(requests);
    for (const overview of overviews) {
      const plan = stacks.find(({ name }) => name === overview.name);
      const errors = errorsIn(overview.diagnostics);
      const { instances, files } = overview;
      const hasState = overview.state !== null;
      outcome.set(
        overview.name,
        overview.broken.length === 0
          ? { instances, environment: plan?.environment ?? null, errors, files, hasState }
          : { why: brokenText(overview.broken, errors, plan?.path ?? ".") },
      );
    }
    return await use(engine, outcome);
  } finally {
    engine.close();
  }
}

/** A folder among the broken files is that of a stack whose evaluation was given up. */
function brokenText(broken: readonly string[], errors: readonly Diagnostic[], folder: string): string {
  const file = broken.find((path) => path !== folder);
  if (file === undefined) return `its evaluation was given up${placeText(errors.at(-1))}`;
  const line = errors.find((error) => error.file === file)?.line ?? null;
  return line === null ? `${file} cannot be read` : `${file} does not parse (line ${line})`;
}

/** Where an error is. */
function placeText(error: Diagnostic | undefined): string {
  return error === undefined || error.file === null ? "" : ` at ${error.file}:${error.line}`;
}

/**
 * What the errors of stacks say where no state is read, by stack. Whoever proposes code could have an error tell what the
 * state holds; these are made of the code alone.
 */
export async function errorsWithoutState(
  ports: ScanPorts,
  { requests }: Asked,
  stacks: ReadonlySet<string>,
): Promise<ReadonlyMap<string, readonly Diagnostic[]>> {
  const stateless = requests.filter(({ name }) => stacks.has(name)).map((one) => ({ ...one, state: null }));
  if (stateless.length === 0) return new Map();
  const engine = ports.startEngine();
  try {
    const overviews = await engine.open(stateless);
    return new Map(overviews.map(({ name, diagnostics }) => [name, errorsIn(diagnostics)]));
  } catch (reason) {
    if (reason instanceof EngineStopped || reason instanceof EngineFailure) return new Map();
    throw reason;
  } finally {
    engine.close();
  }
}

/** Errors that another evaluation of the stack does not have. */
export function newErrors(is: EvaluatedStack, was: EvaluatedStack): readonly Diagnostic[] {
  const known = new Set(was.errors.map(({ message }) => message));
  return is.errors.filter(({ message }) => !known.has(message));
}

/** What errors leave out; null where there are none. @param ofCode the errors whose messages may be told */
export function leftOut(errors: readonly Diagnostic[], ofCode: readonly Diagnostic[]): string | null {
  const [first, ...others] = errors.toSorted((a, b) => Number(isIn(ofCode, b)) - Number(isIn(ofCode, a)));
  if (first === undefined) return null;
  const more = others.length === 0 ? "" : ` (and ${counted(others.length, "more error")})`;
  const said = isIn(ofCode, first) ? ` (${cut(first.message, LONGEST_MESSAGE)})` : "";
  return `what hangs on an error${placeText(first)}${more} is left out${said}`;
}

function isIn(errors: readonly Diagnostic[], one: Diagnostic): boolean {
  return errors.some(
    ({ message, file, line }) => message === one.message && file === one.file && line === one.line,
  );
}

/** Characters. */
const LONGEST_MESSAGE = 300;

function errorsIn(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}
