import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../../src/json/json.ts";
import { type Call, type Handler, objectOf } from "../call.ts";
import { type Answer, answer, page, refusal } from "../exchange.ts";
import type { CheckState } from "../world.ts";

/** GitHub takes check runs from Apps alone. */
const FOR_APPS = refusal(403, "You must authenticate via a GitHub App.");

export const createCheckRun: Handler = async (call) => {
  if (call.actor.kind !== "installation") return FOR_APPS;
  const result = await call.forward();
  const id = Number(objectOf(result)["id"]);
  if (result.status === 201) {
    call.world.checks.set(id, { annotations: [...annotationsOf(call.body)], byApp: true });
  }
  return corrected(call, result);
};

/** Annotations are added to those that are there; the emulator behind would replace them. */
export const updateCheckRun: Handler = async (call) => {
  if (call.actor.kind !== "installation") return FOR_APPS;
  const state = stateOf(call, Number(call.parameter("check_run_id")));
  const { body } = call;
  const output = body["output"];
  if (!isJsonObject(output)) return corrected(call, await call.forward());
  const annotations = [...state.annotations, ...annotationsOf(body)];
  const result = await call.forward({ ...body, output: { ...output, annotations } });
  if (result.status === 200) state.annotations.splice(0, state.annotations.length, ...annotations);
  return corrected(call, result);
};

export const getCheckRun: Handler = async (call) => corrected(call, await call.forward());

export const listAnnotations: Handler = async (call) => {
  const allowed = await call.forward();
  if (allowed.status !== 200) return allowed;
  const { annotations } = stateOf(call, Number(call.parameter("check_run_id")));
  return page(annotations, call.request, call.world.url);
};

export const listCheckRuns: Handler = async (call) => {
  const result = await call.forward();
  const runs = objectOf(result)["check_runs"];
  if (!isJsonArray(runs)) return result;
  const wanted = call.request.query.get("app_id");
  const found = runs
    .filter(isJsonObject)
    .map((run) => withApp(call, run))
    .filter(({ app }) => wanted === null || (isJsonObject(app) && String(app["id"]) === wanted));
  return answer(200, { total_count: found.length, check_runs: found });
};

/** Asks for a new run: GitHub tells the App and leaves the run as it is. */
export function rerequest(tell: (call: Call, checkRun: JsonObject) => void): Handler {
  return async (call) => {
    const path = call.request.path.replace(/\/rerequest$/, "");
    const { status, body } = await call.world.ask("GET", path);
    if (status !== 200 || !isJsonObject(body as Json)) return refusal(404, "Not Found");
    tell(call, withApp(call, body as JsonObject));
    return answer(201, {});
  };
}

function stateOf({ world }: Call, id: number): CheckState {
  return world.checks.get(id) ?? { annotations: [], byApp: false };
}

function annotationsOf(body: JsonObject): readonly Json[] {
  const output = body["output"];
  const annotations = isJsonObject(output) ? output["annotations"] : [];
  return isJsonArray(annotations) ? annotations : [];
}

function corrected(call: Call, result: Answer): Answer {
  return result.status >= 300
    ? result
    : answer(result.status, withApp(call, objectOf(result)), { ...result.headers });
}

function withApp(call: Call, run: JsonObject): JsonObject {
  const { id, slug } = call.world.app;
  return stateOf(call, Number(run["id"])).byApp ? { ...run, app: { id, slug } } : run;
}
