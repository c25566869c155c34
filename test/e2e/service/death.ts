import { refusal } from "../github/exchange.ts";
import type { Fault } from "../github/faults.ts";
import type { ServiceStage } from "./stage.ts";

/** Where the process is killed. */
export type Place =
  | { readonly log: string }
  /** `before`: the request is lost with the process; `after`: GitHub does what was asked for, and nobody hears of it. */
  | {
      readonly when: "before" | "after";
      readonly method: string;
      readonly path: string | RegExp;
      /** A pattern of the body as JSON. */
      readonly body?: RegExp;
      /** So many such requests are let through before; default 0. */
      readonly skip?: number;
    };

/** A scan during which the process is killed; another one then goes on. */
export function scanAndDie(stage: ServiceStage, where: Place): Promise<void> {
  return workAndDie(stage, where, () => stage.service.makeDue());
}

/** Work that is begun somehow, during which the process is killed; another one then goes on. */
export async function workAndDie(
  stage: ServiceStage,
  where: Place,
  begin: () => Promise<unknown>,
): Promise<void> {
  const died = Promise.withResolvers<void>();
  const kill = async () => {
    await stage.end("kill");
    died.resolve();
  };
  if ("log" in where) {
    stage.onLog = ({ msg }) => {
      if (msg !== where.log) return;
      stage.onLog = () => {};
      void kill();
    };
  } else {
    const { when, method, path, body = /(?:)/, skip = 0 } = where;
    const fault: Fault = { when, answer: refusal(500, "nobody reads this"), first: kill };
    stage.github.misbehave({ method, path, body, after: skip, fault });
  }
  await begin();
  await died.promise;
  await stage.start();
  await stage.quiet();
}
