import { basename } from "node:path";
import type { Diagnostic } from "../drift/model.ts";
import type { StackOverview } from "../engine/api.ts";
import type { Engine } from "../engine/engine.ts";
import { OpenRepository } from "../scan/open-repository.ts";
import { planScan } from "../scan/plan.ts";
import { readStates, withoutState } from "../scan/states.ts";
import { checkoutPorts } from "./checkout-scan.ts";
import { loadConfig } from "./config-file.ts";
import type { Session } from "./session.ts";

/** A stack and the others of its repository, which an edit may change too. */
export interface Witnessed {
  readonly engine: Engine;
  /** The stack's name among the others. */
  readonly stack: string;
  readonly overviews: readonly StackOverview[];
  /** Stacks against which edits are not proven, and why. */
  readonly problems: readonly Diagnostic[];
}

/**
 * Opens the other stacks of the repository beside the one of a session; without any the session's own engine does. The
 * caller closes the engine that it gets.
 */
export async function withWitnesses({
  engine,
  checkout,
  shelf,
  overview,
  request,
}: Session): Promise<Witnessed> {
  const ports = checkoutPorts({ checkout, shelf }, [], () => undefined);
  const plan = planScan(checkout, loadConfig(checkout, undefined, ports.now()).effective, {
    folder: request.root,
    repository: basename(checkout.root),
    only: { settings: request.settings, workspace: request.workspace, state: null },
  });
  const [planned] = plan.stacks;
  if (planned === undefined || plan.others.length === 0) {
    return { engine, stack: request.name, overviews: [overview], problems: [] };
  }
  const states = await readStates(plan.others, ports);
  const own = { ...withoutState(planned), request: { ...request, name: planned.name } };
  const witnesses = [...states.read, ...states.stateless];
  const { repository, failed } = await OpenRepository.open([own], witnesses, ports);
  engine.close();
  const { overviews } = repository;
  const open = new Set(overviews.map(({ name }) => name));
  const missing = witnesses.filter(({ plan: { name } }) => !open.has(name));
  return {
    engine: repository.engine,
    stack: planned.name,
    overviews,
    problems: [
      ...failed.flatMap(({ diagnostics }) => diagnostics),
      ...missing.map(({ plan: { name } }) =>
        warning(`${name} cannot be evaluated; what edits do to it is not known`),
      ),
    ],
  };
}

function warning(message: string): Diagnostic {
  return { severity: "warning", message, file: null, line: null, column: null };
}
