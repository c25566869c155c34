import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../../src/json/json.ts";
import { type Call, type Handler, objectOf } from "../call.ts";
import { type Answer, answer, page, refusal } from "../exchange.ts";
import type { PullState, World } from "../world.ts";
import { noteReopening } from "./issues.ts";

/** Something that happened to a pull request and that the emulator behind does not tell. */
export type Tell = (event: "pull_request", action: string, payload: JsonObject) => void;

/**
 * Pull requests follow their branches: a push moves the head, a deleted branch closes it. The emulator behind takes the
 * head once, when the pull request is opened.
 */
async function followBranches(world: World, fullName: string, by: string, tell: Tell): Promise<void> {
  for (const pull of world.pullsOf(fullName).values()) {
    if (!pull.open) continue;
    const head = await world.headOf(fullName, pull.branch);
    if (head === pull.headSha) continue;
    if (head === null) {
      pull.open = false;
      pull.closedBy = by;
      await world.ask("PATCH", `/repos/${fullName}/pulls/${pull.number}`, { state: "closed" });
      continue;
    }
    pull.headSha = head;
    const { body } = await world.ask("GET", `/repos/${fullName}/pulls/${pull.number}`);
    if (!isJsonObject(body as Json)) continue;
    const fixed = world.correctedPull(fullName, body as JsonObject);
    tell("pull_request", "synchronize", { number: pull.number, pull_request: fixed });
  }
}

/** Requests that change commits or branches; afterwards pull requests are where their branches are. */
export function thenFollow(tell: (call: Call) => Tell): Handler {
  return async (call) => {
    const result = await call.forward();
    if (result.status >= 300) return result;
    call.world.flagsOf(call.fullName).empty = false;
    await followBranches(call.world, call.fullName, call.login, tell(call));
    return result;
  };
}

export const listPulls: Handler = async (call) => {
  const result = await call.forward();
  if (!isJsonArray(result.body as Json)) return result;
  const pulls = (result.body as readonly Json[]).filter(isJsonObject);
  return { ...result, body: pulls.map((pull) => call.world.correctedPull(call.fullName, pull)) };
};

export const getPull: Handler = async (call) => corrected(call, await call.forward());

export const createPull: Handler = async (call) => {
  const { world, fullName, body } = call;
  const [branch, base] = [String(body["head"]), String(body["base"])];
  const [head, baseHead] = [await world.headOf(fullName, branch), await world.headOf(fullName, base)];
  if (head === null) return invalid({ resource: "PullRequest", field: "head", code: "invalid" });
  if (baseHead === null) return invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  const double = [...world.pullsOf(fullName).values()].some(
    (pull) => pull.open && pull.branch === branch && pull.base === base,
  );
  const owner = call.parameter("owner");
  if (double) return custom(`A pull request already exists for ${owner}:${branch}.`);
  if (head === baseHead) return custom(`No commits between ${base} and ${branch}`);
  const result = await call.forward();
  const number = Number(objectOf(result)["number"]);
  if (result.status === 201) {
    const state: PullState = {
      number,
      branch,
      base,
      headSha: head,
      open: true,
      mergedAt: null,
      closedBy: null,
    };
    world.pullsOf(fullName).set(number, state);
  }
  return corrected(call, result);
};

export const updatePull: Handler = async (call) => {
  const { world, fullName, body } = call;
  const pull = world.pullsOf(fullName).get(Number(call.parameter("pull_number")));
  const reopens = pull !== undefined && body["state"] === "open" && !pull.open;
  if (reopens) {
    const head = await world.headOf(fullName, pull.branch);
    if (pull.mergedAt !== null) return custom("state cannot be changed. The pull request has been merged.");
    if (head === null) return custom("state cannot be changed. The head branch has been deleted.");
    if (head !== pull.headSha)
      return custom(`state cannot be changed. The ${pull.branch} branch was force-pushed or recreated.`);
  }
  if (typeof body["base"] === "string" && (await world.headOf(fullName, body["base"])) === null)
    return invalid({ resource: "PullRequest", field: "base", code: "invalid" });
  const result = await call.forward();
  if (result.status === 200 && pull !== undefined && typeof body["state"] === "string") {
    const open = body["state"] === "open";
    if (pull.open && !open) pull.closedBy = call.login;
    if (open) pull.closedBy = null;
    if (reopens) noteReopening(call);
    pull.open = open;
  }
  if (result.status === 200 && pull !== undefined && typeof body["base"] === "string")
    pull.base = body["base"];
  return corrected(call, result);
};

export const listPullFiles: Handler = async (call) => {
  const allowed = await call.world.upstream.send({
    method: "GET",
    path: call.request.path.replace(/\/files$/, ""),
    authorization: call.request.headers.authorization,
  });
  if (allowed.status !== 200) return allowed;
  const { head, base } = call.world.correctedPull(call.fullName, objectOf(allowed));
  const [from, to] = [shaOf(base), shaOf(head)];
  const { body } = await call.world.ask("GET", `/repos/${call.fullName}/compare/${from}...${to}`);
  const files = isJsonObject(body as Json) ? (body as JsonObject)["files"] : [];
  return page(isJsonArray(files) ? files : [], call.request, call.world.url);
};

function shaOf(side: Json | undefined): string {
  return isJsonObject(side) ? String(side["sha"]) : "";
}

function corrected({ world, fullName }: Call, result: Answer): Answer {
  return result.status >= 300
    ? result
    : answer(result.status, world.correctedPull(fullName, objectOf(result)), { ...result.headers });
}

function invalid(error: JsonObject): Answer {
  return refusal(422, "Validation Failed", { errors: [error] });
}

function custom(message: string): Answer {
  return invalid({ resource: "PullRequest", code: "custom", message });
}
