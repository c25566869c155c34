import { createHash } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../../../../src/json/json.ts";
import { type Handler, objectOf } from "../call.ts";
import { answer, page, refusal } from "../exchange.ts";

export const getRepository: Handler = async (call) => {
  const result = await call.forward();
  return result.status === 200
    ? answer(200, call.world.corrected(objectOf(result)), { ...result.headers })
    : result;
};

/** A repository gets another name or another owner. */
export const moveRepository: Handler = async (call) => {
  const result = await call.forward();
  if (result.status < 300) call.world.moved(call.fullName, String(objectOf(result)["full_name"]));
  return result;
};

/** The repositories that a token is good for; the emulator behind does not know this request. */
export const listInstallationRepositories: Handler = async ({ actor, request, world }) => {
  if (actor.kind !== "installation")
    return refusal(403, "You must authenticate with an installation access token.");
  const found: JsonObject[] = [];
  for (const fullName of world.repositories.keys()) {
    if (!world.isIn(fullName, actor.installationId)) continue;
    const { body } = await world.ask("GET", `/repos/${fullName}`);
    if (!isJsonObject(body as Json)) continue;
    const repository = world.corrected(body as JsonObject);
    if (actor.repositoryIds === null || actor.repositoryIds.includes(Number(repository["id"]))) {
      found.push(repository);
    }
  }
  return page(found, request, world.url, (repositories) => ({
    total_count: found.length,
    repositories,
  }));
};

/** What the asker has already is not sent again. */
export const getContents: Handler = async (call) => {
  const result = await call.forward();
  if (result.status !== 200) return result;
  const { body } = result;
  const bytes = body instanceof Uint8Array ? body : JSON.stringify(body);
  const etag = `"${createHash("sha256").update(bytes).digest("hex")}"`;
  return call.request.headers["if-none-match"] === etag
    ? answer(304, null, { etag })
    : { ...result, headers: { ...result.headers, etag } };
};

/** A repository without commits has no references to ask for. */
export const getRef: Handler = async (call) =>
  call.world.flagsOf(call.fullName).empty === true
    ? refusal(409, "Git Repository is empty.")
    : call.forward();

/** A branch is a file in Git: none can be made below another one, which the emulator behind does not know. */
export function createRef(make: Handler): Handler {
  return async (call) => {
    const steps = String(call.body["ref"])
      .replace(/^refs\/heads\//, "")
      .split("/");
    for (let length = 1; length < steps.length; length += 1) {
      const above = steps.slice(0, length).join("/");
      if ((await call.world.headOf(call.fullName, above)) !== null)
        return refusal(422, "Reference update failed");
    }
    return make(call);
  };
}
