import { isJsonObject, type Json, type JsonObject } from "../../../src/json/json.ts";
import { Call, type Handler, objectOf } from "./call.ts";
import type { ApiDescription } from "./description.ts";
import { type Answer, type Request, refusal } from "./exchange.ts";
import type { Faults } from "./faults.ts";
import { codeload } from "./routes/archive.ts";
import { NOTHING } from "./routes/graphql.ts";
import type { Actor, World } from "./world.ts";

/** A request that was sent, as a test wants to see it. */
export interface SentRequest {
  readonly method: string;
  /** Decoded. */
  readonly path: string;
  readonly query: string;
  readonly body: Json;
  readonly by: Actor;
  /** 0 where no answer was given. */
  readonly status: number;
}

/** Whether the App changes something with it. Tokens are for one job, and GraphQL is asked queries too. */
export function isWrite({ method, path, body, by }: SentRequest): boolean {
  if (by.kind !== "installation" || method === "GET" || path.endsWith("/access_tokens")) return false;
  return !path.endsWith("/graphql") || /^\s*mutation\b/.test(String(isJsonObject(body) ? body["query"] : ""));
}

/** The branch that is deleted with it; null where none is. */
export function deletedBranch({ method, path, body }: SentRequest): string | null {
  const [, branch] = /\/git\/refs\/heads\/(.+)$/.exec(path) ?? [];
  if (method === "DELETE" && branch !== undefined) return branch;
  const variables = isJsonObject(body) ? body["variables"] : null;
  if (!path.endsWith("/graphql") || !isJsonObject(variables) || variables["to"] !== NOTHING) return null;
  return String(variables["ref"]).replace("refs/heads/", "");
}

/** GitHub's front: checks every request, lets faults happen, and sees to what the emulator behind does not do. */
export class Layer {
  readonly requests: SentRequest[] = [];
  readonly unexpected: string[] = [];
  readonly #world: World;
  readonly #description: ApiDescription;
  readonly #faults: Faults;
  readonly #routes: ReadonlyMap<string, Handler>;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: {
    readonly world: World;
    readonly description: ApiDescription;
    readonly faults: Faults;
    readonly routes: ReadonlyMap<string, Handler>;
  }) {
    this.#world = parts.world;
    this.#description = parts.description;
    this.#faults = parts.faults;
    this.#routes = parts.routes;
  }

  /** The answer; null where none is given. */
  async handle(request: Request): Promise<Answer | null> {
    if (request.path.startsWith("/_codeload/")) return codeload(this.#world, request.path);
    // To git, a private repository and one that is not there look alike.
    if (/^\/[^/]+\/[^/]+\.git\//.test(request.path)) return refusal(401, "Repository not found.");
    const moved = this.#movedTo(request);
    if (moved !== null) return moved;
    const by = this.#world.actorOf(request.headers.authorization);
    const answered = await this.#faults.around(request, () => this.#inTurn(() => this.#answer(request, by)));
    const { method, path, query, body } = request;
    const status = answered?.status ?? 0;
    this.requests.push({ method, path: decodeURIComponent(path), query: String(query), body, by, status });
    return answered;
  }

  /** Where the repository of a former name is now: by its name here, by its number on GitHub. */
  #movedTo({ path, query, method }: Request): Answer | null {
    const [, before = "", rest = ""] = /^\/repos\/([^/]+\/[^/]+)(.*)$/.exec(path) ?? [];
    const now = this.#world.formerNames.get(before);
    if (now === undefined) return null;
    const location = `${this.#world.url}/repos/${now}${rest}${query.size === 0 ? "" : `?${query}`}`;
    return { ...refusal(method === "GET" ? 301 : 307, "Moved Permanently"), headers: { location } };
  }

  /** One request after the other, so that a check and what follows from it are one. */
  #inTurn(work: () => Promise<Answer>): Promise<Answer> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  async #answer(request: Request, by: Actor): Promise<Answer> {
    const isQuery = request.method === "POST" && /^(\/api)?\/graphql$/.test(request.path);
    const problems = isQuery
      ? await this.#description.graphql.problems(request.body)
      : this.#description.problems(request);
    const route = isQuery ? QUERY : this.#description.route(request);
    const handler = this.#routes.get(`${request.method} ${route?.template}`);
    if (problems.length > 0 || route === null || handler === undefined) {
      const why = problems.length > 0 ? problems.join("; ") : "the emulated GitHub does not do that";
      this.unexpected.push(`${request.method} ${request.path}: ${why}`);
      return refusal(501, `Not a request that is expected: ${why}`);
    }
    const call = new Call(request, route, by, this.#world);
    return this.#refusalOf(call) ?? withPermission(call, await handler(call));
  }

  /** What GitHub refuses whatever the request is. */
  #refusalOf(call: Call): Answer | null {
    const { actor, fullName, request, world } = call;
    if (actor.kind === "nobody" && call.route.template !== "/meta") return refusal(401, "Bad credentials");
    const id = world.repositories.get(fullName);
    if (id === undefined) return null;
    if (actor.kind === "installation") {
      const { installationId, repositoryIds } = actor;
      if (world.stateOf(installationId) !== "active")
        return refusal(403, "This installation has been suspended");
      if (repositoryIds?.includes(id) === false || !world.isIn(fullName, installationId))
        return refusal(404, "Not Found");
    }
    const { archived, disabled } = world.flagsOf(fullName);
    if (archived === true && request.method !== "GET") {
      return refusal(403, "Repository was archived so is read-only.");
    }
    const isItself = call.route.template === "/repos/{owner}/{repo}";
    return disabled === true && !isItself ? refusal(403, "Repository access blocked") : null;
  }
}

/** GitHub's description of the other API does not have it. */
const QUERY = { template: "/graphql", parameters: new Map<string, string>() };

const PERMISSIONS: readonly (readonly [RegExp, string])[] = [
  [/\/(git|contents|tarball|compare)\b/, "contents"],
  [/\/issues\/[^/]+\/comments/, "issues=LEVEL; pull_requests"],
  [/\/pulls\b/, "pull_requests"],
  [/\/issues\b/, "issues"],
  [/\/check-runs\b/, "checks"],
];

/** GitHub says which permission is missing; the emulator behind says no. */
function withPermission({ actor, request, route }: Call, given: Answer): Answer {
  const said = String(objectOf(given)["message"] ?? "");
  if (given.status !== 403 || actor.kind !== "installation" || !/^forbidden$/i.test(said)) return given;
  const level = request.method === "GET" ? "read" : "write";
  const name = PERMISSIONS.find(([pattern]) => pattern.test(route.template))?.[1] ?? "metadata";
  const permissions = `${name.replace("LEVEL", level)}=${level}`;
  return {
    ...refusal(403, "Resource not accessible by integration"),
    headers: { "x-accepted-github-permissions": permissions },
  };
}

/** An event of the emulator behind, with what the layer knows better. */
export function correctedEvent(world: World, payload: JsonObject): JsonObject {
  const { repository, pull_request: pull, check_run: run } = payload;
  const fullName = isJsonObject(repository) ? String(repository["full_name"]) : "";
  return {
    ...payload,
    ...(isJsonObject(repository) ? { repository: world.corrected(repository) } : {}),
    ...(isJsonObject(pull) ? { pull_request: world.correctedPull(fullName, pull) } : {}),
    ...(isJsonObject(run) ? { check_run: { ...run, app: { id: world.app.id, slug: world.app.slug } } } : {}),
  };
}
