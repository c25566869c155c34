import { isJsonObject, type Json, type JsonObject } from "../../../src/json/json.ts";
import type { Route } from "./description.ts";
import type { Answer, Request } from "./exchange.ts";
import type { Actor, World } from "./world.ts";

/** One request on its way through the layer. */
export class Call {
  readonly request: Request;
  readonly route: Route;
  readonly actor: Actor;
  readonly world: World;

  constructor(request: Request, route: Route, actor: Actor, world: World) {
    this.request = request;
    this.route = route;
    this.actor = actor;
    this.world = world;
  }

  parameter(name: string): string {
    return this.route.parameters.get(name) ?? "";
  }

  get fullName(): string {
    return `${this.parameter("owner")}/${this.parameter("repo")}`;
  }

  get body(): JsonObject {
    return isJsonObject(this.request.body) ? this.request.body : {};
  }

  /** Who acts, as an author. */
  get login(): string {
    return this.actor.kind === "person" || this.actor.kind === "installation" ? this.actor.login : "";
  }

  /** Hands the request to the emulator behind, as it is or with another body. */
  forward(body: Json = this.request.body): Promise<Answer> {
    const { method, path, query, headers } = this.request;
    const { authorization, accept } = headers;
    return this.world.upstream.send({ method, path, query, authorization, accept, body });
  }
}

/** Answers a request: by asking the emulator behind and correcting what it says, or alone. */
export type Handler = (call: Call) => Promise<Answer>;

/** The emulator behind does this as GitHub does. */
export const asItIs: Handler = (call) => call.forward();

/** The answer's JSON object. */
export function objectOf(answer: Answer): JsonObject {
  const { body } = answer;
  return !(body instanceof Uint8Array) && isJsonObject(body) ? body : {};
}
