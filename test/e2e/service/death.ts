import { refusal } from "../github/exchange.ts";
import type { Fault } from "../github/faults.ts";
import type { ServiceStage } from "./stage.ts";

/** Where the process is killed. */
export type Place =
  | { readonly log: string }
  /** `before`: the request is lost with the process; `after`: GitHub does what was asked for, and nobody hears of it. */
  | { readonly when: "before" | "after"; readonly method: string; readonly path: string | RegExp };

/** A scan during which the process is killed; another one then goes on. */
export async function scanAndDie(stage: ServiceStage, where: Place): Promise<void> {
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
    const { when, method, path } = where;
    const fault: Fault = { when, answer: refusal(500, "nobody reads this"), first: kill };
    stage.github.misbehave({ method, path, fault });
  }
  await stage.service.makeDue();
  await died.promise;
  await stage.start();
  await stage.quiet();
}
