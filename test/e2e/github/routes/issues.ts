import { isJsonObject, type JsonObject } from "../../../../src/json/json.ts";
import { type Call, type Handler, objectOf } from "../call.ts";
import { type Answer, answer, page, refusal } from "../exchange.ts";
import type { World } from "../world.ts";

const GONE: Answer = refusal(410, "Issues has been disabled in this repository.");

function hasIssues({ world, fullName }: Call): boolean {
  return world.flagsOf(fullName).issues !== false;
}

function isPull({ world, fullName }: Call, number: string): boolean {
  return world.pullsOf(fullName).has(Number(number));
}

/** GitHub lists pull requests among the issues; the emulator behind leaves them out. */
export const listIssues: Handler = async (call) => {
  const { world, fullName, request } = call;
  const allowed = await call.forward();
  if (allowed.status !== 200) return allowed;
  const issues = hasIssues(call) ? await world.all(`/repos/${fullName}/issues?state=all`) : [];
  const pulls = await world.all(`/repos/${fullName}/pulls?state=all`);
  const state = request.query.get("state") ?? "open";
  const creator = request.query.get("creator");
  const found = [...issues, ...pulls.map((pull) => asIssue(world, fullName, pull))]
    .filter((issue) => state === "all" || issue["state"] === state)
    .filter(({ user }) => creator === null || (isJsonObject(user) && user["login"] === creator))
    .toSorted((a, b) => Number(b["number"]) - Number(a["number"]));
  return page(found, request, world.url);
};

export const createIssue: Handler = async (call) => (hasIssues(call) ? call.forward() : GONE);

export const getIssue: Handler = async (call) => {
  const number = call.parameter("issue_number");
  if (!isPull(call, number)) return hasIssues(call) ? withReason(call, await call.forward()) : GONE;
  const path = `/repos/${call.fullName}/pulls/${number}`;
  const { authorization } = call.request.headers;
  const pull = await call.world.upstream.send({ method: "GET", path, authorization });
  return pull.status === 200 ? answer(200, asIssue(call.world, call.fullName, objectOf(pull))) : pull;
};

/** The emulator behind knows no duplicates. */
export const updateIssue: Handler = async (call) => {
  if (!hasIssues(call)) return GONE;
  const { body, world } = call;
  if (typeof body["state"] === "string") {
    const isDuplicate = body["state"] === "closed" && body["state_reason"] === "duplicate";
    world.duplicates[isDuplicate ? "add" : "delete"](call.request.path);
  }
  const known = world.duplicates.has(call.request.path) ? { ...body, state_reason: "not_planned" } : body;
  const isClosed =
    body["state"] === "open" && objectOf(await world.ask("GET", call.request.path))["state"] !== "open";
  const updated = await call.forward(known);
  if (isClosed && updated.status === 200) noteReopening(call);
  return withReason(call, updated);
};

export function noteReopening({ world, request, login }: Call): void {
  world.reopenings.set(request.path.replace("/pulls/", "/issues/"), { at: new Date(), login });
}

function withReason({ world, request }: Call, given: Answer): Answer {
  if (given.status !== 200 || !world.duplicates.has(request.path)) return given;
  return answer(200, { ...objectOf(given), state_reason: "duplicate" });
}

/** Pull requests have assignees too, which the emulator behind does not know. */
export const assignIssue: Handler = async (call) => {
  const number = call.parameter("issue_number");
  if (!isPull(call, number)) return call.forward();
  const shown = await getIssue(call);
  return shown.status === 200 ? answer(201, objectOf(shown)) : shown;
};

/** Pull requests have comments whether or not there are issues. */
export const commentOnIssue: Handler = async (call) =>
  hasIssues(call) || isPull(call, call.parameter("issue_number")) ? call.forward() : GONE;

function asIssue(world: World, fullName: string, pull: JsonObject): JsonObject {
  const state = world.pullsOf(fullName).get(Number(pull["number"]));
  const closer = state?.closedBy ?? null;
  const type = closer?.endsWith("[bot]") === true ? "Bot" : "User";
  const { head: _head, base: _base, ...rest } = world.correctedPull(fullName, pull);
  return {
    ...rest,
    url: String(pull["url"]).replace("/pulls/", "/issues/"),
    pull_request: { url: String(pull["url"]), html_url: String(pull["html_url"]) },
    closed_by: closer === null ? null : { login: closer, type },
  };
}
