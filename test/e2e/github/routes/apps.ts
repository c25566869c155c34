import { isJsonArray, isJsonObject, type Json, type JsonObject } from "../../../../src/json/json.ts";
import { type Handler, objectOf } from "../call.ts";
import { answer, refusal } from "../exchange.ts";
import type { World } from "../world.ts";

/** What GitHub says of itself to everybody; the header is on every answer of it. */
export const getMeta: Handler = async () =>
  answer(200, { verifiable_password_authentication: false }, { "x-github-request-id": "0000:0000:0" });

export const listInstallations: Handler = async (call) => {
  const result = await call.forward();
  if (!isJsonArray(result.body as Json)) return result;
  const installations = (result.body as readonly Json[])
    .filter(isJsonObject)
    .filter(({ id }) => call.world.stateOf(Number(id)) !== "deleted");
  return { ...result, body: installations.map((each) => corrected(call.world, each)) };
};

export const getInstallation: Handler = async (call) => {
  if (call.world.stateOf(idIn(call)) === "deleted") return refusal(404, "Not Found");
  const result = await call.forward();
  return result.status === 200 ? answer(200, corrected(call.world, objectOf(result))) : result;
};

function idIn(call: Parameters<Handler>[0]): number {
  return Number(call.parameter("installation_id"));
}

function corrected(world: World, installation: JsonObject): JsonObject {
  const id = Number(installation["id"]);
  const suspended = world.stateOf(id) === "suspended";
  const permissions = world.installations.get(id)?.granted ?? installation["permissions"] ?? {};
  return { ...installation, permissions, suspended_at: suspended ? "2030-01-01T00:00:00Z" : null };
}

/** In GitHub's words. */
const OUT_OF_REACH =
  "There is at least one repository that does not exist or is not accessible to the parent installation.";

/** Remembers what each token is for. */
export const createToken: Handler = async (call) => {
  const { world } = call;
  const state = world.stateOf(idIn(call));
  if (state === "suspended") return refusal(403, "This installation has been suspended");
  if (state === "deleted") return refusal(404, "Not Found");
  const result = await call.forward(call.request.body ?? {});
  const { token, repositories, message } = objectOf(result);
  const isAboutPermissions = typeof message === "string" && /permission/i.test(message);
  if (result.status === 422 && Array.isArray(call.body["repository_ids"]) && !isAboutPermissions) {
    return refusal(422, OUT_OF_REACH);
  }
  if (typeof token !== "string") return result;
  const ids = isJsonArray(repositories)
    ? repositories.filter(isJsonObject).map(({ id }) => Number(id))
    : null;
  world.actors.set(token, {
    kind: "installation",
    login: world.app.login,
    installationId: idIn(call),
    repositoryIds: ids,
  });
  return result;
};
